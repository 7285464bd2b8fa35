"""Numbers from measurements, and from nothing else. Building the claims and verifying them go through here alike."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, stdev

from ai_scientist.records import Arms, Experiment, Statistic

SPLIT = "test"
"""The split that the numbers of a paper are of. Only confirming runs open it."""
ALL = "all"
"""In place of a dataset: the mean over all of them, seed by seed."""
CONFIDENCE = 0.95
ALPHA = 0.05
"""Of Holm's procedure over the comparisons of a paper."""


@dataclass(frozen=True)
class Paired:
    """A paired difference over seeds, left less right."""

    n: int
    difference: float
    low: float
    high: float
    """The 95 % interval of the mean difference (Student's t)."""
    p: float | None
    """Two-sided; None where all differences are equal, which says nothing about chance."""


def final(
    experiment: Experiment, metric: str, dataset: str, datasets: Sequence[str], split: str = SPLIT
) -> float | None:
    """What an experiment measured at its end, the last record standing; the mean over `datasets` where dataset is `all`.

    None where it, or one of them, is missing.
    """
    if dataset == ALL:
        each = [final(experiment, metric, one, datasets, split) for one in datasets]
        present = [value for value in each if value is not None]
        return fmean(present) if present and len(present) == len(each) else None
    found = [
        m for m in experiment.measurements
        if (m.metric, m.dataset, m.split, m.step) == (metric, dataset, split, None)
    ]  # fmt: skip
    return found[-1].value if found and found[-1].finite else None


def confirmed(arm: str, experiments: Sequence[Experiment]) -> tuple[Experiment, ...]:
    """The runs that confirm an arm: they worked, opened the test split and used their seed; one for each seed."""
    found: dict[int, Experiment] = {}
    for experiment in sorted(experiments, key=lambda e: e.id):
        if experiment.parent == arm and experiment.confirming and experiment.worked and experiment.seeded:
            found.setdefault(experiment.seed, experiment)
    return tuple(found[seed] for seed in sorted(found))


def samples(statistic: Statistic, experiments: Sequence[Experiment], datasets: Sequence[str]) -> dict[int, float]:
    """Seed to value, of the experiments that a mean or a standard deviation is over."""
    by_id = {experiment.id: experiment for experiment in experiments}
    values: dict[int, float] = {}
    for id in statistic.experiments:
        value = (
            final(by_id[id], statistic.metric, statistic.dataset, datasets, statistic.split) if id in by_id else None
        )
        if value is not None:
            values[by_id[id].seed] = value
    return values


def evaluate(
    statistic: Statistic, arms: Arms, experiments: Sequence[Experiment], datasets: Sequence[str]
) -> float | None:
    """The value of a statistic, from measurements alone. None where they do not give one."""
    if statistic.rule == "count":
        return float(COUNTS[statistic.of](arms, experiments, datasets)) if statistic.of in COUNTS else None
    if statistic.rule == "setting":
        by_id = {experiment.id: experiment for experiment in experiments}
        given = {by_id[id].settings.get(statistic.of) for id in statistic.experiments if id in by_id}
        value = given.pop() if len(given) == 1 else None
        return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
    values = samples(statistic, experiments, datasets)
    if len(values) != len(statistic.experiments) or len(values) < (1 if statistic.rule == "mean" else 2):
        return None
    return fmean(values.values()) if statistic.rule == "mean" else stdev(values.values())


def compare(left: Mapping[int, float], right: Mapping[int, float]) -> Paired | None:
    """The paired difference over the seeds that both sides have. None with fewer than two."""
    seeds = sorted(set(left) & set(right))
    differences = [left[seed] - right[seed] for seed in seeds]
    n = len(differences)
    if n < 2:
        return None
    mean = fmean(differences)
    spread = stdev(differences)
    if spread <= 1e-12 * max(1.0, abs(mean)):
        return Paired(n, mean, mean, mean, None)
    from scipy.stats import t

    error = spread / math.sqrt(n)
    reach = float(t.ppf((1 + CONFIDENCE) / 2, n - 1)) * error
    p = 2 * float(t.sf(abs(mean) / error, n - 1))
    return Paired(n, mean, mean - reach, mean + reach, p)


def holm(ps: Sequence[float | None]) -> list[float | None]:
    """P values adjusted by Holm's step-down procedure. What has none stays without and counts as a comparison all the same:
    the data decide which have one, and may not decide how much is corrected for."""
    order = sorted((p, place) for place, p in enumerate(ps) if p is not None)
    adjusted: list[float | None] = [None] * len(ps)
    highest = 0.0
    for rank, (p, place) in enumerate(order):
        highest = max(highest, min(1.0, (len(ps) - rank) * p))
        adjusted[place] = highest
    return adjusted


def variants(experiments: Sequence[Experiment], *stages: str) -> list[Experiment]:
    """One experiment for each program with its settings that the search delivered, seed repeats aside."""
    found: dict[tuple[str, str], Experiment] = {}
    for experiment in sorted(experiments, key=lambda e: e.id):
        if experiment.action == "repeat" or not experiment.program or experiment.stage not in stages:
            continue
        found.setdefault((experiment.program, str(sorted(experiment.config.items()))), experiment)
    return list(found.values())


def fewest_seeds(arms: Arms, experiments: Sequence[Experiment], datasets: Sequence[str]) -> int:
    """The fewest finite values on the test split behind any number of any arm; what was measured nowhere has no number."""
    counted: list[int] = []
    for arm in arms.all:
        runs = confirmed(arm, experiments)
        for metric in {m.metric for run in runs for m in run.measurements if m.split == SPLIT}:
            for place in (*datasets, ALL):
                counted.append(sum(final(run, metric, place, datasets) is not None for run in runs))
    return min((count for count in counted if count), default=0)


def tried_seeds(experiments: Sequence[Experiment], *arms: str) -> int:
    """Fresh seeds on which any of these arms was to be measured, whatever came of it."""
    return len({e.seed for e in experiments if e.stage == "confirm" and e.parent in arms})


SEARCH = ("prototype", "tune", "explore", "ablate")
COUNTS: Mapping[str, Callable[[Arms, Sequence[Experiment], Sequence[str]], int]] = {
    "seeds": lambda arms, experiments, datasets: fewest_seeds(arms, experiments, datasets),
    "datasets": lambda arms, experiments, datasets: len(datasets),
    "experiments": lambda arms, experiments, datasets: len(experiments),
    "failed": lambda arms, experiments, datasets: sum(not e.worked for e in experiments),
    "confirmations": lambda arms, experiments, datasets: sum(len(confirmed(arm, experiments)) for arm in arms.all),
    "variants": lambda arms, experiments, datasets: len(variants(experiments, *SEARCH)),
    "tuned": lambda arms, experiments, datasets: len(
        [e for e in variants(experiments, "prototype", "tune") if e.worked]
    ),
    "explored": lambda arms, experiments, datasets: len([e for e in variants(experiments, "explore") if e.worked]),
    "ablations": lambda arms, experiments, datasets: len(arms.ablations),
}
"""What may be counted, by name."""
