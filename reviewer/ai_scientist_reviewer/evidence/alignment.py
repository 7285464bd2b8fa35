"""Where in the result files the cells of a table come from, told from the cells of the same row and column."""

from __future__ import annotations

import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ai_scientist_reviewer.evidence.facts import OVER, WHOLES, Fact, Sheet
from ai_scientist_reviewer.evidence.holding import SECONDS, scope_of
from ai_scientist_reviewer.evidence.labels import words
from ai_scientist_reviewer.numbers import unit_of
from ai_scientist_reviewer.tables import Entry

_TOTAL = re.compile(r"mean|averages?|avg\.?|overall|total|all", re.IGNORECASE)
"""A label of what is taken over its neighbours."""
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
        computed = sheet.computed_between("mean", low, high)
        facts += [fact for fact in computed if fact.axis in sheet.repeating or _is_mean(entry)]
    return facts


def _likely(entry: Entry, facts: Sequence[Fact], sheet: Sheet) -> Sequence[Fact]:
    """Those of the facts that the labels do not exclude, and of these the means where the cell has a ±; all where none is left."""
    if any(_TOTAL.fullmatch(label.strip()) for label in (*entry.rows, *entry.columns)):
        facts = [fact for fact in facts if _is_whole(fact, sheet)]
    for around in (frozenset(words(entry.table.caption)), frozenset[str]()):
        scope = scope_of(sheet, frozenset(), labels_of(entry), around)
        named = [fact for fact in facts if scope.agrees(fact)]
        if named:
            means = [fact for fact in named if fact.kind == "mean"] if entry.number.spread is not None else []
            return means or named
    return facts


def _is_whole(fact: Fact, sheet: Sheet) -> bool:
    """Whether a fact is taken over something else than repetitions."""
    computed = fact.axis >= 0 and fact.axis not in sheet.repeating
    return computed or any(name.lower() in WHOLES for name in fact.at)


def labels_of(entry: Entry) -> frozenset[str]:
    """The words of a cell's row and column."""
    return frozenset(word for label in (*entry.rows, *entry.columns) for word in words(label))


def _scales(entry: Entry) -> Iterator[float]:
    yield 1.0
    if entry.hundredths:
        yield 100.0
    if (unit := unit_of(entry.unit)) in SECONDS:
        yield from (seconds / SECONDS[unit] for name, seconds in SECONDS.items() if name not in (unit, "us"))


def _is_mean(entry: Entry) -> bool:
    return any("mean" in words(label) or "overall" in words(label) for label in (*entry.rows, *entry.columns))


def _align(entries: Sequence[Entry], sheet: Sheet) -> Alignment | None:
    matches = [matching(entry, sheet) for entry in entries]
    candidates = [_likely(entry, found, sheet) for entry, found in zip(entries, matches, strict=True)]
    fixed = _fixed(entries, candidates)
    driven = _driven(fixed)
    places: dict[tuple[str, ...], list[Fact]] = defaultdict(list)
    for fact in (*sheet.facts, *(fact for fact in sheet.aggregates if fact.kind == "mean")):
        places[fact.at].append(fact)
    wanted: list[tuple[Fact, ...]] = []
    for entry in entries:
        groups = [(key, fixed[key]) for key in _keys(entry) if key in fixed]
        patterns = _patterns(sheet, groups, driven, sheet.named(labels_of(entry)))
        wanted.append(next((facts for pattern in patterns if (facts := tuple(places.get(pattern, ())))), ()))
    fits = [tuple(fact for fact in facts if fact in set(found)) for facts, found in zip(wanted, matches, strict=True)]
    asked = sum(1 for facts in wanted if facts)
    distinct = {found[0].at for found in fits if found}
    followers = sum(1 for found in fits if found)
    if len(distinct) < max(_FEWEST, 0.5 * followers) or followers < 0.5 * asked:
        return None
    cells: dict[int, Aligned] = {}
    for i, entry in enumerate(entries):
        if wanted[i]:
            witnesses = sum(
                1
                for j, other in enumerate(entries)
                if j != i and fits[j] and _crosses(entry, other) and _alike(fits[j][0], wanted[i][0])
            )
            cells[i] = Aligned(wanted[i], fits[i], witnesses, followers / asked)
    return Alignment(cells, sheet, tuple(dict.fromkeys(_aliases(entries, fixed, sheet))))


