"""Where in the result files the cells of a table come from, told from the cells of the same row and column."""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from ai_scientist_reviewer.evidence.facts import OVER, Fact, Sheet
from ai_scientist_reviewer.evidence.holding import SECONDS
from ai_scientist_reviewer.evidence.labels import words
from ai_scientist_reviewer.numbers import unit_of
from ai_scientist_reviewer.tables import Entry

_FEWEST = 3
"""Different values that must be found before a pattern is one."""
_MOST = 0.6
"""Share of a row's or column's cells that must agree on a name."""


@dataclass(frozen=True)
class Aligned:
    """What the result files say of one cell by where its neighbours come from."""

    facts: tuple[Fact, ...]
    """Those that the pattern singles out; of one value, or of values that are the same thing stated twice."""
    fits: tuple[Fact, ...]
    """Those of them that the cell states."""
    witnesses: int
    """Other cells of its row and column that follow the pattern."""
    rate: float
    """Share of the table's cells that follow it."""


@dataclass(frozen=True)
class Alignment:
    cells: dict[int, Aligned]
    """By index of the entry."""
    sheet: Sheet
    aliases: tuple[tuple[str, str], ...]
    """(name in the files, what the table calls it)."""


def align(entries: Sequence[Entry], sheets: Sequence[Sheet]) -> Alignment | None:
    """The pattern by which most of a table's cells come from one sheet; None where there is none."""
    found = [alignment for sheet in sheets if (alignment := _align(entries, sheet)) is not None]
    return max(found, key=lambda one: sum(1 for cell in one.cells.values() if cell.fits), default=None)


def matching(entry: Entry, sheet: Sheet) -> list[Fact]:
    """The facts of a sheet, means over repetitions included, that the cell states at its precision."""
    number = entry.number
    slack = number.slack * (1 + 1e-6) + 1e-12
    facts: list[Fact] = []
    for scale in _scales(entry):
        low, high = sorted(((number.value - slack) / scale, (number.value + slack) / scale))
        facts += sheet.between(low, high)
        facts += [
            fact
            for fact in sheet.aggregates
            if low <= fact.value <= high and (fact.kind == "mean" and (sheet.repeats(fact.axis) or _is_mean(entry)))
        ]
    return facts


def _scales(entry: Entry) -> Iterator[float]:
    yield 1.0
    if entry.percent:
        yield 100.0
    if (unit := unit_of(entry.unit)) in SECONDS:
        yield from (seconds / SECONDS[unit] for name, seconds in SECONDS.items() if name not in (unit, "us"))


def _is_mean(entry: Entry) -> bool:
    return any("mean" in words(label) or "overall" in words(label) for label in (*entry.rows, *entry.columns))


def _align(entries: Sequence[Entry], sheet: Sheet) -> Alignment | None:
    candidates = [matching(entry, sheet) for entry in entries]
    rows = _fixed(entries, candidates, lambda entry: entry.cell.row)
    columns = _fixed(entries, candidates, lambda entry: entry.cell.column)
    whole = _fixed(entries, candidates, lambda entry: 0).get(0, {})
    places: dict[tuple[str, ...], list[Fact]] = defaultdict(list)
    for fact in (*sheet.facts, *(fact for fact in sheet.aggregates if fact.kind == "mean")):
        places[fact.at].append(fact)
    wanted: list[tuple[Fact, ...]] = []
    for entry in entries:
        patterns = _patterns(sheet, rows.get(entry.cell.row, {}), columns.get(entry.cell.column, {}), whole)
        wanted.append(next((facts for pattern in patterns if (facts := tuple(places.get(pattern, ())))), ()))
    fits = [
        tuple(fact for fact in facts if fact in set(found)) for facts, found in zip(wanted, candidates, strict=True)
    ]
    asked = sum(1 for facts in wanted if facts)
    distinct = {found[0].at for found in fits if found}
    followers = sum(1 for found in fits if found)
    if len(distinct) < max(_FEWEST, 0.5 * followers) or followers < 0.5 * asked:
        return None
    cells: dict[int, Aligned] = {}
    for i, entry in enumerate(entries):
        if wanted[i]:
            witnesses = sum(1 for j, other in enumerate(entries) if j != i and fits[j] and _crosses(entry, other))
            cells[i] = Aligned(wanted[i], fits[i], witnesses, followers / asked)
    return Alignment(cells, sheet, tuple(dict.fromkeys(_aliases(entries, rows, columns, sheet))))


