"""Track C: a reviewer's scores beside those of people, of baselines and of one person among the others."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from pydantic import BaseModel, ConfigDict

from ai_scientist_reviewer.bench.agreement import baselines
from ai_scientist_reviewer.bench.agreement.audit import Audit, audit
from ai_scientist_reviewer.bench.agreement.metrics import (
    NAN,
    Confusion,
    Labels,
    Pairs,
    auroc,
    brier,
    calibrated,
    calibration_error,
    correlation,
    folds,
    nested_predictions,
    spearman,
    within_spearman,
)
from ai_scientist_reviewer.bench.agreement.tables import Human, Score, Scores
from ai_scientist_reviewer.bench.estimates import (
    RESAMPLES,
    Estimate,
    Floats,
    Indices,
    Measure,
    between,
    mean,
    resampled,
)

THRESHOLD = 6.0
"""Score from which a paper counts as accepted, where no other was fitted."""
FOLDS = 10
DECISIVE = (
    "balanced_accuracy", "f1", "mcc", "fpr", "fnr", "auroc", "nested_balanced_accuracy", "nested_f1", "nested_mcc", "nested_fpr",
    "nested_fnr", "said_balanced_accuracy", "brier", "ece",
)  # fmt: skip
"""Metrics of the decision: they mean nothing where the texts tell it."""
COMPARED = ("auroc", "within_spearman", "mae", "pairwise")


class Row(BaseModel):
    """One reviewer, baseline or person."""

    model_config = ConfigDict(frozen=True)

    name: str
    kind: str
    """scores, baseline or person."""
    n: int
    failures: int
    metrics: dict[str, Estimate]


class Difference(BaseModel):
    """The first less the second, on the same papers. No claim is made where the interval holds 0."""

    model_config = ConfigDict(frozen=True)

    first: str
    second: str
    metric: str
    estimate: Estimate


class Agreement(BaseModel):
    model_config = ConfigDict(frozen=True)

    papers: int
    accepted: int
    threshold: float
    scale: tuple[float, float]
    resamples: int
    audit: Audit
    rows: tuple[Row, ...]
    differences: tuple[Difference, ...]


@dataclass(frozen=True)
class _Judged:
    """One reviewer's scores as arrays, failures counted as wrong."""

    name: str
    kind: str
    ranked: Floats
    """For ordering by decision: a failure ranks an accepted paper last and a rejected one first."""
    scores: Floats
    """For the ratings: a failure is the end of the scale that is farther from what people said."""
    predicted: Labels
    """At the threshold; a failure is the wrong decision."""
    failures: int
    given: Sequence[Score] = ()


def agreement(
    human: Mapping[str, Human],
    tables: Sequence[Scores],
    *,
    texts: Mapping[str, str] | None = None,
    scale: tuple[float, float] = (1.0, 10.0),
    threshold: float = THRESHOLD,
    seed: int = 0,
    resamples: int = RESAMPLES,
) -> Agreement:
    """How far the scores in the tables agree with people's, every number with its interval.

    `texts`: of the papers, by id, for the audit and for the baselines that need them.
    """
    ids = list(human)
    people = [human[key] for key in ids]
    labels: Labels = np.array([one.accepted for one in people], dtype=np.bool_)
    means = np.array([one.mean for one in people])
    fold = folds(labels, FOLDS, seed)
    judged = [_judged(table, ids, labels, means, scale, threshold) for table in tables]
    plain = {"constant (median rating)": baselines.constant(people)}
    if texts and all(key in texts for key in ids):
        listed = [texts[key] for key in ids]
        plain["length of the text"] = baselines.by_length(listed, means, fold)
        plain["words of the text"] = baselines.by_words(listed, means, fold)
    for name, scores in plain.items():
        judged.append(_Judged(name, "baseline", scores, scores, scores >= threshold, 0))
    for name, every in (("always reject", False), ("always accept", True)):
        flat = np.full(len(ids), float(np.median(means)))
        judged.append(_Judged(name, "baseline", flat, flat, np.full(len(ids), every), 0))
    rows: list[Row] = []
    drawn: dict[str, dict[str, Floats]] = {}
    values: dict[str, Mapping[str, float]] = {}
    for one in judged:
        measure = _measure(one, labels, means, fold)
        values[one.name], drawn[one.name] = measure(np.arange(len(ids))), resampled(measure, labels, seed, resamples)
        told = {name: between(value, drawn[one.name][name], len(ids)) for name, value in values[one.name].items()}
        rows.append(
            Row(name=one.name, kind=one.kind, n=len(ids), failures=one.failures, metrics=told | _spent(one, seed))
        )
    rows.append(_person(people, labels, threshold, seed, resamples))
    differences = [
        Difference(
            first=a.name,
            second=b.name,
            metric=metric,
            estimate=between(
                values[a.name][metric] - values[b.name][metric], drawn[a.name][metric] - drawn[b.name][metric], len(ids)
            ),
        )
        for i, a in enumerate(judged)
        for b in judged[i + 1 :]
        if a.kind == "scores"
        for metric in COMPARED
        if math.isfinite(values[a.name].get(metric, NAN)) and math.isfinite(values[b.name].get(metric, NAN))
    ]
    return Agreement(
        papers=len(ids),
        accepted=int(labels.sum()),
        threshold=threshold,
        scale=scale,
        resamples=resamples,
        audit=audit(texts or {}, {key: one.accepted for key, one in human.items()}),
        rows=tuple(rows),
        differences=tuple(differences),
    )


