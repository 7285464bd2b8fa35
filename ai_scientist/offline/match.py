"""Find the study that a topic is about, by its words; refuse a topic that none is about.

Words are folded to their stems and weighed by how few studies use them. A study's phrases are ways to put its topic: one has to
be covered nearly whole, and little of the topic may lie outside the study's vocabulary.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

from ai_scientist.errors import TopicRefused
from ai_scientist.models.defaults import HOSTED
from ai_scientist.offline.studies import Study, studies
from ai_scientist.topic import headline

COVERED = 0.74
"""Share of a phrase's weight that the topic has to hold."""

COMMON = frozenset(
    "a about against all an and any are as at be been better both but by can could data dataset difference do does each effect effective for "
    "from good has have help helps helpful how if image images impact improve improves improving in influence into is it its label labels learn learned learning like "
    "machine make makes matter matters method methods model models more most much network networks neural no not of often on only or other our over problem question "
    "really role same set sets should show simple small some study studies studying such than that the their them there these they this those to train trained training "
    "under use used useful using very was way ways we well what when where whether which while who why will with without work works would you investigate investigating "
    "investigation compare comparing comparison understanding analysis analyse experiment experiments research topic title abstract keywords tl dr".split()
)
"""Words that tell no study from another by themselves. They still count inside a phrase, at a low weight."""


@dataclass(frozen=True)
class Match:
    study: Study
    score: float
    """0 to 1: how much of the study's best phrase the topic covers."""


def stem(word: str) -> str:
    """A word without its commonest English endings."""
    for ending, instead in (("ization", "ize"), ("isation", "ize"), ("ising", "ize"), ("izing", "ize"), ("ise", "ize"), ("ations", ""),
                            ("ation", ""), ("ated", ""), ("ates", ""), ("ate", ""), ("ies", "y"), ("ness", ""), ("ing", ""), ("ed", ""), ("es", ""), ("s", "")):  # fmt: skip
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word[: -len(ending)] + instead
            break
    if len(word) > 4 and word[-1] == word[-2] and word[-1] not in "ls":
        word = word[:-1]
    return word[:-1] if len(word) > 4 and word.endswith("e") else word


def stems(text: str) -> list[str]:
    return [stem(word) for word in re.findall(r"[a-z0-9]+", text.lower())]


def weights(known: Mapping[str, Study]) -> dict[str, float]:
    """Each stem's weight: low for common words, high for those that few studies use."""
    used: dict[str, int] = {}
    for study in known.values():
        for word in set(stems(" ".join([*study.phrases, *study.keywords, study.title]))):
            used[word] = used.get(word, 0) + 1
    common = {stem(word) for word in COMMON}
    return {word: 0.15 if word in common else 1 + math.log(len(known) / count) for word, count in used.items()}


def match(topic: str) -> Match | None:
    """The study that the topic is about, or None. The headline decides; the rest of a longer topic may only support it."""
    known = studies()
    weight = weights(known)
    common = {stem(word) for word in COMMON}
    best: Match | None = None
    for text in (headline(topic), topic):
        said = set(stems(text))
        for study in known.values():
            vocabulary = set(stems(" ".join([*study.phrases, *study.keywords, study.title, study.question])))
            foreign = {word for word in said - vocabulary - common if not word.isdigit()}
            for phrase in study.phrases:
                words = set(stems(phrase))
                whole = sum(weight[word] for word in words)
                score = sum(weight[word] for word in words & said) / whole
                telling = {word for word in words & said if word not in common}
                score *= 1 - min(0.5, max(0, len(foreign) - 2 * len(telling)) * 0.08)
                whole_phrase = len(words) > 1 and words <= said and not foreign
                if (telling or whole_phrase) and score >= COVERED and (best is None or score > best.score):
                    best = Match(study, score)
        if best:
            return best
    return best


def study_for(topic: str) -> Study:
    """The study that the topic is about.

    Raises:
        TopicRefused: none is; says which there are and how to set up a model that is not bound to them.
    """
    found = match(topic)
    if found is None:
        known = "; ".join(f"{study.keywords[0]} ({slug})" for slug, study in studies().items())
        raise TopicRefused(
            f"The offline model cannot study '{headline(topic)}': it knows {known}. For any other topic set up a model: "
            f"export OPENAI_API_KEY=… and add --model {HOSTED['openai']}, or ANTHROPIC_API_KEY and --model {HOSTED['anthropic']}."
        )
    return found.study
