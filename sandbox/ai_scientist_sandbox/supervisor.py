"""The first process of a job: lays its files, runs the program as its child, sends back what it left.

Run by an image's interpreter as a plain file, so it imports the standard library alone and nothing of ours. It is
PID 1 of the job's namespace, or, in the `process` back end, a subreaper. It speaks frames (a letter, a length of four
bytes, that many bytes) on standard input and output:

    in    J  the job, as JSON      F  begin a file: its path      D  bytes of that file      R  run      S  stop
    out   B  the program began     O  bytes that it printed       E  how it ended, as JSON
          F, D  files that it left X  why the job could not begin Z  the end

When standard input closes, whoever wanted the job is gone: the supervisor ends everything at once.
"""

# pathlib would make every job start later.
# ruff: noqa: PTH103, PTH112, PTH114, PTH118, PTH120, PTH123, PTH208

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import resource
import select
import signal
import stat
import struct
import sys
import time

CHUNK = 64 * 1024
DEEPEST = 8
"""Folders within folders, below the results folder."""
_SET_PDEATHSIG, _SET_DUMPABLE, _SET_CHILD_SUBREAPER = 1, 4, 36


class GoneError(Exception):
    """The other side closed."""


def main() -> None:
    source, sink = os.dup(0), os.dup(1)
    os.dup2(2, 1)  # nothing but frames goes out
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    # Not dumpable: the program has our user id, and may not open /proc/<us>/fd or trace us.
    prctl(_SET_DUMPABLE, 0, 0, 0, 0)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    alone = os.getpid() == 1
    if not alone:
        prctl(_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    try:
        job = _receive(source, sink)
        if job is not None:
            _serve(job, source, sink, prctl, alone)
    except (GoneError, BrokenPipeError):
        pass
    finally:
        _end_all(alone)
    os._exit(0)


def _receive(source: int, sink: int) -> dict | None:
    """Read the job and lay its files. None where it could not be laid, which has then been said."""
    job: dict = {}
    file = None
    fault = ""
    while True:
        kind, data = _read_frame(source)
        try:
            if kind == b"J":
                job = json.loads(data)
                os.chdir(job["folder"])
            elif kind == b"F" and not fault:
                path = os.path.join(job["folder"], os.fsdecode(data))
                os.makedirs(os.path.dirname(path), exist_ok=True)
                if file:
                    file.close()
                file = open(path, "wb")  # noqa: SIM115 - stays open over several frames
            elif kind == b"D" and file and not fault:
                file.write(data)
            elif kind == b"R":
                if file:
                    file.close()
                if not fault:
                    os.makedirs(os.path.join(job["folder"], job["results"]), exist_ok=True)
        except OSError as error:
            fault, file = f"could not lay the job's files: {error}", None
        if kind == b"R":
            if fault:
                _write_frame(sink, b"X", fault.encode())
                return None
            return job


def _serve(job: dict, source: int, sink: int, prctl, alone: bool) -> None:
    program, output, fault = _start(job, prctl)
    if fault:
        _write_frame(sink, b"X", fault.encode())
        return
    wake, _ = _wake_on_child()
    _write_frame(sink, b"B", b"")
    status = None
    ended = None
    watch = select.poll()
    for descriptor in (source, output, wake):
        watch.register(descriptor, select.POLLIN)
    while ended is None:
        for descriptor, _ in watch.poll(1000):
            if descriptor == output:
                data = os.read(output, CHUNK)
                if data:
                    _write_frame(sink, b"O", data)
                else:
                    watch.unregister(output)
            elif descriptor == wake:
                with contextlib.suppress(BlockingIOError):
                    os.read(wake, 4096)
            elif _read_frame(source)[0] == b"S":
                ended = program
        for pid, code in _reap():
            if pid == program:
                ended, status = pid, code
    full = _full(job["folder"]) if status is not None else False
    for pid, code in _end_all(alone):
        if pid == program:
            status = code
    _drain(output, sink)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    end = {
        "status": None if status is None else os.waitstatus_to_exitcode(status),
        "cpu": used.ru_utime + used.ru_stime,
        "memory": used.ru_maxrss * 1024,
        "full": full or _full(job["folder"]),
    }
    _write_frame(sink, b"E", json.dumps(end).encode())
    _send_results(os.path.join(job["folder"], job["results"]), job["bytes"], job["files"], sink)
    _write_frame(sink, b"Z", b"")


def _start(job: dict, prctl) -> tuple[int, int, str]:
    """Fork the program. Returns its pid, the reading end of what it prints, and why it could not start."""
    output, writer = os.pipe()
    why, teller = os.pipe()
    mother = os.getpid()
    pid = os.fork()
    if pid == 0:
        try:
            os.setsid()
            prctl(_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
            if os.getppid() != mother:
                os._exit(127)
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGPIPE, signal.SIGXFSZ):
                signal.signal(number, signal.SIG_DFL)
            with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w") as file:
                file.write("1000")  # so that memory running out ends the program, not us
            null = os.open(os.devnull, os.O_RDONLY)
            for old, new in ((null, 0), (writer, 1), (writer, 2)):
                os.dup2(old, new)
            for name, value in job["rlimits"].items():
                hard = resource.getrlimit(getattr(resource, name))[1]
                value = value if hard == resource.RLIM_INFINITY else min(value, hard)
                resource.setrlimit(getattr(resource, name), (value, value))
            os.umask(0o022)
            os.execvpe(job["command"][0], job["command"], job["environment"])
        except BaseException as error:  # noqa: BLE001 - told to the parent; a forked child may not return
            os.write(teller, f"{job['command'][0]}: {error}".encode())
        os._exit(127)
    os.close(writer)
    os.close(teller)
    fault = os.read(why, 4096).decode(errors="replace")  # empty: the exec closed it
    os.close(why)
    return pid, output, fault


def _wake_on_child() -> tuple[int, int]:
    """A descriptor that becomes readable when a child changes."""
    wake, writer = os.pipe()
    os.set_blocking(wake, False)
    os.set_blocking(writer, False)
    signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda number, frame: None)
    os.write(writer, b"x")  # it may have ended already
    return wake, writer


