"""Patches fit exactly or go back, and who wrote a program is not forgotten."""

from __future__ import annotations

import math

import pytest
from pydantic import ValidationError

from ai_scientist.models.scripted import ScriptedModel
from ai_scientist.records import Author
from ai_scientist.search.compose import Job, PatchError, compose, patched
from ai_scientist.search.forms import PatchForm
from tests.ai_scientist.search.fakes import a_config, an_idea
from tests.ai_scientist.search.test_tree import experiment

LIMITS = a_config().experiment
PROGRAM = "a = 1\nb = 1\nprint(a + b)\n"


def patch(**given) -> PatchForm:
    return PatchForm.model_validate({"change": "c", "plan": "p", **given})


def job(author: Author = "ours") -> Job:
    parent = experiment(1, author=author, config={"kept": 1, "dropped": 2})
    return Job("0002", "tune", 1, "tune", 0, "0002", parent=parent, parent_program=PROGRAM)


def test_edits_apply_one_after_another() -> None:
    edits = [{"find": "a = 1", "replace": "a = 2"}, {"find": "a = 2\nb", "replace": "c"}]
    assert patched(patch(edits=edits), PROGRAM, {})[0] == "c = 1\nprint(a + b)\n"


@pytest.mark.parametrize(
    ("edits", "said"),
    [
        ([{"find": "= 1", "replace": "= 2"}], "2 times"),
        ([{"find": "z", "replace": ""}], "does not occur"),
        ([], "neither"),
    ],
)
def test_an_edit_that_does_not_match_once_is_refused(edits: list, said: str) -> None:
    with pytest.raises(PatchError, match=said):
        patched(patch(edits=edits), PROGRAM, {})


def test_settings_are_laid_over_the_parents_and_null_takes_one_away() -> None:
    change = patch(config={"new": 3, "dropped": None})
    assert patched(change, PROGRAM, {"kept": 1, "dropped": 2}) == (PROGRAM, {"kept": 1, "new": 3})


def test_a_patch_that_does_not_fit_goes_back_with_its_fault_once() -> None:
    bad, good = patch(edits=[{"find": "= 1", "replace": ""}]), patch(edits=[{"find": "b = 1", "replace": "b = 2"}])
    model = ScriptedModel([bad, good])
    composed = compose(job(), an_idea(), LIMITS, model)
    assert "b = 2" in composed.program
    assert "occurs 2 times" in model.asked[1].text
    assert model.asked[0].values == model.asked[1].values
    with pytest.raises(PatchError):
        compose(job(), an_idea(), LIMITS, ScriptedModel([bad, bad]))


@pytest.mark.parametrize(
    ("parent", "editor", "author"),
    [("ours", "ours", "ours"), ("ours", "model", "model"), ("model", "ours", "model"), ("model", "model", "model")],
)
def test_once_a_models_always_a_models(parent: Author, editor: Author, author: Author) -> None:
    model = ScriptedModel([patch(config={"x": 1})], author=editor)
    assert compose(job(parent), an_idea(), LIMITS, model).author == author


def test_a_seed_repeat_asks_no_model() -> None:
    repeat = Job("0002", "tune", 1, "repeat", 1, "0002", parent=job().parent, parent_program=PROGRAM)
    assert compose(repeat, an_idea(), LIMITS, ScriptedModel([])).program == PROGRAM


@pytest.mark.parametrize("wrong", [{"config": {"a": math.nan}}, {"change": "\ud800"}, {"plan": "x" * 9999}])
def test_a_form_that_could_not_be_carried_out_is_refused_when_it_is_read(wrong: dict) -> None:
    with pytest.raises(ValidationError):
        patch(**wrong)
