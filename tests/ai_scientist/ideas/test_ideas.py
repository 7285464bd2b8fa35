from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ai_scientist.config import Config
from ai_scientist.errors import InputError, ModelError
from ai_scientist.ideas.forms import IdeaForm
from ai_scientist.ideas.propose import propose
from ai_scientist.models.scripted import ScriptedModel
from ai_scientist.topic import headline, read_topic, slug

FORM: dict[str, Any] = {
    "slug": "warm-up",
    "title": "Does warm-up help?",
    "question": "Does it?",
    "hypothesis": "It does.",
    "metric": {"name": "accuracy", "better": "higher", "label": "accuracy"},
    "datasets": [{"name": "digits", "about": "Digits."}],
    "predictions": [
        {
            "metric": "accuracy",
            "dataset": "digits",
            "direction": "higher",
            "at_least": 0.01,
            "role": "primary",
            "text": "It helps.",
        }
    ],
    "baseline": "Without.",
    "proposal": "With.",
}


def test_a_markdown_topic_gives_its_title(tmp_path: Path) -> None:
    file = tmp_path / "topic.md"
    file.write_text("# Title\nEarly stopping: when, and why?\n\n# Abstract\nLong.\n")
    assert headline(read_topic(str(file))) == "Early stopping: when, and why?"
    assert slug(read_topic(str(file))) == "early-stopping-when-and-why"


def test_a_long_sentence_with_a_slash_is_no_file() -> None:
    sentence = "do train/test splits matter " * 20
    assert read_topic(sentence) == sentence.strip()


@pytest.mark.parametrize("given", ["", "   ", "—", "missing.md", "/", "x" * 20_001])
def test_a_topic_that_is_none_is_refused(given: str) -> None:
    with pytest.raises(InputError):
        read_topic(given)


def test_an_idea_whose_prediction_is_about_nothing_measured_is_asked_for_again() -> None:
    wrong = {**FORM, "predictions": [{**FORM["predictions"][0], "metric": "loss", "dataset": "cifar"}]}
    model = ScriptedModel([IdeaForm.model_validate(wrong), IdeaForm.model_validate(FORM)])
    idea = propose("warm-up", (), model, Config())
    assert idea.predictions[0].metric == "accuracy"


def test_an_idea_that_never_hangs_together_is_refused() -> None:
    wrong = IdeaForm.model_validate({**FORM, "predictions": [{**FORM["predictions"][0], "role": "secondary"}]})
    model = ScriptedModel([wrong] * Config().models.attempts)
    with pytest.raises(ModelError, match="primary"):
        propose("warm-up", (), model, Config())
