"""Sums that a sentence can be held to by itself: a percentage, a factor or a difference of two other numbers in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ai_scientist_reviewer.document import Number
from ai_scientist_reviewer.evidence.holding import fits, precision

if TYPE_CHECKING:
    from ai_scientist_reviewer.evidence.statements import Statement


_DIFFERENCE = re.compile(
    r"\b(?:difference|gap|margin|improvement|reduction|increase|decrease|gain|drop|rise)s?\s(?:of|is|was)\s*$|\bby\s*$",
    re.IGNORECASE,
)
_WIDEST = 0.4
"""Share of what was computed by which its rounding may move it: beyond that anything would fit."""


def within(one: Statement, others: Sequence[Statement]) -> tuple[Statement, Statement, str] | None:
    """Two of the other numbers from which the number follows, and how; None where there are none."""
    _, slack = precision(one.number, one.told.cues)
    for a in others:
        for b in others:
            if a is b or not _alike(a.number, b.number):
                continue
            for value, wide, how in results_of(one, a.number, b.number):
                if wide <= _WIDEST * value and fits(abs(one.number.value), value, slack + wide):
                    return a, b, how
    return None


def _alike(a: Number, b: Number) -> bool:
    """Whether two numbers may be compared: both percentages or neither, and written alike."""
    return a.percent == b.percent and a.decimals == b.decimals and a.value != b.value


def results_of(one: Statement, a: Number, b: Number) -> Iterator[tuple[float, float, str]]:
    """What may be said of b beside a, how far that may lie by their rounding, and how it was computed."""
    difference = abs(b.value - a.value)
    if one.number.percent:
        if a.value and not a.percent:
            wide = 100 * (b.slack + a.slack * abs(b.value / a.value)) / abs(a.value)
            yield 100 * difference / abs(a.value), wide, "relative change"
        if a.percent and b.percent:
            yield difference, a.slack + b.slack, "difference in points"
        elif max(abs(a.value), abs(b.value)) <= 1:
            yield 100 * difference, 100 * (a.slack + b.slack), "difference in points"
    elif one.written.times:
        if a.value and b.value:
            yield abs(b.value / a.value), (b.slack + a.slack * abs(b.value / a.value)) / abs(a.value), "ratio"
    elif one.number.decimals == a.decimals and _DIFFERENCE.search(
        one.passage.text[max(0, one.number.start - 40) : one.number.start]
    ):
        yield difference, a.slack + b.slack, "difference"
