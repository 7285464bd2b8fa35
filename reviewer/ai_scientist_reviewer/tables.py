"""What a table says: each value with the words that name its row and its column."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from ai_scientist_reviewer.document import Cell, Number, Table
from ai_scientist_reviewer.evidence.metrics import direction_of, is_share
from ai_scientist_reviewer.grids import ruled, tabular
from ai_scientist_reviewer.numbers import first_number

if TYPE_CHECKING:
    from ai_scientist_reviewer.paper import Paper


_PERCENT = re.compile(r"[(\[,]\s*(?:in\s)?\\?%|\bpercent(?:ages?)?\b|\bin %")


@dataclass(frozen=True)
class Entry:
    """One value of a table."""

    table: Table
    cell: Cell
    number: Number
    rows: tuple[str, ...]
    """What names its row, the widest first: a heading between rows, a label over several, its own."""
    columns: tuple[str, ...]
    """What names its column, from the top."""

    @property
    def percent(self) -> bool:
        """By its own sign, that of its row or column, or the caption's where nothing says that it is of something else."""
        if self.number.percent or any(_PERCENT.search(label) for label in (*self.columns, *self.rows)):
            return True
        return bool(_PERCENT.search(self.table.caption)) and self.share

    @property
    def share(self) -> bool:
        """Whether it is a share of a whole, as an accuracy is: by its labels, or by the caption where these name no metric."""
        labels = (*self.columns, *self.rows)
        return any(map(is_share, labels)) or (direction_of(labels) is None and is_share(self.table.caption))

    @property
    def hundredths(self) -> bool:
        """Whether it can only be a percentage, with or without a sign."""
        return self.percent or (self.share and 1 < self.number.value <= 100)

    @property
    def unit(self) -> str:
        """Of the column's heading, where it stands in brackets."""
        found = [unit for head in self.columns for unit in re.findall(r"[(\[]([^()\[\]]{1,14})[)\]]", head)]
        return found[-1].strip() if found else self.number.unit

    @property
    def place(self) -> str:
        table = f"Table {self.table.number}" if self.table.number else "a table"
        return f"{table}, row “{' / '.join(self.rows) or self.cell.row + 1}”, column “{' / '.join(self.columns) or self.cell.column + 1}”"


def tables_of(paper: Paper) -> tuple[Table, ...]:
    """The paper's tables, from its source where that shows at least as many values as the pages do."""
    drawn = drawn_tables(paper)
    written = list(tabular.tables_of(paper.latex.files)) if paper.latex is not None else []
    if not written or values_of(written) < values_of(drawn):
        return drawn
    return tuple(_placed(table, drawn) for table in written)


def drawn_tables(paper: Paper) -> tuple[Table, ...]:
    """The tables of the pages of a PDF; none of source."""
    return tuple(
        table
        for page in paper.pages
        for table in ruled.tables_of(page, [(c.number, c.text) for c in paper.tables if c.page == page.number])
    )


def _placed(table: Table, drawn: Sequence[Table]) -> Table:
    """A table of the source, with where it stands on the pages."""
    texts = {cell.text for cell in table.cells if cell.text}

    def shared(other: Table) -> float:
        return len(texts & {cell.text for cell in other.cells}) / max(1, len(texts))

    same = [other for other in drawn if other.number == table.number] or list(drawn)
    best = max(same, key=shared, default=None)
    if best is None or shared(best) < 0.5:
        return table
    boxes = {(cell.row, cell.column, cell.text): cell.box for cell in best.cells}
    cells = tuple(replace(cell, box=boxes.get((cell.row, cell.column, cell.text))) for cell in table.cells)
    return replace(table, cells=cells, page=best.page, box=best.box)


def values_of(tables: Sequence[Table]) -> int:
    return sum(1 for table in tables for cell in table.cells if first_number(cell.text) is not None)


@lru_cache(maxsize=64)
def entries_of(table: Table) -> tuple[Entry, ...]:
    """The values of a table, row by row."""
    return tuple(_entries(table))


def _entries(table: Table) -> Iterator[Entry]:
    labels = label_columns(table)
    last = max((cell.row for cell in table.cells), default=0)
    heading = ""
    continued = _continued(table, labels)
    kept: dict[int, str] = {}  # what a column of labels said last, for rows that leave it blank
    for row in range(table.headings, last + 1):
        cells = [cell for cell in table.row(row) if cell.text]
        values = [cell for cell in cells if cell.column not in labels and first_number(cell.text) is not None]
        named = {
            cell.column: cell.text for cell in table.cells if cell.covers(row, cell.column) and cell.column in labels
        }
        if (rest := continued.get(row + 1)) is not None and rest.column in named:
            named[rest.column] = f"{named[rest.column]} {rest.text}"
        if row in continued:
            continue
        if len(cells) == 1 and not values and cells[0].rows == 1:
            heading, kept = cells[0].text, {}
            continue
        kept = {
            column: text
            for column in labels
            if (text := named.get(column) or (kept.get(column, "") if len(labels) > 1 else ""))
        }
        told = tuple(text for text in (heading, *(kept.get(column, "") for column in sorted(labels))) if text)
        for cell in values:
            number = first_number(cell.text)
            if number is not None:
                yield Entry(table, cell, number, told, heads_of(table, cell.column))


_BROKEN = re.compile(r"[,;/&+–-]\s*$|\([^)]*$")


def _continued(table: Table, labels: frozenset[int]) -> dict[int, Cell]:
    """By row, a cell that goes on with the name of the row above, which the page broke after a comma or within brackets."""
    found: dict[int, Cell] = {}
    for row in range(table.headings + 1, max((cell.row for cell in table.cells), default=0) + 1):
        cells = [cell for cell in table.row(row) if cell.text]
        if len(cells) == 1 and cells[0].column in labels and cells[0].rows == 1:
            above = next((cell for cell in table.row(row - 1) if cell.column == cells[0].column), None)
            if above is not None and _BROKEN.search(above.text):
                found[row] = cells[0]
    return found


def heads_of(table: Table, column: int) -> tuple[str, ...]:
    """The headings of a column from the top."""
    heads: list[str] = []
    for row in range(table.headings):
        heads += [
            cell.text for cell in table.cells if cell.text and cell.covers(row, column) and cell.text not in heads
        ]
    return tuple(heads)


def label_columns(table: Table) -> frozenset[int]:
    """The columns at the left that name rows: the first, and those after it that hold mostly words."""
    labels: set[int] = set()
    width = max((cell.column for cell in table.cells), default=0) + 1
    for column in range(width):
        cells = [
            cell for cell in table.column(column) if cell.row >= table.headings and cell.text and cell.columns == 1
        ]
        words = sum(1 for cell in cells if first_number(cell.text) is None and re.search(r"[A-Za-z]", cell.text))
        if column and words <= 0.5 * len(cells):
            break
        labels.add(column)
    return frozenset(labels) if len(labels) < width else frozenset({0})
