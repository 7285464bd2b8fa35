"""What a table says, in the words of a sentence: two of its rows compared in one of its columns."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from ai_scientist_reviewer.bench.seeded.latex import Cell, Document, Table

_LOWER = re.compile(
    r"\b(?:loss|error|err|divergence|perplexity|ppl|time|latency|cost|steps|mae|mse|rmse|fid|regret|memory|runtime)\b",
    re.I,
)
_HIGHER = re.compile(
    r"\b(?:accuracy|acc|f1|auc|auroc|precision|recall|score|consistency|speed|tokens/s|reward|return|bleu|rouge|map|r2)\b",
    re.I,
)
_GROUPS = re.compile(r"^(?:data ?sets?|data|task|tasks|benchmark|corpus|environment|domain)$", re.I)


@dataclass(frozen=True)
class Fact:
    """Two cells of one column."""

    table: Table
    column: str
    """Its heading."""
    first: Cell
    second: Cell
    first_row: str
    second_row: str
    lower_is_better: bool | None
    """None: not known."""

    @property
    def texts(self) -> tuple[str, str]:
        return written(self.first), written(self.second)


def written(cell: Cell) -> str:
    """The cell's number as it stands."""
    found = re.search(r"\d+(?:,\d{3})*(?:\.\d+)?", cell.text)
    return found[0] if found else ""


def label_columns(table: Table) -> tuple[int, ...]:
    """The columns that name rows: those before the first one with numbers."""
    numeric = [cell.column for cell in table.cells if (cell.number is not None and "." in cell.text) or cell.number]
    return tuple(range(min(numeric))) if numeric else ()


def heading(table: Table, column: int) -> str:
    """What stands over the numbers of a column."""
    texts: list[str] = []
    for row in sorted({cell.row for cell in table.cells}):
        cell = table.cell(row, column)
        if any(one.number is not None for one in table.row(row)):
            break
        if cell is not None and cell.text:
            texts.append(cell.text)
    return " ".join(texts)


def row_label(table: Table, row: int) -> str:
    """The names of a row, those that it shares with the rows above it included."""
    names: list[str] = []
    for column in label_columns(table):
        above = [cell.text for r in range(row, -1, -1) if (cell := table.cell(r, column)) and cell.text]
        if above:
            names.append(above[0])
    return ", ".join(names)


def lower_is_better(table: Table, column: int) -> bool | None:
    """Which way a column is better, from its heading or else the caption; None where neither says."""
    for text in (heading(table, column), table.caption):
        if "lower is better" in text or "↓" in text or re.search(r"\b(?:steps|time|epochs) to\b", text, re.I):
            return True
        if "higher is better" in text or "↑" in text:
            return False
        lower, higher = bool(_LOWER.search(text)), bool(_HIGHER.search(text))
        if lower != higher:
            return lower
    return None


def groups(table: Table, column: int) -> list[list[Cell]]:
    """The cells of a column that can be compared with each other: those of one data set, where the rows name several."""
    labels = label_columns(table)
    cells = [cell for cell in table.cells if cell.column == column and cell.number is not None and column not in labels]
    by = next(
        (one for one in labels if _GROUPS.match(heading(table, one).split(" ")[0] if heading(table, one) else "")), None
    )
    if by is None:
        # A row of names without numbers (Baseline, Multi-Style) parts a table in a way that is not followed here.
        parts = [r for r in {c.row for c in table.cells} if sum(bool(c.text) for c in table.row(r)) == 1]
        return [] if len(labels) != 1 or any(row > min((c.row for c in cells), default=0) for row in parts) else [cells]
    keyed: dict[str, list[Cell]] = {}
    for cell in cells:
        above = [c.text for r in range(cell.row, -1, -1) if (c := table.cell(r, by)) and c.text]
        keyed.setdefault(above[0] if above else "", []).append(cell)
    return list(keyed.values())


def columns(table: Table) -> list[int]:
    return sorted({cell.column for cell in table.cells if cell.number is not None} - set(label_columns(table)))


def facts(document: Document, random: Random) -> Iterator[Fact]:
    """Pairs of cells that differ and can be compared, in no particular order."""
    found: list[Fact] = []
    for table in document.tables:
        for column in columns(table):
            for group in groups(table, column):
                found += [
                    Fact(table, heading(table, column), a, b, row_label(table, a.row), row_label(table, b.row), lower_is_better(table, column))
                    for a in group
                    for b in group
                    if a.row != b.row and a.number and b.number and a.number != b.number and row_label(table, a.row) != row_label(table, b.row)
                ]  # fmt: skip
    random.shuffle(found)
    yield from found
