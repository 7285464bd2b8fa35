"""Metrics against scikit-learn, SciPy and values worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest
from ai_scientist_reviewer.bench.agreement import metrics
from ai_scientist_reviewer.bench.agreement.metrics import Confusion, Pairs
from ai_scientist_reviewer.bench.estimates import mean, resampled, wilson
from scipy.stats import binomtest, spearmanr
from sklearn.isotonic import IsotonicRegression
from sklearn.metrics import balanced_accuracy_score, brier_score_loss, f1_score, matthews_corrcoef, roc_auc_score

RANDOM = np.random.default_rng(7)
HUMAN = RANDOM.normal(5.5, 1.2, 120).round(1)
LABELS = HUMAN + RANDOM.normal(0, 0.8, 120) > 6
SCORES = (HUMAN + RANDOM.normal(0, 2, 120)).round()


def test_as_scikit_learn_has_them() -> None:
    predicted = SCORES >= 6
    told = Confusion.of(predicted, LABELS)
    assert metrics.auroc(SCORES, LABELS) == pytest.approx(roc_auc_score(LABELS, SCORES))
    assert told.balanced_accuracy == pytest.approx(balanced_accuracy_score(LABELS, predicted))
    assert told.f1 == pytest.approx(f1_score(LABELS, predicted))
    assert told.mcc == pytest.approx(matthews_corrcoef(LABELS, predicted))
    chances = RANDOM.uniform(0, 1, 120)
    assert metrics.brier(chances, LABELS) == pytest.approx(brier_score_loss(LABELS, chances))
    assert metrics.spearman(SCORES, HUMAN) == pytest.approx(spearmanr(SCORES, HUMAN)[0])


def test_isotonic_as_scikit_learn_has_it() -> None:
    knots, values = metrics.isotonic(SCORES, HUMAN)
    fitted = IsotonicRegression(out_of_bounds="clip").fit(SCORES, HUMAN)
    at = np.linspace(SCORES.min() - 2, SCORES.max() + 2, 50)
    assert np.interp(at, knots, values) == pytest.approx(fitted.predict(at))


def test_ranks_within_a_decision_ignore_what_tells_the_classes_apart() -> None:
    human = np.array([1.0, 2.0, 3.0, 7.0, 8.0, 9.0])
    labels = human > 5
    within_upside_down = np.array([3.0, 2.0, 1.0, 103.0, 102.0, 101.0])
    assert metrics.spearman(within_upside_down, human) > 0.5
    assert metrics.within_spearman(within_upside_down, human, labels) == pytest.approx(-1)
    assert np.isnan(metrics.within_spearman(labels.astype(float), human, labels))


def test_pairs_that_people_tell_apart() -> None:
    human, scores = np.array([3.0, 3.5, 5.0]), np.array([4.0, 4.0, 4.0])
    ones = np.ones(3)
    assert Pairs.of(scores, human).accuracy(ones) == 0.5
    # 5.0 against 3.0 is right and 5.0 against 3.5 a tie; 3.0 and 3.5 are not told apart.
    assert Pairs.of(np.array([2.0, 6.0, 6.0]), human).accuracy(ones) == 0.75
    assert np.isnan(Pairs.of(scores, np.array([3.0, 3.0, 3.5])).accuracy(ones))


def test_calibration_error_by_hand() -> None:
    chances, labels = np.array([0.05, 0.05, 0.95, 0.95]), np.array([False, True, True, True])
    assert metrics.calibration_error(chances, labels) == pytest.approx(0.5 * 0.45 + 0.5 * 0.05)


def test_what_is_fitted_is_fitted_on_the_other_folds() -> None:
    fold = metrics.folds(LABELS, 5, 0)
    assert all(abs(LABELS[fold == k].mean() - LABELS.mean()) < 0.05 for k in range(5))
    noise = RANDOM.permutation(120).astype(float)  # every score once: a fit that saw it would be perfect
    assert np.abs(metrics.calibrated(noise, HUMAN, fold) - HUMAN).mean() > 0.5
    nested = metrics.nested_predictions(noise, LABELS, fold)
    assert Confusion.of(nested, LABELS).balanced_accuracy < 0.62
    informed = metrics.nested_predictions(HUMAN, LABELS, fold)
    assert Confusion.of(informed, LABELS).balanced_accuracy > 0.7


def test_intervals() -> None:
    told = wilson(19, 20)
    known = binomtest(19, 20).proportion_ci(method="wilson")
    assert (told.low, told.high) == (pytest.approx(known.low), pytest.approx(known.high))
    assert wilson(0, 0).value is None
    values = [1.0, 2.0, 3.0, 4.0] * 25
    spread = mean(values)
    assert spread.low is not None and spread.high is not None
    assert spread.low == pytest.approx(2.5 - 1.96 * np.std(values) / 10, abs=0.03)
    assert mean([2.0]).low is None


def test_bootstrap_samples_keep_the_classes_and_are_the_same_for_the_same_seed() -> None:
    def measure(i: np.ndarray) -> dict[str, float]:
        return {"accepted": float(LABELS[i].sum()), "mean": float(HUMAN[i].mean())}

    first, second = (resampled(measure, LABELS, 3, 50) for _ in range(2))
    assert set(first["accepted"]) == {float(LABELS.sum())}
    assert (first["mean"] == second["mean"]).all() and np.ptp(first["mean"]) > 0
