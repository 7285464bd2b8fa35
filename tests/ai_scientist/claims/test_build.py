"""Claims from measurements: what is computed, what is judged, and what is left out."""

from __future__ import annotations

import hashlib
from statistics import fmean, stdev

import pytest

from ai_scientist.claims.build import build, shortfalls
from ai_scientist.claims.compute import compare, holm
from ai_scientist.config import parse
from ai_scientist.errors import NothingFound
from ai_scientist.records import Claims, Experiment, Prediction
from tests.ai_scientist.claims import study

FEW = "digits, 20 per class"


def values(experiments: tuple[Experiment, ...], arm: str, dataset: str) -> list[float]:
    return [
        m.value or 0.0
        for e in experiments
        if e.parent == arm and e.confirming
        for m in e.measurements
        if (m.metric, m.dataset, m.split) == ("accuracy", dataset, "test")
    ]


def test_means_and_spreads_are_over_the_confirming_seeds_and_pair_by_seed() -> None:
    done = study.experiments()
    claims = build(study.IDEA, study.ARMS, done)
    mean, sd = (claims.value(f"accuracy-proposed-digits-20-per-class{end}") for end in ("", "-sd"))
    ours, theirs = values(done, "0005", FEW), values(done, "0003", FEW)
    assert mean and sd
    assert mean.value == pytest.approx(fmean(ours))
    assert sd.value == pytest.approx(stdev(ours))
    compared = claims.comparison("accuracy-proposed-vs-baseline-digits-20-per-class")
    assert compared
    assert compared.n == study.SEEDS
    assert compared.difference == pytest.approx(fmean(a - b for a, b in zip(ours, theirs, strict=True)))
    everywhere = claims.value("accuracy-proposed-all")
    assert everywhere
    assert everywhere.value == pytest.approx(fmean(v for name in study.DATASETS for v in values(done, "0005", name)))


def test_an_interval_and_a_p_value_are_students() -> None:
    # By hand: differences 1, 2, 3; mean 2, standard error 1/sqrt(3), t(0.975, 2) = 4.302653.
    paired = compare({1: 2.0, 2: 4.0, 3: 6.0, 9: 0.0}, {1: 1.0, 2: 2.0, 3: 3.0, 8: 0.0})
    assert paired
    assert (paired.n, paired.difference) == (3, 2.0)
    assert paired.low == pytest.approx(2 - 4.302653 / 3**0.5, abs=1e-5)
    assert paired.p == pytest.approx(0.0742, abs=1e-4)


def test_holm_steps_down_and_counts_what_has_no_p() -> None:
    assert holm([0.04, None, 0.01, 0.03]) == [pytest.approx(0.09), None, pytest.approx(0.04), pytest.approx(0.09)]


def judged(claims: Claims) -> list[str]:
    return [finding.verdict for finding in claims.findings]


def test_predictions_are_judged_by_the_interval() -> None:
    assert judged(build(study.IDEA, study.ARMS, study.experiments())) == ["supported", "no effect"]
    worse = build(study.IDEA, study.ARMS, study.experiments({**study.EFFECT, "0005": -0.05}))
    assert judged(worse)[0] == "refuted"
    nothing = build(study.IDEA, study.ARMS, study.experiments({**study.EFFECT, "0005": 0.0}))
    assert judged(nothing)[0] == "no effect"
    compared = nothing.comparison("accuracy-proposed-vs-baseline-digits-20-per-class")
    assert compared
    assert compared.relation == "not distinguishable"
    assert "not distinguishable between" in compared.text
    border = build(study.IDEA, study.ARMS, study.experiments({**study.EFFECT, "0005": 0.0101}))
    assert judged(border)[0] == "undecided"


def test_a_difference_that_is_the_same_on_every_seed_is_not_called_certain() -> None:
    def flat(experiment: Experiment) -> Experiment:
        shift = 0.05 if experiment.parent == "0005" else 0.0
        same = tuple(m.model_copy(update={"value": 0.5 + shift}) for m in experiment.measurements)
        return experiment.model_copy(update={"measurements": same})

    claims = build(study.IDEA, study.ARMS, tuple(flat(e) for e in study.experiments()))
    compared = claims.comparison("accuracy-proposed-vs-baseline-digits-20-per-class")
    assert compared
    assert compared.relation == "not distinguishable"
    assert "no uncertainty can be estimated" in compared.text
    assert judged(claims)[0] == "undecided"


def test_only_runs_that_used_their_seed_count_and_a_seed_counts_once() -> None:
    done = study.experiments()
    last = [e for e in done if e.parent == "0005" and e.confirming][-1]
    twin = last.model_copy(update={"id": "0099"})
    unseeded = tuple(e.model_copy(update={"seeded": False}) if e.id == last.id else e for e in done)
    claims = build(study.IDEA, study.ARMS, (*done, twin))
    mean = claims.value("accuracy-proposed-all")
    assert mean
    assert len(mean.statistic.experiments) == study.SEEDS
    config = parse({"search": {"confirm_seeds": study.SEEDS}})
    fewer = build(study.IDEA, study.ARMS, unseeded)
    seeds = fewer.value("count-seeds")
    assert seeds
    assert seeds.value == study.SEEDS - 1
    assert [d.touches_claims for d in shortfalls(fewer, config)] == [True]
    assert not shortfalls(claims, config)


