"""Holding one number against facts: which of them it states, which it follows from, and how likely that is by chance."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from ai_scientist_reviewer.document import Number
from ai_scientist_reviewer.facts import OVER, Fact, Sheet

CHANCE = 0.1
"""At most so likely may a wrong number of the same form find a fact among those that were looked at."""
CHANCE_AGAINST = 0.01
"""The same for facts whose names are not those that the words speak of."""
_EXTENT = 0.1
"""Chance is counted among numbers that differ from the one stated by up to this share of it …"""
_LEAST = 20
"""… and at least by so many units of its last digit."""
_SECONDS = {"us": 1e-6, "ms": 1e-3, "s": 1.0, "min": 60.0, "h": 3600.0}


class Cues(NamedTuple):
    """What the words around a number say of how it came about."""

    mean: bool = False
    extreme: bool = False
    change: bool = False
    """It is said of a difference or a ratio."""
    down: bool = False
    up: bool = False
    about: bool = False
    """Said to be rounded."""
    spread: bool = False


_MEAN = re.compile(r"\b(?:averag\w*|mean|overall|across|in total)\b", re.I)
_EXTREME = re.compile(r"\b(?:best|lowest|highest|up to|at most|at least|max\w*|min\w*|peak\w*|largest|smallest|worst|range\w*|from)\b", re.I)
_DOWN = re.compile(r"\b(?:reduc\w*|decreas\w*|drop\w*|declin\w*|lower\w*|fell|falls?|less|fewer|slow\w*|degrad\w*|loses?|lost|sav(?:es?|ed|ings?)|cut\w*|shrink\w*|shr[au]nk)\b", re.I)
_UP = re.compile(r"\b(?:increas\w*|rais\w*|rose|rises?|gr[eo]w\w*|gain\w*|higher|more|larger|longer)\b", re.I)
_CHANGE = re.compile(r"\b(?:improv\w*|outperform\w*|better|worse|faster|speed-?ups?|accelerat\w*|differ\w*|gaps?|margin|relative|times|factor|fold|points?|ratio|overhead|compared|over the|savings?|change\w*|gains?|boost\w*)\b", re.I)
_ABOUT = re.compile(r"(?:\b(?:approximately|about|around|roughly|nearly|almost|circa|some|ca\.|approx\.|over|more than|less than|under|below|above|up to|close to)|[~∼≈<>≤≥])\s*$", re.I)
_SPREAD = re.compile(r"\b(?:standard deviations?|std|sd|stderr|standard errors?|s\.d\.|variance)\b", re.I)


def cues_of(text: str, start: int, end: int) -> Cues:
    """From the sentence `text` in which the number stands from `start` to `end`."""
    near = text[max(0, start - 90) : start] + " " + text[end : end + 60]
    down, up = bool(_DOWN.search(near)), bool(_UP.search(near))
    return Cues(
        mean=bool(_MEAN.search(text)),
        extreme=bool(_EXTREME.search(near)),
        change=down or up or bool(_CHANGE.search(near)),
        down=down and not up,
        up=up and not down,
        about=bool(_ABOUT.search(text[max(0, start - 16) : start])),
        spread=bool(_SPREAD.search(near)),
    )


@dataclass(frozen=True)
class Told:
    """The words that may name what the number is a value of."""

    here: frozenset[str]
    """Of its sentence, or of its row and column."""
    around: frozenset[str] = frozenset()
    """Of the paragraph before it, the heading, the caption."""
    cues: Cues = field(default=Cues())
    times: bool = False


@dataclass(frozen=True)
class Finding:
    """What a number was found to state."""

    verdict: Literal["matched", "derived", "unexplained"]
    facts: tuple[Fact, ...] = ()
    """One value, or the two that it compares."""
    how: str = ""
    """What was computed from them, and what was done to the unit."""
    chance: float = 1.0
    """How likely a wrong number of this form would have found one."""
    against: bool = False
    """The names of the facts are not those that the words speak of."""


class _Hit(NamedTuple):
    value: float
    """As the paper would state it."""
    facts: tuple[Fact, ...]
    how: str


def hold(number: Number, told: Told, sheets: Sequence[Sheet]) -> Finding:
    """What the number states: the narrowest set of facts in which it is found, unless chance alone would do as well."""
    scopes = [_Scope(sheet, told) for sheet in sheets if sheet.facts]
    looked: set[int] = set()  # units of the last digit that were found taken
    unit, slack = _precision(number, told.cues)
    window = max(_EXTENT * abs(number.value), _LEAST * unit)
    whole = 2 * math.floor(window / unit) + 1
    fallback: Finding | None = None
    for narrow, verdict, hits in _pools(number, told, scopes, window):
        kept = list(hits)
        looked.update(round(hit.value / unit) for hit in kept if abs(hit.value - number.value) <= window)
        chance = min(1.0, len(looked) / whole)
        against = narrow == 3
        found = [hit for hit in kept if _fits(number.value, hit, slack)]
        if found and chance <= (CHANCE_AGAINST if against else CHANCE):
            hit = min(found, key=lambda hit: (len(hit.facts), len(hit.how), abs(hit.value - number.value)))
            return Finding(verdict, hit.facts, hit.how, chance, against)
        if found and fallback is None:
            hit = found[0]
            fallback = Finding("unexplained", hit.facts, hit.how, chance)
    return fallback or Finding("unexplained")


def _precision(number: Number, cues: Cues) -> tuple[float, float]:
    """The unit of the last digit that counts, and how far a value that was rounded to it may lie."""
    unit = 10.0**-number.decimals
    if cues.about and number.decimals <= 0 and re.fullmatch(r"[1-9]\d*?0+", number.text.replace(",", "")):
        unit *= 10.0 ** (len(number.text) - len(number.text.rstrip("0")))
    return unit, 0.5 * unit


def _fits(value: float, hit: _Hit, slack: float) -> bool:
    return abs(hit.value - value) <= slack * (1 + 1e-6) + 1e-12 + _slack(hit)


def _slack(hit: _Hit) -> float:
    """How far what was computed from rounded cells may lie."""
    if len(hit.facts) == 1:
        return 0.0 if not hit.how else hit.facts[0].slack
    a, b = hit.facts
    if not (a.slack or b.slack):
        return 0.0
    if "difference" in hit.how:
        return (a.slack + b.slack) * (100 if "points" in hit.how and abs(hit.value) > abs(b.value - a.value) + 1e-9 else 1)
    scale = 100.0 if "%" in hit.how else 1.0
    base = abs(a.value) or 1.0
    return scale * (b.slack + a.slack * abs(b.value) / base) / base


class _Scope:
    """A sheet, and what the words say of its names."""

    def __init__(self, sheet: Sheet, told: Told) -> None:
        self.sheet = sheet
        self.here = sheet.named(told.here)
        around = sheet.named(told.around)
        self.around = tuple(b if not a else frozenset() for a, b in zip(self.here, around, strict=True))

    def keeps(self, fact: Fact, narrow: int) -> bool:
        """Whether a fact is in the narrowest (0), a wider (1, 2) or the widest (3) set."""
        if narrow == 3:
            return True
        support = 0
        for name, here, around in zip(fact.at, self.here, self.around, strict=True):
            named = here or (around if narrow == 0 else frozenset())
            if not named:
                continue
            if name in named:
                support += bool(here)
            elif not (name.startswith(OVER) and len(named) > 1):
                return False
        return support > 0 or narrow == 2


def _pools(
    number: Number, told: Told, scopes: Sequence[_Scope], window: float
) -> Iterator[tuple[int, Literal["matched", "derived"], Iterator[_Hit]]]:
    """Sets of facts from the narrow to the wide, what stands in a file before what follows from it."""
    yield 0, "matched", _stated(number, told, scopes, 0, window)
    yield 1, "matched", _stated(number, told, scopes, 1, window)
    yield 0, "derived", _computed(number, told, scopes, 0, window)
    yield 0, "derived", _compared(number, told, scopes, 0, window)
    yield 1, "derived", _computed(number, told, scopes, 1, window)
    yield 1, "derived", _compared(number, told, scopes, 1, window)
    yield 2, "matched", _stated(number, told, scopes, 2, window)
    yield 2, "derived", _computed(number, told, scopes, 2, window)
    yield 2, "derived", _compared(number, told, scopes, 2, window)
    yield 3, "matched", _stated(number, told, scopes, 3, window)


def scales(number: Number, fact_percent: bool) -> Iterator[tuple[float, str]]:
    """By what a value may be multiplied to be stated in the number's unit."""
    yield 1.0, ""
    if number.percent and not fact_percent:
        yield 100.0, "as a percentage"
    if fact_percent and not number.percent and abs(number.value) <= 1:
        yield 0.01, "as a share"
    if number.unit in _SECONDS:
        for name, seconds in _SECONDS.items():
            if name != number.unit and name != "us":
                yield seconds / _SECONDS[number.unit], f"{name} as {number.unit}"


