"""The tree of experiments as lines of a page: each experiment once, below its parent, its seed repeats folded into it."""

from __future__ import annotations

import math
import statistics
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ai_scientist.records import Claims, Experiment, Idea

CELLS, FAULTS = 20_000, 1_000_000
"""Measurements and characters of faults that all lines together may show: a large run gives a page that still opens."""
WIDEST = 6
"""Columns of a grid."""


@dataclass(frozen=True)
class Share:
    """How much one line may show. What is left out is said, and lies in its files."""

    measurements: int
    fault: int
    """Characters, from its end."""


@dataclass(frozen=True)
class Grid:
    """Measurements as a table: a row per data set, a column per metric and split."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]
    left_out: int
    """Points of curves, and what is more than a line may show."""


@dataclass(frozen=True)
class Repeat:
    """A seed repeat, or a confirming run, of the line's experiment."""

    experiment: Experiment
    value: str


@dataclass(frozen=True)
class Line:
    """An experiment of the tree."""

    experiment: Experiment
    depth: int
    arm: str
    """`baseline`, `proposed`, `ablation`, or "" where it was not confirmed."""
    value: str
    """The idea's metric on the validation split, mean over its data sets, and over seeds where there are several: then with
    the standard deviation. "" where it is missing."""
    seeds: int
    """Distinct seeds behind `value`."""
    confirmed: str
    """The same on the test split over fresh seeds, as the claims state it; "" where they do not."""
    repeats: tuple[Repeat, ...]
    """Of the search."""
    confirming: tuple[Repeat, ...]


def lines(experiments: Sequence[Experiment], idea: Idea | None, claims: Claims | None) -> tuple[Line, ...]:
    """Every experiment that is no seed repeat, parents before their children, siblings by id."""
    known: dict[str | None, Experiment] = {experiment.id: experiment for experiment in experiments}
    below: defaultdict[str | None, list[Experiment]] = defaultdict(list)
    for experiment in experiments:
        parent = known.get(experiment.parent)
        while parent is not None and parent.action == "repeat" and parent.parent in known:
            parent = known[parent.parent]  # what was made from a seed repeat stands with what that repeats
        below[parent.id if parent else None].append(experiment)
    arms, found = arms_of(claims), []
    waiting = [(root, 0) for root in reversed(below[None])]
    while waiting:  # not by recursion: a chain of repairs may be longer than Python's stack
        experiment, depth = waiting.pop()
        children = below[experiment.id]
        again = [e for e in children if e.action == "repeat"]
        waiting += [(child, depth + 1) for child in reversed(children) if child.action != "repeat"]
        value, seeds = over_seeds([experiment, *(e for e in again if not e.confirming)], idea)
        found.append(
            Line(
                experiment=experiment,
                depth=depth,
                arm=arms.get(experiment.id, ""),
                value=value,
                seeds=seeds,
                confirmed=confirmed(experiment.id, claims),
                repeats=tuple(repeat(e, idea) for e in again if not e.confirming),
                confirming=tuple(repeat(e, idea) for e in again if e.confirming),
            )
        )
    return tuple(found)


def share(count: int) -> Share:
    """What each of so many lines may show."""
    each = max(1, count)
    return Share(measurements=max(4, min(40, CELLS // each)), fault=max(300, min(4000, FAULTS // each)))


def arms_of(claims: Claims | None) -> dict[str, str]:
    """What each confirmed experiment stands for."""
    if claims is None:
        return {}
    ablations = dict.fromkeys(claims.arms.ablations, "ablation")
    return ablations | {claims.arms.proposed: "proposed", claims.arms.baseline: "baseline"}


def grid(experiment: Experiment, most: int) -> Grid:
    """What an experiment measured, points of curves aside."""
    values = {
        (m.dataset, f"{m.metric}, {m.split}" if m.split else m.metric): m.value
        for m in experiment.measurements
        if m.step is None
    }
    columns = tuple(dict.fromkeys(column for _, column in values))[: min(most, WIDEST)]
    datasets = tuple(dict.fromkeys(dataset for dataset, _ in values))[: max(1, most // max(1, len(columns)))]
    rows = tuple((dataset, tuple(text(values, (dataset, column)) for column in columns)) for dataset in datasets)
    seen = sum((dataset, column) in values for dataset in datasets for column in columns)
    return Grid(columns, rows, left_out=len(experiment.measurements) - seen)


def text(values: Mapping[tuple[str, str], float | None], key: tuple[str, str]) -> str:
    value = values.get(key)
    return "" if key not in values else "missing" if value is None else f"{value:.4g}"


def repeat(experiment: Experiment, idea: Idea | None) -> Repeat:
    return Repeat(experiment, shown(headline(experiment, idea), idea))


def over_seeds(same: Sequence[Experiment], idea: Idea | None) -> tuple[str, int]:
    """The mean over distinct seeds, with the standard deviation where there are several; and how many seeds."""
    values: dict[int, float] = {}
    for experiment in same:
        value = headline(experiment, idea)
        # A program that never asked for its seed gives one value, however often it is run.
        if value is not None and (experiment.seeded or not values):
            values.setdefault(experiment.seed, value)
    if not values:
        return "", 0
    mean = shown(statistics.fmean(values.values()), idea)
    if len(values) == 1:
        return mean, 1
    return f"{mean} ± {shown(statistics.stdev(values.values()), idea)}", len(values)


def headline(experiment: Experiment, idea: Idea | None) -> float | None:
    """The idea's metric, mean over its data sets: on the test split where that was opened, else on the validation split."""
    if idea is None or not idea.datasets:
        return None
    split = "test" if experiment.confirming else "validation"
    found = {
        m.dataset: m.value
        for m in experiment.measurements
        if (m.metric, m.split, m.step, m.better) == (idea.metric.name, split, None, idea.metric.better)
    }
    values = [value for name in idea.datasets if (value := found.get(name)) is not None and math.isfinite(value)]
    return statistics.fmean(values) if len(values) == len(idea.datasets) else None


def shown(value: float | None, idea: Idea | None) -> str:
    return "" if value is None or idea is None else f"{value:.{idea.metric.digits}f}"


def confirmed(id: str, claims: Claims | None) -> str:
    """What the claims' first table that has this arm says in its last column: the mean over the data sets."""
    if claims is None:
        return ""
    row = next((row for table in claims.tables for row in table.rows if row.arm == id and row.cells), None)
    return " ± ".join(value.text for id in row.cells[-1] if (value := claims.value(id))) if row else ""
