"""What a referee may be asked to look at with particular care: a short text each, ours by name, a user's own by path."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

LARGEST = 8 * 1024
"""Bytes of a lens's file: it is a paragraph, not a prompt."""
_ENDINGS = (".md", ".txt")


class LensError(Exception):
    """There is no such lens, or its file cannot be read. The message is one sentence for the person who named it."""


class Lens(NamedTuple):
    name: str
    text: str


def lens(name: str) -> Lens:
    """The lens of that name among ours, or the one in the file at that path (`my-lens.md`).

    Raises:
        LensError: there is none.
    """
    if Path(name).suffix.lower() in _ENDINGS:
        return _read(Path(name))
    if name not in names():
        raise LensError(
            f"There is no lens '{name}': there are {', '.join(names())}, or give the path of a file of your own (my-lens.md)."
        )
    file = files("ai_scientist_reviewer") / "lenses" / f"{name}.md"
    return Lens(name, file.read_text(encoding="utf-8").strip())


@cache
def names() -> tuple[str, ...]:
    """Of the lenses that come with us."""
    folder = files("ai_scientist_reviewer") / "lenses"
    return tuple(sorted(file.name[: -len(".md")] for file in folder.iterdir() if file.name.endswith(".md")))


def _read(path: Path) -> Lens:
    try:
        with path.open("rb") as file:
            text = file.read(LARGEST + 1).decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise LensError(f"The lens {path} cannot be read ({getattr(error, 'strerror', None) or error}).") from None
    if len(text.encode()) > LARGEST or not text.strip():
        raise LensError(f"The lens {path} has to hold some text, and at most {LARGEST // 1024} KiB of it.")
    return Lens(path.stem[:40], text.strip())
