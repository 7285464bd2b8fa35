"""Topics find their study by what they mean, and foreign ones are refused. The topics are in topics.yaml beside this file."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
import yaml

from ai_scientist.errors import TopicRefused
from ai_scientist.offline.match import lexicon, match, nearest, study_for
from ai_scientist.offline.studies import studies
from ai_scientist.offline.thinker import propose_idea

TOPICS: dict[str, list[str]] = yaml.safe_load(Path(__file__).with_name("topics.yaml").read_text(encoding="utf-8"))
FOREIGN = TOPICS.pop("foreign")


def test_every_study_has_topics_to_be_found_by() -> None:
    assert set(studies()) <= set(TOPICS)
    assert len(FOREIGN) >= 60 and sum(map(len, TOPICS.values())) >= 60
    assert all(len(topics) >= 20 for topics in TOPICS.values())


@pytest.mark.parametrize("slug", sorted(studies()))
def test_paraphrases_find_their_study(slug: str) -> None:
    found = {topic: match(topic) for topic in TOPICS[slug]}
    missed = {topic: m and m.study.slug for topic, m in found.items() if m is None or m.study.slug != slug}
    assert missed == {}


def test_foreign_topics_are_refused() -> None:
    taken = {topic: m.study.slug for topic in FOREIGN if (m := match(topic))}
    assert taken == {}


@pytest.mark.parametrize("slug", sorted(studies()))
def test_a_study_is_found_by_its_own_words(slug: str) -> None:
    study = studies()[slug]
    missed = {
        phrase: m and m.study.slug for phrase in study.phrases if not (m := match(phrase)) or m.study.slug != slug
    }
    assert missed == {}
    assert study_for(slug.replace("-", " ")).slug == slug


def test_a_problem_goes_before_a_remedy_and_the_first_problem_before_the_next() -> None:
    for topic, slug in (
        ("dropout and early stopping under label noise", "label-noise"),
        ("mixup for imbalanced classes", "class-imbalance"),
        ("calibration of classifiers trained on wrong labels", "calibration"),
        ("learning from wrong labels, and calibration of classifiers", "label-noise"),
        ("isotonic calibration with few validation points", "calibration"),
    ):
        assert study_for(topic).slug == slug, topic


def test_a_tie_is_said_and_what_is_named_first_decides() -> None:
    for topic, slug, also in (
        ("label noise and class imbalance", "label-noise", ["class-imbalance"]),
        ("class imbalance and label noise", "class-imbalance", ["label-noise"]),
        ("pruning and calibration", "pruning", ["calibration"]),
        ("early stopping or dropout under label noise", "label-noise", []),
    ):
        found = match(topic)
        assert found and (found.study.slug, [study.slug for study in found.also]) == (slug, also), topic
    assert "calibration study" in " ".join(propose_idea({"topic": "pruning and calibration"})["risks"])
    assert propose_idea({"topic": "pruning"})["risks"] == studies()["pruning"].risks


def test_the_body_decides_where_the_headline_plays_with_words() -> None:
    body = "\n\n# Abstract\nTraining sets hold wrong labels. We ask how much label noise a small network bears, and which loss is robust to it."
    assert study_for("# Untrustworthy witnesses" + body).slug == "label-noise"
    aside = "\n\nWe count cars on the roads of Lagos at each hour of the day for a year and predict jams from the counts, and use dropout to avoid "
    aside += "overfitting, since the counts of a single day are few. Traffic is heaviest before noon. We also look at rain, holidays and roadworks."
    assert match("# Traffic jams in Lagos" + aside) is None
    assert match("# Protein folding" + body) is None, "a foreign headline is not mended by its body"


def test_a_refusal_names_the_nearest_study_and_the_ways_on() -> None:
    with pytest.raises(TopicRefused) as refused:
        study_for("calibration of thermometers")
    for part in ("'calibration of thermometers'", "calibration (", "`ai-scientist topics`", "--model"):
        assert part in str(refused.value)
    with pytest.raises(TopicRefused) as refused:
        study_for("a history of Rome")
    assert "nearest" not in str(refused.value)
    assert nearest("a history of Rome") == ()


def test_hostile_and_odd_topics_are_answered() -> None:
    for topic in ("", "?", "\n\n", "*", "a|b", "(((", "学习", "label " * 3000, "x" * 20_000):
        match(topic)


def test_matching_is_fast() -> None:
    lexicon()
    topics = [*FOREIGN, *(topic for some in TOPICS.values() for topic in some)]
    started = time.process_time()
    for topic in topics:
        match(topic)
    assert (time.process_time() - started) / len(topics) < 0.05