def _reap() -> list[tuple[int, int]]:
    """Collect every child that has ended: (pid, status)."""
    found = []
    with contextlib.suppress(ChildProcessError):
        while True:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if not pid:
                break
            found.append((pid, status))
    return found


def _end_all(alone: bool) -> list[tuple[int, int]]:
    """Kill every process of the job and collect them. Returns (pid, status) of each."""
    found = []
    for _ in range(1000):
        if alone:
            with contextlib.suppress(ProcessLookupError):
                os.kill(-1, signal.SIGKILL)
        else:
            _kill_descendants()
        found += _reap()
        try:
            os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        except ChildProcessError:
            break
        time.sleep(0.002)
    return found


def _kill_descendants() -> None:
    """Stop, so that none can start more while we look, then kill."""
    seen: set[int] = set()
    while True:
        now = _descendants()
        fresh = now - seen
        for pid in fresh:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGSTOP)
        if not fresh:
            break
        seen |= fresh
    for pid in seen:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, signal.SIGKILL)


def _descendants() -> set[int]:
    children: dict[int, list[int]] = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            with contextlib.suppress(OSError), open(f"/proc/{name}/stat", "rb") as file:
                parent = int(file.read().rpartition(b")")[2].split()[1])
                children.setdefault(parent, []).append(int(name))
    found: set[int] = set()
    rest = list(children.get(os.getpid(), []))
    while rest:
        pid = rest.pop()
        if pid not in found:
            found.add(pid)
            rest += children.get(pid, [])
    return found


def _drain(output: int, sink: int) -> None:
    """Pass on what was printed and not yet read. Every writer is dead, so this ends."""
    os.set_blocking(output, False)
    with contextlib.suppress(BlockingIOError):
        while data := os.read(output, CHUNK):
            _write_frame(sink, b"O", data)


def _full(folder: str) -> bool:
    state = os.statvfs(folder)
    return state.f_bavail * state.f_frsize < CHUNK or (state.f_files > 0 and state.f_ffree == 0)


def _send_results(root: str, most_bytes: int, most_files: int, sink: int) -> None:
    """Send plain files below the results folder, as many as fit. Follows no link."""
    if not os.path.isdir(root) or os.path.islink(root):
        return  # a link, say; every process of the job is dead, so what we see now stays so
    for path in _plain_files(root, DEEPEST):
        try:
            file = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        except OSError:
            continue
        try:
            state = os.fstat(file)
            size = state.st_size
            if not stat.S_ISREG(state.st_mode) or most_files <= 0 or size > most_bytes:
                continue
            most_bytes -= size
            most_files -= 1
            _write_frame(sink, b"F", os.fsencode(os.path.relpath(path, root)))
            while size > 0 and (data := os.read(file, min(CHUNK, size))):
                _write_frame(sink, b"D", data)
                size -= len(data)
        finally:
            os.close(file)


def _plain_files(folder: str, depth: int) -> list[str]:
    """Paths of the plain files below a folder, those of the folder itself first, by name."""
    files, folders = [], []
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in sorted(entries, key=lambda entry: entry.name):
            if entry.is_file(follow_symlinks=False):
                files.append(entry.path)
            elif entry.is_dir(follow_symlinks=False) and depth:
                folders.append(entry.path)
    return files + [path for inner in folders for path in _plain_files(inner, depth - 1)]


def _read_frame(source: int) -> tuple[bytes, bytes]:
    head = _read(source, 5)
    kind, length = struct.unpack(">cI", head)
    return kind, _read(source, length)


def _read(source: int, length: int) -> bytes:
    parts = []
    while length:
        data = os.read(source, min(length, 1 << 20))
        if not data:
            raise GoneError
        parts.append(data)
        length -= len(data)
    return b"".join(parts)


def _write_frame(sink: int, kind: bytes, data: bytes) -> None:
    rest = memoryview(struct.pack(">cI", kind, len(data)) + data)
    while rest:
        rest = rest[os.write(sink, rest) :]


if __name__ == "__main__":
    sys.exit(main())
