"""The paper's prose in passages: lines joined, words put together again, and each character with the place it stands at."""

from __future__ import annotations

import bisect
import re
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Literal, NamedTuple

from ai_scientist_reviewer.document import Box, Glyph, Line, Page, Place, Table
from ai_scientist_reviewer.structure import body_style, heading_of
from ai_scientist_reviewer.tables import drawn_tables

if TYPE_CHECKING:
    from ai_scientist_reviewer.paper import Paper

_CAPTION = re.compile(r"(?P<kind>Figure|Fig\\.|Table)\s*(?P<number>[A-Z]?\.?\d{1,3})\s*[:.|]\s")
_REFERENCES = ("references", "bibliography")
_STOP = re.compile(r"(?<=[.!?])[”\"’')\]]*\s+(?=[A-Z“\"(\[•])")
_NO_STOP = re.compile(
    r"(?:\b(?:e\.g|i\.e|et al|vs|cf|resp|approx|Fig|Figs|Tab|Eq|Eqs|Sec|Ref|No|Dr|St|[A-Z])\.|^\s*\d{1,2}\.)[”\"’')\]]*\s+$"
)


_ITEM = re.compile(r"\s*(?:[•●▪–∗*◦]|\(?\d{1,2}[.)])\s+\S")


class Origin(NamedTuple):
    """Where a character stands."""

    page: int
    glyph: int
    """Index within the page."""


@dataclass(frozen=True)
class Passage:
    """A paragraph, an item of a list, or a caption."""

    kind: Literal["abstract", "text", "caption"]
    section: str
    """The heading above it."""
    text: str
    """What stands high or low is put in ^{…} and _{…}."""
    origins: tuple[Origin, ...]
    """One per character of the text."""
    caption: str = ""
    """ "Table 2": whose caption it is."""
    lead: str = ""
    """Of an item of a list: the paragraph that it belongs to."""

    @cached_property
    def sentences(self) -> tuple[tuple[int, int], ...]:
        """Start and end of each."""
        ends = [
            match.end()
            for match in _STOP.finditer(self.text)
            if not _NO_STOP.search(self.text[max(0, match.end() - 24) : match.end()])
        ]
        starts = [0, *ends]
        return tuple(zip(starts, [*ends, len(self.text)], strict=True))

    def sentence_at(self, at: int) -> tuple[int, int]:
        return self.sentences[max(0, bisect.bisect_right(self.sentences, (at, len(self.text) + 1)) - 1)]

    def place(self, paper: Paper, start: int, end: int) -> Place:
        """Where a part of the text stands: page and box, and file and line where there is a source."""
        first = self.origins[start]
        page = paper.pages[first.page - 1]
        boxes = [page.glyphs[at.glyph].box for at in self.origins[start:end] if at.page == first.page]
        spot = paper.spot_of(*first)
        if spot is None and paper.latex is not None:
            found = paper.locate(self.quote(start, end))
            spot = (found.file, found.line) if found and found.file else None
        return Place(first.page, Box.around(boxes), *(spot or ("", None)))

    def quote(self, start: int, end: int, reach: int = 60) -> str:
        """The words around a part of the text, as they are printed."""
        left, right = max(0, start - reach), min(len(self.text), end + reach)
        left = left if left == 0 else self.text.find(" ", left, start) + 1 or start
        right = right if right == len(self.text) or (cut := self.text.rfind(" ", end, right)) < 0 else cut
        return re.sub(r"\s+", " ", re.sub(r"[\^_]\{([^}]*)\}", r"\1", self.text[left:right])).strip()


def passages_of(paper: Paper) -> tuple[Passage, ...]:
    """The prose without headings, tables, drawings and the reference list."""
    tables = drawn_tables(paper)
    hyphenated = frozenset(re.findall(r"[a-z]+-[a-z]+", paper.text))
    found: list[Passage] = []
    lead = ""
    for block in _blocks(paper, tables):
        passage = _passage(paper, block, hyphenated)
        if not passage.text.strip():
            continue
        if _ITEM.match(passage.text) and found and found[-1].section == passage.section:
            passage = replace(passage, lead=lead)
        elif passage.kind != "caption":
            lead = passage.text[-600:]
        found.append(passage)
    return tuple(found)


class _Block(NamedTuple):
    kind: Literal["abstract", "text", "caption"]
    section: str
    lines: list[Line]
    caption: str


