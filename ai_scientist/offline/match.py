"""Find the study that a topic is about; refuse a topic that none is about.

A topic is about a study where it uses a term of that study (concepts.yaml, and the phrases in the study's own file) and names no
subject of others. A term that others use too, such as pruning, counts only beside words of machine learning, or where the topic says
nothing that is not known here. The headline decides; the rest of a longer topic is read where the headline names no study.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Literal

import yaml

from ai_scientist.errors import TopicRefused
from ai_scientist.models.defaults import HOSTED
from ai_scientist.offline.studies import Study, studies
from ai_scientist.topic import headline

NEAR = 5
"""Words that may stand between those of a term, all in all."""
STRANGE = 2
"""Words that are known nowhere here, beside an unsure term at most. A sure one bears twice as many, and one more for each of its words."""
FIRST = 1.0
"""What a problem gains by being named before the others."""
TIE = 0.3
"""Scores that differ by less are a tie."""
DENSE = 30
"""Words of a longer topic for each use of a term of its study, at most."""

SMALL = frozenset("a an and as at by for from in is it not of on or than that the to under up with without".split())
"""Words that a phrase is also put without."""

SENTENCE = re.compile(r"[.?!:;](?=\s|$)|\n")
WORD = re.compile(r"[a-z0-9]+")


@dataclass(frozen=True)
class Words:
    """Any of some words."""

    whole: frozenset[str]
    beginnings: tuple[str, ...]

    def have(self, word: str) -> bool:
        return word in self.whole or word.startswith(self.beginnings)


@dataclass(frozen=True)
class Term:
    """Words that have to stand near one another, in any order."""

    slug: str
    """The study that it tells of; "" for a subject of others."""
    role: Literal["problem", "remedy"]
    sure: bool
    words: tuple[Words, ...]

    @property
    def weight(self) -> float:
        return len(self.words) + (0.5 if self.sure else 0) + (0.75 if self.role == "problem" else 0)

    def place(self, said: Sequence[str]) -> tuple[int, ...]:
        """The places of its words where they first stand near one another; nothing where they do not."""
        spots = [[place for place, word in enumerate(said) if words.have(word)] for words in self.words]
        if not all(spots):
            return ()
        reach = len(spots) + NEAR
        for start in sorted({place for spot in spots for place in spot}):
            taken: list[int] = []
            for spot in spots:
                close = spot[bisect_left(spot, start) : bisect_left(spot, start + reach)]
                taken += [place for place in close if place not in taken][:1]
            if len(taken) == len(spots):
                return tuple(taken)
        return ()


@dataclass(frozen=True)
class Hit:
    term: Term
    at: int
    """How many words of the topic come before its last one."""
    words: tuple[str, ...]


@dataclass(frozen=True)
class Match:
    study: Study
    score: float
    words: tuple[str, ...]
    """The topic's words that decided."""
    also: tuple[Study, ...] = ()
    """Studies that fit as well, so that only the order in which the topic names things decided."""


@dataclass(frozen=True)
class Lexicon:
    terms: tuple[Term, ...]
    foreign: tuple[Term, ...]
    strong: Words
    weak: Words
    known: Words
    """A word that is plain, of machine learning, or of a study."""


def match(topic: str) -> Match | None:
    """The study that the topic is about, or None."""
    title = headline(topic)
    head = read(title)
    if names(head, lexicon().foreign):
        return None
    hits = [hit for hit in names(head, lexicon().terms) if stands(hit, head)]
    said = {word for sentence in head for word in sentence} - SMALL
    found = decide(
        [hit for hit in hits if said <= set(hit.words)] or hits
    )  # a term that is the whole headline goes before its parts
    if found or len(topic.strip()) <= len(title) + 20:
        return found
    # The headline may be a play on words. Then the rest has to be full of the terms of one study.
    whole = read(topic)
    if len(unknown(head)) > STRANGE or names(whole, lexicon().foreign):
        return None
    hits = [hit for hit in names(whole, lexicon().terms) if hit.term.sure or context(hit, whole) > 1]
    return decide(hits) if full(hits, whole) else None


def decide(hits: Sequence[Hit]) -> Match | None:
    """The study whose best term weighs most, those with a problem before those with remedies alone. A problem that is named
    before the others weighs more; near equals are a tie."""
    asked = {hit.term.slug for hit in hits if hit.term.role == "problem" and hit.term.sure}
    hits = [hit for hit in hits if not asked or hit.term.slug in asked]
    weights: dict[str, float] = {}
    for slug in dict.fromkeys(hit.term.slug for hit in hits):
        own = [hit for hit in hits if hit.term.slug == slug]
        weights[slug] = max(hit.term.weight for hit in own) + 0.25 * min(3, len({hit.words for hit in own}) - 1)
    if not weights:
        return None
    scores = dict(weights)
    problems = [hit for hit in hits if hit.term.role == "problem"]
    for slug in {hit.term.slug for hit in problems if hit.at == problems[0].at}:
        scores[slug] += FIRST
    first = max(scores, key=lambda slug: scores[slug])  # of equals the one named first
    words = dict.fromkeys(word for hit in hits if hit.term.slug == first for word in hit.words)
    others = tuple(
        studies()[slug] for slug, weight in weights.items() if slug != first and weight > weights[first] - TIE
    )
    return Match(studies()[first], scores[first], tuple(words), others)


def nearest(topic: str) -> tuple[Study, ...]:
    """The studies whose terms the topic uses, whatever else it says; the weightiest first."""
    weights: dict[str, float] = {}
    for hit in names(read(topic), lexicon().terms):
        weights[hit.term.slug] = max(hit.term.weight, weights.get(hit.term.slug, 0))
    return tuple(studies()[slug] for slug in sorted(weights, key=lambda slug: -weights[slug]))


