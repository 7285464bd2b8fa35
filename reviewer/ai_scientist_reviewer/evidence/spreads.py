"""What follows a ±, held against the errors that the files give and the runs that they hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ai_scientist_reviewer.document import Number
from ai_scientist_reviewer.evidence.facts import Fact, Sheet
from ai_scientist_reviewer.evidence.holding import Told, hold, states
from ai_scientist_reviewer.evidence.labels import words
from ai_scientist_reviewer.evidence.records import Spot, Verdict

_MEAN = frozenset(words("mean means average avg values"))
_SPREAD = frozenset(words("sd std stderr stderrs sem spread errors variance deviation standard"))
_PLAIN = frozenset(words("final info dict json raw runs all list values results over 2 3 means stderrs"))
"""Words of a path that say nothing of what was measured."""
_SHOWN = 4


def of_spread(number: Number, main: Fact | None, told: Told, sheets: Sequence[Sheet], spot: Spot) -> Verdict:
    """The verdict on what follows a number's ±. `main` is the fact that the number itself states, where that is known."""
    spread = _spread(number)
    about = replace(told, here=told.here | {"sd", "stderr"}, close=frozenset(), cues=told.cues._replace(spread=True))
    if main is None:
        return spot.found(spread.text, hold(spread, about, sheets))
    stated = spreads_of(main, sheets)
    if fits := [fact for fact in stated if states(spread, about.cues, [fact])]:
        return spot.matched(spread.text, min(fits, key=lambda fact: len(fact.how)))
    if stated and (main.axis < 0 or _over_runs(main, sheets)):
        nearest = min(stated, key=lambda fact: abs(fact.value - spread.value))
        return spot.contradicted(spread.text, *stated[:_SHOWN], nearest=nearest)
    return spot.found(spread.text, hold(spread, about, sheets))


def _spread(number: Number) -> Number:
    assert number.spread is not None
    text = f"±{number.spread:.{max(0, number.decimals)}f}"
    return Number(text, number.spread, number.decimals, number.start, number.percent)


def _over_runs(main: Fact, sheets: Sequence[Sheet]) -> bool:
    """Whether a mean was taken over repetitions, so that its deviation is theirs."""
    return any(sheet.repeats(main.axis) for sheet in sheets if len(sheet.facets) == len(main.at))


def spreads_of(main: Fact, sheets: Sequence[Sheet]) -> list[Fact]:
    """The deviations and errors of a mean's values, as the files give them or as they follow from the single runs.

    They are the facts whose place names, in words, what the mean's place names and nothing else of its kind.
    """
    wanted = frozenset(word for name in main.at for word in words(name)) - _MEAN
    found: list[Fact] = []
    for sheet in sheets:
        if sheet.source != "results":
            continue
        for own, fact in sheet.worded:
            if own & _SPREAD and wanted <= own and own - wanted <= _SPREAD | _MEAN | _PLAIN:
                found.append(fact)
        for own, fact in sheet.worded_spreads:
            if wanted - own <= _PLAIN and own - wanted <= _PLAIN | _MEAN:
                found.append(fact)
    if main.kind == "mean" and main.axis >= 0:
        found += [fact for sheet in sheets for fact in sheet.aggregates if fact.at == main.at and fact.kind == "spread"]
    return found
