"""Sums that a sentence can be held to by itself: a percentage, a factor or a difference of two other numbers in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ai_scientist_reviewer.document import Number
from ai_scientist_reviewer.holding import fits, precision

if TYPE_CHECKING:
    from ai_scientist_reviewer.statements import Statement


def within(one: Statement, others: Sequence[Statement]) -> tuple[Statement, Statement, str] | None:
    """Two of the other numbers from which the number follows, and how; None where there are none."""
    _, slack = precision(one.number, one.told.cues)
    for a in others:
        for b in others:
            if a is b or not _alike(a.number, b.number):
                continue
            for value, wide, how in results_of(one, a.number, b.number):
                if fits(abs(one.number.value), value, slack + wide):
                    return a, b, how
    return None


def _alike(a: Number, b: Number) -> bool:
    """Whether two numbers may be compared: both percentages or neither, and written alike."""
    return a.percent == b.percent and a.decimals == b.decimals and a.value != b.value


def results_of(one: Statement, a: Number, b: Number) -> Iterator[tuple[float, float, str]]:
    """What may be said of b beside a, how far that may lie by their rounding, and how it was computed."""
    difference = abs(b.value - a.value)
    if one.number.percent:
        if a.value:
            wide = 100 * (b.slack + a.slack * abs(b.value / a.value)) / abs(a.value)
            yield 100 * difference / abs(a.value), wide, "relative change"
        if a.percent and b.percent:
            yield difference, a.slack + b.slack, "difference in points"
        elif max(abs(a.value), abs(b.value)) <= 1:
            yield 100 * difference, 100 * (a.slack + b.slack), "difference in points"
    elif one.written.times:
        if a.value and b.value:
            yield abs(b.value / a.value), (b.slack + a.slack * abs(b.value / a.value)) / abs(a.value), "ratio"
    elif one.told.cues.change:
        yield difference, a.slack + b.slack, "difference"
