"""What a number may be held against: values that names single out, and what follows from values of one row or column."""

from __future__ import annotations

import bisect
import math
import re
import statistics
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath
from typing import Literal, NamedTuple

from ai_scientist_reviewer.document import Table
from ai_scientist_reviewer.evidence.labels import Names, joined, words
from ai_scientist_reviewer.results import Value
from ai_scientist_reviewer.tables import Entry

_MOST_NAMES = 400
"""Of one facet; more are told by nobody's words."""
_MOST_GROUP = 1_000
"""Values that a mean is taken over."""
_MOST_COMPUTED = 20_000
"""Values of a sheet from which means and deviations are computed; of a larger one only the values count."""
MOST_PAIRED = 300
"""Values among which differences are sought."""
_MOST_FACTORS = 4
_FILLED = 0.75
"""Share of the combinations of factors that there must be for names to be a grid."""
WHOLES = frozenset({"all", "overall", "total", "average", "avg", "macro avg", "mean over the data sets"})
"""Names of what is itself a mean or sum over its neighbours."""
OVER = "over "
"""What the place of an aggregate begins with where the values differ."""

_STATISTIC = re.compile(
    r"(?:^|[_\W])(?:means?|stderrs?|std|sd|sem|stds|variance|min|max|median|low|high|n|p)(?:$|[_\W])", re.IGNORECASE
)
_KINDS = re.compile(
    r"means?|stderrs?|stds?|sd|sem|final_info(?:_dict)?|raw|values|summary|statistics|median|variance", re.IGNORECASE
)
_SPREADS = re.compile(r"(?:^|[_\W])(?:stderrs?|std|sd|sem|stds|variance|stdev)(?:$|[_\W])", re.IGNORECASE)
_REPEATED = re.compile(r"\[\d+\]|(?:seed|fold|trial|rep(?:eat|lica|etition)?)s?[ _-]?\d+", re.IGNORECASE)
_AGAIN = re.compile(
    r"(?P<name>.+?)[_\-. ]+(?:(?P<seed>seed|fold|trial|rep(?:eat|lica)?)|run)s?[ _=-]?(?P<count>\d{1,6})", re.IGNORECASE
)
"""A name that counts repetitions at its end: "cifar10_ours_seed0", "mixup-run2"."""
_UNLIKE = re.compile(
    r"\b(?:loss|accuracy|acc|error|time|speed|memory|params?|flops?|score|f1|auc|bleu)\b", re.IGNORECASE
)
"""Headings that name a metric: values of two of them are not to be averaged."""

Kind = Literal["value", "mean", "spread", "extreme"]


class Fact(NamedTuple):
    """A value with what singles it out."""

    at: tuple[str, ...]
    """One name per facet."""
    value: float
    where: str
    """For people."""
    slack: float = 0.0
    """How far the value behind it may lie: half of a cell's last digit."""
    percent: bool = False
    kind: Kind = "value"
    how: str = ""
    """What was computed: "" for a value as it stands."""
    axis: int = -1
    """The facet that was computed over."""
    decimals: int = 0
    """Of a cell, as written."""
    spread: float | None = None
    """Of a cell: what follows its ±."""


class _Sorted(NamedTuple):
    """Facts by their value."""

    values: list[float]
    facts: list[Fact]

    @classmethod
    def of(cls, facts: Sequence[Fact]) -> _Sorted:
        ordered = sorted(facts, key=lambda fact: fact.value)
        return cls([fact.value for fact in ordered], ordered)

    def between(self, low: float, high: float) -> list[Fact]:
        return self.facts[bisect.bisect_left(self.values, low) : bisect.bisect_right(self.values, high)]


