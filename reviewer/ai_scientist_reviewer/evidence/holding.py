"""Holding one number against facts: which of them it states, which it follows from, and how likely that is by chance."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache, partial
from itertools import islice
from typing import Literal, NamedTuple

from ai_scientist_reviewer.document import Number
from ai_scientist_reviewer.evidence.cues import Cues
from ai_scientist_reviewer.evidence.facts import MOST_PAIRED, OVER, Fact, Kind, Sheet, is_spread

CHANCE = 0.1
"""At most so likely may a wrong number of the same form find a fact among those that were looked at."""
CHANCE_UNNAMED = 0.02
"""The same where the words do not say what is measured, or name something else."""
HALF = 0.35
"""A number found with at most this chance may be confirmed by one beside it."""
_EXTENT = 0.1
"""Chance is counted among numbers that differ from the one stated by up to this share of it …"""
_LEAST = 20
"""… and at least by so many units of its last digit."""
SECONDS = {"us": 1e-6, "ms": 1e-3, "s": 1.0, "min": 60.0, "h": 3600.0}
_SHARE = re.compile(r"acc|rate|err|percent|pct|score|f1|prec|recall|auc|iou|share|ratio|frac|%|top-?\d", re.IGNORECASE)


_BASELINE = re.compile(r"baseline|vanilla|\bcontrol\b|\bplain\b|unmodified|original", re.IGNORECASE)


@dataclass(frozen=True)
class Told:
    """The words that may name what the number is a value of."""

    here: frozenset[str]
    """Of its sentence, or of its row and column."""
    close: frozenset[str] = frozenset()
    """Of the phrase that it stands in, as "72% for subtraction": where these name something, the sentence need not."""
    around: frozenset[str] = frozenset()
    """Of its paragraph, the heading, the caption."""
    cues: Cues = field(default=Cues())
    times: bool = False
    shared: bool = False
    """Other numbers stand in the sentence: a name in it may belong to one of them."""


@dataclass(frozen=True)
class Found:
    """What a number was found to state."""

    verdict: Literal["matched", "derived", "unexplained"]
    facts: tuple[Fact, ...] = ()
    """One value, or the two that it compares; of an unexplained number, what it would state if chance were less."""
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
    scope: _Scope


Narrow = Literal[0, 1, 2, 3, 4]
"""How far is looked: 0 what sentence and paragraph name; 1 what the sentence names; 2 what agrees with the sentence in all
names but one, where other numbers stand in it; 3 what it does not exclude; 4 everything."""


def hold(number: Number, told: Told, sheets: Sequence[Sheet]) -> Found:
    """What the number states: the narrowest set of facts in which it is found, unless chance alone would do as well."""
    scopes = [scope_of(sheet, told.close, told.here, told.around) for sheet in sheets if sheet.facts]
    looked: set[int] = set()  # units of the last digit that are taken by a fact
    unit, slack = precision(number, told.cues)
    window = max(_EXTENT * abs(number.value), _LEAST * unit)
    whole = 2 * math.floor(window / unit) + 1
    least = 0.5 * 10.0 ** (1 - (2 if rough(number, told.cues) else digits(number)))
    fallback: Found | None = None
    for narrow, verdict, hits in _pools(number, told, scopes, window):
        kept: list[_Hit] = []
        for hit in hits:
            kept.append(hit)
            wide = _slack(hit)
            looked.update(range(round((hit.value - wide) / unit), round((hit.value + wide) / unit) + 1))
            if len(looked) > HALF * whole:
                break  # anything would be found among so many
        chance = min(1.0, max(least, len(looked) / whole))
        found = [hit for hit in kept if fits(number.value, hit.value, slack + _slack(hit))]
        for hit in sorted(
            found,
            key=lambda hit: (len(hit.facts), bool(hit.how), hit.scope.repeated, abs(hit.value - number.value)),
        ):
            named = narrow < 3 and hit.scope.measured
            if chance <= (CHANCE if named else CHANCE_UNNAMED):
                return Found(verdict, hit.facts, hit.how, chance, narrow == 4)
            if fallback is None:
                fallback = Found("unexplained", hit.facts, hit.how, chance)
        if chance > HALF:
            break  # wider sets only make chance likelier
    return fallback or Found("unexplained")


def digits(number: Number) -> int:
    """Digits that were written, zeros before the first aside."""
    return len(re.sub(r"[eE×·x∗*].*|\D", "", number.text).lstrip("0")) or 1


def precision(number: Number, cues: Cues) -> tuple[float, float]:
    """The unit of the last digit that counts, and how far a value that was rounded to it may lie.

    A round number that is said to be rough counts by its first two digits.
    """
    unit = 10.0**-number.decimals
    if rough(number, cues):
        return 10.0 ** (math.floor(math.log10(abs(number.value))) - 1), 10.0 ** (
            math.floor(math.log10(abs(number.value))) - 1
        )
    return unit, 0.5 * unit


def rough(number: Number, cues: Cues) -> bool:
    return (
        cues.about and number.decimals <= 0 and abs(number.value) >= 10 and number.text.replace(",", "").endswith("0")
    )


def fits(stated: float, value: float, slack: float) -> bool:
    return abs(value - stated) <= slack * (1 + 1e-6) + 1e-12


def _slack(hit: _Hit) -> float:
    """How far what was computed from rounded cells may lie."""
    if len(hit.facts) == 1:
        return 0.0 if not hit.how else hit.facts[0].slack
    a, b = hit.facts
    if not (a.slack or b.slack):
        return 0.0
    if "difference" in hit.how:
        return (a.slack + b.slack) * (abs(hit.value) / (abs(b.value - a.value) or 1.0) if "points" in hit.how else 1.0)
    base = abs(a.value) or 1.0
    return (100.0 if "%" in hit.how else 1.0) * (b.slack + a.slack * abs(b.value) / base) / base


class _Scope:
    """A sheet, and what the words say of its names."""

    def __init__(self, sheet: Sheet, close: frozenset[str], here: frozenset[str], around: frozenset[str]) -> None:
        self.sheet = sheet
        self.here = tuple(a or b for a, b in zip(sheet.named(close), sheet.named(here), strict=True))
        self.around = tuple(b if not a else frozenset() for a, b in zip(self.here, sheet.named(around), strict=True))
        self.speaks = any(self.here)
        """The sentence names something of the sheet."""
        # The last name of a path says what is measured; of a table either side may.
        last = -2 if len(sheet.facets) - 1 in sheet.repeating else -1
        axes = range(len(sheet.facets)) if sheet.source == "table" else [len(sheet.facets) + last]
        self.measured = any(self.here[i] or self.around[i] or len(sheet.facets[i].names) == 1 for i in axes)
        self.repeated = last == -2
        self.said = any(self.here[i] or len(sheet.facets[i].names) == 1 for i in axes)
        """The sentence itself says what is measured."""
        self._kept: dict[tuple[int, Narrow], bool] = {}
        self._pairs: dict[Narrow, list[tuple[Fact, Fact, int]]] = {}

    @cached_property
    def baselines(self) -> frozenset[str]:
        """Names of what the rest is compared with."""
        also = {name for name, other in self.sheet.also if _BASELINE.search(other)}
        return frozenset(also | {name for facet in self.sheet.facets for name in facet.names if _BASELINE.search(name)})

    def keeps(self, fact: Fact, narrow: Narrow) -> bool:
        key = (id(fact), narrow)
        if key not in self._kept:
            self._kept[key] = self._keeps(fact, narrow)
        return self._kept[key]

    def _keeps(self, fact: Fact, narrow: Narrow, but: int = -1) -> bool:
        support = conflicts = 0
        for i, (name, here, around) in enumerate(zip(fact.at, self.here, self.around, strict=True)):
            named = here or (around if narrow == 0 else frozenset())
            if not named or i == but:
                continue
            if name in named:
                support += bool(here)
            elif not (name.startswith(OVER) and len(named) > 1) and (name or here):
                conflicts += 1  # what has no name of the kind is another thing only where the sentence itself says one
        return narrow == 4 or (narrow == 3 and not conflicts) or (support > 0 and conflicts <= (narrow == 2))

    def agrees(self, fact: Fact) -> bool:
        """Whether a fact has no name but those that the words speak of, sentence and paragraph together."""
        return all(
            not (named := here or around) or name in named or (name.startswith(OVER) and len(named) > 1)
            for name, here, around in zip(fact.at, self.here, self.around, strict=True)
        )

    def pairs(self, narrow: Narrow) -> list[tuple[Fact, Fact, int]]:
        """Pairs of which one at least is what the words speak of, and neither is anything else that they exclude."""
        if narrow not in self._pairs:
            self._pairs[narrow] = list(self._find_pairs(narrow))
        return self._pairs[narrow]

    def _find_pairs(self, narrow: Narrow) -> Iterator[tuple[Fact, Fact, int]]:
        if narrow < 3 and not self.speaks:
            return
        for axis in self.sheet.comparable:
            named = self.here[axis] or (self.around[axis] if narrow == 0 else frozenset())
            alone = bool(named) and narrow < 3 and self._only(axis)
            kept = (fact for fact in self.sheet.facts if alone or self._keeps(fact, narrow, axis))
            keep = list(islice(kept, MOST_PAIRED + 1))
            for a, b, i in self.sheet.pairs(keep):
                if i == axis and (not named or a.at[i] in named or b.at[i] in named):
                    yield a, b, i

    def _only(self, axis: int) -> bool:
        """Whether the words name something on this axis alone."""
        return not any(here for i, here in enumerate(self.here) if i != axis)


@lru_cache(maxsize=256)
def scope_of(sheet: Sheet, close: frozenset[str], here: frozenset[str], around: frozenset[str]) -> _Scope:
    return _Scope(sheet, close, here, around)


Pool = tuple[Narrow, Literal["matched", "derived"], Iterator[_Hit]]


def _pools(number: Number, told: Told, scopes: Sequence[_Scope], window: float) -> Iterator[Pool]:
    """Sets of facts from the narrow to the wide, what stands in a file before what follows from it."""
    yield 0, "matched", _stated(number, scopes, 0, window)
    yield 1, "matched", _stated(number, scopes, 1, window)
    yield 0, "derived", _compared(number, told, scopes, 0, window, baseline=True)
    for narrow in (0, 1):
        yield narrow, "derived", _computed(number, told, scopes, narrow, window)
        yield narrow, "derived", _compared(number, told, scopes, narrow, window)
    if told.shared:
        yield 2, "matched", _stated(number, scopes, 2, window)
        yield 2, "derived", _computed(number, told, scopes, 2, window)
    yield 3, "matched", _stated(number, scopes, 3, window)
    yield 3, "derived", _computed(number, told, scopes, 3, window)
    yield 3, "derived", _compared(number, told, scopes, 3, window)
    yield 4, "matched", _stated(number, scopes, 4, window)


def scales(number: Number, fact: Fact) -> Iterator[tuple[float, str]]:
    """By what a value may be multiplied to be stated in the number's unit."""
    if not number.percent or fact.percent or _SHARE.search(fact.at[-1]):
        yield 1.0, ""
    if number.percent and not fact.percent and abs(fact.value) <= 10:
        yield 100.0, "as a percentage"
    if fact.percent and not number.percent and abs(number.value) <= 1:
        yield 0.01, "as a share"
    if number.unit in SECONDS:
        for name, seconds in SECONDS.items():
            if name not in (number.unit, "us"):
                yield seconds / SECONDS[number.unit], f"{name} as {number.unit}"


