"""Our side: a child process that reads a PDF under limits, and what becomes of it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from types import TracebackType
from typing import Any

from ai_scientist_reviewer.document import MAX_GLYPHS, MAX_PAGES, MAX_PIXELS, READ_SECONDS, PaperError
from ai_scientist_reviewer.reader.wire import WireError, receive, send

MEMORY = 2 * 1024**3
"""Bytes of address space of the child."""
_GRACE = 10.0
"""Seconds beyond the time for reading: to start, and to say that it took too long."""
_MOST = 1024**3
"""Bytes that one child may send."""
_START = (
    "import sys; sys.path[:0] = [p for p in sys.argv[1:] if p not in sys.path]; "
    "from ai_scientist_reviewer.reader.child import main; main()"
)
_PASSED_ON = ("PATH", "LANG", "LC_ALL", "TMPDIR", "SYSTEMROOT", "LD_LIBRARY_PATH", "COVERAGE_PROCESS_START")
"""All that the child knows of our environment: there is no key in it."""


@dataclass(frozen=True)
class Bounds:
    """Of one reading."""

    pages: int = MAX_PAGES
    glyphs: int = MAX_GLYPHS
    seconds: float = READ_SECONDS
    pixels: int = MAX_PIXELS
    memory: int = MEMORY


class Child:
    """A started child. `frame` gives what it sends, one after another."""

    def __init__(self, name: str, bounds: Bounds) -> None:
        self.name, self.bounds = name, bounds
        self.late = False
        self._received = 0
        environment = {key: os.environ[key] for key in _PASSED_ON if key in os.environ}
        # NumPy's linear algebra takes address space for each thread that it might want.
        environment |= {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "PYTHONUTF8": "1"}
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-c", _START, *(path for path in sys.path if path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
        )
        self._timer = threading.Timer(max(0.0, bounds.seconds) + _GRACE, self._too_late)
        self._timer.daemon = True

    def __enter__(self) -> Child:
        self._timer.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:  # fmt: skip
        self._timer.cancel()
        self._process.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with suppress(BrokenPipeError):  # it ended before it had read all
                    pipe.close()
        self._process.wait()

    def ask(self, task: str, data: bytes, payload: bytes = b"", **values: Any) -> None:
        """Hands the file over with what is wanted of it."""
        request = {"task": task, "name": self.name, "bounds": asdict(self.bounds), "values": values}
        stdin = self._process.stdin
        assert stdin is not None
        try:
            for kind, part in ((b"R", json.dumps(request).encode()), (b"F", data), (b"V", payload)):
                send(stdin, kind, part)
            stdin.close()
        except BrokenPipeError as error:
            raise PaperError(self._ending()) from error

    def frame(self, *kinds: bytes) -> tuple[bytes, bytes]:
        """The next frame, which must be of one of these kinds.

        Raises:
            PaperError: the child says why the file cannot be read, or has crashed, or takes too long.
        """
        stdout = self._process.stdout
        assert stdout is not None
        try:
            kind, payload = receive(stdout)
        except WireError as error:
            raise PaperError(self._ending()) from error
        self._received += len(payload)
        if kind == b"E":
            raise PaperError(_sentence(payload, self.name))
        if kind not in kinds or self._received > _MOST:
            raise PaperError(f"{self.name} is damaged: what reads it answers out of form.")
        return kind, payload

    def _too_late(self) -> None:
        self.late = True
        self._process.kill()

    def _ending(self) -> str:
        """Why the child has ended without a word."""
        try:
            code = self._process.wait(timeout=_GRACE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            code = self._process.wait()
        if self.late or code == -getattr(signal, "SIGXCPU", 0):
            return f"{self.name} takes longer than {self.bounds.seconds:.0f} s to read."
        how = signal.Signals(-code).name if -code in set(signal.Signals) else f"exit {code}"
        room = f"{self.bounds.memory / 1024**3:.0f} GiB"
        return f"{self.name} is damaged, or swells beyond {room} of memory: what reads it crashed ({how})."


@contextmanager
def child(task: str, data: bytes, name: str, bounds: Bounds, payload: bytes = b"", **values: Any) -> Iterator[Child]:
    """A child that has been asked, for as long as the block lasts."""
    with Child(name, bounds) as started:
        started.ask(task, data, payload, **values)
        yield started


def told(payload: bytes, name: str) -> Mapping[str, Any]:
    """A frame that holds a JSON object."""
    try:
        values = json.loads(payload)
    except (ValueError, RecursionError):
        values = None
    if not isinstance(values, dict):
        raise PaperError(f"{name} is damaged: what reads it answers out of form.")
    return values


def _sentence(payload: bytes, name: str) -> str:
    """What the child says of the file, as one line that begins with the file's name."""
    said = " ".join("".join(char if char.isprintable() else " " for char in payload[:2000].decode("utf-8", "replace")).split())  # fmt: skip
    return said[:600] if said.startswith(name) else f"{name} cannot be read: {said[:600] or 'no reason was given'}"
