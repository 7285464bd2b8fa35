"""An estimate with its interval, as −0.005 [−0.011, 0.002], held against the result files as one.

Alone, numbers as short as these are found by chance in any set of values; that three of them stand at one place is none.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from ai_scientist_reviewer.evidence.facts import Fact, Sheet
from ai_scientist_reviewer.evidence.holding import CHANCE, Found, states
from ai_scientist_reviewer.evidence.labels import words
from ai_scientist_reviewer.evidence.statements import Statement

_LOW = re.compile(r"(?:^|[_\W])(?:low|lower|lo)(?:$|[_\W])", re.IGNORECASE)
_HIGH = re.compile(r"(?:^|[_\W])(?:high|upper|up|hi)(?:$|[_\W])", re.IGNORECASE)
_FORMS = 41
"""Wrong numbers of the same form among which chance is counted: twenty units of the last digit on either side."""


class _Place(NamedTuple):
    """What the files hold at one place: both ends, and what lies beside them."""

    low: Fact
    high: Fact
    beside: tuple[Fact, ...]


def with_intervals(sentence: Sequence[Statement], found: Sequence[Found], sheets: Sequence[Sheet]) -> list[Found]:
    """What was found of a sentence's numbers, those of intervals that were not found filled in."""
    filled = list(found)
    for members in _intervals(sentence):
        if all(found[i].verdict != "unexplained" for i in members):
            continue
        facts, chance = _held([sentence[i] for i in members], sheets)
        for i, fact in zip(members, facts, strict=bool(facts)):
            if found[i].verdict == "unexplained":
                filled[i] = Found("matched", (fact,), chance=chance)
    return filled


def _intervals(sentence: Sequence[Statement]) -> Iterator[list[int]]:
    """Which numbers are the two ends of an interval, with the estimate before it where there is one."""
    for i in range(1, len(sentence)):
        low, high = sentence[i - 1], sentence[i]
        if not ("low" in low.told.close and low.bound and high.bound):
            continue
        before = sentence[i - 2] if i > 1 else None
        text = low.passage.text
        if before is not None and re.fullmatch(r"\s*\[\s*", text[before.written.end : low.number.start]):
            yield [i - 2, i - 1, i]
        else:
            yield [i - 1, i]


def _held(members: Sequence[Statement], sheets: Sequence[Sheet]) -> tuple[list[Fact], float]:
    """The facts of the place that holds them all, and how likely chance finds one; none where it is too likely."""
    *before, low, high = members
    places = [place for sheet in sheets for place in _places(sheet)]
    chance = len(places) / _FORMS ** len(members)
    if chance > CHANCE:
        return [], 1.0
    fits: list[list[Fact]] = []
    for place in places:
        if not (_states(low, place.low) and _states(high, place.high)):
            continue
        estimate = [fact for fact in place.beside if before and _states(before[0], fact)]
        if before and not estimate:
            continue
        fits.append([*estimate[:1], place.low, place.high])
    return max(fits, key=lambda facts: _shared(low, facts[-1]), default=[]), max(chance, 1e-4)


def _states(one: Statement, fact: Fact) -> bool:
    return states(one.number, one.told.cues, [fact])


def _shared(one: Statement, fact: Fact) -> int:
    """How many words of the sentence name the place."""
    return len(one.told.here & {word for name in fact.at for word in words(name)})


@lru_cache(maxsize=64)
def _places(sheet: Sheet) -> tuple[_Place, ...]:
    together: dict[tuple[str, ...], list[Fact]] = defaultdict(list)
    for fact in sheet.facts:
        if fact.at:
            together[fact.at[:-1]].append(fact)
    found: list[_Place] = []
    for facts in together.values():
        low = next((fact for fact in facts if _LOW.search(fact.at[-1])), None)
        high = next((fact for fact in facts if _HIGH.search(fact.at[-1])), None)
        if low is not None and high is not None:
            found.append(_Place(low, high, tuple(fact for fact in facts if fact is not low and fact is not high)))
    return tuple(found)
