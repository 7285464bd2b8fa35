"""The recipes that come with us, and the folder in which what is built from them is kept."""

from __future__ import annotations

import contextlib
import fcntl
import os
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from .base import SandboxError

RECIPES = Path(__file__).parent / "images"
LOCK = "requirements.lock"
"""In a recipe of Python packages: each of them, with its hashes."""
ON_REQUEST: Mapping[str, str] = {"torch": "3 GB to load"}
"""Recipes that are built for nobody who did not name them, and why."""
Progress = Callable[[str], None]
_building = threading.Lock()


def recipe_names() -> list[str]:
    """The images that there are recipes for, those that every run needs first."""
    names = sorted((folder.name for folder in RECIPES.iterdir() if folder.is_dir()), reverse=True)
    return sorted(names, key=lambda name: name in ON_REQUEST)


def usual_names() -> list[str]:
    """Those that a run needs unless it says otherwise."""
    return [name for name in recipe_names() if name not in ON_REQUEST]


def holds_packages(name: str) -> bool:
    """Whether there is a recipe of that name, and one whose programs are Python's."""
    return name in recipe_names() and (RECIPES / name / LOCK).is_file()


def locked(name: str) -> str:
    """The lock of a recipe of Python packages.

    Raises:
        SandboxError: there is no such recipe.
    """
    if not holds_packages(name):
        raise unknown(name, [one for one in recipe_names() if holds_packages(one)])
    return (RECIPES / name / LOCK).read_text(encoding="utf-8")


def asked(name: str) -> list[str]:
    """The packages that a recipe was made for, without what they need in turn."""
    return lines_of(RECIPES / name / "requirements.in")


def lines_of(file: Path) -> list[str]:
    """What stands in a file of ours, one a line, without the comments."""
    lines = (line.split("#")[0].strip() for line in file.read_text(encoding="utf-8").splitlines())
    return [line for line in lines if line]


def unknown(name: str, known: list[str]) -> SandboxError:
    *most, last = known
    return SandboxError(f"there is no image {name!r}; there are {', '.join(most)}{' and ' if most else ''}{last}")


def cache() -> Path:
    """Where images are kept: $XDG_CACHE_HOME/ai-scientist/images, or ~/.cache/…"""
    home = os.environ.get("XDG_CACHE_HOME")
    return (Path(home) if home else Path.home() / ".cache") / "ai-scientist" / "images"


@contextlib.contextmanager
def alone(path: Path) -> Iterator[None]:
    """Hold a file lock against other processes and a lock against our own threads."""
    with _building, path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
