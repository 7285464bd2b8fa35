"""The log against what lies there: whoever changes one and not the other is found out."""

from __future__ import annotations

import pytest

from ai_scientist.claims.history import check_history, check_lock
from ai_scientist.environment import sha256
from ai_scientist.records import Arms, Experiment, Idea, Measurement
from ai_scientist.runs.events import RunStarted
from tests.ai_scientist.claims import study

DONE = study.experiments()
LOG = study.history(study.IDEA, study.ARMS, DONE).encode()


def why(
    done: tuple[Experiment, ...] = DONE, idea: Idea = study.IDEA, arms: Arms = study.ARMS, data: bytes = LOG
) -> str:
    items = check_history(data, idea, arms, done)
    assert items
    return "; ".join(f"{item.what}: {item.why}" for item in items if item.verdict != "PASS")


def one(id: str) -> Experiment:
    return next(experiment for experiment in DONE if experiment.id == id)


def changed(id: str, **fields: object) -> tuple[Experiment, ...]:
    return tuple(e.model_copy(update=fields) if e.id == id else e for e in DONE)


def without(*ids: str) -> tuple[Experiment, ...]:
    return tuple(experiment for experiment in DONE if experiment.id not in ids)


def test_what_was_left_alone_passes_and_a_log_that_is_missing_or_damaged_does_not() -> None:
    assert why() == ""
    assert "missing" in why(data=b"")
    assert "no event" in why(data=LOG + b'{"kind": "moon"}\n')


@pytest.mark.parametrize(
    "fields",
    [
        {"hypothesis": "Another."},
        {"risks": ()},
        {"predictions": (study.IDEA.predictions[0].model_copy(update={"at_least": 0.001}), study.IDEA.predictions[1])},
    ],
)
def test_an_idea_that_is_changed_after_the_search_began_fails(fields: dict[str, object]) -> None:
    other = study.IDEA.model_copy(update=fields)
    assert "on another idea" in why(idea=other)
    mixed = LOG.replace(study.IDEA.fingerprint.encode(), other.fingerprint.encode(), 1)
    assert "on another idea" in why(idea=other, data=mixed)
    assert "without saying" in why(data=LOG.replace(study.IDEA.fingerprint.encode(), b""))


def test_an_idea_reads_the_same_however_its_file_is_laid_out() -> None:
    laid = Idea.model_validate_json(study.IDEA.model_dump_json(indent=3))
    assert laid.fingerprint == study.IDEA.fingerprint


def test_experiments_that_were_left_out_added_or_rewritten_fail() -> None:
    assert "0006 ended and is missing" in why(without("0006"))
    assert "0098 is not in the log" in why((*DONE, one("0006").model_copy(update={"id": "0098"})))
    assert "ended as 'worked'" in why(changed("0006", outcome="failed"))
    assert "started with another parent" in why(changed("0006", seed=7))
    assert "started with another parent" in why(changed("0006", parent="0002"))


def test_a_seed_that_is_dropped_or_run_again_fails_even_where_the_log_agrees() -> None:
    dropped = without("0011")
    log = study.history(study.IDEA, study.ARMS, dropped).encode()
    assert "arm 0005 was run 0 times on seed 500" in why(dropped, data=log)
    whole_seed = tuple(e for e in DONE if e.seed != 502)
    log = b"".join(
        line
        for line in LOG.splitlines(keepends=True)
        if not any(f'"id":"{e.id}"'.encode() in line for e in DONE if e.seed == 502)
    )
    assert "16 confirming runs are there, of 20 planned" in why(whole_seed, data=log)
    again = (*DONE, one("0011").model_copy(update={"id": "0098"}))
    assert "run 2 times" in why(again, data=study.history(study.IDEA, study.ARMS, again).encode())


def test_other_arms_than_those_that_the_search_carried_forward_fail() -> None:
    assert "the baseline is 0004" in why(arms=study.ARMS.model_copy(update={"baseline": "0004"}))
    assert "the proposed method is 0006" in why(arms=study.ARMS.model_copy(update={"proposed": "0006"}))
    assert "0008 was confirmed and is no arm" in why(arms=study.ARMS.model_copy(update={"ablations": ("0007",)}))


def test_what_confirms_is_the_same_program_with_the_same_settings() -> None:
    assert "0011 is not experiment 0005" in why(changed("0011", program="0" * 64))
    assert "0011 is not experiment 0005" in why(changed("0011", config={"epochs": 600}))


def test_a_search_that_looked_at_the_test_split_or_at_a_fresh_seed_fails() -> None:
    looked = Measurement(metric="accuracy", value=0.9, better="higher", dataset="digits, all", split="test")
    assert "measured the test split" in why(changed("0006", measurements=(*one("0006").measurements, looked)))
    seen = changed("0006", seed=503)
    assert "seed 503 was used by" in why(seen, data=study.history(study.IDEA, study.ARMS, seen).encode())


def test_other_packages_than_those_that_the_run_was_begun_with_fail() -> None:
    begun = RunStarted(topic="t", model="m", environment=sha256("numpy==1")).model_dump_json().encode() + b"\n"
    assert [item.verdict for item in check_lock(begun, b"numpy==1")] == ["PASS"]
    assert [item.verdict for lock in (b"numpy==2", b"") for item in check_lock(begun, lock)] == ["FAIL", "FAIL"]
    assert check_lock(LOG, b"") == [], "a run of before there was a lock"
