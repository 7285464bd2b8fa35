"""Characters as a reader would see them, each with the place in the source that it comes from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from ai_scientist_reviewer.latex.flatten import shown
from ai_scientist_reviewer.source import Spot


class Sign(NamedTuple):
    """A character that a reader would see, and where it comes from."""

    char: str
    spot: Spot
    font: str
    size: float
    mode: int


def text_of(signs: Iterable[Sign]) -> str:
    """On one line."""
    return " ".join(shown("".join(sign.char for sign in signs)).split())


def worded(words: str, spot: Spot, font: str = "") -> list[Sign]:
    """Words that LaTeX adds: "References", "Figure 1: "."""
    return [Sign(char, spot, font, 0.0, 0) for char in words]


def one_line(said: Iterable[Sign]) -> list[Sign]:
    return [sign._replace(char=" ") if sign.char.isspace() else sign for sign in said]


def line_break(said: Sequence[Sign]) -> list[Sign]:
    """Two line ends, where the last sign stands."""
    return [said[-1]._replace(char="\n")] * 2 if said else []
