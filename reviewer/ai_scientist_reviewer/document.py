"""The nouns of a paper that was read: pages, characters and where they stand, and the bounds of reading."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, NamedTuple

from ai_scientist_reviewer.source import Spot

MAX_BYTES = 64 * 1024 * 1024
"""Of a file."""
MAX_PAGES = 300
MAX_GLYPHS = 2_000_000
"""Characters of a paper, all pages together."""
READ_SECONDS = 60.0
"""After which reading stops between two pages."""
MAX_PIXELS = 12_000_000
"""Of one picture of a page; a larger page is drawn at a lower resolution."""


class PaperError(Exception):
    """The file cannot be read as a paper. The message is one sentence for the person who gave it."""


class Box(NamedTuple):
    """Points (1/72 inch) from the top left corner of the page as shown."""

    left: float
    top: float
    right: float
    bottom: float

    @classmethod
    def around(cls, boxes: Iterable[Box | None]) -> Box | None:
        """The smallest box that holds all that there are; None where there are none."""
        known = [box for box in boxes if box is not None]
        if not known:
            return None
        left, top, right, bottom = zip(*known, strict=True)
        return cls(min(left), min(top), max(right), max(bottom))


class Glyph(NamedTuple):
    """One character of the text layer."""

    char: str
    box: Box | None
    """None where the reader put it in (a space, a line's end), and for LaTeX source."""
    size: float
    """Font size in points as it stands on the page; of source, 0 where it is not given in numbers."""
    font: str
    """Of source: "heading", "caption", what hides it ("white"), or ""."""
    mode: int
    """The PDF's text rendering mode; 3 and 7 leave no ink. Of source, 3 where no reader would see it."""
    spot: Spot | None = None
    """Where it stands in LaTeX source."""


@dataclass(frozen=True)
class Line:
    text: str
    page: int
    start: int
    """Index of the first glyph within the page."""
    size: float
    font: str
    box: Box | None
    spot: Spot | None = None
    """Where it begins in LaTeX source."""


@dataclass(frozen=True)
class Page:
    number: int
    """From 1."""
    width: float
    height: float
    """Points."""
    glyphs: tuple[Glyph, ...] = field(repr=False)
    drawn: tuple[Box, ...] = field(default=(), repr=False)
    """Where pictures and vector drawings stand."""
    notes: tuple[str, ...] = ()
    """Text of annotations, which is no part of the page's text."""
    pictures: tuple[Box, ...] = field(default=(), repr=False)
    """Where bitmaps stand, as large as could hold a word."""
    withheld: tuple[Box, ...] = field(default=(), repr=False)
    """Where words stood that no model is to see: a picture of the page for one is painted over there."""

    @cached_property
    def text(self) -> str:
        return "".join(glyph.char for glyph in self.glyphs)

    @cached_property
    def words(self) -> tuple[tuple[str, Box], ...]:
        """Words with the box around each, in reading order; none for LaTeX source."""
        placed = (
            (match.group(), Box.around(glyph.box for glyph in self.glyphs[match.start() : match.end()]))
            for match in re.finditer(r"\S+", self.text)
        )
        return tuple((word, box) for word, box in placed if box is not None)


@dataclass(frozen=True)
class Section:
    title: str
    number: str
    """ "3.1", "A", or "" for a heading without one."""
    page: int
    text: str
    """Up to the next heading of any level."""


@dataclass(frozen=True)
class Caption:
    kind: Literal["Figure", "Table"]
    number: str
    text: str
    page: int
    box: Box | None = None
    """Of the drawing above or below the caption, where one was found; None for tables."""


@dataclass(frozen=True)
class Reference:
    text: str
    page: int
    label: str = ""
    """ "7" in a numbered list, else ""."""
    surname: str = ""
    """The first author's, as far as the entry shows it."""
    year: str = ""


BesideKind = Literal["annotation", "form field", "bookmark", "alternative text", "replacement text", "XMP"]


class Beside(NamedTuple):
    """A text that the document carries and that its pages do not show."""

    kind: BesideKind
    """A replacement text (ActualText) is what programs are to take for what is drawn; here, what is drawn is read."""
    text: str
    """Of XMP with its tag: "dc:creator: Jane Doe"."""
    page: int | None


class Place(NamedTuple):
    """Where a quote stands."""

    page: int
    box: Box | None
    file: str = ""
    """Where there is LaTeX source: its path below the paper's folder; "" where the quote is not in it word for word."""
    line: int | None = None
    """From 1, in `file`."""


@dataclass(frozen=True)
class Cell:
    """One cell of a table, as a reader sees it."""

    text: str
    row: int
    column: int
    """Both from 0, headings included; of a cell that spans several, the first."""
    bold: bool = False
    box: Box | None = None
    line: int | None = None
    """In the source's file, from 1."""
    rows: int = 1
    columns: int = 1
    """How many of each it spans."""

    def covers(self, row: int, column: int) -> bool:
        return self.row <= row < self.row + self.rows and self.column <= column < self.column + self.columns


@dataclass(frozen=True)
class Table:
    """A table with its cells, told from ruled or aligned text of a PDF or from a LaTeX tabular."""

    cells: tuple[Cell, ...]
    headings: int
    """Rows at the top that name columns."""
    page: int
    number: str = ""
    """Of its caption; "" where none was found."""
    caption: str = ""
    box: Box | None = None
    file: str = ""
    line: int | None = None

    def row(self, index: int) -> tuple[Cell, ...]:
        return tuple(cell for cell in self.cells if cell.row == index)

    def column(self, index: int) -> tuple[Cell, ...]:
        return tuple(cell for cell in self.cells if cell.column == index)


@dataclass(frozen=True)
class Number:
    """A number as written, with what belongs to it."""

    text: str
    """As it stands: "1,234", "41.5", "3.2e-4"."""
    value: float
    decimals: int
    """Digits after the point as written, scientific notation counted out ("3.2e-4" has 5): it is exact to half of the last."""
    start: int
    """Where it stands in the text that it was found in."""
    percent: bool = False
    spread: float | None = None
    """What follows it after ±."""
    unit: str = ""

    @property
    def slack(self) -> float:
        """How far the value that was rounded to this may lie from it."""
        return 0.5 * 10.0**-self.decimals
