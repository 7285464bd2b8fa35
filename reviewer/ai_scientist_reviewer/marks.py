"""Where a quote stands in a paper, line by line: what a reader is shown, and what a PDF's highlight covers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from ai_scientist_reviewer.document import Box
from ai_scientist_reviewer.paper import Paper
from ai_scientist_reviewer.quotes import Break, Compact
from ai_scientist_reviewer.records import Mark


@dataclass(frozen=True)
class Marks:
    """The places of a paper, found again by their words."""

    paper: Paper

    @cached_property
    def _compact(self) -> Compact[tuple[int, int]]:
        """Each character with the line that it stands in and its place there."""
        lines = enumerate(self.paper.lines)
        return Compact.of((char, (n, i)) for n, line in lines for i, char in enumerate(line.text + "\n"))

    @cached_property
    def _breaks(self) -> tuple[Break, ...]:
        return self._compact.breaks(lambda mark: self.paper.lines[mark[0]].page, lambda mark: mark[1] == 0)

    def of(self, quote: str, on: int | None = None) -> tuple[Mark, ...]:
        """A box for each line of the quote; empty where it does not stand in the paper, or the paper has no places."""
        pages = {page.number: page.glyphs for page in self.paper.pages}
        boxes: dict[int, list[Box]] = {}
        for n, i in self._compact.find(quote, self._breaks, lambda mark: self.paper.lines[mark[0]].page == on):
            line = self.paper.lines[n]
            at, glyphs = line.start + i, pages[line.page]
            if at < len(glyphs) and (box := glyphs[at].box) is not None:
                boxes.setdefault(n, []).append(box)
        return tuple(_mark(self.paper.lines[n].page, inside) for n, inside in boxes.items())


def _mark(page: int, boxes: list[Box]) -> Mark:
    around = Box.around(boxes)
    assert around is not None, "a line that is marked has a character"
    left, top, right, bottom = (round(value, 2) for value in around)
    return Mark(page=page, box=(left, top, right, bottom))
