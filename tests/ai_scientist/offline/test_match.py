from __future__ import annotations

import pytest

from ai_scientist.errors import TopicRefused
from ai_scientist.offline.match import match, study_for
from ai_scientist.offline.studies import studies


@pytest.mark.parametrize(
    ("topic", "slug"),
    [
        ("early stopping under label noise", "label-noise"),
        ("noisy labels", "label-noise"),
        ("Do networks memorise wrong labels?", "label-noise"),
        ("label smoothing against corrupted labels", "label-noise"),
        ("calibration of predicted probabilities", "calibration"),
        ("How overconfident is naive Bayes and can temperature scaling help", "calibration"),
        ("Does augmentation help when there are few training images?", "small-data"),
        ("mixup for tiny datasets", "small-data"),
        ("# Title\nNoise in labels\n\n# Abstract\nWe study label noise in digits.", "label-noise"),
    ],
)
def test_a_topic_finds_its_study(topic: str, slug: str) -> None:
    assert study_for(topic).slug == slug


@pytest.mark.parametrize(
    "topic",
    [
        "protein folding with diffusion models",
        "quantum error correction with surface codes",
        "reinforcement learning for robot hands",
        "does warm-up help small networks trained with large batches?",
        "stock price prediction with transformers",
        "small language models",
        "image classification",
        "a history of Rome",
        "learning",
    ],
)
def test_a_foreign_topic_is_refused_with_a_way_on(topic: str) -> None:
    assert match(topic) is None
    with pytest.raises(TopicRefused, match="--model"):
        study_for(topic)


def test_every_phrase_of_a_study_finds_it() -> None:
    for study in studies().values():
        for phrase in study.phrases:
            assert study_for(phrase).slug == study.slug
