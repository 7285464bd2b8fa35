from __future__ import annotations

from typing import Any

import pytest

from ai_scientist.offline import coder, manager
from ai_scientist.offline.studies import Study, studies


@pytest.fixture
def study() -> Study:
    return studies()["label-noise"]


def parent(program: str, **changed: Any) -> dict[str, Any]:
    made: dict[str, Any] = {
        "id": "0001", "change": "plain network", "action": "draft", "config": {}, "program": program, "outcome": "worked",
        "fault": "", "plan": "", "measurements": [],
    }  # fmt: skip
    return {**made, **changed}


def values(direction: str | None, of: dict[str, Any]) -> dict[str, Any]:
    return {"idea": {"study": "label-noise"}, "direction": direction, "parent": of}


def settings(patch: Any, of: dict[str, Any]) -> dict[str, Any]:
    """The overrides that a patch leads to; None takes one away."""
    merged = {**of["config"], **patch["config"]}
    return {name: value for name, value in merged.items() if value is not None}


def test_every_listed_direction_leads_to_a_program_that_knows_its_settings(study: Study) -> None:
    plain = parent(study.program(()), config={"weight_decay": 0.005})
    for variant in study.explore:
        patch = coder.improve(values(variant.change, plain))
        program = patch["program"] or plain["program"]
        parts = study.parts_of(program)
        assert parts is not None
        assert set(parts) == set(variant.parts)
        assert set(settings(patch, plain)) <= study.settings_of(parts)
        assert settings(patch, plain)["weight_decay"] == 0.005


def test_a_direction_near_one_variant_is_tried_on_another_that_leads_by_then(study: Study) -> None:
    then = parent(study.program(("smoothing",)), config={"smoothing": 0.2}, change="label smoothing")
    now = parent(study.program(("filtering", "smoothing")), config={"smoothing": 0.4}, change="both")
    for direction, _, _ in manager.nearby(study, then):
        patch = coder.improve(values(direction, now))
        parts = study.parts_of(patch["program"] or now["program"])
        assert parts is not None and set(settings(patch, now)) <= study.settings_of(parts)
        assert settings(patch, now) != now["config"]
        assert patch["change"].startswith("both, ")


def test_removing_a_part_takes_its_settings_with_it(study: Study) -> None:
    both = parent(study.program(("filtering", "smoothing")), config={"smoothing": 0.2, "weight_decay": 0.005})
    for change, _, _, _ in manager.ablations(study, both):
        patch = coder.ablate(values(change, both))
        parts = study.parts_of(patch["program"] or both["program"])
        assert parts is not None
        assert set(settings(patch, both)) <= study.settings_of(parts)
    without = coder.ablate(values(study.parts["smoothing"].remove.change, both))
    assert "smoothing" not in settings(without, both)


def test_a_slow_program_is_given_less_to_do(study: Study) -> None:
    slow = parent(study.program(()), outcome="timed_out")
    assert settings(coder.debug(values(None, slow)), slow)["epochs"] == int(study.settings["epochs"].default) // 2


def test_a_setting_that_the_program_does_not_have_is_dropped(study: Study) -> None:
    wrong = parent(study.program(()), outcome="failed", config={"trust": 0.5, "epochs": 20}, fault="no setting 'trust'")
    assert settings(coder.debug(values(None, wrong)), wrong) == {"epochs": 20}


def test_a_program_that_is_none_of_ours_is_composed_anew(study: Study) -> None:
    broken = parent("import lab\nraise SystemExit(1)\n", outcome="failed", config={"x": 1})
    patch = coder.debug(values(None, broken))
    assert patch["program"] == study.program(())
    assert settings(patch, broken) == {}
