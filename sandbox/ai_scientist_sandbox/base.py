"""The seam of the sandbox: what crosses it, and the two protocols that every back end keeps.

A back end's host opens sandboxes; a sandbox runs one program, once. What leaves a sandbox is capped in size and
parsed as hostile. That a program failed is a value (`Completed`); that the machine failed is a `SandboxError`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol, Self

MIB = 1024 * 1024

Ending = Literal["exited", "timed_out", "out_of_memory", "out_of_disk", "output_too_large", "killed"]
"""How a program ended. `killed`: by `Sandbox.stop`, or by a signal that none of our limits explains."""

Limit = Literal[
    "wall", "cpu", "memory", "processes", "disk", "inodes", "output", "gpus", "network", "files", "syscalls"
]
"""What a back end can promise to hold. `network`: none at all; `files`: nothing of the host beyond the image is read
and nothing is written outside the job's folder; `syscalls`: the kernel answers what programs need and little else."""

ALL_LIMITS: frozenset[Limit] = frozenset(
    ("wall", "cpu", "memory", "processes", "disk", "inodes", "output", "gpus", "network", "files", "syscalls")
)


class SandboxError(Exception):
    """The machine failed, not the program: no such back end, no image, no engine, no room."""


class HostGoneError(SandboxError):
    """The back end itself went away: no other job will fare better until somebody brings it back."""


class NotBuiltError(SandboxError):
    """An image is not there: it was not to be built, or could not be."""


@dataclass(frozen=True)
class Limits:
    """What one job may use. A program cannot see or change its own limits."""

    wall: float = 600.0
    """Seconds from start to end."""
    cpu: float = 1.0
    """Cores."""
    memory: int = 2048 * MIB
    """Bytes, all processes of the job together, swap included."""
    processes: int = 64
    """Processes and threads."""
    disk: int = 256 * MIB
    """Bytes that the job can have written at any moment."""
    inodes: int = 4096
    """Files and folders that the job can have made at any moment."""
    output: int = 1 * MIB
    """Bytes of standard output and error kept: the head and the tail."""
    flood: int = 64 * MIB
    """Bytes of standard output and error after which the job is ended as `output_too_large`."""
    gpus: int = 0
    """Lent to the job alone; it sees no others."""


@dataclass(frozen=True)
class Completed:
    """How one program ended and what it used."""

    ending: Ending
    status: int | None
    """Exit status; negative for a signal; None where there is none (timed out before a status was seen)."""
    output: str
    """Standard output and error in the order written, at most `Limits.output` bytes; what is not UTF-8 is replaced."""
    wall: float
    """Seconds."""
    cpu: float | None = None
    """Seconds of processor time; None where it could not be measured."""
    memory: int | None = None
    """Peak bytes; None where it could not be measured."""
    left_out: tuple[str, ...] = ()
    """What the program left in `output/` and `fetch` does not give, by path, and why: links, too large, too many."""

    @property
    def succeeded(self) -> bool:
        """Whether the program ran to its own end and said that all went well."""
        return self.ending == "exited" and self.status == 0


@dataclass(frozen=True)
class Image:
    """An image found or built on this machine."""

    name: str
    """The recipe's name: `python`, `latex`."""
    digest: str
    """`sha256:…`. Of Docker, the engine's id of the image. Else of what the recipe fixes (lock file, interpreter, TeX
    versions), the same on machines that match."""
    packages: Mapping[str, str] = field(default_factory=dict)
    """Name to version, of what is in it."""


class Sandbox(Protocol):
    """One job. `put`, then `run` once, then `fetch`; closing removes every trace. A context manager."""

    def put(self, files: Mapping[str, bytes]) -> None:
        """Lay files in the job's folder, by relative path ("program.py", "data/a.csv").

        Raises:
            ValueError: a path climbs out or is not plain.
        """
        ...

    def run(self, command: Sequence[str]) -> Completed:
        """Run the command in the job's folder and wait. `python` is the image's interpreter.

        Raises:
            SandboxError: the machine failed, or has no such command.
            RuntimeError: this sandbox has run already.
        """
        ...

    def fetch(self) -> Mapping[str, bytes]:
        """What the program left in `output/`, by path within it: plain files, at most `Limits.disk` bytes in all."""
        ...

    def stop(self) -> None:
        """End the running program now, from any thread. Does nothing before or after the run."""
        ...

    def close(self) -> None: ...

    def __enter__(self) -> Self: ...

    def __exit__(self, *exception: object) -> None: ...


class SandboxHost(Protocol):
    """A back end on this machine."""

    name: str
    """`docker`, `bubblewrap`, `process`."""

    def holds(self) -> Mapping[Limit, str | None]:
        """Each limit this back end really keeps on this machine (None), or why it does not and what would help."""
        ...

    def image(self, name: str) -> Image:
        """The image of that name, built first where it has to be.

        Raises:
            SandboxError: there is no such recipe, or it cannot be built here; says what to do.
        """
        ...

    def open(
        self,
        image: str,
        limits: Limits,
        *,
        mounts: Mapping[str, Path] | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> Sandbox:
        """A fresh sandbox of that image. `mounts`: name to a folder of the host, read-only under `data/<name>`.

        Raises:
            SandboxError: no such image or folder, or no so many GPUs can be lent.
        """
        ...

    def close(self) -> None:
        """End what is kept ready for jobs to come, if anything is. Those that run go on, and the host may be used again."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()