def _scaled(number: Number, facts: Iterable[Fact], window: float) -> Iterator[tuple[float, Fact, str]]:
    for fact in facts:
        for scale, how in scales(number, fact):
            if abs(fact.value * scale - number.value) <= window:
                yield fact.value * scale, fact, how


def _reach(number: Number, window: float, between: Callable[[float, float], list[Fact]]) -> list[Fact]:
    """The facts that may come near the number in some unit."""
    factors = {1.0, 100.0} if number.percent else {1.0, 0.01}
    if number.unit in SECONDS:
        factors |= {seconds / SECONDS[number.unit] for seconds in SECONDS.values()}
    found: dict[int, Fact] = {}
    for factor in factors:
        low, high = sorted(((number.value - window) / factor, (number.value + window) / factor))
        found.update((id(fact), fact) for fact in between(low, high))
    return list(found.values())


def _stated(number: Number, scopes: Sequence[_Scope], narrow: Narrow, window: float) -> Iterator[_Hit]:
    for scope in scopes:
        if narrow < 3 and not scope.speaks:
            continue
        for value, fact, how in _scaled(number, _reach(number, window, scope.sheet.between), window):
            if scope.keeps(fact, narrow):
                yield _Hit(value, (fact,), how, scope)


def _computed(number: Number, told: Told, scopes: Sequence[_Scope], narrow: Narrow, window: float) -> Iterator[_Hit]:
    cues = told.cues
    kinds: tuple[Kind, ...] = ("spread",) if cues.spread else ("mean", "extreme") if cues.extreme else ("mean",)
    for scope in scopes:
        for kind in kinds if narrow == 3 or scope.speaks else ():
            near = _reach(number, window, partial(scope.sheet.computed_between, kind))
            for value, fact, how in _scaled(number, near, window):
                wanted = kind != "mean" or cues.mean or fact.axis in scope.sheet.repeating
                if wanted and scope.keeps(fact, narrow):
                    yield _Hit(value, (fact,), f"{fact.how}{', ' + how if how else ''}", scope)


