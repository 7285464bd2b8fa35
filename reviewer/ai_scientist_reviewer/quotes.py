"""Finding a quote in a text whatever its line breaks, hyphenation, ligatures and kinds of quotation mark."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

Mark = TypeVar("Mark")

SHORTEST = 8
"""Characters, white space aside, that a quote must have: less stands in any text."""
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—−\u00ad"), "-")
_MARKS = {ord("’"): "'", ord("‘"): "'", ord("“"): '"', ord("”"): '"', **_DASHES}


@dataclass(frozen=True)
class Compact(Generic[Mark]):
    """A text without white space and without hyphens between letters; each character keeps a mark of its origin."""

    text: str
    marks: tuple[Mark, ...]

    @classmethod
    def of(cls, characters: Iterable[tuple[str, Mark]]) -> Compact[Mark]:
        kept: list[tuple[str, Mark]] = []
        for char, mark in characters:
            plain = unicodedata.normalize("NFKC", char.translate(_MARKS)).translate(_MARKS)
            kept.extend((one, mark) for one in plain if not one.isspace())
        # "bal-|ancing" is one word, "low-|dimensional" is not, and only a dictionary could tell: both lose the hyphen.
        last = len(kept) - 1
        solid = [
            pair
            for i, pair in enumerate(kept)
            if not (pair[0] == "-" and 0 < i < last and kept[i - 1][0].isalpha() and kept[i + 1][0].isalpha())
        ]
        return cls("".join(char for char, _ in solid), tuple(mark for _, mark in solid))

    def find(self, quote: str) -> tuple[Mark, ...]:
        """The marks of the first place where the quote stands; empty where it does not or is too short to say."""
        wanted = compact(quote)
        start = self.text.find(wanted) if len(wanted) >= SHORTEST else -1
        return self.marks[start : start + len(wanted)] if start >= 0 else ()


def compact(text: str) -> str:
    return Compact.of((char, None) for char in text).text