def _blocks(paper: Paper, tables: Sequence[Table]) -> Iterator[_Block]:
    style = body_style(paper.lines)
    section, skipping = "", False
    block: _Block | None = None
    for line in paper.lines:
        heading = heading_of(line, style)
        if heading is not None or _off(line, paper.pages[line.page - 1], tables, style[0]):
            if block is not None and heading is not None:
                yield block
                block = None
            if heading is not None:
                section = heading[1]
                skipping = section.casefold() in _REFERENCES
            continue
        if skipping:
            continue
        text = line.text.strip()
        caption = _CAPTION.match(text)
        last = block.lines[-1] if block is not None else None
        if block is None or last is None or caption or _parted(last, line, block):
            if block is not None:
                yield block
            kind = "caption" if caption else "abstract" if section.casefold() == "abstract" else "text"
            named = f"{'Table' if caption['kind'] == 'Table' else 'Figure'} {caption['number']}" if caption else ""
            block = _Block(kind, section, [], named)
        block.lines.append(line)
    if block is not None:
        yield block


def _off(line: Line, page: Page, tables: Sequence[Table], size: float) -> bool:
    """Within a table or a drawing, or no line of words."""
    if line.box is None:
        return " | " in line.text
    x, y = (line.box.left + line.box.right) / 2, (line.box.top + line.box.bottom) / 2
    inside = [table.box for table in tables if table.page == line.page and table.box is not None]
    inside += [
        box for box in page.drawn if box.right - box.left > 60 and box.bottom - box.top > 40 and not _whole(box, page)
    ]
    if any(box.left - 2 <= x <= box.right + 2 and box.top - 1 <= y <= box.bottom + 1 for box in inside):
        return True
    return line.size > 1.6 * size or (
        not re.search(r"[A-Za-z]{2}", line.text)
        and not re.search(r"\d\s*%|[.,;]\s*$", line.text)
        and (len(line.text.split()) < 2)
    )


def _whole(box: Box, page: Page) -> bool:
    """A background or a frame around the page."""
    return (box.right - box.left) * (box.bottom - box.top) > 0.6 * page.width * page.height


def _parted(last: Line, line: Line, block: _Block) -> bool:
    """Whether a new paragraph begins: a gap, another size, a mark of a list, another column after a full stop."""
    if line.box is None or last.box is None:
        return line.start > last.start + len(last.text) + 1  # an empty line lies between
    if abs(line.size - last.size) > 0.8 and len(line.text) > 3 and len(last.text) > 3:
        return True
    if _goes_on(last.box, line.box):
        return False
    if _ITEM.match(line.text):
        return True
    ended = last.text.rstrip().endswith((".", ":", "!", "?"))
    if line.page != last.page or line.box.top < last.box.top - 2 * last.size:
        return ended or block.kind == "caption"
    return line.box.top - last.box.bottom > (0.55 if ended or block.kind == "caption" else 1.5) * last.size


def _goes_on(last: Box, box: Box) -> bool:
    """Whether a box lies right of another on the same line of print, which a raised character breaks in two."""
    middle = (box.top + box.bottom) / 2
    return last.top < middle < last.bottom and 0 <= box.left - last.right + 1 < 2 * (box.bottom - box.top)


def _passage(paper: Paper, block: _Block, hyphenated: frozenset[str]) -> Passage:
    chars: list[str] = []
    origins: list[Origin] = []
    for line in block.lines:
        glyphs = paper.pages[line.page - 1].glyphs[line.start : line.start + len(line.text)]
        marked = list(_marked(glyphs, line))
        if chars:
            word = re.search(r"([A-Za-z]+)-$", "".join(chars[-40:]))
            follows = re.match(r"\s*([a-z]+)", "".join(text for text, _ in marked))
            if word and follows and f"{word[1]}-{follows[1]}" not in hyphenated:
                chars.pop()
                origins.pop()
            elif not (word and follows):
                chars.append(" ")
                origins.append(origins[-1])
        for text, index in marked:
            chars += text
            origins += [Origin(line.page, line.start + index)] * len(text)
    return Passage(block.kind, block.section, "".join(chars), tuple(origins), block.caption)


def _marked(glyphs: Sequence[Glyph], line: Line) -> Iterator[tuple[str, int]]:
    """Each character with its index; what stands high or low between marks."""
    solid = [
        glyph.box.bottom
        for glyph in glyphs
        if glyph.box is not None and glyph.size > 0.9 * line.size and glyph.char.isalnum()
    ]
    base = statistics.median(solid) if solid else None
    state = ""
    for i, glyph in enumerate(glyphs):
        now = _raised(glyph, line.size, base) if glyph.box is not None else state
        if glyph.char.isspace() and glyph.box is None:
            now = ""
        if now != state:
            yield ("}" if state else "") + (f"{now}{{" if now else ""), i
            state = now
        yield (" " if glyph.char in "\t\u00a0" else glyph.char), i
    if state:
        yield "}", len(glyphs) - 1


def _raised(glyph: Glyph, size: float, base: float | None) -> str:
    if base is None or glyph.box is None or glyph.size > 0.82 * size or not glyph.size:
        return ""
    if glyph.box.bottom < base - 0.12 * size:
        return "^"
    return "_" if glyph.box.bottom > base + 0.05 * size else ""