def _alike(fact: Fact, other: Fact) -> bool:
    """Whether two facts are of one kind: single values, or means over the same."""
    return fact.kind == other.kind and fact.axis == other.axis


def _crosses(entry: Entry, other: Entry) -> bool:
    return other.cell.row == entry.cell.row or other.cell.column == entry.cell.column


Key = tuple[str, int, str]
"""A group of cells: a row or column, or those under one label at one level, or all."""
_ALL: Key = ("all", 0, "")


def _keys(entry: Entry) -> Iterator[Key]:
    """The groups that a cell is in, those that say most first."""
    yield "row", entry.cell.row, ""
    yield "column", entry.cell.column, ""
    yield from (("row label", level, label) for level, label in enumerate(entry.rows))
    yield from (("column label", level, label) for level, label in enumerate(entry.columns))
    yield _ALL


Fixed = dict[Key, dict[int, tuple[str, int]]]
"""For a group of cells, by facet: the name on which most of them agree, and how many do."""


def _fixed(entries: Sequence[Entry], candidates: Sequence[Sequence[Fact]]) -> Fixed:
    groups: dict[Key, list[Sequence[Fact]]] = defaultdict(list)
    for entry, facts in zip(entries, candidates, strict=True):
        for key in _keys(entry):
            groups[key].append(facts)
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


def _driven(fixed: Fixed) -> dict[int, str]:
    """The facets whose name changes with the row, or with the column: of these the other side says nothing. "" for both."""
    names: dict[tuple[int, str], set[str]] = defaultdict(set)
    for (side, _, _), found in fixed.items():
        for i, (name, _) in found.items():
            names[(i, side.split()[0])].add(name)
    changing = {(i, side) for (i, side), found in names.items() if side != "all" and len(found) > 1}
    sides = {i: [side for j, side in changing if j == i] for i, _ in changing}
    return {i: found[0] if len(found) == 1 else "" for i, found in sides.items()}


def _patterns(
    sheet: Sheet,
    groups: Sequence[tuple[Key, dict[int, tuple[str, int]]]],
    driven: dict[int, str],
    named: Sequence[frozenset[str]],
) -> list[tuple[str, ...]]:
    """Where the fact may stand that a cell must state; none where its groups and its own labels (`named`) leave a name open.

    Where they disagree on a name, the one on which more cells agree is believed first.
    """
    choices: list[list[str]] = []
    both = {i for i, side in driven.items() if not side}
    for i, facet in enumerate(sheet.facets):
        side = driven.get(i)
        allowed = [key[0].startswith(side) if side else key != _ALL or i not in both for key, _ in groups]
        options = [fixed[i] for (_, fixed), may in zip(groups, allowed, strict=True) if may and i in fixed]
        if not options and len(named[i]) == 1:
            choices.append([*named[i]])
            continue
        if not options and len(facet.names) != 1:
            return []
        ranked = sorted(options, key=lambda option: -option[1])
        choices.append(list(dict.fromkeys(name for name, _ in ranked)) or [facet.names[0]])
    return list(itertools.islice(itertools.product(*choices), 32))


def _aliases(entries: Sequence[Entry], fixed: Fixed, sheet: Sheet) -> Iterator[tuple[str, str]]:
    """What the table calls the names: where the labels of one place and the names of one facet go together one by one."""
    labels = dict.fromkeys(key for entry in entries for key in _keys(entry) if key[2])
    for side, level in dict.fromkeys((side, level) for side, level, _ in labels):
        here = [key for key in labels if key[:2] == (side, level)]
        for i, facet in enumerate(sheet.facets):
            named = {key[2]: fixed[key][i][0] for key in here if i in fixed.get(key, {})}
            if len(named) == len(here) > 1 and len(set(named.values())) == len(named) and len(facet.names) > 1:
                yield from ((name, label) for label, name in named.items() if not name.startswith(OVER))
