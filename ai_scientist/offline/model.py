"""The offline model as a chat model: each prompt's name leads to the rules that answer it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ai_scientist.datasets.summary import DataSummary
from ai_scientist.errors import ModelError
from ai_scientist.models.base import F, Reply
from ai_scientist.offline import artist, coder, manager, referee, thinker, writer
from ai_scientist.offline.match import study_for
from ai_scientist.offline.studies import on_data
from ai_scientist.records import Author, Prompt

Rule = Callable[[Mapping[str, Any]], Mapping[str, Any]]
"""From a prompt's values to the fields of the form that it asks for."""

RULES: dict[str, Rule] = {
    "propose_idea": thinker.propose_idea,
    "plan_stage": manager.plan_stage,
    "judge_stage": manager.judge_stage,
    "draft": coder.draft,
    "improve": coder.improve,
    "tune": coder.tune,
    "ablate": coder.ablate,
    "debug": coder.debug,
    "draw_figures": artist.draw_figures,
    "redraw_figure": artist.redraw_figure,
    "look_at_figure": artist.look_at_figure,
    "write_paper": writer.write_paper,
    "mend_paper": writer.mend_paper,
    "referee": referee.referee,
    "verify_points": referee.verify_points,
    "area_chair": referee.area_chair,
    "reflect": referee.reflect,
    "follow_up": referee.follow_up,
    "verify_follow_up": referee.verify_follow_up,
    "related_queries": referee.related_queries,
}


class OfflineModel:
    """Rules for a family of studies. It answers at once, at no cost, and the same each time."""

    name = "offline"
    author: Author = "ours"

    def takes(self, topic: str, data: Sequence[DataSummary] = ()) -> None:
        """Raises TopicRefused: there is no study for the topic, or none that the user's data fit; says which there are."""
        on_data(study_for(topic), data)

    def fill(self, prompt: Prompt, form: type[F], pictures: Sequence[bytes] = ()) -> Reply[F]:
        return Reply(value=form.model_validate(answer(prompt)), author=self.author, model=self.name)

    def write(self, prompt: Prompt, pictures: Sequence[bytes] = ()) -> Reply[str]:
        return Reply(value=json.dumps(answer(prompt)), author=self.author, model=self.name)


def answer(prompt: Prompt) -> Mapping[str, Any]:
    """Raises ModelError where there is no rule for a prompt, TopicRefused where there is no study for a topic."""
    rule = RULES.get(prompt.name)
    if rule is None:
        raise ModelError(
            f"The offline model has no rule for '{prompt.name}': set up a model with --model provider:name."
        )
    return rule(prompt.values)
