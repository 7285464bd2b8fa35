"""Scores beside people's: tables that are read or refused, failures that count, and an audit before any of it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from ai_scientist_reviewer.bench.agreement.agree import Agreement, agreement
from ai_scientist_reviewer.bench.agreement.audit import audit
from ai_scientist_reviewer.bench.agreement.baselines import by_words
from ai_scientist_reviewer.bench.agreement.metrics import folds
from ai_scientist_reviewer.bench.agreement.tables import TableError, read_human, read_scores

TABLES = Path(__file__).parent / "tables"


def read(*names: str) -> Agreement:
    return agreement(read_human(TABLES / "human.tsv"), [read_scores(TABLES / name) for name in names], resamples=200)


def value(result: Agreement, name: str, metric: str) -> float | None:
    return next(row for row in result.rows if row.name.startswith(name)).metrics[metric].value


def test_a_small_table_by_hand() -> None:
    """Eight papers; their means are 7, 6.5, 6, 5 (accepted: the first, second and fourth), 4, 5.5, 3, 2."""
    result = read("model.csv")
    assert (result.papers, result.accepted, result.audit.verdict) == (8, 3, "UNKNOWN")
    # Overall 8 6 6 5 | 6 4 3 3: at 6 two of three accepted are kept, two of five rejected are taken.
    assert value(result, "model", "balanced_accuracy") == pytest.approx((2 / 3 + 3 / 5) / 2)
    # Of 15 pairs: 8 is ahead of all five; 6 is ahead of three and level with two; 5 is ahead of three.
    assert value(result, "model", "auroc") == pytest.approx((5 + (3 + 2 * 0.5) + 3) / 15)
    assert value(result, "model", "mae") == pytest.approx((1 + 0.5 + 0 + 0 + 2 + 1.5 + 0 + 1) / 8)
    assert value(result, "model", "bias") == pytest.approx((1 - 0.5 + 0 + 0 + 2 - 1.5 + 0 + 1) / 8)
    assert value(result, "model", "said_balanced_accuracy") == pytest.approx((1 / 3 + 1) / 2)
    assert value(result, "constant", "mae") == pytest.approx(
        (1.75 + 1.25 + 0.75 + 0.25 + 1.25 + 0.25 + 2.25 + 3.25) / 8
    )
    assert value(result, "constant", "auroc") == 0.5
    assert value(result, "one person", "mae") == pytest.approx(
        16 / 17
    )  # 17 ratings, each against the others of its paper
    assert all(e.n == 8 for row in result.rows for e in row.metrics.values())


def test_a_failure_is_wrong_and_not_left_out() -> None:
    result = read("model.csv", "failing.csv")
    row = next(row for row in result.rows if row.name == "failing")
    assert (row.n, row.failures) == (8, 2)
    # The first, accepted, has no score, and the last, rejected, no line: both decisions are wrong.
    assert row.metrics["balanced_accuracy"].value == pytest.approx((1 / 3 + 2 / 5) / 2)
    # Their error is that of the far end of the scale: 7 against 1, and 2 against 10.
    assert row.metrics["mae"].value == pytest.approx((6 + 0.5 + 0 + 0 + 2 + 1.5 + 0 + 8) / 8)
    assert (row.metrics["auroc"].value or 0) < (value(result, "model", "auroc") or 0)
    told = next(d for d in result.differences if (d.first, d.second, d.metric) == ("model", "failing", "mae"))
    assert told.estimate.value == pytest.approx((value(result, "model", "mae") or 0) - (row.metrics["mae"].value or 0))


def test_costs_chances_and_repeats() -> None:
    result = read("repeated.csv")
    row = next(row for row in result.rows if row.name == "repeated")
    assert row.failures == 0
    assert row.metrics["cost"].value == pytest.approx(0.02)
    # The first paper was judged twice, 8 and 6: its score is 7.
    assert row.metrics["mae"].value == pytest.approx((0 + 0.5 + 0 + 0 + 2 + 1.5 + 0 + 1) / 8)
    assert row.metrics["brier"].value == pytest.approx((3 * 0.01 + 5 * 0.04) / 8)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "holds no table"),
        ("paper_id,0,decision\n", "holds no table"),
        ("paper_id,mean,decision\na,5,Accept\n", "no column of ratings"),
        ("paper_id,0\na,5\n", "no column 'decision'"),
        ("paper_id,0,decision\na,five,Accept\n", "line 2: 0 is 'five', which is no number"),
        ("paper_id,0,decision\na,,Accept\n", "line 2: the paper a has no rating"),
        ("paper_id,0,decision\na,5,\n", "line 2: the paper a has no decision"),
        ("paper_id,0,decision\na,5,Accept\na,6,Accept\n", "line 3: the paper a stands there twice"),
        ("paper_id,0,decision\na,5\n", "line 2: 2 cells where the heading has 3"),
    ],
)
def test_a_bad_table_of_ratings_is_refused_in_one_sentence(tmp_path: Path, text: str, why: str) -> None:
    path = tmp_path / "human.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(TableError, match=why):
        read_human(path)


def test_a_bad_table_of_scores_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "scores.csv"
    path.write_text("paper_id,Soundness\na,3\n", encoding="utf-8")
    with pytest.raises(TableError, match="no column 'Overall' or 'score'"):
        read_scores(path)
    path.write_text("paper_id,Overall,p_accept\na,3,1.5\n", encoding="utf-8")
    with pytest.raises(TableError, match="no probability"):
        read_scores(path)
    with pytest.raises(TableError, match="cannot be read"):
        read_scores(tmp_path / "absent.csv")


def test_texts_that_tell_the_decision_are_found() -> None:
    accepted = {f"p{i}": i % 2 == 0 for i in range(40)}
    plain = {
        key: f"A title\nIntroduction\n{'word ' * (100 + 7 * (i // 2))}\nReferences" for i, key in enumerate(accepted)
    }
    assert audit(plain, accepted).verdict == "clean"
    versions = {key: ("Anonymous authors\n" if not accepted[key] else "") + text for key, text in plain.items()}
    told = audit(versions, accepted)
    assert told.verdict == "CONTAMINATED" and told.leaks[0].feature == "anonymity block" and told.leaks[0].auc == 1.0
    thanks = {key: text + ("\nAcknowledgments\nWe thank" if accepted[key] else "") for key, text in plain.items()}
    assert audit(thanks, accepted).verdict == "CONTAMINATED"


def test_an_audit_that_could_not_be_made_is_not_clean() -> None:
    assert audit({}, {"a": True, "b": False}).verdict == "UNKNOWN"
    assert audit({"a": "text"}, {"a": True, "b": False}).verdict == "UNKNOWN"


def test_the_words_of_a_text_can_tell_its_rating_and_are_fitted_on_others() -> None:
    random = np.random.default_rng(1)
    means = random.normal(5, 1.5, 60)
    texts = [
        ("strong " * 5 if m > 5 else "weak " * 5) + " ".join(random.choice(["model", "data", "loss"], 20))
        for m in means
    ]
    fold = folds(means > 5, 10, 0)
    told = by_words(texts, means, fold)
    assert np.corrcoef(told, means)[0, 1] > 0.6
    mute = by_words(["the same words for all"] * 60, means, fold)
    assert abs(np.corrcoef(mute, means)[0, 1]) < 0.5 and np.ptp(mute) < 0.5
