"""The numbers of a paper's sentences held against the result files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from ai_scientist_reviewer.evidence.arithmetic import within
from ai_scientist_reviewer.evidence.facts import Fact, Sheet
from ai_scientist_reviewer.evidence.holding import (
    CHANCE,
    CHANCE_UNNAMED,
    HALF,
    Found,
    digits,
    expected,
    hold,
    near_to,
    states,
    taken,
)
from ai_scientist_reviewer.evidence.intervals import with_intervals
from ai_scientist_reviewer.evidence.records import Spot, Verdict
from ai_scientist_reviewer.evidence.spreads import hold_mean, of_spread
from ai_scientist_reviewer.evidence.statements import Statement

if TYPE_CHECKING:
    from ai_scientist_reviewer.paper import Paper

_SINGLED = 4
"""Facts, at most, that a sentence may single out and still contradict."""


class Trusted(NamedTuple):
    """Cells that the result files bear out."""

    sheets: Sequence[Sheet]
    origins: Mapping[int, Fact | None]
    """By the id of a cell's fact: where in the files it comes from."""


class Files(NamedTuple):
    """What a sentence is held against."""

    sheets: Sequence[Sheet]
    trusted: Trusted


def of_sentence(
    paper: Paper, sentence: Sequence[Statement], before: Sequence[Statement], files: Files
) -> Iterator[Verdict]:
    """The verdicts on the numbers of a sentence; `before` are those of the sentence before it in the paragraph."""
    alone = [_found(one, files) for one in sentence]
    found = with_intervals(sentence, [_with_neighbours(i, alone) for i in range(len(alone))], files.sheets)
    known = [one for one, what in zip(sentence, found, strict=True) if what.verdict != "unexplained"]
    for one, what in zip(sentence, found, strict=True):
        spot = _spot(paper, one)
        if what.verdict == "unexplained":
            yield _unexplained(one, what, [other for other in known if other is not one], sentence, before, files, spot)
        else:
            yield spot.found(one.text, what)
        if one.number.spread is not None:
            main = what.facts[0] if what.verdict != "unexplained" else None
            yield of_spread(one.number, main, one.told, files.sheets, spot, sure=what.chance <= CHANCE_UNNAMED)


def _unexplained(
    one: Statement,
    what: Found,
    known: Sequence[Statement],
    sentence: Sequence[Statement],
    before: Sequence[Statement],
    files: Files,
    spot: Spot,
) -> Verdict:
    """A number that no file holds may follow from those beside it, or be what the file says otherwise."""
    if one.role != "setting" and (sums := within(one, known) or within(one, [*before, *known])):
        a, b, how = sums
        return spot.derived(one.text, how, f"“{a.text}” and “{b.text}” beside it")
    if one.role == "value" and not one.told.cues.change and not one.written.times:
        wrong = contradiction(one, [other for other in sentence if other is not one], files.sheets)
        if wrong is not None:
            return spot.contradicted(one.text, wrong, nearest=wrong)
    return spot.found(one.text, what)


def _spot(paper: Paper, one: Statement) -> Spot:
    place = one.place(paper)
    where = one.passage.caption or one.passage.section
    return Spot(one.passage.kind, where, one.role, one.quote, place.page, place.box, place.file, place.line)


def _found(one: Statement, files: Files) -> Found:
    if one.role == "setting":
        return Found("unexplained")
    second = hold(one.number, one.told, files.trusted.sheets)
    origins = files.trusted.origins
    behind = [fact for cell in second.facts if (fact := origins.get(id(cell))) is not None]
    if second.verdict == "matched" and not second.against and behind and states(one.number, one.told.cues, behind[:1]):
        # What stands in a table as well comes from where the cell comes from.
        fact = behind[0]
        return replace(second, verdict="derived" if fact.how else "matched", facts=(fact,), how=fact.how)
    first = hold_mean(one.number, one.told, files.sheets)
    if first.verdict != "unexplained" and not (first.against and second.verdict != "unexplained"):
        return first
    if second.verdict == "unexplained":
        return first if first.facts else second
    return replace(second, verdict="derived", how=f"{second.how or 'as stated'}, of cells that match the files")


def _with_neighbours(i: int, found: Sequence[Found]) -> Found:
    """A number that chance alone would have found, beside one of the sentence that comes from the same place but for a name."""
    one = found[i]
    if one.verdict != "unexplained" or len(one.facts) != 1 or one.chance > HALF:
        return one
    for j, other in enumerate(found):
        if j == i or len(other.facts) != 1 or other.chance > HALF:
            continue
        both = one.chance * other.chance
        if both <= CHANCE and _beside(one.facts[0], other.facts[0]):
            return replace(one, verdict="derived" if one.how else "matched", chance=both)
    return one


def _beside(fact: Fact, other: Fact) -> bool:
    """Whether two facts differ in one name alone."""
    return len(fact.at) == len(other.at) and sum(a != b for a, b in zip(fact.at, other.at, strict=True)) == 1


def contradiction(one: Statement, others: Sequence[Statement], sheets: Sequence[Sheet]) -> Fact | None:
    """The value that the words single out and that the number is not; None where they single out none, or another's."""
    if digits(one.number) < 2:
        return None
    told = [(other.number, other.told) for other in others]
    for sheet in sheets:
        if one.called and not sheet.speaks_of(one.called):
            continue  # a p-value is none of its values
        facts = expected(one.told, sheet)
        if not 0 < len({fact.at for fact in facts}) <= _SINGLED:
            continue
        # What another number of the sentence states is not what this one is about.
        free = [fact for fact in facts if not taken(fact, told, sheet)]
        if free and all(near_to(one.number, fact) for fact in free):
            return min(free, key=lambda fact: abs(fact.value - one.number.value))
    return None
