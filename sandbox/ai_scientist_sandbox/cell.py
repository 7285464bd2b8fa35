"""The seam below `SupervisedSandbox`: what a back end gives it to run one job in, and the line to the job's supervisor."""

from __future__ import annotations

import os
import select
import subprocess
from collections.abc import Iterable, Mapping
from typing import Literal, Protocol

from .cgroups import Used

LINGER = 1.0
"""Seconds that a supervisor has to end once nobody listens."""
CHUNK = 262144

Stream = Literal["frames", "noise"]
"""What the supervisor says, and what the machinery around it prints."""


class Connection(Protocol):
    """The line to a supervisor that was started."""

    @property
    def sink(self) -> int:
        """Descriptor that takes frames. Does not block."""
        ...

    @property
    def sources(self) -> tuple[int, ...]:
        """Descriptors to wait on for what comes back."""
        ...

    def read(self, source: int) -> Iterable[tuple[Stream, bytes]]:
        """What has come, in order; b"" where that stream has ended."""
        ...

    def end(self) -> str:
        """Hang up and leave nothing of the job running. Returns how the supervisor ended, for a message."""
        ...


class Cell(Protocol):
    """What one job stands in: a container, a namespace, a folder."""

    @property
    def folder(self) -> str:
        """The job's folder as the program sees it."""
        ...

    @property
    def environment(self) -> Mapping[str, str]:
        """All that the program finds in its environment."""
        ...

    @property
    def rlimits(self) -> Mapping[str, int]:
        """Resource limits of the program, by the names of the `resource` module."""
        ...

    @property
    def links(self) -> Mapping[str, str]:
        """Links to lay in the job's folder: path to where it points, as the program sees both."""
        ...

    @property
    def filter(self) -> bytes:
        """A filter of system calls for the supervisor to put before the program, as `seccomp.compiled` gives it; b"": none."""
        ...

    def start(self) -> Connection | None:
        """Start the supervisor. None: the job was stopped while it waited for a place.

        Raises:
            SandboxError: it cannot be started.
        """
        ...

    def used(self) -> Used | None:
        """What the whole job used, once it has ended; None where nobody counted.

        Raises:
            SandboxError: it was the machine that ended the job.
        """
        ...

    def remove(self) -> None:
        """Leave nothing behind. May be called more than once."""
        ...


class Pipes:
    """The line to a supervisor that is a child of ours. Killing the child ends all that it can."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdin and process.stdout and process.stderr
        self._process = process
        self._in, self._out, self._err = process.stdin, process.stdout, process.stderr
        self.sink = self._in.fileno()
        self.sources = (self._out.fileno(), self._err.fileno())
        os.set_blocking(self.sink, False)

    def read(self, source: int) -> Iterable[tuple[Stream, bytes]]:
        return [("frames" if source == self.sources[0] else "noise", os.read(source, CHUNK))]

    def end(self) -> str:
        """A closed stdin alone makes the supervisor end everything."""
        self._in.close()
        self._out.close()
        # Popen.wait with a timeout sleeps between looks, which is most of what a short job costs.
        watch, descriptor = select.poll(), os.pidfd_open(self._process.pid)
        try:
            watch.register(descriptor, select.POLLIN)
            if not watch.poll(LINGER * 1000):
                self._process.kill()
        finally:
            os.close(descriptor)
        self._process.wait()
        self._err.close()
        return f"the supervisor ended with status {self._process.returncode}"


def spawn(command: list[str], folder: str, environment: Mapping[str, str], passed: tuple[int, ...] = ()) -> Pipes:
    """Start a supervisor as a child of ours, in a session of its own: a Ctrl-C at the terminal is ours to handle.

    `passed`: descriptors that it inherits, under the same numbers.

    Raises:
        OSError: it cannot be started.
    """
    pipe = subprocess.PIPE
    return Pipes(
        subprocess.Popen(
            command,
            stdin=pipe,
            stdout=pipe,
            stderr=pipe,
            cwd=folder,
            env=environment,
            start_new_session=True,
            pass_fds=passed,
        )
    )