@dataclass(frozen=True, eq=False)
class Sheet:
    """Facts whose names stand in the same order: a table, or the result files of one shape."""

    source: Literal["results", "table"]
    facts: tuple[Fact, ...]
    also: tuple[tuple[str, str], ...] = ()
    """(name, another text that stands for it)."""
    title: str = ""

    @cached_property
    def facets(self) -> tuple[Names, ...]:
        width = len(self.facts[0].at) if self.facts else 0
        named = [tuple(dict.fromkeys(fact.at[i] for fact in self.facts)) for i in range(width)]
        return tuple(
            Names(names if len(names) <= _MOST_NAMES else (), tuple(pair for pair in self.also if pair[0] in names))
            for names in named
        )

    def named(self, told: frozenset[str]) -> tuple[frozenset[str], ...]:
        """For each facet, the names that the words speak of."""
        return tuple(names.named(told) for names in self.facets)

    def speaks_of(self, text: str) -> bool:
        """Whether a word of the text is one of the names, or of the title."""
        return not self._vocabulary.isdisjoint(words(text))

    @cached_property
    def _vocabulary(self) -> frozenset[str]:
        texts = (
            self.title,
            *(other for _, other in self.also),
            *(name for facet in self.facets for name in facet.names),
        )
        return frozenset(word for text in texts for word in words(text))

    def between(self, low: float, high: float) -> list[Fact]:
        """The facts with values from `low` to `high`."""
        return self._sorted.between(low, high)

    def computed_between(self, kind: Kind, low: float, high: float) -> list[Fact]:
        """The aggregates of a kind with values from `low` to `high`."""
        return self._sorted_aggregates[kind].between(low, high)

    @cached_property
    def _sorted(self) -> _Sorted:
        return _Sorted.of(self.facts)

    @cached_property
    def _sorted_aggregates(self) -> dict[Kind, _Sorted]:
        kinds: tuple[Kind, ...] = ("value", "mean", "spread", "extreme")
        return {kind: _Sorted.of([fact for fact in self.aggregates if fact.kind == kind]) for kind in kinds}

    @cached_property
    def lines(self) -> tuple[dict[tuple[str, ...], list[Fact]], ...]:
        """For each facet, the facts that differ in nothing else."""
        found: list[dict[tuple[str, ...], list[Fact]]] = []
        for i in range(len(self.facets)):
            groups: dict[tuple[str, ...], list[Fact]] = defaultdict(list)
            for fact in self.facts:
                groups[(*fact.at[:i], *fact.at[i + 1 :])].append(fact)
            found.append({key: group for key, group in groups.items() if len(group) > 1})
        return tuple(found)

    @cached_property
    def statistics(self) -> frozenset[int]:
        """The facets that tell means from errors and single runs, and nothing else."""
        return frozenset(
            i for i, facet in enumerate(self.facets)
            if self.source == "results" and 1 < len(facet.names) <= 8 and all(_KINDS.fullmatch(name) for name in facet.names)
        )  # fmt: skip

    @cached_property
    def comparable(self) -> frozenset[int]:
        """The facets along which values are of one kind: data sets, runs, seeds; not metrics, nor means beside errors."""
        return frozenset(i for i in range(len(self.facets)) if i in self.repeating or self._of_one_kind(i))

    def _of_one_kind(self, axis: int) -> bool:
        names = self.facets[axis].names
        if any(_STATISTIC.search(name) for name in names):
            return False
        if self.source == "results":
            return axis < len(self.facets) - 1
        groups = list(self.lines[axis].values())
        return all(len({fact.slack for fact in group}) == 1 for group in groups) and not any(
            _UNLIKE.search(name) for name in names
        )

    @cached_property
    def aggregates(self) -> tuple[Fact, ...]:
        """Mean, standard deviation and error, extremes and median of the facts that differ in one facet."""
        return tuple(
            fact
            for i, groups in enumerate(self.lines)
            if i in self.comparable and len(self.facts) <= _MOST_COMPUTED
            for group in groups.values()
            if len(single := [fact for fact in group if fact.at[i].lower() not in WHOLES]) > 1
            and len(group) <= _MOST_GROUP
            for fact in _aggregates(single, i)
        )

    @cached_property
    def worded(self) -> tuple[tuple[frozenset[str], Fact], ...]:
        """The facts, each with the words of its place."""
        return tuple((_words_of(fact.at), fact) for fact in self.facts)

    @cached_property
    def worded_spreads(self) -> tuple[tuple[frozenset[str], Fact], ...]:
        """The deviations over repetitions, each with the words of its place but for what it was computed over."""
        return tuple(
            (_words_of((*fact.at[: fact.axis], *fact.at[fact.axis + 1 :])), fact)
            for fact in self.aggregates
            if fact.kind == "spread" and fact.axis in self.repeating
        )

    @cached_property
    def repeating(self) -> frozenset[int]:
        """The facets that count repetitions of one thing: seeds, folds, elements of a list."""
        return frozenset(
            i for i, facet in enumerate(self.facets) if facet.names and all(_REPEATED.fullmatch(n) for n in facet.names)
        )

    def pairs(self, keep: Sequence[Fact]) -> Iterator[tuple[Fact, Fact, int]]:
        """Ordered pairs of facts, among those to keep, that differ in one facet alone; none where there are too many."""
        if len(keep) > MOST_PAIRED:
            return
        for i in self.comparable:
            groups: dict[tuple[str, ...], list[Fact]] = defaultdict(list)
            for fact in keep:
                groups[(*fact.at[:i], *fact.at[i + 1 :])].append(fact)
            for group in groups.values():
                yield from ((a, b, i) for a in group for b in group if a is not b)


def _words_of(names: Sequence[str]) -> frozenset[str]:
    return frozenset(word for name in names for word in words(name))


def is_spread(name: str) -> bool:
    """Whether a name is that of a deviation or an error."""
    return bool(_SPREADS.search(name))