def _stated(number: Number, told: Told, scopes: Sequence[_Scope], narrow: int, window: float) -> Iterator[_Hit]:
    for scope in scopes:
        for scale, how in scales(number, False):
            low, high = sorted(((number.value - window) / scale, (number.value + window) / scale))
            for fact in scope.sheet.between(low, high):
                if (how == "as a percentage" and fact.percent) or not scope.keeps(fact, narrow):
                    continue
                yield _Hit(fact.value * scale, (fact,), how)


def _computed(number: Number, told: Told, scopes: Sequence[_Scope], narrow: int, window: float) -> Iterator[_Hit]:
    for scope in scopes:
        for fact in scope.sheet.aggregates:
            wanted = scope.sheet.repeats(fact.axis) or {
                "mean": told.cues.mean, "spread": told.cues.spread, "extreme": told.cues.extreme, "value": False,
            }[fact.kind]  # fmt: skip
            if not wanted or (fact.kind == "spread") != told.cues.spread:
                continue
            for scale, how in scales(number, fact.percent):
                if abs(fact.value * scale - number.value) <= window and scope.keeps(fact, narrow):
                    yield _Hit(fact.value * scale, (fact,), f"{fact.how}{', ' + how if how else ''}")


def _compared(number: Number, told: Told, scopes: Sequence[_Scope], narrow: int, window: float) -> Iterator[_Hit]:
    if not (told.cues.change or told.times):
        return
    for scope in scopes:
        for a, b, axis in _pairs(scope, narrow):
            for value, how in comparisons(number, told, a, b):
                if abs(value - number.value) <= window:
                    yield _Hit(value, (a, b), f"{how} along {a.at[axis]} → {b.at[axis]}")