def _crosses(entry: Entry, other: Entry) -> bool:
    return other.cell.row == entry.cell.row or other.cell.column == entry.cell.column


Fixed = dict[int, dict[int, tuple[str, int]]]
"""For a row or column, by facet: the name on which most of its cells agree, and how many do."""


def _fixed(entries: Sequence[Entry], candidates: Sequence[Sequence[Fact]], key: Callable[[Entry], int]) -> Fixed:
    groups: dict[int, list[Sequence[Fact]]] = defaultdict(list)
    for entry, facts in zip(entries, candidates, strict=True):
        groups[key(entry)].append(facts)
    fixed: Fixed = {}
    for group, members in groups.items():
        votes: dict[int, Counter[str]] = defaultdict(Counter)
        for facts in members:
            for i in range(len(facts[0].at) if facts else 0):
                votes[i].update({fact.at[i] for fact in facts})
        for i, counter in votes.items():
            # Of a value in the files and a mean that comes to the same, the value is meant.
            (name, count), *rest = sorted(counter.items(), key=lambda item: (-item[1], item[0].startswith(OVER)))
            tied = rest and rest[0][1] == count and rest[0][0].startswith(OVER) == name.startswith(OVER)
            if count >= max(2, _MOST * len(members)) and not tied:
                fixed.setdefault(group, {})[i] = (name, count)
    return fixed


def _patterns(
    sheet: Sheet, row: dict[int, tuple[str, int]], column: dict[int, tuple[str, int]], whole: dict[int, tuple[str, int]]
) -> list[tuple[str, ...]]:
    """Where the fact may stand that a cell must state; none where row and column leave a name open.

    Where the two disagree on a name, the longer of them is believed first.
    """
    choices: list[list[str]] = []
    for i, facet in enumerate(sheet.facets):
        options = [fixed[i] for fixed in (row, column) if i in fixed] or ([whole[i]] if i in whole else [])
        if not options and len(facet.names) != 1:
            return []
        ranked = sorted(options, key=lambda option: -option[1])
        choices.append(list(dict.fromkeys(name for name, _ in ranked)) or [facet.names[0]])
    return list(itertools.islice(itertools.product(*choices), 16))


def _aliases(entries: Sequence[Entry], rows: Fixed, columns: Fixed, sheet: Sheet) -> Iterator[tuple[str, str]]:
    """What the table calls the names: where the labels of one place and the names of one facet go together one by one."""
    for fixed, labels_of, key in (
        (rows, lambda entry: entry.rows, lambda entry: entry.cell.row),
        (columns, lambda entry: entry.columns, lambda entry: entry.cell.column),
    ):
        depth = max((len(labels_of(entry)) for entry in entries), default=0)
        for level in range(depth):
            for i, facet in enumerate(sheet.facets):
                named: dict[str, set[str]] = defaultdict(set)
                for entry in entries:
                    if level < len(labels_of(entry)) and i in fixed.get(key(entry), {}):
                        named[labels_of(entry)[level]].add(fixed[key(entry)][i][0])
                single = {label: next(iter(names)) for label, names in named.items() if len(names) == 1}
                if len(single) == len(named) > 1 and len(set(single.values())) == len(single) and len(facet.names) > 1:
                    yield from ((name, label) for label, name in single.items() if not name.startswith(OVER))