def _compared(
    number: Number, told: Told, scopes: Sequence[_Scope], narrow: Narrow, window: float, *, baseline: bool = False
) -> Iterator[_Hit]:
    if not (told.cues.change or told.times):
        return
    for scope in scopes:
        for a, b, axis in scope.pairs(narrow):
            if baseline and a.at[axis] not in scope.baselines:
                continue
            for value, how in comparisons(number, told, a, b):
                if abs(value - number.value) <= window:
                    yield _Hit(value, (a, b), f"{how}, {a.at[axis]} → {b.at[axis]}", scope)


def comparisons(number: Number, told: Told, a: Fact, b: Fact) -> Iterator[tuple[float, str]]:
    """What may be said of b beside a in the form of the number; its sign is that of the words where they have one."""
    sign = -1.0 if number.value < 0 else 1.0
    difference = b.value - a.value
    if (told.cues.down and difference > 0) or (told.cues.up and difference < 0) or (number.value < 0 < difference):
        return
    shares = a.percent and b.percent, abs(a.value) <= 1 and abs(b.value) <= 1
    if number.percent:
        if a.value:
            yield sign * abs(100 * difference / a.value), "relative change in %"
        if any(shares):
            yield sign * abs(difference) * (1 if shares[0] else 100), "difference in points"
    elif told.times:
        if a.value and b.value:
            yield abs(b.value / a.value), "ratio"
    else:
        yield sign * abs(difference), "difference"
        if shares[1] and re.fullmatch(r"points?|pp", number.unit):
            yield sign * abs(100 * difference), "difference in points"