def test_seeds_on_which_a_method_gave_no_value_are_told_and_support_nothing() -> None:
    def diverged(experiment: Experiment) -> Experiment:
        if experiment.parent != "0005" or experiment.seed not in (501, 503):
            return experiment
        lost = tuple(m.model_copy(update={"value": None}) for m in experiment.measurements)
        return experiment.model_copy(update={"measurements": lost})  # it ended well, and measured NaN

    claims = build(study.IDEA, study.ARMS, tuple(diverged(e) for e in study.experiments()))
    seeds, compared = (
        claims.value("count-seeds"),
        claims.comparison("accuracy-proposed-vs-baseline-digits-20-per-class"),
    )
    assert seeds and compared
    assert (seeds.value, compared.n) == (3, 3)
    assert compared.text.endswith("on the 3 of 5 seeds that gave a value on both sides")
    assert judged(claims) == ["undecided", "undecided"]
    assert shortfalls(claims, parse({"search": {"confirm_seeds": study.SEEDS}}))


def test_a_difference_without_spread_is_no_evidence_of_no_effect_unless_it_is_zero() -> None:
    def flat(experiment: Experiment, shift: float) -> Experiment:
        by = shift if experiment.parent == "0005" else 0.0
        same = tuple(m.model_copy(update={"value": 0.5 + by}) for m in experiment.measurements)
        return experiment.model_copy(update={"measurements": same})

    for shift, verdict in ((0.001, "undecided"), (0.0, "no effect")):
        claims = build(study.IDEA, study.ARMS, tuple(flat(e, shift) for e in study.experiments()))
        assert judged(claims) == [verdict, verdict]


def test_a_value_that_is_missing_on_one_dataset_leaves_the_mean_over_datasets_out() -> None:
    def without(experiment: Experiment) -> Experiment:
        kept = tuple(m for m in experiment.measurements if m.dataset != "digits, all" or not experiment.confirming)
        return experiment.model_copy(update={"measurements": kept})

    claims = build(study.IDEA, study.ARMS, tuple(without(e) for e in study.experiments()))
    assert claims.value("accuracy-proposed-all") is None
    assert claims.tables[0].rows[0].cells[2:] == ((), ())
    assert claims.findings[1].comparison is None
    assert judged(claims)[1] == "undecided"


def test_nothing_is_made_up_where_nothing_was_confirmed() -> None:
    with pytest.raises(NothingFound, match="nothing to report"):
        build(study.IDEA, study.ARMS, tuple(e for e in study.experiments() if not e.confirming))


def test_ids_and_labels_are_distinct_whatever_things_are_called() -> None:
    idea = study.IDEA.model_copy(
        update={
            "datasets": {"A b": "one", "a-b": "two", "ü": "three"},
            "predictions": (Prediction(metric="accuracy", dataset="all", direction="higher"),),
        }
    )

    def renamed(experiment: Experiment) -> Experiment:
        names = dict(zip(study.DATASETS, idea.datasets, strict=True))
        measured = tuple(m.model_copy(update={"dataset": names[m.dataset]}) for m in experiment.measurements)
        return experiment.model_copy(update={"measurements": measured, "change": "Same name."})

    claims = build(idea, study.ARMS, tuple(renamed(e) for e in study.experiments()))
    ids = [value.id for value in claims.values] + [comparison.id for comparison in claims.comparisons]
    assert len(set(ids)) == len(ids)
    assert len(set(claims.labels.values())) == len(study.ARMS.all)
    assert "baseline" in claims.labels[study.ARMS.baseline]


def test_an_ablation_that_failed_throughout_leaves_its_cells_empty_and_is_said() -> None:
    done = tuple(
        e.model_copy(update={"outcome": "failed", "measurements": ()}) if e.confirming and e.parent == "0008" else e
        for e in study.experiments()
    )
    claims = build(study.IDEA, study.ARMS, done)
    seeds = claims.value("count-seeds")
    assert seeds
    assert seeds.value == study.SEEDS
    ablation = next(table for table in claims.tables if table.id == "ablation")
    assert not any(ablation.rows[-1].cells)
    said = shortfalls(claims, parse({"search": {"confirm_seeds": study.SEEDS}}))
    assert [degradation.what for degradation in said] == ["'no blur' was not confirmed in full"]


def test_another_wording_raises_the_rules() -> None:
    claims = build(study.IDEA, study.ARMS, study.experiments())
    texts = [one.text for one in (*claims.values, *claims.comparisons)] + [table.caption for table in claims.tables]
    worded = hashlib.sha256("\n".join(texts).encode()).hexdigest()[:16]
    assert (claims.rules, worded) == (1, "6ae8690d896dcebd"), (
        "raise claims.words.RULES, so that older papers are not taken for forged ones"
    )
