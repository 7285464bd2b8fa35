"""Tables of human ratings and of a reviewer's scores, as they are found: tab- or comma-separated, with a heading line.

Human ratings: one line a paper; its id in `paper_id` (or `id`, or the first column); a rating in each column whose heading is a
number or begins with `rating`; the outcome in `decision` (a word that begins with "accept" is an acceptance).

Scores: one line a paper, or several where it was judged repeatedly; the id as above; `Overall` (or `score`); and, where there,
`Decision`, `p_accept`, `cost` (US dollars) and `seconds`. An empty score is a failure, and counts as wrong.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

_IDS = ("paper_id", "id", "paper", "forum")


class TableError(Exception):
    """The table cannot be used. The message is one sentence for the person who gave it."""


@dataclass(frozen=True)
class Human:
    """What people said of one paper."""

    ratings: tuple[float, ...]
    accepted: bool

    @property
    def mean(self) -> float:
        return math.fsum(self.ratings) / len(self.ratings)


@dataclass(frozen=True)
class Score:
    """What a reviewer said of one paper, once."""

    overall: float | None
    """None: it failed."""
    accepted: bool | None = None
    """None: it did not say."""
    chance: float | None = None
    """Of acceptance, from 0 to 1."""
    cost: float | None = None
    seconds: float | None = None


@dataclass(frozen=True)
class Scores:
    name: str
    papers: Mapping[str, tuple[Score, ...]] = field(default_factory=dict)
    """By id; several where the paper was judged repeatedly."""


def read_human(path: Path) -> dict[str, Human]:
    """Papers by id.

    Raises:
        TableError: there is no such file, a column is missing, or a value cannot be read.
    """
    rows, columns = _rows(path)
    ratings = [name for name in columns if name.isdigit() or name.startswith("rating")]
    if not ratings:
        raise TableError(f"{path.name} has no column of ratings: a heading that is a number or begins with 'rating'.")
    if "decision" not in columns:
        raise TableError(f"{path.name} has no column 'decision'.")
    found: dict[str, Human] = {}
    for number, (key, row) in rows:
        given = tuple(value for name in ratings if (value := _number(path, number, name, row)) is not None)
        if key in found:
            raise TableError(f"{path.name}, line {number}: the paper {key} stands there twice.")
        if not given:
            raise TableError(f"{path.name}, line {number}: the paper {key} has no rating.")
        if not row["decision"]:
            raise TableError(f"{path.name}, line {number}: the paper {key} has no decision.")
        found[key] = Human(given, row["decision"].casefold().startswith("accept"))
    return found


def read_scores(path: Path) -> Scores:
    """A reviewer's scores; its name is the file's.

    Raises:
        TableError: there is no such file, there is no column of scores, or a value cannot be read.
    """
    rows, columns = _rows(path)
    column = next((name for name in ("overall", "score", "rating") if name in columns), None)
    if column is None:
        raise TableError(f"{path.name} has no column 'Overall' or 'score'.")
    found: dict[str, tuple[Score, ...]] = {}
    for number, (key, row) in rows:
        said = row.get("decision", "").casefold()
        chance = _number(path, number, "p_accept", row)
        if chance is not None and not 0 <= chance <= 1:
            raise TableError(f"{path.name}, line {number}: p_accept is {chance:g}, which is no probability.")
        score = Score(
            overall=_number(path, number, column, row),
            accepted=said.startswith("accept") if said else None,
            chance=chance,
            cost=_number(path, number, "cost", row),
            seconds=_number(path, number, "seconds", row),
        )
        found[key] = (*found.get(key, ()), score)
    return Scores(path.stem, found)


def _rows(path: Path) -> tuple[list[tuple[int, tuple[str, dict[str, str]]]], tuple[str, ...]]:
    """(line, (id, cells by lower-case heading)) of each line, and the headings."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise TableError(f"{path} cannot be read: {why}.") from None
    lines = text.splitlines()
    if len(lines) < 2:
        raise TableError(f"{path.name} holds no table: a heading line and a line for each paper.")
    reader = csv.reader(lines, delimiter="\t" if lines[0].count("\t") >= lines[0].count(",") else ",")
    columns = tuple(name.strip().casefold() for name in next(reader))
    key = next((name for name in _IDS if name in columns), columns[0])
    rows: list[tuple[int, tuple[str, dict[str, str]]]] = []
    for number, cells in enumerate(reader, start=2):
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(columns):
            raise TableError(f"{path.name}, line {number}: {len(cells)} cells where the heading has {len(columns)}.")
        row = {name: cell.strip() for name, cell in zip(columns, cells, strict=True)}
        if not row[key]:
            raise TableError(f"{path.name}, line {number}: there is no paper id.")
        rows.append((number, (row[key], row)))
    return rows, columns


def _number(path: Path, line: int, name: str, row: Mapping[str, str]) -> float | None:
    text = row.get(name, "")
    if text.casefold() in ("", "nan", "none", "null"):
        return None
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise TableError(f"{path.name}, line {line}: {name} is '{text[:40]}', which is no number.")
    return value