def _pairs(scope: _Scope, narrow: int) -> Iterator[tuple[Fact, Fact, int]]:
    """Pairs of which one at least is what the words speak of, and neither is anything else that they exclude."""
    for axis in range(len(scope.here)):
        named = scope.here[axis] or (scope.around[axis] if narrow == 0 else frozenset())
        keep = [fact for fact in scope.sheet.facts if _keeps_but(scope, fact, narrow, axis)]
        for a, b, i in scope.sheet.pairs(keep):
            if i == axis and (not named or a.at[i] in named or b.at[i] in named):
                yield a, b, i


def _keeps_but(scope: _Scope, fact: Fact, narrow: int, axis: int) -> bool:
    for i, (name, here, around) in enumerate(zip(fact.at, scope.here, scope.around, strict=True)):
        named = here or (around if narrow == 0 else frozenset())
        if i != axis and named and name not in named:
            return False
    return narrow == 2 or any(scope.here)


def comparisons(number: Number, told: Told, a: Fact, b: Fact) -> Iterator[tuple[float, str]]:
    """What may be said of b beside a in the form of the number; its sign is that of the words where they have one."""
    sign = -1.0 if number.value < 0 else 1.0
    difference = b.value - a.value
    right = not (told.cues.down and difference > 0) and not (told.cues.up and difference < 0)
    if number.value < 0:
        right = difference < 0
    if not right:
        return
    if number.percent:
        if a.value:
            yield sign * abs(100 * difference / a.value), "relative change in %"
        if a.percent and b.percent:
            yield sign * abs(difference), "difference in points"
        elif abs(a.value) <= 1 and abs(b.value) <= 1:
            yield sign * abs(100 * difference), "difference in points"
    elif told.times:
        if a.value and b.value:
            yield abs(b.value / a.value), "ratio"
    else:
        yield sign * abs(difference), "difference"
        if re.search(r"points?|pp", number.unit) and abs(a.value) <= 1 and abs(b.value) <= 1:
            yield sign * abs(100 * difference), "difference in points"


def expected(told: Told, sheet: Sheet) -> list[Fact]:
    """The facts that the words single out: every facet that has several names is named. Empty where they do not."""
    scope = _Scope(sheet, told)
    for names, here, around in zip(sheet.facets, scope.here, scope.around, strict=True):
        if len(names.names) != 1 and not (here or around):
            return []
    return [fact for fact in sheet.facts if scope.keeps(fact, 0)]


def fits_any(number: Number, told: Told, facts: Iterable[Fact]) -> bool:
    """Whether the number states one of the facts, in whatever unit."""
    _, slack = _precision(number, told.cues)
    return any(
        _fits(number.value, _Hit(fact.value * scale, (fact,), how), slack) for fact in facts for scale, how in scales(number, fact.percent)
    )
