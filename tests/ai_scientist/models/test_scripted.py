"""The scripted model, as tests elsewhere rely on it."""

from __future__ import annotations

import pytest
from pydantic import BaseModel

from ai_scientist.errors import ModelError
from ai_scientist.models.faults import Unreadable
from ai_scientist.models.scripted import ScriptedModel
from ai_scientist.records import Prompt


class Plan(BaseModel):
    goals: list[str]


def prompt(name: str = "plan", **values: object) -> Prompt:
    return Prompt(name=name, values=values, text="Plan it.")


def test_a_function_answers_by_name_and_values() -> None:
    model = ScriptedModel(lambda name, values: {"goals": [name, values["stage"]]}, author="ours", tokens=(3, 2))
    reply = model.fill(prompt(stage="tune"), Plan, [b"png"])
    assert reply.value == Plan(goals=["plan", "tune"])
    assert (reply.author, reply.model, reply.tokens_in, reply.tokens_out) == ("ours", "scripted", 3, 2)
    assert (model.asked, model.pictures) == ([prompt(stage="tune")], [1])


def test_a_queue_answers_in_order_raises_what_is_in_it_and_ends() -> None:
    model = ScriptedModel(["one", OSError("gone"), Plan(goals=["a"])])
    assert model.write(prompt()).value == "one"
    with pytest.raises(OSError, match="gone"):
        model.write(prompt())
    assert model.fill(prompt(), Plan).value == Plan(goals=["a"])
    with pytest.raises(ModelError, match="at its end"):
        model.write(prompt())


def test_an_answer_that_does_not_fit_is_unreadable_or_a_mistake_in_the_script() -> None:
    with pytest.raises(Unreadable, match="goals"):
        ScriptedModel([{"goal": 1}]).fill(prompt(), Plan)
    with pytest.raises(TypeError, match="plan"):
        ScriptedModel([5]).write(prompt())
