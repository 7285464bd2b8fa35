"""Who judges: other models than the one that wrote, where there is a choice."""

from __future__ import annotations

import pytest

from ai_scientist.config import Config, Models, Review
from ai_scientist.models.desk import model_names
from ai_scientist.reviewing.seats import Seating, seated

A, B, C = "anthropic:a", "openai:b", "openai:c"


def seating(writer: str | None = A, *, roles: dict | None = None, models: tuple[str, ...] = (), n: int = 3) -> Seating:
    config = Config(models=Models(default=A, roles=roles or {}), review=Review(models=models, referees=n))
    return seated(config, model_names(config.models), writer)


@pytest.mark.parametrize(
    ("told", "referees", "same"),
    [
        ({}, (A, A, A), True),  # no choice
        ({"roles": {"vision": B}}, (B, B, B), False),  # configured for something else
        ({"roles": {"vision": B, "judge": "offline"}}, (B, B, B), False),  # rules do not judge in a model's place
        ({"roles": {"judge": "offline"}}, (A, A, A), True),
        ({"models": (A, B, C)}, (B, C, B), False),
        ({"models": (A,)}, (A, A, A), True),  # named by the user
        ({"roles": {"referees": A, "vision": B}}, (A, A, A), True),  # named by the user
        ({"roles": {"referees": C}}, (C, C, C), False),
    ],
)
def test_a_runs_own_paper_is_judged_by_others_where_there_are_any(told: dict, referees: tuple, same: bool) -> None:
    made = seating(**told)
    assert (made.referees, made.same_as_writer) == (referees, same)


def test_of_anybodys_paper_it_is_not_known_who_wrote_it() -> None:
    assert seating(None).same_as_writer is None
    assert seating(None, models=(A, B)).referees == (A, B, A)


def test_points_are_checked_by_another_model() -> None:
    made = seating(None, models=(A, B, C), n=4)
    assert made.referees == (A, B, C, A)
    assert made.checkers == (B, C, A, B)
    assert seating(None).checkers == (A, A, A)
