"""Choosing a back end: the first that holds everything, and never a weaker one for a program that a model wrote."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, NoReturn

from .base import ALL_LIMITS, Limit, NotBuiltError, SandboxError, SandboxHost
from .host import Host
from .images import Progress

Author = Literal["ours", "model"]
# Docker first: its images are the same on every machine, down to the system's libraries, so what was measured here is
# more easily measured again elsewhere. Where no engine answers that is told at once, and bubblewrap starts faster.
STRONG = ("docker", "bubblewrap")
"""Back ends that can hold everything, in the order in which `auto` tries them."""
NAMES = (*STRONG, "process")


@dataclass(frozen=True)
class Available:
    """What `doctor` says of one back end."""

    name: str
    holds: Mapping[Limit, str | None]
    """Each limit and None, or why it is not held and what would help. Empty where it cannot be opened."""
    fault: str | None = None
    """Why it cannot be opened at all."""
    unbuilt: bool = False
    """Whether that is because its images are still to be built."""

    @property
    def strong(self) -> bool:
        """Whether it holds everything."""
        return self.fault is None and all(self.holds.get(limit, "") is None for limit in ALL_LIMITS)


def open_host(
    name: str = "auto", author: Author = "model", gpus: int = 0, progress: Progress | None = None
) -> SandboxHost:
    """The back end of that name, or the one to use for programs of that author. `gpus`: that each job is to be lent.

    `auto` is the first that holds everything. Where none does, programs of ours run under `process`, which
    `SandboxHost.name` says; programs of a model do not run. A user who names a back end gets it.

    Raises:
        SandboxError: there is none that holds what is asked; says what is missing and what would help.
    """
    if name != "auto":
        return _lending(_opener(name)(progress), gpus)
    faults = []
    for candidate in STRONG:
        try:
            host = _lending(_opener(candidate)(progress), gpus)
            broken = {limit: why for limit, why in host.holds().items() if why is not None}
            if not broken:
                return host
        except SandboxError as error:
            faults.append(f"{candidate}: {error}")
            if progress and isinstance(error, NotBuiltError):
                progress(str(error))  # after a wait for nothing the next one is taken: say why
            continue
        faults.append(
            f"{candidate} does not hold {', '.join(sorted(broken))}: {'; '.join(dict.fromkeys(broken.values()))}"
        )
    if gpus:
        raise SandboxError("no sandbox here lends what is asked. " + ". ".join(faults))
    if author == "ours":
        return _opener("process")(progress)
    raise SandboxError("no sandbox here is strong enough for a program that a model wrote. " + ". ".join(faults))


def _lending(host: Host[Any], gpus: int) -> Host[Any]:
    """Raises SandboxError: it cannot lend so many."""
    if why := host.lends(gpus):
        raise SandboxError(why)
    return host


def available() -> list[Available]:
    """Every back end and what it holds on this machine. Looks only: nothing is built."""
    found = []
    for name in NAMES:
        try:
            found.append(Available(name, _opener(name)(build_nothing).holds()))
        except SandboxError as error:
            found.append(Available(name, {}, str(error), isinstance(error, NotBuiltError)))
    return found


def build_nothing(text: str) -> NoReturn:
    """A `Progress` for who only wants to look: it stops what would be built."""
    del text
    raise NotBuiltError("not built yet: `ai-scientist images build` builds it, and so does the first run")


def _opener(name: str) -> Callable[[Progress | None], Host[Any]]:
    match name:
        case "docker":
            from .docker import DockerHost

            return DockerHost
        case "bubblewrap":
            from .bubblewrap import BubblewrapHost

            return BubblewrapHost
        case "process":
            from .process import ProcessHost

            return ProcessHost
    raise SandboxError(f"there is no sandbox {name!r}; there are auto, {', '.join(NAMES)}")