def study_for(topic: str) -> Study:
    """The study that the topic is about.

    Raises:
        TopicRefused: none is; says which come nearest, and how to set up a model that is not bound to them.
    """
    found = match(topic)
    if found is None:
        near = ", ".join(f"{study.slug} ({study.keywords[0]})" for study in nearest(topic)[:3])
        raise TopicRefused(
            f"The offline model has no study of '{headline(topic)}'{f'; the nearest is about {near}' if near else ''}. "
            f"`ai-scientist topics` lists its {len(studies())} studies. For any other topic set up a model: export OPENAI_API_KEY=… and add "
            f"--model {HOSTED['openai']}, or ANTHROPIC_API_KEY and --model {HOSTED['anthropic']}."
        )
    return found.study


def read(text: str) -> tuple[tuple[str, ...], ...]:
    """The words of each sentence in lower case, accents and hyphens gone."""
    folded = unicodedata.normalize("NFKD", text.casefold()).replace("’", "'").replace("'s", "")
    bare = "".join(c for c in folded if not unicodedata.combining(c))
    return tuple(words for sentence in SENTENCE.split(bare) if (words := tuple(WORD.findall(sentence))))


def names(said: Sequence[Sequence[str]], terms: Iterable[Term]) -> list[Hit]:
    """The terms that the sentences use, in their order there."""
    hits: list[Hit] = []
    before = 0
    for sentence in said:
        for term in terms:
            if places := term.place(sentence):
                hits.append(Hit(term, before + max(places), tuple(sentence[place] for place in sorted(places))))
        before += len(sentence)
    return sorted(hits, key=lambda hit: hit.at)


def stands(hit: Hit, said: Sequence[Sequence[str]]) -> bool:
    """Whether the headline really speaks of it."""
    strange = len(unknown(said))
    if hit.term.sure:
        return strange <= 2 * STRANGE + len(hit.term.words)
    return strange == 0 or (strange <= STRANGE and context(hit, said) > strange)


def context(hit: Hit, said: Sequence[Sequence[str]]) -> int:
    """How much machine learning is beside a term: two for each strong word, one for each weak one."""
    others = {word for sentence in said for word in sentence} - set(hit.words)
    return sum(2 if lexicon().strong.have(w) else 1 if lexicon().weak.have(w) else 0 for w in others)


def unknown(said: Sequence[Sequence[str]]) -> set[str]:
    """The words that are neither plain, nor of machine learning, nor of any study."""
    words = {word for sentence in said for word in sentence if not word.isdigit() and len(word) > 2}
    return {word for word in words if not lexicon().known.have(word)}


def full(hits: Sequence[Hit], said: Sequence[Sequence[str]]) -> bool:
    """Whether a longer text uses the terms of some study often enough to be about it."""
    uses = Counter(slug for slug, _ in {(hit.term.slug, hit.at) for hit in hits})
    return bool(uses) and max(uses.values()) >= max(2, sum(map(len, said)) / DENSE)


@cache
def lexicon() -> Lexicon:
    """concepts.yaml, and the phrases of the studies that there are."""
    text = resources.files("ai_scientist.offline").joinpath("concepts.yaml").read_text(encoding="utf-8")
    told = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    plain, strong, weak = (any_of(told[name].split()) for name in ("plain", "strong", "weak"))
    terms = [
        term(line, slug, role, sure == "sure", told["words"])
        for slug, roles in told["studies"].items()
        if slug in studies()
        for role, lists in roles.items()
        for sure, lines in lists.items()
        for line in lines
    ]
    for slug, study in studies().items():
        for phrase in study.phrases:
            words = [word for sentence in read(phrase) for word in sentence if word not in SMALL]
            terms.append(Term(slug, "remedy", False, tuple(forms(word) for word in words)))
    known = [plain, strong, weak, *(words for term in terms for words in term.words)]
    return Lexicon(
        terms=tuple(terms),
        foreign=tuple(term(line, "", "problem", True, told["words"]) for line in told["foreign"]),
        strong=strong,
        weak=weak,
        known=Words(frozenset().union(*(w.whole for w in known)), tuple({b for w in known for b in w.beginnings})),
    )


def term(line: str, slug: str, role: Literal["problem", "remedy"], sure: bool, words: Mapping[str, str]) -> Term:
    """The term that a line of concepts.yaml states."""
    told = re.sub(r"<(\w+)>", lambda found: words[found[1]], line)
    return Term(slug, role, sure, tuple(any_of(word.split("|")) for word in told.split()))


def any_of(words: Sequence[str]) -> Words:
    """`prun*` stands for all that begin so, another word for itself and its forms."""
    whole = {word + ending for word in words if not word.endswith("*") for ending in ("", "s", "es", "d", "ed", "ing")}
    return Words(frozenset(whole), tuple(word[:-1] for word in words if word.endswith("*")))


def forms(word: str) -> Words:
    """The forms of a word of a phrase, in either spelling: normalising, normalized, normalisation."""
    if agent := re.fullmatch(r"(\w+)i[sz]ers?", word):
        return Words(frozenset(), (f"{agent[1]}iser", f"{agent[1]}izer"))
    if verb := re.fullmatch(r"(\w{3,})i[sz](?:ations?|ing|ed|es?)", word):
        return Words(frozenset(), (f"{verb[1]}is", f"{verb[1]}iz"))
    stem = re.sub(r"(ations?|ness|ings?|ed|ies|es|s|e|y)$", "", word)
    if len(stem) > 4:
        return Words(frozenset(), (stem,))
    return any_of([word, stem, f"{stem}e", f"{stem}y"] if len(stem) > 2 else [word])
