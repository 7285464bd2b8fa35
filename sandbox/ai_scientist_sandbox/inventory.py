"""Which images are on this machine, for each back end that has its own, and removing those that nobody uses."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import derived, dockerfiles, images, recipes
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
    usual: bool = True
    """Whether a run needs it that does not ask for another."""
    added: tuple[str, ...] = ()
    """Of a derived image: its packages beside the recipe's, with versions, as far as its lock is still here."""

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
    for name in recipes.recipe_names():
        tag = dockerfiles.recipe(name).tag
        usual = name not in recipes.ON_REQUEST
        found = dockerfiles.look(engine, tag)
        if found:
            yield Entry("docker", name, found["Id"], tag, told=found["Size"], usual=usual)
        else:
            yield Entry("docker", name, fault=_unbuilt(name), usual=usual)
    for name, found in sorted(dockerfiles.derived_images(engine).items()):
        tag = dockerfiles.tag(name)
        yield Entry("docker", name, found["Id"], tag, told=found["Size"], usual=False, added=_added(name))


def _local() -> Iterator[Entry]:
    for name in recipes.recipe_names():
        usual = name not in recipes.ON_REQUEST
        try:
            built = images.find(name, build_nothing)
        except NotBuiltError:
            yield Entry("bubblewrap", name, fault=_unbuilt(name), usual=usual)
        except SandboxError as error:
            yield Entry("bubblewrap", name, fault=str(error), usual=usual)
        else:
            where = str(built.root or "the system's own")
            yield Entry("bubblewrap", name, built.image.digest, where, folder=built.root, usual=usual)
    for name, root in images.derived_roots():
        digest = images.digest_of(root)
        yield Entry("bubblewrap", name, digest, str(root), folder=root, usual=False, added=_added(name))


def _unbuilt(name: str) -> str:
    if name in recipes.ON_REQUEST:
        return f"not built ({recipes.ON_REQUEST[name]}): `ai-scientist images build {name}`"
    return "not built yet"


def _added(name: str) -> tuple[str, ...]:
    try:
        return derived.look_up(name).additions
    except SandboxError:  # its lock is gone; the image may be there all the same
        return ()


@dataclass(frozen=True)
class Pruned:
    """What became of a derived image."""

    name: str
    why: str = ""
    """Why it was left; "" where it was removed."""
    size: int = 0
    """Bytes of folders that are free again; what an engine frees it does not say."""


def prune(days: float = 0) -> list[Pruned]:
    """Remove the derived images that no process uses, and that none began to use within so many days. A run that is resumed
    builds its own again from the lock that it keeps.
    """
    try:
        engine = Engine()
        there: Mapping[str, Any] = dockerfiles.derived_images(engine)
    except SandboxError:
        engine, there = None, {}  # no engine, no images of it
    folders = images.derived_roots()
    names = sorted({*derived.names(), *there, *(name for name, _ in folders)})
    return [
        _prune(name, days, engine if name in there else None, [f for n, f in folders if n == name]) for name in names
    ]


def _prune(name: str, days: float, engine: Engine | None, folders: list[Path]) -> Pruned:
    with derived.idle(name) as idle:
        if idle is None:
            return Pruned(name, "a process uses it")
        if engine and not derived.place(name).exists():
            return Pruned(name, f"nothing here says who uses it; to remove it: docker rmi {dockerfiles.tag(name)}")
        if idle < days:
            return Pruned(name, f"used {idle:.0f} days ago" if idle >= 1 else "used today")
        size = sum(Entry("", name, folder=folder).size() or 0 for folder in folders)
        if engine:
            try:
                engine.ask("remove it", engine.api.remove_image, dockerfiles.tag(name))
            except SandboxError as error:  # a container of somebody's is based on it
                return Pruned(name, str(error))
        for folder in folders:
            shutil.rmtree(folder)
        derived.place(name).unlink(missing_ok=True)
    return Pruned(name, size=size)
