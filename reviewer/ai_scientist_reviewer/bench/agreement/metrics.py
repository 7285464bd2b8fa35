"""How far scores agree with people's: each metric a function of arrays. What cannot be told is NaN."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from ai_scientist_reviewer.bench.estimates import Floats

Labels = NDArray[np.bool_]
"""True: the paper was accepted."""
NAN = float("nan")


def auroc(scores: Floats, labels: Labels) -> float:
    """The chance that an accepted paper has the higher score of two, ties counting half."""
    n = int(labels.sum())
    others = len(labels) - n
    if not n or not others:
        return NAN
    return float((rankdata(scores)[labels].sum() - n * (n + 1) / 2) / (n * others))


def correlation(a: Floats, b: Floats) -> float:
    """Pearson's."""
    if len(a) < 3 or np.ptp(a) == 0 or np.ptp(b) == 0:
        return NAN
    return float(np.corrcoef(a, b)[0, 1])


def spearman(a: Floats, b: Floats) -> float:
    return correlation(rankdata(a), rankdata(b))


def within_spearman(scores: Floats, human: Floats, labels: Labels) -> float:
    """Spearman's within the accepted and within the rejected papers, pooled: ranks are centred on their class, so that
    nothing that tells the classes apart can help."""
    a, b = np.empty(len(scores)), np.empty(len(scores))
    for part in (labels, ~labels):
        if part.any():
            for ranks, values in ((a, scores), (b, human)):
                inside = rankdata(values[part])
                ranks[part] = (inside - inside.mean()) / len(inside)
    return correlation(a, b)


class Pairs(NamedTuple):
    """Which pairs of papers people tell apart, and how often scores order them likewise (a tie: half)."""

    apart: Floats
    agreeing: Floats

    @classmethod
    def of(cls, scores: Floats, human: Floats, least: float = 1.0) -> Pairs:
        """Pairs whose mean ratings lie `least` or more apart."""
        difference = human[:, None] - human[None, :]
        apart = difference >= least - 1e-9
        ordered = scores[:, None] - scores[None, :]
        return cls(
            apart.astype(np.float64), np.where(apart, np.where(ordered > 0, 1.0, np.where(ordered == 0, 0.5, 0.0)), 0.0)
        )

    def by(self, group: NDArray[np.intp], groups: int) -> Pairs:
        """Summed over what belongs to the same group."""
        member = np.zeros((len(group), groups))
        member[np.arange(len(group)), group] = 1.0
        return Pairs(member.T @ self.apart @ member, member.T @ self.agreeing @ member)

    def accuracy(self, weights: Floats) -> float:
        """`weights`: how often each paper is in the sample. NaN: there is no such pair."""
        n = float(weights @ self.apart @ weights)
        return float(weights @ self.agreeing @ weights) / n if n else NAN


class Confusion(NamedTuple):
    """Counts; accepted is positive."""

    tp: int
    fp: int
    tn: int
    fn: int

    @classmethod
    def of(cls, predicted: Labels, labels: Labels) -> Confusion:
        return cls(
            int((predicted & labels).sum()),
            int((predicted & ~labels).sum()),
            int((~predicted & ~labels).sum()),
            int((~predicted & labels).sum()),
        )

    @property
    def rates(self) -> dict[str, float]:
        return {
            "balanced_accuracy": self.balanced_accuracy,
            "f1": self.f1,
            "mcc": self.mcc,
            "fpr": self.fpr,
            "fnr": self.fnr,
        }

    @property
    def fpr(self) -> float:
        return self.fp / (self.fp + self.tn) if self.fp + self.tn else NAN

    @property
    def fnr(self) -> float:
        return self.fn / (self.fn + self.tp) if self.fn + self.tp else NAN

    @property
    def balanced_accuracy(self) -> float:
        return 1 - (self.fpr + self.fnr) / 2

    @property
    def f1(self) -> float:
        return 2 * self.tp / (2 * self.tp + self.fp + self.fn) if self.tp + self.fp + self.fn else NAN

    @property
    def mcc(self) -> float:
        """Matthews's; 0 where one side of the table is empty."""
        under = float(self.tp + self.fp) * (self.tp + self.fn) * (self.tn + self.fp) * (self.tn + self.fn)
        return (self.tp * self.tn - self.fp * self.fn) / under**0.5 if under else 0.0


def brier(chances: Floats, labels: Labels) -> float:
    return float(np.mean((chances - labels) ** 2))


def calibration_error(chances: Floats, labels: Labels, bins: int = 10) -> float:
    """Expected calibration error over bins of equal width."""
    which = np.minimum((chances * bins).astype(int), bins - 1)
    gaps = [
        abs(chances[which == b].mean() - labels[which == b].mean()) * (which == b).sum() for b in set(which.tolist())
    ]
    return float(sum(gaps) / len(chances))


def isotonic(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """The non-decreasing fit of y to x by pooling adjacent violators: its knots, for linear interpolation between them."""
    knots, inverse = np.unique(x, return_inverse=True)
    weights = np.bincount(inverse).astype(np.float64)
    values = np.bincount(inverse, weights=y) / weights
    blocks: list[list[float]] = []  # value, weight, knots
    for value, weight in zip(values, weights, strict=True):
        blocks.append([float(value), float(weight), 1])
        while len(blocks) > 1 and blocks[-2][0] > blocks[-1][0]:
            v, w, k = blocks.pop()
            last = blocks[-1]
            last[0] = (last[0] * last[1] + v * w) / (last[1] + w)
            last[1], last[2] = last[1] + w, last[2] + k
    return knots, np.concatenate([np.full(int(k), v) for v, _, k in blocks])


def folds(labels: Labels, count: int, seed: int) -> NDArray[np.intp]:
    """A fold for each paper, the classes spread evenly."""
    random, assigned = np.random.default_rng(seed), np.empty(len(labels), dtype=np.intp)
    for part in (np.flatnonzero(labels), np.flatnonzero(~labels)):
        assigned[random.permutation(part)] = np.arange(len(part)) % count
    return assigned


def calibrated(scores: Floats, human: Floats, fold: NDArray[np.intp]) -> Floats:
    """Scores mapped to the human scale by an isotonic fit on the other folds."""
    out = np.empty(len(scores))
    for k in set(fold.tolist()):
        here = fold == k
        knots, values = isotonic(scores[~here], human[~here])
        out[here] = np.interp(scores[here], knots, values)
    return out


def nested_predictions(scores: Floats, labels: Labels, fold: NDArray[np.intp]) -> Labels:
    """Decisions at the threshold that has the best balanced accuracy on the other folds."""
    predicted = np.zeros(len(scores), dtype=np.bool_)
    for k in set(fold.tolist()):
        here = fold == k
        best = [
            (Confusion.of(scores[~here] >= cut, labels[~here]).balanced_accuracy, cut)
            for cut in np.unique(scores[~here])
        ]
        top = max(accuracy for accuracy, _ in best)
        cuts = [cut for accuracy, cut in best if accuracy == top]
        predicted[here] = scores[here] >= cuts[len(cuts) // 2]
    return predicted
