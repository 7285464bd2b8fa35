"""What follows a ±, held against the errors that the files give and the runs that they hold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from ai_scientist_reviewer.document import Number
from ai_scientist_reviewer.evidence.facts import Fact, Sheet
from ai_scientist_reviewer.evidence.holding import Found, Told, hold, states
from ai_scientist_reviewer.evidence.labels import words
from ai_scientist_reviewer.evidence.records import Spot, Verdict

_MEAN = frozenset(words("mean means average avg values"))
_SPREAD = frozenset(words("sd std stderr stderrs sem spread errors variance deviation standard"))
_PLAIN = frozenset(words("final info dict json raw runs all list values results over 2 3 means stderrs"))
"""Words of a path that say nothing of what was measured."""
_SHOWN = 4


def hold_mean(number: Number, told: Told, sheets: Sequence[Sheet]) -> Found:
    """What a number states; one that is followed by a ± is a mean, and a single run with its value is looked at last."""
    if number.spread is not None:
        found = hold(number, told, [sheet for sheet in sheets if not sheet.repeating])
        if found.verdict != "unexplained":
            return found
    found = hold(number, told, sheets)
    if number.spread is not None and found.verdict == "matched" and not found.against:
        mean = next((mean for mean in _means(found.facts[0], sheets) if states(number, told.cues, [mean])), None)
        if mean is not None:
            return Found("derived", (mean,), mean.how, found.chance)
    return found


def _means(single: Fact, sheets: Sequence[Sheet]) -> Iterator[Fact]:
    """The means over repetitions of which a fact is one."""
    for sheet in sheets:
        if single in sheet.facts:
            for fact in sheet.aggregates:
                others = (a == b for i, (a, b) in enumerate(zip(fact.at, single.at, strict=True)) if i != fact.axis)
                if fact.kind == "mean" and fact.axis in sheet.repeating and all(others):
                    yield fact


def of_spread(
    number: Number, main: Fact | None, told: Told, sheets: Sequence[Sheet], spot: Spot, *, sure: bool = True
) -> Verdict:
    """The verdict on what follows a number's ±.

    `main` is the fact that the number itself states, where that is known; only where it is `sure` can the files contradict the ±.
    """
    spread = _spread(number)
    about = replace(told, here=told.here | {"sd", "stderr"}, close=frozenset(), cues=told.cues._replace(spread=True))
    if main is None:
        return spot.found(spread.text, hold(spread, about, sheets))
    stated = spreads_of(main, sheets)
    if fits := [fact for fact in stated if states(spread, about.cues, [fact])]:
        return spot.matched(spread.text, min(fits, key=lambda fact: len(fact.how)))
    if sure and stated and not _single_run(main, sheets):
        nearest = min(stated, key=lambda fact: abs(fact.value - spread.value))
        return spot.contradicted(spread.text, *stated[:_SHOWN], nearest=nearest)
    return spot.found(spread.text, hold(spread, about, sheets))


def _spread(number: Number) -> Number:
    assert number.spread is not None
    text = f"±{number.spread:.{max(0, number.decimals)}f}"
    return Number(text, number.spread, number.decimals, number.start, number.percent)


def _single_run(main: Fact, sheets: Sequence[Sheet]) -> bool:
    """Whether a fact is one of several repetitions, or a mean over something else than these: its ± may be anything."""
    own = next(
        (sheet for sheet in sheets if main.where and main in (*sheet.facts, *sheet.aggregates)),
        None,
    )
    if own is None:
        return True
    return main.axis not in own.repeating if main.axis >= 0 else bool(own.repeating)


def spreads_of(main: Fact, sheets: Sequence[Sheet]) -> list[Fact]:
    """The deviations and errors of a mean's values, as the files give them or as they follow from the single runs.

    They are the facts whose place names, in words, what the mean's place names and nothing else of its kind; or one that stands
    beside the mean under no other name than a deviation's, where nothing else that it could be of stands there.
    """
    wanted = frozenset(word for name in main.at for word in words(name)) - _MEAN
    found: list[Fact] = []
    for sheet in sheets:
        if sheet.source != "results":
            continue
        beside = [fact for fact in sheet.facts if fact.at[:-1] == main.at[:-1] and fact != main]
        if len(beside) == 1 and (own := frozenset(words(beside[0].at[-1]))) and own <= _SPREAD:
            found.append(beside[0])
        for own, fact in sheet.worded:
            if own & _SPREAD and wanted <= own and own - wanted <= _SPREAD | _MEAN | _PLAIN:
                found.append(fact)
        for own, fact in sheet.worded_spreads:
            if wanted - own <= _PLAIN and own - wanted <= _PLAIN | _MEAN:
                found.append(fact)
    if main.kind == "mean" and main.axis >= 0:
        found += [fact for sheet in sheets for fact in sheet.aggregates if fact.at == main.at and fact.kind == "spread"]
    return found
