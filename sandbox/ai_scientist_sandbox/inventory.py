"""Which images are on this machine, for each back end that has its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from . import dockerfiles, images
from .base import NotBuiltError, SandboxError
from .choose import build_nothing
from .engine import Engine


@dataclass(frozen=True)
class Entry:
    """An image that is here, or why it is not."""

    sandbox: str
    """`docker`; `bubblewrap`, whose images `process` uses too."""
    name: str
    digest: str | None = None
    tag: str = ""
    """Where it is found: the engine's tag, a folder."""
    fault: str = ""
    told: int | None = None
    """Bytes, as the engine says."""
    folder: Path | None = None

    def size(self) -> int | None:
        """Bytes; None where it is the system's own software. Looks at every file of a folder."""
        if self.folder is None:
            return self.told
        return sum(file.lstat().st_size for file in self.folder.rglob("*") if not file.is_dir())


def inventory() -> list[Entry]:
    """Looks only: nothing is built."""
    return [*_docker(), *_local()]


def _docker() -> Iterator[Entry]:
    try:
        engine = Engine()
    except SandboxError as error:
        yield Entry("docker", "-", fault=str(error))
        return
    for name in images.recipe_names():
        tag = dockerfiles.recipe(name).tag
        found = dockerfiles.look(engine, tag)
        if found:
            yield Entry("docker", name, found["Id"], tag, told=found["Size"])
        else:
            yield Entry("docker", name, fault="not built yet")


def _local() -> Iterator[Entry]:
    for name in images.recipe_names():
        try:
            built = images.find(name, build_nothing)
        except NotBuiltError:
            yield Entry("bubblewrap", name, fault="not built yet")
        except SandboxError as error:
            yield Entry("bubblewrap", name, fault=str(error))
        else:
            where = str(built.root or "the system's own")
            yield Entry("bubblewrap", name, built.image.digest, where, folder=built.root)
