"""Finding a quote in a text whatever its line breaks, hyphenation, ligatures and kinds of quotation mark."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar

Mark = TypeVar("Mark")

SHORTEST = 8
"""Characters, white space aside, that a quote must have: less stands in any text."""
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—−\u00ad"), "-")
_MARKS = {ord("’"): "'", ord("‘"): "'", ord("“"): '"', ord("”"): '"', **_DASHES}


class Break(NamedTuple):
    """A page's end, as places in a compact text."""

    end: int
    starts: tuple[int, ...]
    """Of the lines of the next page: a figure may stand above the one that goes on."""


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

    def find(
        self, quote: str, breaks: Sequence[Break] = (), meant: Callable[[Mark], bool] | None = None
    ) -> tuple[Mark, ...]:
        """The marks of the first place where the quote stands; empty where it does not or is too short to say.

        A sentence that runs over one of the `breaks` is found on both sides of it, whatever was set at the top of the next page.
        Of several places, the first that begins with a mark that is `meant` comes before the others.
        """
        wanted = compact(quote)
        if len(wanted) < SHORTEST:
            return ()
        places = list(self._places(wanted))
        start = next((i for i in places if meant is not None and meant(self.marks[i])), places[0] if places else -1)
        if start >= 0:
            return self.marks[start : start + len(wanted)]
        return next(self._over(wanted, breaks), ())

    def _places(self, wanted: str) -> Iterator[int]:
        start = self.text.find(wanted)
        while start >= 0:
            yield start
            start = self.text.find(wanted, start + 1)

    def breaks(self, page_of: Callable[[Mark], int], begins: Callable[[Mark], bool]) -> tuple[Break, ...]:
        """Where a page ends and the next has lines, from each mark's page and whether a line begins with it."""
        pages: dict[int, list[int]] = {}
        for i, mark in enumerate(self.marks):
            if begins(mark):
                pages.setdefault(page_of(mark), []).append(i)
        return tuple(Break(starts[0], tuple(starts)) for starts in list(pages.values())[1:])

    def _over(self, wanted: str, breaks: Sequence[Break]) -> Iterator[tuple[Mark, ...]]:
        """Both parts are long enough to be told, the first ends its page, and the second begins a line of the next."""
        for end, starts in breaks:
            for cut in range(SHORTEST, len(wanted) - SHORTEST + 1):
                if self.text.endswith(wanted[:cut], 0, end):
                    for start in starts:
                        if self.text.startswith(wanted[cut:], start):
                            yield self.marks[end - cut : end] + self.marks[start : start + len(wanted) - cut]


def compact(text: str) -> str:
    return Compact.of((char, None) for char in text).text