def _aggregates(group: Sequence[Fact], axis: int) -> Iterator[Fact]:
    values = [fact.value for fact in group]
    first, n = group[0], len(group)
    slack = max(fact.slack for fact in group)
    names = ", ".join(fact.at[axis] for fact in group[:4]) + (f", … ({n})" if n > 4 else "")

    def fact(name: str, value: float, kind: Kind) -> Fact:
        at = (*first.at[:axis], f"{OVER}{n}", *first.at[axis + 1 :])
        return Fact(at, value, first.where, slack, first.percent, kind, f"{name} over {names}", axis)

    mean = math.fsum(values) / n
    yield fact("mean", mean, "mean")
    squares = math.fsum((value - mean) ** 2 for value in values)
    sd = math.sqrt(squares / (n - 1))
    yield fact("standard deviation", sd, "spread")
    yield fact("standard deviation (of all, n not n − 1)", math.sqrt(squares / n), "spread")
    yield fact("standard error", sd / math.sqrt(n), "spread")
    yield fact("half of a 95% interval (1.96 standard errors)", 1.96 * sd / math.sqrt(n), "spread")
    yield fact("lowest", min(values), "extreme")
    yield fact("highest", max(values), "extreme")
    if n > 2:
        yield fact("median", statistics.median(values), "mean")


def sheets_of_results(values: Iterable[Value]) -> tuple[Sheet, ...]:
    """One sheet for each name of a file and depth within it."""
    shapes: dict[tuple[int, str, str], list[Fact]] = defaultdict(list)
    files: dict[str, tuple[str, ...]] = {}
    for value in values:
        if value.file not in files:
            files[value.file] = PurePosixPath(value.file).parts
        parts = files[value.file]
        place = joined([part for part in value.path if part not in parts])
        where = f"{value.file}: {place}" if place else value.file
        kind = value.path[0] if value.path[0] == "settings" else ""
        shapes[(len(value.path), parts[-1], kind)].append(Fact(value.path, value.value, where))
    parted = (_by_factors(_by_repetition(facts)) for facts in shapes.values())
    return tuple(Sheet("results", tuple(facts), _aliases(facts)) for facts in parted)


def _by_repetition(facts: list[Fact]) -> list[Fact]:
    """The facts with a facet of its own for repetitions, where all names of one end with their count."""
    for i in range(len(facts[0].at)):
        names = {fact.at[i]: _AGAIN.fullmatch(fact.at[i]) for fact in facts}
        matches = [match for match in names.values() if match]
        if len(matches) == len(names) and len({match["name"] for match in matches}) < len(names):
            return _split(facts, i, {
                match[0]: (match["name"], f"{(match['seed'] or 'repetition').lower()} {match['count']}") for match in matches
            })  # fmt: skip
    return facts


def _by_factors(facts: list[Fact]) -> list[Fact]:
    """The facts with a facet for each factor, where the names of one are a grid: "cifar10_ours", "svhn_ours", "cifar10_erm", …"""
    for i in range(len(facts[0].at) - 1):  # the last one says what was measured
        parts = {fact.at[i]: tuple(re.split(r"_+", fact.at[i])) for fact in facts}
        widths = {len(part) for part in parts.values()}
        if len(widths) == 1 and 2 <= max(widths) <= _MOST_FACTORS and all(all(part) for part in parts.values()):
            levels = [len(set(tokens)) for tokens in zip(*parts.values(), strict=True)]
            if max(levels) < len(parts) >= _FILLED * math.prod(levels):
                return _split(facts, i, parts)
    return facts


def _split(facts: list[Fact], axis: int, told: Mapping[str, tuple[str, ...]]) -> list[Fact]:
    return [fact._replace(at=(*fact.at[:axis], *told[fact.at[axis]], *fact.at[axis + 1 :])) for fact in facts]


def _aliases(facts: Sequence[Fact]) -> tuple[tuple[str, str], ...]:
    """What stands for names that say little: the AI Scientist's first run is the baseline, "all" is a mean over what it lies beside."""
    names = {name for fact in facts for name in fact.at}
    baseline = (("run_0", "baseline"),) if "run_0" in names else ()
    return (*baseline, *((name, word) for name in sorted(names & WHOLES) for word in ("mean", "overall", "total")))


def sheet_of_table(table: Table, entries: Sequence[Entry]) -> Sheet:
    """A table's values; its caption names the whole."""
    rows = max((len(entry.rows) for entry in entries), default=0)
    heads = max((len(entry.columns) for entry in entries), default=0)
    facts = tuple(
        Fact(
            (*([""] * (rows - len(entry.rows))), *entry.rows, *entry.columns, *([""] * (heads - len(entry.columns)))),
            entry.number.value,
            entry.place,
            entry.number.slack,
            entry.percent,
            decimals=entry.number.decimals,
            spread=entry.number.spread,
        )
        for entry in entries
    )
    return Sheet("table", facts, (), table.caption)
