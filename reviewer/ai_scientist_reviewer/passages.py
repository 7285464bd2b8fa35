"""Where a quote stands in a paper, line by line: what a reader is shown, and what a PDF's highlight covers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from ai_scientist_reviewer.document import Box, Glyph
from ai_scientist_reviewer.paper import Paper
from ai_scientist_reviewer.quotes import Compact
from ai_scientist_reviewer.records import Mark

_SAME_LINE = 0.5
"""Of a character's height: how much the middle of the next one may lie higher or lower."""


@dataclass(frozen=True)
class Passages:
    """The places of a paper, found again by their words."""

    paper: Paper

    @cached_property
    def _compact(self) -> Compact[tuple[int, int]]:
        return Compact.of(
            (char, (line.page, line.start + i)) for line in self.paper.lines for i, char in enumerate(line.text + "\n")
        )

    def marks(self, quote: str) -> tuple[Mark, ...]:
        """A box for each line of the quote; empty where it does not stand in the paper, or the paper has no places."""
        pages: Mapping[int, tuple[Glyph, ...]] = {page.number: page.glyphs for page in self.paper.pages}
        found = self._compact.find(quote)
        glyphs = ((number, pages[number][i].box) for number, i in found if i < len(pages[number]))
        return tuple(_lines((number, box) for number, box in glyphs if box is not None))


def _lines(boxes: Iterable[tuple[int, Box]]) -> Iterable[Mark]:
    open_line: list[Box] = []
    page = 0
    for number, box in boxes:
        if open_line and (number != page or not _follows(open_line[-1], box)):
            yield _mark(page, open_line)
            open_line = []
        page = number
        open_line.append(box)
    if open_line:
        yield _mark(page, open_line)


def _follows(before: Box, box: Box) -> bool:
    height = max(before.bottom - before.top, box.bottom - box.top, 1.0)
    level = abs((before.top + before.bottom) / 2 - (box.top + box.bottom) / 2) <= max(_SAME_LINE * height, 3.0)
    return level and box.right >= before.left - 1


def _mark(page: int, boxes: list[Box]) -> Mark:
    around = Box.around(boxes)
    assert around is not None, "a line has a character"
    return Mark(page=page, box=tuple(round(value, 2) for value in around))
