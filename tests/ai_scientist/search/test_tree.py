"""What wins, and by what."""

from __future__ import annotations

import math

import pytest

from ai_scientist.records import Experiment, Measurement
from ai_scientist.search.measured import shortfall, value
from ai_scientist.search.tree import Tree
from tests.ai_scientist.search.fakes import an_idea


def measurement(value: float | None, **given) -> Measurement:
    named = {"metric": "accuracy", "better": "higher", "dataset": "digits", "split": "validation"}
    return Measurement.model_validate({**named, "value": value, **given})


def experiment(id: int, *values: float | None, **given) -> Experiment:
    """Measures one value on digits and, where there are two, the other on wine."""
    better = given.pop("better", "higher")
    named = zip(("digits", "wine"), values, strict=False)
    usual = {
        "id": f"{id:04d}",
        "parent": None,
        "stage": "explore",
        "action": "improve",
        "change": f"change {id}",
        "plan": "",
        "author": "ours",
        "seed": 0,
        "program": "0",
        "outcome": "worked",
        "seeded": True,
        "measurements": [measurement(v, dataset=name, better=better) for name, v in named],
    }
    return Experiment.model_validate({**usual, **given})


def repeat(id: int, of: int, seed: int, *values: float | None, **given) -> Experiment:
    return experiment(id, *values, parent=f"{of:04d}", action="repeat", seed=seed, **given)


@pytest.mark.parametrize(("better", "winner"), [("higher", "0002"), ("lower", "0001")])
def test_the_better_one_wins_in_either_direction(better: str, winner: str) -> None:
    tree = Tree(an_idea(better), [experiment(1, 0.2, 0.4, better=better), experiment(2, 0.5, 0.3, better=better)])
    assert tree.best("explore") == winner


@pytest.mark.parametrize("better", ["higher", "lower"])
def test_what_is_not_finite_or_missing_never_wins(better: str) -> None:
    """Neither NaN, which is recorded as None, nor a value on one data set alone, nor a program that failed."""
    worst = experiment(5, 0.0 if better == "higher" else 9.0, 0.0 if better == "higher" else 9.0, better=better)
    others = [
        experiment(1, None, 0.9, better=better),
        experiment(2, 0.9 if better == "higher" else 0.1, better=better),
        experiment(3, 0.9, 0.9, better=better, outcome="failed"),
        experiment(4, math.nan, 0.1, better=better),
    ]
    tree = Tree(an_idea(better), [*others, worst])
    assert tree.leaders("explore") == ["0005"]


def test_only_the_metric_of_the_idea_in_its_direction_counts() -> None:
    idea = an_idea()
    other = [measurement(0.9, metric="loss"), measurement(0.9, metric="loss", dataset="wine")]
    turned = [measurement(0.9, better="lower"), measurement(0.9, better="lower", dataset="wine")]
    mixed = [measurement(0.4), measurement(0.6, dataset="wine"), *other, measurement(0.99, split="train")]
    assert value(other, idea) is None
    assert "'digits', 'wine'" in shortfall(other, idea)
    assert value(turned, idea) is None
    assert "other direction" in shortfall(turned, idea)
    assert value(mixed, idea) == pytest.approx(0.5)
    assert not shortfall(mixed, idea)


def test_neither_the_training_nor_the_test_split_selects() -> None:
    for split in ("train", "test"):
        assert value([measurement(0.9, split=split), measurement(0.9, split=split, dataset="wine")], an_idea()) is None


def test_a_point_of_a_curve_is_no_final_value() -> None:
    idea = an_idea(datasets=["digits"])
    curve = [measurement(0.1, step=1), measurement(0.3, step=2)]
    assert value(curve, idea) is None
    assert "curve" in shortfall(curve, idea)
    assert value([measurement(0.7), *curve], idea) == 0.7


def test_a_mean_over_seeds_is_taken_less_its_standard_error() -> None:
    tree = Tree(an_idea(datasets=["digits"]), [experiment(1, 0.5), repeat(2, 1, 1, 0.7)])
    assert tree.standing("0001").mean == pytest.approx(0.6)
    assert tree.score("0001") == pytest.approx(0.6 - math.sqrt(0.02) / math.sqrt(2))


def test_a_single_lucky_seed_is_charged_what_seeds_vary_by() -> None:
    """0.61 on one seed does not beat 0.60 over three where seeds vary by 0.1."""
    steady = [experiment(1, 0.6), repeat(2, 1, 1, 0.5), repeat(3, 1, 2, 0.7)]
    tree = Tree(an_idea(datasets=["digits"]), [*steady, experiment(4, 0.61)])
    assert tree.best("explore") == "0001"
    assert Tree(an_idea(datasets=["digits"]), [steady[0], experiment(4, 0.61)]).best("explore") == "0004"


def test_runs_that_never_asked_for_their_seed_are_one_together() -> None:
    runs = [experiment(1, 0.5, seeded=False), *(repeat(n, 1, n, 0.5, seeded=False) for n in (2, 3))]
    assert Tree(an_idea(datasets=["digits"]), runs).standing("0001").seeds == 1


def test_the_same_seed_twice_is_one_seed() -> None:
    runs = [experiment(1, 0.5), repeat(2, 1, 0, 0.6), repeat(3, 1, 1, 0.7)]
    assert Tree(an_idea(datasets=["digits"]), runs).standing("0001").seeds == 2


def test_one_that_fails_on_a_seed_stands_behind_all_that_do_not() -> None:
    tree = Tree(
        an_idea(datasets=["digits"]),
        [experiment(1, 0.9), repeat(2, 1, 1, outcome="failed"), experiment(3, 0.2), experiment(4, outcome="failed")],
    )
    assert tree.leaders("explore") == ["0003", "0001"]


def test_a_failure_is_followed_up_to_a_depth_and_once() -> None:
    failed = [
        experiment(1, outcome="failed", action="draft"),
        experiment(2, outcome="timed_out", action="debug", parent="0001"),
        experiment(3, outcome="undone", action="draft"),
    ]
    tree = Tree(an_idea(), failed)
    assert tree.debuggable(2) == ["0002"]
    assert tree.debuggable(1) == []
    assert tree.origin("0002").id == "0001"


def test_what_confirms_selects_nothing() -> None:
    tree = Tree(an_idea(datasets=["digits"]), [experiment(1, 0.5), repeat(2, 1, 500, 0.9, stage="confirm")])
    assert tree.standing("0001").mean == 0.5