def _judged(
    table: Scores, ids: Sequence[str], labels: Labels, means: Floats, scale: tuple[float, float], threshold: float
) -> _Judged:
    """Where a paper was judged several times, the mean of what succeeded."""
    low, high = scale
    given: list[Score] = []
    overall = np.full(len(ids), np.nan)
    for i, key in enumerate(ids):
        said = [score.overall for score in table.papers.get(key, ()) if score.overall is not None]
        given.append(table.papers.get(key, (Score(None),))[0])
        if said:
            overall[i] = math.fsum(said) / len(said)
    failed = np.isnan(overall)
    ranked = np.where(failed, np.where(labels, -np.inf, np.inf), overall)
    scores = np.where(failed, np.where(means - low > high - means, low, high), overall)
    predicted = np.where(failed, ~labels, overall >= threshold)
    return _Judged(table.name, "scores", ranked, scores, predicted, int(failed.sum()), given)


def _measure(one: _Judged, labels: Labels, means: Floats, fold: Indices) -> Measure:
    if one.name.startswith("always"):
        return lambda i: Confusion.of(one.predicted[i], labels[i]).rates
    fitted = calibrated(one.scores, means, fold)
    nested = nested_predictions(one.ranked, labels, fold)
    nested = np.where(np.isinf(one.ranked), ~labels, nested)
    pairs = Pairs.of(one.scores, means)
    # What is missing counts as wrong: a decision as the other one, a chance as certainty of the other one.
    decided = [score.accepted for score in one.given]
    said = np.array([not label if d is None else d for d, label in zip(decided, labels, strict=False)], dtype=np.bool_)
    given = [score.chance for score in one.given]
    chances = np.array([1.0 - label if c is None else c for c, label in zip(given, labels, strict=False)])

    def measure(i: Indices) -> dict[str, float]:
        scores, human, accepted = one.scores[i], means[i], labels[i]
        found = Confusion.of(one.predicted[i], accepted).rates
        found |= {f"nested_{name}": value for name, value in Confusion.of(nested[i], accepted).rates.items()}
        found |= {
            "auroc": auroc(one.ranked[i], accepted),
            "spearman": spearman(scores, human),
            "pearson": correlation(scores, human),
            "within_spearman": within_spearman(scores, human, accepted),
            "pairwise": pairs.accuracy(np.bincount(i, minlength=len(labels)).astype(np.float64)),
            "mae": float(np.abs(scores - human).mean()),
            "mae_calibrated": float(np.abs(fitted[i] - human).mean()),
            "bias": float((scores - human).mean()),
        }
        if any(d is not None for d in decided):
            found["said_balanced_accuracy"] = Confusion.of(said[i], accepted).balanced_accuracy
        if any(c is not None for c in given):
            found |= {"brier": brier(chances[i], accepted), "ece": calibration_error(chances[i], accepted)}
        return found

    return measure


def _spent(one: _Judged, seed: int) -> dict[str, Estimate]:
    found: dict[str, Estimate] = {}
    for name in ("cost", "seconds"):
        known = [float(value) for score in one.given if (value := getattr(score, name)) is not None]
        if known:
            found[name] = mean(known, seed)
    return found


def _person(people: Sequence[Human], labels: Labels, threshold: float, seed: int, resamples: int) -> Row:
    """One reviewer against the mean of the others; the decision was made from the ratings, so its metrics flatter."""
    ratings, others, papers = baselines.one_person(people)
    name = "one person against the others (fed the decision)"
    if not len(ratings):
        return Row(name=name, kind="person", n=0, failures=0, metrics={})
    of_paper = [np.flatnonzero(papers == i) for i in range(len(people))]
    rated = labels[papers]
    pairs = Pairs.of(ratings, others).by(papers, len(people))

    def measure(drawn: Indices) -> dict[str, float]:
        i = np.concatenate([of_paper[paper] for paper in drawn])
        return {
            "balanced_accuracy": Confusion.of(ratings[i] >= threshold, rated[i]).balanced_accuracy,
            "auroc": auroc(ratings[i], rated[i]),
            "spearman": spearman(ratings[i], others[i]),
            "pairwise": pairs.accuracy(np.bincount(drawn, minlength=len(people)).astype(np.float64)),
            "mae": float(np.abs(ratings[i] - others[i]).mean()),
        }

    drawn = resampled(measure, labels, seed, resamples)
    n = sum(bool(len(one)) for one in of_paper)
    told = {name: between(value, drawn[name], n) for name, value in measure(np.arange(len(people))).items()}
    return Row(name=name, kind="person", n=n, failures=0, metrics=told)
