"""A sandbox run by our supervisor, whatever it stands in: sends the job, watches it from outside, takes the results."""

from __future__ import annotations

import os
import selectors
import struct
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from .base import Completed, Ending, Limits, SandboxError
from .cell import Cell, Connection
from .cgroups import Used
from .results import Collector, path_fault

GRACE = 5.0
"""Seconds that a stopped job has to hand over its results before everything is killed."""
START = 30.0
"""Seconds from a job's being sent to its program's start."""
STOPPED = Completed("killed", None, "", 0.0)
"""Of a job that was stopped before its program began."""
LONGEST_FRAME = 1 << 20
RESULTS = "output"


class HeadAndTail:
    """Keeps the head and the tail of a stream within a cap."""

    def __init__(self, most: int) -> None:
        self._most, self._half = most, most // 2
        self._head, self._tail = bytearray(), bytearray()
        self.total = 0
        """Bytes seen."""

    def add(self, data: bytes) -> None:
        self.total += len(data)
        room = self._half - len(self._head)
        self._head += data[:room]
        self._tail += data[room:]
        if len(self._tail) > 2 * self._most:  # trimmed now and then, not at every chunk
            del self._tail[: -self._most]

    def text(self) -> str:
        """At most `most` bytes of UTF-8, with a line that says how much was left out."""
        whole = (bytes(self._head) + bytes(self._tail)).decode("utf-8", "replace").encode()
        if self.total <= self._most and len(whole) <= self._most:
            return whole.decode()
        notice = b"\n[... the middle of %d bytes is left out ...]\n" % self.total
        room = max(0, self._most - len(notice))
        head, tail = whole[: room - room // 2], whole[len(whole) - room // 2 :]
        return (head.decode("utf-8", "ignore") + notice.decode() + tail.decode("utf-8", "ignore"))[: self._most]


@dataclass(frozen=True)
class _End:
    """What the supervisor saw of the program's end."""

    status: int | None
    cpu: float
    """Seconds."""
    memory: int
    """Peak bytes: of the whole job where the supervisor can see that, or of its largest process."""
    full: bool
    """Whether what it could write to was full."""
    memory_kills: int = 0
    """Processes that the kernel killed for want of memory, where the supervisor can see it."""


@dataclass
class _Run:
    """What is known of a running program."""

    output: HeadAndTail
    results: Collector
    began: float | None = None
    ended: float | None = None
    end: _End | None = None
    fault: str | None = None
    done: bool = False
    why: Ending | None = None
    """Why we stopped it; None where we did not."""
    deadline: float = 0.0
    """When everything is killed, results or not."""


class SupervisedSandbox:
    """One job in a cell. See `base.Sandbox`."""

    def __init__(self, cell: Cell, limits: Limits, stopped: threading.Event | None = None) -> None:
        """`stopped`: set when the job is to end; for a cell that may have to wait for its place."""
        self._cell, self._limits = cell, limits
        self._stopped = stopped or threading.Event()
        self._files: dict[str, bytes] = {}
        self._results: dict[str, bytes] = {}
        self._used_up = False
        self._lock = threading.Lock()
        self._stopper: int | None = None
        """Writing end of a pipe that wakes the running loop; None outside a run."""

    def put(self, files: Mapping[str, bytes]) -> None:
        for path in files:
            if fault := path_fault(path):
                raise ValueError(f"cannot lay the file {path!r}: its path {fault}")
        self._files.update(files)

    def fetch(self) -> Mapping[str, bytes]:
        return dict(self._results)

    def stop(self) -> None:
        with self._lock:
            if self._stopper is not None:
                self._stopped.set()
                os.write(self._stopper, b"S")

    def close(self) -> None:
        self.stop()
        self._files, self._results = {}, {}
        self._cell.remove()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def run(self, command: Sequence[str]) -> Completed:
        if self._used_up:
            raise RuntimeError("a sandbox runs one program, once; open another")
        self._used_up = True
        wake, stopper = os.pipe()
        with self._lock:
            self._stopper = stopper
        try:
            connection = self._cell.start()
            if connection is None:
                return STOPPED
            return self._through(connection, self._job(command), wake)
        finally:
            with self._lock:
                self._stopper = None
            os.close(wake)
            os.close(stopper)

    def _through(self, connection: Connection, job: bytes, wake: int) -> Completed:
        """Have a started supervisor do the job."""
        results = Collector(self._limits.disk, self._limits.inodes)
        run = _Run(HeadAndTail(self._limits.output), results, deadline=time.monotonic() + START)
        noise, ended = "", ""
        try:
            if not self._stopped.is_set():
                noise = self._watch(connection, run, job, wake)
        finally:
            ended = connection.end()
        if run.began is None and self._stopped.is_set():
            return STOPPED
        if run.fault is not None or run.began is None:
            raise SandboxError(f"the job could not start: {(run.fault or noise or ended).strip()}")
        used = self._cell.used()
        self._results = results.files()
        return self._completed(run, used)

    def _job(self, command: Sequence[str]) -> bytes:
        """The frames that lay the job and start it."""
        limits = self._limits
        asked = (self._cell.folder, RESULTS, str(limits.disk), str(limits.inodes))
        frames = [_frame(b"J", "\0".join(asked).encode())]
        frames += [_frame(b"C", os.fsencode(argument)) for argument in command]
        frames += [_frame(b"V", os.fsencode(f"{name}={value}")) for name, value in self._cell.environment.items()]
        frames += [_frame(b"L", f"{name} {value}".encode()) for name, value in self._cell.rlimits.items()]
        frames += [_frame(b"P", self._cell.filter)] if self._cell.filter else []
        frames += [_frame(b"K", os.fsencode(f"{path}\0{target}")) for path, target in self._cell.links.items()]
        for path, data in self._files.items():
            frames.append(_frame(b"F", path.encode()))
            frames += [_frame(b"D", data[at : at + LONGEST_FRAME]) for at in range(0, len(data), LONGEST_FRAME)]
        return b"".join([*frames, _frame(b"R", b"")])

    def _watch(self, connection: Connection, run: _Run, job: bytes, wake: int) -> str:
        """Pass frames until the job is done or out of time. Returns what the machinery itself printed."""
        noise, frames, unsent = bytearray(), bytearray(), memoryview(job)
        with selectors.DefaultSelector() as selector:
            selector.register(connection.sink, selectors.EVENT_WRITE)
            for source in (*connection.sources, wake):
                selector.register(source, selectors.EVENT_READ)
            while not run.done:
                left = run.deadline - time.monotonic()
                if left <= 0 and (run.why is not None or run.ended is not None):
                    break  # it was asked to end, or to hand over, and did not
                if left <= 0:
                    unsent = self._stop(run, "timed_out", connection, selector, unsent)
                for key, _ in selector.select(max(0.0, left)):
                    if key.fd == connection.sink:
                        unsent = _send(connection, selector, unsent)
                        continue
                    if key.fd == wake:
                        os.read(wake, 1)
                        unsent = self._stop(run, "killed", connection, selector, unsent)
                        continue
                    for stream, data in connection.read(key.fd):
                        if stream == "noise":
                            noise += data[: 65536 - len(noise)]
                            if not data:
                                selector.unregister(key.fd)
                            continue
                        run.done = run.done or not data
                        frames += data
                    self._take(frames, run)
                    if run.output.total > self._limits.flood:
                        unsent = self._stop(run, "output_too_large", connection, selector, unsent)
        return noise.decode("utf-8", "replace")

    def _stop(
        self,
        run: _Run,
        why: Ending,
        connection: Connection,
        selector: selectors.BaseSelector,
        unsent: memoryview,
    ) -> memoryview:
        """Ask the supervisor to end the program. Returns what is now to be sent."""
        if run.why is not None or run.ended is not None:
            return unsent
        run.why, run.deadline = why, time.monotonic() + GRACE
        if connection.sink not in selector.get_map():
            selector.register(connection.sink, selectors.EVENT_WRITE)
        return memoryview(bytes(unsent) + _frame(b"S", b""))

    def _take(self, frames: bytearray, run: _Run) -> None:
        """Take whole frames off the front of what was read."""
        at = 0
        while len(frames) - at >= 5:
            kind, length = struct.unpack_from(">cI", frames, at)
            if length > LONGEST_FRAME:
                raise SandboxError("the supervisor sent what is no frame")
            if len(frames) - at < 5 + length:
                break
            self._frame(kind, bytes(frames[at + 5 : at + 5 + length]), run)
            at += 5 + length
        del frames[:at]

    def _frame(self, kind: bytes, data: bytes, run: _Run) -> None:
        now = time.monotonic()
        match kind:
            case b"B":
                run.began = now
                if run.why is None:
                    run.deadline = now + self._limits.wall
            case b"O":
                run.output.add(data)
            case b"E":
                run.ended, run.end, run.deadline = now, _end(data), now + START
            case b"F":
                run.results.begin(data)
            case b"D":
                run.results.add(data)
            case b"N":
                run.results.leave_out(data)
            case b"X":
                run.fault, run.done = data.decode("utf-8", "replace"), True
            case b"Z":
                run.done = True
            case _:
                raise SandboxError("the supervisor sent a frame of no known kind")

    def _completed(self, run: _Run, used: Used | None) -> Completed:
        assert run.began is not None
        end = run.end or _End(None, 0.0, 0, False)
        kills = max(end.memory_kills, used.memory_kills if used else 0)
        ending: Ending = run.why or _explain(end.status, end.full, kills)
        cpu = used.cpu if used and used.cpu is not None else end.cpu if run.end else None
        memory = used.memory if used and used.memory is not None else end.memory if run.end else None
        wall = (run.ended or time.monotonic()) - run.began
        return Completed(ending, end.status, run.output.text(), wall, cpu, memory, tuple(run.results.faults))


def _explain(status: int | None, full: bool, memory_kills: int) -> Ending:
    """How a program that we did not stop came to its end."""
    if status == 0:
        return "exited"
    if memory_kills:
        return "out_of_memory"
    if full or status == -25:  # SIGXFSZ: a file larger than the limit
        return "out_of_disk"
    if status == -24:  # SIGXCPU: the processor time of the whole wall limit is used up
        return "timed_out"
    return "killed" if status is None or status < 0 else "exited"


def _end(data: bytes) -> _End:
    try:
        status, cpu, memory, full, kills = data.decode("ascii").split(" ")
        return _End(None if status == "-" else int(status), float(cpu), int(memory), full == "1", int(kills))
    except ValueError as error:
        raise SandboxError("the supervisor said in no known form how the program ended") from error


def _frame(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">cI", kind, len(data)) + data


def _send(connection: Connection, selector: selectors.BaseSelector, unsent: memoryview) -> memoryview:
    """Send what the line takes. Returns what is left."""
    try:
        unsent = unsent[os.write(connection.sink, unsent) :]
    except BlockingIOError:
        return unsent
    except ConnectionError:
        unsent = unsent[:0]
    if not unsent:
        selector.unregister(connection.sink)
    return unsent
