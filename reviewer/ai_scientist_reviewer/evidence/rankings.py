"""Sentences that rank methods without giving numbers, beside the tables that would have to bear them out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ai_scientist_reviewer.evidence.facts import Fact, Sheet
from ai_scientist_reviewer.evidence.labels import Names, words
from ai_scientist_reviewer.evidence.metrics import Direction, direction_of
from ai_scientist_reviewer.passages import Passage

_RANKS = re.compile(
    r"\b(?:(?P<better>outperform\w*|surpass\w*|beats?|superior to|better than|improve[sd]? (?:up)?on|improve[sd]? over)"
    r"|(?P<worse>underperform\w*|worse than|inferior to|lags? behind|falls? short of)"
    r"|(?P<greater>higher|greater|larger)|(?P<less>lower|smaller))\b",
    re.IGNORECASE,
)
NOT = re.compile(
    r"\b(?:not|no|neither|nor|never|hardly|cannot|n[’']t|whether|if|would|could|may|might|should|expect\w*|hypothes\w+|comparable|competitive|mixed|some|most|except|other)\b",
    re.IGNORECASE,
)
_EVERYWHERE = re.compile(r"\b(?:consistently|all|every|each|always|across)\b", re.IGNORECASE)
_NUMBER = re.compile(r"\d\.\d|\d\s?%")
_SURE = 0.9
"""Share of a name's words that both sides of a ranking must have."""


class Ranking(NamedTuple):
    """A claim that one named method is better, or higher, than another, with the pairs of cells for and against it."""

    word: str
    start: int
    end: int
    better: Direction | None
    """Which way is better of the first pair against it."""
    support: tuple[tuple[Fact, Fact], ...]
    against: tuple[tuple[Fact, Fact], ...]
    everywhere: bool


def rankings_of(passage: Passage, start: int, end: int, sheets: Sequence[Sheet]) -> Iterator[Ranking]:
    """The rankings of a sentence that the tables can be asked about."""
    sentence = passage.text[start:end]
    marks = list(_RANKS.finditer(sentence))
    if len(marks) != 1 or NOT.search(sentence) or _NUMBER.search(sentence):
        return  # what gives numbers is held to them
    mark = marks[0]
    left, right = sentence[: mark.start()], sentence[mark.end() :]
    if mark["greater"] or mark["less"]:
        right = right.partition(" than ")[2]
    for sheet in sheets:
        ranking = _ranking(mark, left, right, sentence, start, sheet)
        if ranking is not None:
            yield ranking
            return


def _ranking(mark: re.Match[str], left: str, right: str, sentence: str, start: int, sheet: Sheet) -> Ranking | None:
    told = frozenset(words(sentence))
    named = sheet.named(told)
    for axis, facet in enumerate(sheet.facets):
        subject, other = sure(facet, left), sure(facet, right)
        if len(subject) != 1 or len(other) != 1 or subject == other:
            continue
        pairs = [
            (a, b) for a, b, i in sheet.pairs(sheet.facts) if i == axis and a.at[i] in subject and b.at[i] in other
        ]
        pairs = [
            (a, b) for a, b in pairs if all(i == axis or not names or a.at[i] in names for i, names in enumerate(named))
        ]
        ways: list[Direction | None] = [_way(mark, sentence, a, sheet) for a, _ in pairs]
        if not ways or any(way is None for way in ways):
            return None  # of some cells it is not known which way is better
        judged: list[tuple[Fact, Fact, Direction | None]] = [
            (a, b, way) for (a, b), way in zip(pairs, ways, strict=True) if a.value != b.value
        ]
        support = tuple((a, b) for a, b, way in judged if (a.value > b.value) == (way == "higher"))
        against = tuple((a, b) for a, b, way in judged if (a.value > b.value) != (way == "higher"))
        better: Direction | None = next((way for a, b, way in judged if (a.value > b.value) != (way == "higher")), None)
        everywhere = bool(_EVERYWHERE.search(sentence))
        return Ranking(mark.group(), start + mark.start(), start + mark.end(), better, support, against, everywhere)
    return None


def sure(facet: Names, text: str) -> frozenset[str]:
    """The names of which a text says nearly all words."""
    told = frozenset(words(text))
    if len(facet.names) < 2:
        return frozenset()
    return frozenset(name for name in facet.named(told) if facet.score(name, told) >= _SURE or facet.short(name, told))


def _way(mark: re.Match[str], sentence: str, fact: Fact, sheet: Sheet) -> Direction | None:
    """Which value the subject of the sentence must have."""
    if mark["greater"] or mark["less"]:
        # "lower validation loss": the metric has to be named, or the cells may be of another.
        measured = [
            names
            for names, of in zip(sheet.named(frozenset(words(sentence))), sheet.facets, strict=True)
            if names and direction_of(of.names)
        ]
        if not measured and direction_of([sheet.title]) is None:
            return None
        return "higher" if mark["greater"] else "lower"
    direction = direction_of([*reversed(fact.at), sheet.title])
    if direction is None or mark["better"]:
        return direction
    return "lower" if direction == "higher" else "higher"
