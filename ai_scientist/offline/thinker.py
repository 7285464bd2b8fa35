"""Ideas: the study that a topic is about, as an idea."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ai_scientist.offline.match import match, study_for
from ai_scientist.offline.studies import on_data


def propose_idea(values: Mapping[str, Any]) -> Mapping[str, Any]:
    """The study's idea. What a person said against it cannot move a fixed study; it stays the same."""
    study = on_data(study_for(values["topic"]), values.get("data", ()))
    return {
        "slug": study.slug,
        "title": study.title,
        "question": study.question,
        "hypothesis": study.hypothesis,
        "metric": study.metric.metric.model_dump(),
        "secondary": [metric.metric.model_dump() for metric in study.secondary],
        "datasets": [{"name": name, "about": about} for name, about in study.datasets.items()],
        "predictions": [prediction.model_dump() for prediction in study.predictions],
        "baseline": study.baseline.description,
        "proposal": study.proposal,
        "risks": [*study.risks, *tie(values["topic"])],
        "keywords": study.keywords,
        "queries": study.queries,
        "study": study.slug,
    }


def tie(topic: str) -> list[str]:
    """What to say where the topic fits another study as well."""
    found = match(topic)
    others = " and ".join(f"the {study.keywords[0]} study" for study in found.also) if found else ""
    return [f"The topic fits {others} of the offline model as well; what it names first decided."] if others else []
