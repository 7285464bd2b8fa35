"""Derived images: one of ours with another lock, which is to say with packages added for a run. Their names say both.

`python+1f2e3d4c5b6a7988`: the recipe, and a hash of the recipe and the lock. So an image is found again by what is in it, whoever
asked for it, and a lock that was kept somewhere always leads to the same image. What a lock says is kept in our cache under that
name; a process that uses the image holds that file, so that it is not removed as unused.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import math
import os
import re
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from . import locks
from .base import SandboxError
from .recipes import RECIPES, cache, locked

MARK = "+"
_ELSEWHERE = re.compile(r"(?:sys_platform|platform_system) == '(?!linux|Linux)")
_held: dict[Path, IO[str]] = {}
"""Kept open as long as we live."""


@dataclass(frozen=True)
class Derived:
    """A recipe with another lock."""

    name: str
    recipe: str
    lock: tuple[locks.Pin, ...]

    @property
    def text(self) -> str:
        """The lock as pip and uv read it."""
        return locks.render(self.lock)

    @property
    def difference(self) -> locks.Difference:
        """From the recipe as it is now."""
        return locks.difference(locks.parse(locked(self.recipe)), self.lock)

    @property
    def additions(self) -> tuple[str, ...]:
        """What it has beside the recipe's packages, for a reader: "tabulate 0.10.0"."""
        versions: dict[str, list[str]] = {}
        for pin in self.difference.added:
            if not _ELSEWHERE.search(pin.marker):
                versions.setdefault(pin.name, []).append(pin.version)
        return tuple(f"{name} {' or '.join(dict.fromkeys(found))}" for name, found in versions.items())


def image_name(recipe: str, lock: str) -> str:
    """What `SandboxHost.open` calls the image of that recipe with the packages of that lock: the recipe's own name where they
    are the recipe's.

    Raises:
        SandboxError: there is no such recipe, or it holds no Python packages.
        locks.LockError: it is no lock.
    """
    pins = locks.parse(lock)
    if locks.by_name(pins) == locks.by_name(locks.parse(locked(recipe))):
        return recipe
    return f"{recipe}{MARK}{_hash(recipe, pins)}"


def derive(recipe: str, lock: str) -> str:
    """`image_name`, and see to it that hosts of this machine can build the image of that name.

    Raises:
        SandboxError, locks.LockError: as `image_name`; the cache cannot be written.
    """
    name = image_name(recipe, lock)
    if MARK in name:
        _keep(Derived(name, recipe, locks.parse(lock)))
    return name


def is_derived(name: str) -> bool:
    return MARK in name


def look_up(name: str) -> Derived:
    """Raises SandboxError: no lock is kept under that name, or one that is not what the name says."""
    recipe, _, hashed = name.partition(MARK)
    try:
        pins = locks.parse(place(name).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise SandboxError(f"there is no image {name!r}: its lock is not in {place(name).parent} ({error})") from None
    if _hash(recipe, pins) != hashed:
        raise SandboxError(f"the image {name!r} was made by another version, or its lock {place(name)} was changed")
    return Derived(name, recipe, pins)


def place(name: str) -> Path:
    """Where the lock of that image is kept."""
    return cache() / "derived" / f"{name}.lock"


def names() -> list[str]:
    """Those whose locks are kept here."""
    return sorted(file.name.removesuffix(".lock") for file in place("*").parent.glob(f"*{MARK}*.lock"))


def hold(wanted: Derived) -> None:
    """Say that this process uses an image, as long as it lives, and that it was used now."""
    file = place(wanted.name)
    if file in _held:
        return
    while True:
        _keep(wanted)
        try:
            handle = file.open("r+")
        except FileNotFoundError:
            continue  # removed as unused just now
        except OSError as error:
            raise SandboxError(f"cannot keep the lock of an image in {file.parent}: {error}") from error
        fcntl.flock(handle, fcntl.LOCK_SH)
        if os.fstat(handle.fileno()).st_nlink:
            break
        handle.close()  # removed while we waited for it
    os.utime(file)
    _held[file] = handle


@contextlib.contextmanager
def idle(name: str) -> Iterator[float | None]:
    """Days since a process last began to use it; None where one does. None begins to within."""
    file = place(name)
    try:
        handle = file.open()
    except FileNotFoundError:
        yield math.inf
        return
    with handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield None
        else:
            yield (time.time() - file.stat().st_mtime) / 86400


def _keep(wanted: Derived) -> None:
    file = place(wanted.name)
    if file.is_file():
        return
    new = file.with_name(f".{uuid.uuid4().hex}")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        new.write_text(wanted.text, encoding="utf-8")
        new.rename(file)
    except OSError as error:
        raise SandboxError(f"cannot keep the lock of an image in {file.parent}: {error}") from error


def _hash(recipe: str, pins: tuple[locks.Pin, ...]) -> str:
    """Of all that a derived image is built from, wherever it is built."""
    whole = hashlib.sha256(locks.fingerprint(pins).encode())
    for file in sorted([*(RECIPES / recipe).glob("*"), *RECIPES.glob("*.Dockerfile")]):
        if file.suffix != ".in":
            whole.update(f"{file.name} ".encode() + file.read_bytes())
    return whole.hexdigest()[:16]
