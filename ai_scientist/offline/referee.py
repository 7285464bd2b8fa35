"""Reviews: the reviewer's own rules, which need no model."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ai_scientist_reviewer.offline import OfflineReferee
from ai_scientist_reviewer.ports import Prompt
from pydantic import BaseModel


class Anything(BaseModel, extra="allow"):
    """A form that keeps whatever is filled in, so that the caller's form can judge it."""


def rule(name: str) -> Any:
    def fill(values: Mapping[str, Any]) -> Mapping[str, Any]:
        return OfflineReferee().fill(Prompt(name=name, values=values), Anything).model_dump()

    return fill


referee, reflect, verify_points, area_chair = (rule(n) for n in ("referee", "reflect", "verify_points", "area_chair"))
follow_up, verify_follow_up = rule("follow_up"), rule("verify_follow_up")


def related_queries(values: Mapping[str, Any]) -> Mapping[str, Any]:
    """What rules name was named before a model is asked."""
    return {"queries": []}
