"""Sentences that call one named method the best, or all of them better than one, beside the tables that would have to bear them out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ai_scientist_reviewer.evidence.facts import Fact, Sheet
from ai_scientist_reviewer.evidence.labels import words
from ai_scientist_reviewer.evidence.metrics import Direction, direction_of
from ai_scientist_reviewer.evidence.rankings import NOT, Ranking, sure
from ai_scientist_reviewer.passages import Passage

_BEST = re.compile(
    r"\b(?:perform(?:s|ed)?\s(?:the\s)?best|(?:is|was|are|were|proves?|proved)\s(?:\w+ly\s)?(?:the\s)?(?:best|most effective)"
    r"|(?:achiev|reach|obtain|attain|yield|show|giv|ha[sd]|ga)\w*\s(?:by far\s)?the\s(?:best|(?P<high>highest)|(?P<low>lowest)))\b",
    re.IGNORECASE,
)
_ALL = re.compile(
    r"\ball\s(?:of\s)?(?:the\s|our\s|other\s)?(?:[\w-]+\s){0,2}?"
    r"(?:strategies|methods|variants|models|approaches|configurations|techniques|settings|algorithms|remedies)\s"
    r"(?:\w+ly\s)?(?P<word>outperform(?:ed|s)?|surpass(?:ed)?|beat|improved?\s(?:up)?on|improved?\sover|(?:are|were)\sbetter\sthan)\b",
    re.IGNORECASE,
)
_CLAUSES = re.compile(r";|,?\s(?:while|whereas|although|though|but)\s|:\s")
_NARROWED = re.compile(
    r"\b(?:among|second|one of|nearly|almost|trade-?offs?|balance|overall|on average|potential|previous(?:ly)?|so far|known)\b",
    re.IGNORECASE,
)
"""What makes of a superlative something that no cell says."""
_NUMBER = re.compile(r"\d\.\d|\d\s?%")


def superlatives_of(passage: Passage, start: int, end: int, sheets: Sequence[Sheet]) -> Iterator[Ranking]:
    """The claims of a sentence's clauses, each with the pairs of cells for and against it."""
    at = start
    for clause in _CLAUSES.split(passage.text[start:end]):
        at = passage.text.index(clause, at)
        for pattern in (_BEST, _ALL):
            marks = list(pattern.finditer(clause))
            rest = pattern.sub(" ", clause)
            if len(marks) == 1 and not NOT.search(rest) and not _NARROWED.search(rest):
                found = (_of_sheet(marks[0], clause, at, sheet) for sheet in sheets)
                yield from [ranking for ranking in found if ranking is not None][:1]
        at += len(clause)


def _of_sheet(mark: re.Match[str], clause: str, start: int, sheet: Sheet) -> Ranking | None:
    everyone = mark.re is _ALL
    side = clause[mark.end() :] if everyone else clause[: mark.start()]
    for axis, facet in enumerate(sheet.facets):
        one = sure(facet, side.partition(",")[0] if everyone else side)
        if len(one) != 1 or len(facet.names) < 3:
            continue
        (name,) = one
        if _NUMBER.search(clause.replace(" %", "%")) and not _said_by(name, clause):
            return None  # what gives numbers is held to them
        pairs = _pairs(name, axis, clause, sheet)
        ways: list[Direction | None] = [_way(mark, fact, sheet) for fact, _ in pairs]
        if not pairs or None in ways:
            return None
        # Of "all are better than the baseline" the others are what must be better.
        against = [
            (a, b) if not everyone else (b, a)
            for (a, b), way in zip(pairs, ways, strict=True)
            if a.value != b.value and ((a.value > b.value) != (way == "higher")) != everyone
        ]
        support = [pair for pair in pairs if pair not in against and (pair[1], pair[0]) not in against]
        word = mark["word"] if everyone else mark.group()
        at = start + (mark.start("word") if everyone else mark.start())
        return Ranking(word, at, at + len(word), ways[0], tuple(support), tuple(against), everywhere=True)
    return None


def _said_by(name: str, clause: str) -> bool:
    """Whether each number of the clause is a part of the name."""
    numbers = re.findall(r"\d+(?:\.\d+)?", clause)
    return all(number in re.findall(r"\d+(?:\.\d+)?", name) for number in numbers)


def _pairs(name: str, axis: int, clause: str, sheet: Sheet) -> list[tuple[Fact, Fact]]:
    """The named one's cells, each with those of the others, in what the clause names; none where it leaves open what is measured."""
    named = sheet.named(frozenset(words(clause)))
    for i, (names, facet) in enumerate(zip(named, sheet.facets, strict=True)):
        several = len(facet.names) > 1 and i != axis
        if several and not names and any(direction_of([one]) for one in facet.names):
            return []
    if not any(names for i, names in enumerate(named) if i != axis):
        return []
    return [
        (a, b)
        for a in sheet.facts
        if a.at[axis] == name and all(i == axis or not names or a.at[i] in names for i, names in enumerate(named))
        for b in sheet.facts
        if b.at[axis] != name and (*a.at[:axis], *a.at[axis + 1 :]) == (*b.at[:axis], *b.at[axis + 1 :])
    ]


def _way(mark: re.Match[str], fact: Fact, sheet: Sheet) -> Direction | None:
    if mark.re is _BEST and (mark["high"] or mark["low"]):
        return "higher" if mark["high"] else "lower"
    return direction_of([*reversed(fact.at), sheet.title])
