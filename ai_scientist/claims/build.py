"""Measurements → claims: everything that the paper may state as measured."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ai_scientist.claims import words
from ai_scientist.claims.compute import (
    ALL,
    SPLIT,
    Paired,
    compare,
    confirmed,
    evaluate,
    final,
    holm,
    samples,
    tried_seeds,
)
from ai_scientist.claims.tables import tables
from ai_scientist.config import Config
from ai_scientist.errors import NothingFound
from ai_scientist.records import (
    Arms,
    Claims,
    Comparison,
    Degradation,
    Experiment,
    Finding,
    Idea,
    Metric,
    Prediction,
    Statistic,
    Value,
)

COUNTED = {
    "seeds": "fresh seeds behind each number, at least",
    "datasets": "data sets",
    "experiments": "experiments run, seed repeats and failures included",
    "failed": "experiments that did not work",
    "confirmations": "confirming runs that worked",
    "variants": "variants tried in the search, seed repeats aside",
    "tuned": "variants among which the baseline was selected",
    "explored": "variants among which the proposed method was selected",
    "ablations": "ablations",
}


@dataclass(frozen=True)
class Study:
    """What claims are computed from."""

    idea: Idea
    arms: Arms
    experiments: tuple[Experiment, ...]

    @property
    def datasets(self) -> tuple[str, ...]:
        return tuple(self.idea.datasets)

    @property
    def places(self) -> tuple[str, ...]:
        """The datasets, and their mean where there are several."""
        return (*self.datasets, ALL) if len(self.datasets) > 1 else self.datasets

    @property
    def metrics(self) -> tuple[Metric, ...]:
        return (self.idea.metric, *self.idea.secondary)

    @property
    def arm_slugs(self) -> dict[str, str]:
        ablations = {arm: f"ablation-{number}" for number, arm in enumerate(self.arms.ablations, start=1)}
        return {self.arms.baseline: "baseline", self.arms.proposed: "proposed"} | ablations

    def mean_id(self, metric: Metric, arm: str, place: str) -> str:
        metrics = words.distinct(m.name for m in self.metrics)
        places = words.distinct(self.places)
        return f"{metrics[metric.name]}-{self.arm_slugs[arm]}-{places[place]}"

    def compared_id(self, metric: Metric, other: str, place: str) -> str:
        metrics, places = words.distinct(m.name for m in self.metrics), words.distinct(self.places)
        return f"{metrics[metric.name]}-proposed-vs-{self.arm_slugs[other]}-{places[place]}"

    def where(self, place: str) -> str:
        """A dataset in a sentence. A name with a comma in it is quoted, so that it reads as one."""
        if place == ALL:
            return "averaged over the data sets"
        return f"on “{place}”" if "," in place else f"on {place}"


def build(idea: Idea, arms: Arms, experiments: Sequence[Experiment], config: Config | None = None) -> Claims:
    """Everything that the paper may state as measured, from the confirming runs of the arms.

    Nothing but its arguments decides what comes out, so that whoever checks a paper builds the claims again.

    Raises:
        NothingFound: no confirming run of the baseline, or of the proposed method, measured the metric.
    """
    study = Study(idea, arms, tuple(sorted(experiments, key=lambda e: e.id)))
    labels = words.labels(arms, study.experiments)
    values = [*measured(study, labels), *counts(study), *settings(study, labels)]
    known = {value.id for value in values}
    for arm in (arms.baseline, arms.proposed):
        if not any(study.mean_id(idea.metric, arm, place) in known for place in study.places):
            raise NothingFound(
                f"No confirming run of '{labels[arm]}' measured {idea.metric.name} on the test split; there is nothing to report."
            )
    comparisons = compared(study, labels, {value.id: value for value in values})
    found = tuple(finding(study, prediction, comparisons) for prediction in idea.predictions)
    return Claims(
        arms=arms,
        labels=labels,
        values=tuple(values),
        comparisons=comparisons,
        tables=tables(study, labels, known),
        findings=found,
        rules=words.RULES,
    )


def measured(study: Study, labels: dict[str, str]) -> list[Value]:
    """Mean and standard deviation of each arm, metric and dataset over the confirming seeds."""
    values = []
    for metric in study.metrics:
        for place in study.places:
            for arm in study.arm_slugs:
                runs = [
                    e.id for e in confirmed(arm, study.experiments)
                    if final(e, metric.name, place, study.datasets) is not None
                ]  # fmt: skip
                of = f"test {metric.title}, {labels[arm]}, {study.where(place)}"
                id = study.mean_id(metric, arm, place)
                ruled: tuple[tuple[Literal["mean", "sd"], str, str], ...] = (
                    ("mean", id, f"mean {of}"),
                    ("sd", f"{id}-sd", f"standard deviation of {of}"),
                )
                for rule, name, what in ruled:
                    statistic = Statistic(
                        rule=rule, metric=metric.name, dataset=place, split=SPLIT, experiments=tuple(runs)
                    )
                    value = evaluate(statistic, study.arms, study.experiments, study.datasets)
                    if value is not None:
                        text = words.number(value, metric.digits)
                        values.append(Value(id=name, what=what, statistic=statistic, value=value, text=text))
    return values


def counts(study: Study) -> list[Value]:
    values = []
    for of, what in COUNTED.items():
        statistic = Statistic(rule="count", of=of)
        value = evaluate(statistic, study.arms, study.experiments, study.datasets)
        if value is not None:
            values.append(
                Value(id=f"count-{of}", what=what, statistic=statistic, value=value, text=words.scalar(value))
            )
    return values


def settings(study: Study, labels: dict[str, str]) -> list[Value]:
    """The numeric settings in force in the confirming runs of baseline and proposed method."""
    values = []
    for arm in (study.arms.baseline, study.arms.proposed):
        runs = confirmed(arm, study.experiments)
        names = words.distinct(runs[0].settings) if runs else {}
        for name, part in names.items():
            statistic = Statistic(rule="setting", of=name, experiments=tuple(e.id for e in runs))
            value = evaluate(statistic, study.arms, study.experiments, study.datasets)
            if value is not None:
                id = f"setting-{study.arm_slugs[arm]}-{part}"
                what = f"setting {name}, {labels[arm]}"
                values.append(Value(id=id, what=what, statistic=statistic, value=value, text=words.scalar(value)))
    return values


def compared(study: Study, labels: dict[str, str], values: dict[str, Value]) -> tuple[Comparison, ...]:
    """Proposed against baseline for each metric and dataset, and against each ablation for the primary metric.

    Holm's correction is over all of them together.
    """
    wanted = [(metric, study.arms.baseline, place) for metric in study.metrics for place in study.places]
    wanted += [(study.idea.metric, arm, place) for arm in study.arms.ablations for place in study.places]
    pairs: list[tuple[Metric, str, str, Paired]] = []
    for metric, other, place in wanted:
        left, right = (values.get(study.mean_id(metric, arm, place)) for arm in (study.arms.proposed, other))
        if left is None or right is None:
            continue
        paired = compare(
            samples(left.statistic, study.experiments, study.datasets),
            samples(right.statistic, study.experiments, study.datasets),
        )
        if paired is not None:
            pairs.append((metric, other, place, paired))
    adjusted = holm([paired.p for *_, paired in pairs])
    return tuple(
        comparison(study, labels, values, pair, p) for pair, p in zip(pairs, adjusted, strict=True)
    )  # fmt: skip


def comparison(
    study: Study,
    labels: dict[str, str],
    values: dict[str, Value],
    pair: tuple[Metric, str, str, Paired],
    adjusted: float | None,
) -> Comparison:
    metric, other, place, paired = pair
    left, right = (study.mean_id(metric, arm, place) for arm in (study.arms.proposed, other))

    def side(arm: str, id: str) -> tuple[str, str]:
        spread = values.get(f"{id}-sd")
        text = values[id].text + (f" ± {spread.text}" if spread else "")
        return words.name_in_clause(arm, study.arms, labels), text

    return Comparison(
        id=study.compared_id(metric, other, place),
        left=left,
        right=right,
        relation=words.relation(paired, adjusted),
        difference=paired.difference,
        low=paired.low,
        high=paired.high,
        n=paired.n,
        p=paired.p,
        p_adjusted=adjusted,
        text=words.clause(
            metric,
            study.where(place),
            side(study.arms.proposed, left),
            side(other, right),
            paired,
            adjusted,
            tried_seeds(study.experiments, study.arms.proposed, other),
        ),
    )


def finding(study: Study, prediction: Prediction, comparisons: Sequence[Comparison]) -> Finding:
    """What became of a prediction, by the interval of the comparison that it is about.

    With `m` the smallest difference that matters, and the interval read in the predicted direction: `supported` where
    all of it lies at or beyond m (beyond 0, where m is 0) and the two are distinguishable after Holm's correction;
    `no effect` where all of it lies within (-m, m); `refuted` where all of it lies below m otherwise; `undecided` else.
    What is left of the seeds, where some gave no value, supports nothing and rules nothing out: those are not missing by
    chance. An interval without width decides nothing either, unless both sides are the same on every seed.
    """
    metric = study.idea.metric_named(prediction.metric)
    place = study.datasets[0] if prediction.dataset == ALL and len(study.datasets) == 1 else prediction.dataset
    wanted = study.compared_id(metric, study.arms.baseline, place) if metric and place in study.places else ""
    decides = next((c for c in comparisons if c.id == wanted), None)
    if decides is None:
        return Finding(prediction=prediction, comparison=None, verdict="undecided")
    low, high, matters = decides.low, decides.high, prediction.at_least
    if prediction.direction == "lower":
        low, high = -high, -low
    complete = decides.n == tried_seeds(study.experiments, study.arms.proposed, study.arms.baseline)
    if not complete or (decides.p is None and decides.difference != 0):
        verdict = "undecided"
    elif max(-low, high) < matters or low == high == 0:
        verdict = "no effect"
    elif low >= matters and decides.relation == prediction.direction:
        verdict = "supported"
    elif high < matters or high < 0:
        verdict = "refuted"
    else:
        verdict = "undecided"
    return Finding(prediction=prediction, comparison=decides.id, verdict=verdict)


def shortfalls(claims: Claims, config: Config) -> tuple[Degradation, ...]:
    """Where the claims rest on less than the configuration asked for."""
    found = []
    seeds = claims.value("count-seeds")
    if seeds is not None and seeds.value < config.search.confirm_seeds:
        why = f"a confirming run failed: {seeds.text} of {config.search.confirm_seeds} seeds are left for some number"
        found.append(Degradation(what="fewer seeds than asked for", why=why, touches_claims=True))
    for row in {row.arm: row for table in claims.tables for row in table.rows if not all(row.cells)}.values():
        why = "no confirming run measured every value of its row in the tables"
        found.append(Degradation(what=f"'{row.label}' was not confirmed in full", why=why, touches_claims=True))
    for each in claims.findings:
        if each.comparison is None:
            why = f"{each.prediction.metric} on {each.prediction.dataset} was not measured on two seeds of both sides"
            found.append(Degradation(what="a prediction could not be judged", why=why, touches_claims=True))
    return tuple(found)
