"""The cells of a table held against the result files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from ai_scientist_reviewer.document import Number
from ai_scientist_reviewer.evidence.alignment import Aligned, labels_of
from ai_scientist_reviewer.evidence.cues import Cues, cues_of
from ai_scientist_reviewer.evidence.facts import Fact, Sheet
from ai_scientist_reviewer.evidence.holding import Told
from ai_scientist_reviewer.evidence.labels import words
from ai_scientist_reviewer.evidence.records import Spot, Verdict, written
from ai_scientist_reviewer.evidence.spreads import hold_mean, of_spread
from ai_scientist_reviewer.tables import Entry

_WITNESSES = 3
"""Cells of a row and column that must follow a pattern before a cell is said to break it."""
_RATE = 0.75
"""Share of a table's cells that must follow it."""


class Judged(NamedTuple):
    """A cell with what was found."""

    verdicts: tuple[Verdict, ...]
    """On its value, and on what follows its ±."""
    fact: Fact | None
    """What it states, or ought to."""

    @property
    def holds(self) -> bool:
        return self.verdicts[0].verdict in ("matched", "derived")


def of_cell(entry: Entry, aligned: Aligned | None, sheets: Sequence[Sheet]) -> Judged:
    """The verdicts on a cell. `aligned`: what its neighbours say of where it comes from."""
    told = Told(labels_of(entry), around=frozenset(words(entry.table.caption)), cues=_cues(entry))
    number = replace(entry.number, percent=entry.hundredths)
    spot = _spot(entry)
    first, fact = _of_value(number, told, aligned, sheets, spot)
    if number.spread is None:
        return Judged((first,), fact)
    return Judged((first, of_spread(number, fact, told, sheets, spot)), fact)


def _of_value(
    number: Number, told: Told, aligned: Aligned | None, sheets: Sequence[Sheet], spot: Spot
) -> tuple[Verdict, Fact | None]:
    text = written(number)
    if aligned is not None and aligned.fits:
        return spot.matched(text, aligned.fits[0]), aligned.fits[0]
    found = hold_mean(number, told, sheets)
    known = found.verdict != "unexplained"
    breaks = aligned is not None and aligned.witnesses >= _WITNESSES and aligned.rate >= _RATE
    if aligned is not None and breaks and not (known and _near(found.facts, aligned.facts)):
        return spot.contradicted(text, aligned.facts[0], nearest=aligned.facts[0]), aligned.facts[0]
    verdict = spot.found(text, found)
    if breaks and known:
        verdict = verdict.model_copy(update={"against": True})
    return verdict, found.facts[0] if known else None


def _near(facts: Sequence[Fact], wanted: Sequence[Fact]) -> bool:
    """Whether a fact stands where one that was expected does, but for one name."""
    return any(
        len(fact.at) == len(other.at) and sum(a != b for a, b in zip(fact.at, other.at, strict=True)) <= 1
        for fact in facts
        for other in wanted
    )


def _spot(entry: Entry) -> Spot:
    number = entry.number
    small = number.decimals == 0 and abs(number.value) < 100 and not number.percent and number.spread is None
    box = entry.cell.box or entry.table.box
    role = "count" if small else "value"
    return Spot("table", entry.place, role, entry.cell.text, entry.table.page, box, entry.table.file, entry.cell.line)


def _cues(entry: Entry) -> Cues:
    labels = " ".join((*entry.rows, *entry.columns))
    return cues_of(f"{labels} ", len(labels), len(labels) + 1)._replace(about=False)