class Singled(NamedTuple):
    """Facts that words single out."""

    facts: tuple[Fact, ...]
    whole: bool
    """Every facet of several names is named, by the sentence or by a paragraph that names nothing else of it."""


def singled_out(told: Told, sheet: Sheet) -> Singled:
    """The facts that the words name, where the sentence names something and nothing that it excludes is among them."""
    scope = scope_of(sheet, told.close, told.here, told.around)
    several = [i for i, names in enumerate(sheet.facets) if len(names.names) > 1 and i not in sheet.statistics]
    here = sum(bool(scope.here[i]) for i in several)
    if not here:
        return Singled((), False)
    # What the paragraph names once and nothing beside it holds for its sentences too.
    sure = [bool(scope.here[i]) or len(scope.around[i]) == 1 for i in several]
    facts = tuple(fact for fact in sheet.facts if scope.keeps(fact, 0))
    return Singled(facts, all(sure) and here >= min(1 if sheet.source == "table" else 2, len(several)) and scope.said)


def expected(told: Told, sheet: Sheet) -> list[Fact]:
    """The facts that the words single out beyond doubt, deviations aside unless they are spoken of; empty where they do not."""
    found = singled_out(told, sheet)
    facts = [fact for fact in found.facts if told.cues.spread or not any(is_spread(name) for name in fact.at)]
    return facts if found.whole else []


def taken(fact: Fact, others: Iterable[tuple[Number, Told]], sheet: Sheet) -> bool:
    """Whether another number of the sentence states the fact, to nearly as many digits as it has, and no other fact as well."""
    for number, told in others:
        if number.decimals >= fact.decimals - 1 and states(number, told.cues, [fact]):
            own = singled_out(told, sheet).facts
            if not any(other is not fact and states(number, told.cues, [other]) for other in own):
                return True
    return False


def near_to(number: Number, fact: Fact) -> bool:
    """Of the same sign and size, as a number with a wrong digit or of another run would be."""
    value = fact.value * (100 if number.percent and not fact.percent and abs(fact.value) <= 1 else 1)
    if number.value * value <= 0 or (number.percent and not fact.percent and abs(fact.value) > 1):
        return False
    fraction = number.decimals > 0 or abs(value) >= 100 or float(value).is_integer()
    return 0.5 <= number.value / value <= 2 and fraction


def changes_along(number: Number, told: Told, sheet: Sheet) -> Iterator[tuple[float, tuple[Fact, Fact]]]:
    """The changes in percent along rows and columns that the words may speak of, from a baseline where there is one."""
    scope = scope_of(sheet, told.close, told.here, told.around)
    pairs = [pair for narrow in (0, 1) for pair in scope.pairs(narrow)]
    based = [(a, b, axis) for a, b, axis in pairs if a.at[axis] in scope.baselines]
    for a, b, _ in based or pairs:
        for value, how in comparisons(number, told, a, b):
            if "relative" in how:
                yield abs(value), (a, b)


def states(number: Number, cues: Cues, facts: Iterable[Fact]) -> bool:
    """Whether the number is one of the facts, in whatever unit."""
    _, slack = precision(number, cues)
    return any(fits(number.value, fact.value * scale, slack) for fact in facts for scale, _ in scales(number, fact))
