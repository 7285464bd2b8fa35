"""The outlines of a page's tables, told from the rules drawn on it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ai_scientist_reviewer.document import Box, Line, Page

_THIN = 3.0
"""Points: what is drawn and no higher is a rule."""
_SHORTEST = 36.0
"""Points: a rule of a table is at least so long."""
_SAME = 4.0
"""Points by which the ends of a table's rules may differ."""
_MOST_RULES = 400
"""On a page; more are a drawing."""


class Frame(NamedTuple):
    """A table's outline: its rules from the first to the last, and those that span only some columns."""

    rules: list[Box]
    partial: list[Box]

    @property
    def box(self) -> Box:
        first = self.rules[0]
        return Box(first.left, first.top, first.right, self.rules[-1].bottom)


def frames_of(page: Page, lines: Sequence[Line]) -> Iterator[Frame]:
    thin = [box for box in page.drawn if box.bottom - box.top <= _THIN and box.right - box.left > 12]
    if len(thin) > _MOST_RULES:
        return
    rules = sorted(_joined(thin), key=lambda box: box.top)
    used: set[Box] = set()
    for i, rule in enumerate(rules):
        if rule in used or rule.right - rule.left < _SHORTEST:
            continue
        same = [
            other
            for other in rules[i:]
            if abs(other.left - rule.left) < _SAME and abs(other.right - rule.right) < _SAME and other not in used
        ]
        for group in _split(same, lines):
            used.update(group)
            if len(group) >= 2:
                group = [*group, *_goes_on(group, page, lines)]
                inside = [
                    box
                    for box in rules
                    if box not in group
                    and group[0].bottom < box.top < group[-1].top
                    and box.left > rule.left - _SAME
                    and box.right < rule.right + _SAME
                ]
                yield Frame(group, inside)


def _goes_on(group: Sequence[Box], page: Page, lines: Sequence[Line]) -> list[Box]:
    """The foot of the page, for a table that goes on on the next: it has a heavy rule above and none below."""
    first, last = group[0].bottom - group[0].top, group[-1].bottom - group[-1].top
    if len(group) > 2 or last > 0.8 * first:
        return []
    feet = [line.box.bottom for line in lines if line.box is not None and line.box.bottom < 0.92 * page.height]
    foot = max(feet, default=0.0)
    return [Box(group[0].left, foot + 1, group[0].right, foot + 2)] if foot > group[-1].bottom else []


def _joined(boxes: Sequence[Box]) -> Iterator[Box]:
    """Rules that were drawn cell by cell put together."""
    rows: dict[float, list[Box]] = {}
    for box in boxes:
        rows.setdefault(round((box.top + box.bottom) / 2), []).append(box)
    for row in rows.values():
        row.sort(key=lambda box: box.left)
        current = row[0]
        for box in row[1:]:
            if box.left - current.right < 1.0:
                current = Box(current.left, min(current.top, box.top), max(current.right, box.right), current.bottom)
            else:
                yield current
                current = box
        yield current


def _split(rules: Sequence[Box], lines: Sequence[Line]) -> Iterator[list[Box]]:
    """Rules of the same length, table by table."""
    group: list[Box] = []
    heaviest = max((box.bottom - box.top for box in rules), default=0.0)
    heavy = [box.bottom - box.top > 0.8 * heaviest for box in rules]
    marked = any(heavy) and not all(heavy)
    ends = 0
    for rule, is_heavy in zip(rules, heavy, strict=True):
        if group and (_text_between(group[-1], rule, lines) or (marked and ends == 2)):
            yield group
            group, ends = [], 0
        group.append(rule)
        ends += is_heavy
    if group:
        yield group


def _text_between(above: Box, below: Box, lines: Sequence[Line]) -> bool:
    """Whether a caption or running text, and not a table's rows, stands between two rules."""
    for line in lines:
        if line.box is None or not (above.bottom - 1 <= line.box.top and line.box.bottom <= below.top + 1):
            continue
        if line.box.right < above.left - _SAME or line.box.left > above.right + _SAME:
            continue
        outside = line.box.left < above.left - 8 or line.box.right > above.right + 8
        if outside or re.match(r"(Table|Figure|Fig\.)\s*[A-Z]?\d+\s*[:.|]", line.text.strip()):
            return True
    return False
