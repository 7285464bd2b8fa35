"""The panels of a figure: where data are drawn, and what stands in and around them."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from ai_scientist_reviewer.vectors import Area, Drawn, Point, Shape, Text

NUMBER = re.compile(r"[-−+]?[\d.,]+(?:\s?[%kKMG]|[eE][-−+]?\d+|\s?[×x]\s?[\d−-]+)?")
"""A tick's label, as far as it is a number."""
_SMALLEST = 30.0
"""Points of the shorter side of a panel."""
_NARROW = 6.0
"""Longer than wide by this: a colour bar."""
_MARKER = 14.0
"""Points across, at most."""
_TICKS = 3.0
"""Ems between an axis and its tick labels, at most."""


@dataclass(frozen=True)
class Handle:
    """What stands before a text of a legend."""

    text: Text
    shapes: tuple[Shape, ...]


@dataclass(frozen=True)
class Panel:
    """Axes with what is drawn in them."""

    area: Area
    data: tuple[Shape, ...]
    """Without frame, grid, ticks and legend."""
    texts: tuple[Text, ...]
    """Within it."""
    images: tuple[Area, ...]
    rules: tuple[Shape, ...]
    """Lines through all of it: a grid, and lines of reference."""

    @property
    def empty(self) -> bool:
        plain = len({rule.stroke for rule in self.rules}) <= 1
        return not (self.data or self.texts or self.images) and plain


@dataclass(frozen=True)
class Plan:
    """A figure, taken apart."""

    drawn: Drawn
    areas: tuple[Area, ...]
    """Of the panels."""

    @cached_property
    def frames(self) -> tuple[Shape, ...]:
        """Boxes that are filled behind legends and notes."""
        return tuple(
            shape
            for shape in self.drawn.shapes
            if shape.fill is not None
            and (len(shape.lines) >= 8 or shape.rectangle)
            and shape.area not in self.areas
            and any(shape.area.contains(text.area) and text.order > shape.order for text in self.drawn.texts)
            and not any(shape.area.contains(area) for area in self.areas)
        )

    @cached_property
    def handles(self) -> tuple[Handle, ...]:
        """Of every text that has one."""
        small = [shape for shape in self.drawn.shapes if shape.area.width <= 50 and shape.area not in self.areas]
        found = ((text, tuple(shape for shape in small if before(shape.area, text))) for text in self.drawn.texts)
        return tuple(Handle(text, shapes) for text, shapes in found if shapes)

    @cached_property
    def panels(self) -> tuple[Panel, ...]:
        aside = {id(shape) for handle in self.handles for shape in handle.shapes} | {id(shape) for shape in self.frames}
        return tuple(self.panel(area, aside) for area in self.areas)

    def panel(self, area: Area, aside: set[int]) -> Panel:
        inner = [other for other in self.areas if other != area and area.contains(other)]
        mine = [
            shape
            for shape in self.drawn.shapes
            if shape.area.meets(area)
            and not same(shape.area, area)
            and not shape.area.contains(area)
            and not any(other.grown(2).contains(shape.area) for other in inner)
        ]
        rules = [shape for shape in mine if spans(shape, area)]
        data = [
            shape for shape in mine if id(shape) not in aside and not spans(shape, area) and not at_edge(shape, area)
        ]
        return Panel(
            area=area,
            data=tuple(data),
            texts=tuple(text for text in self.drawn.texts if area.holds(text.area.middle)),
            images=tuple(image for image in self.drawn.images if image.meets(area)),
            rules=tuple(rule for rule in rules if not on_edge(rule, area)),
        )

    def marked(self, area: Area, side: str) -> list[Text]:
        """The numbers along a side of a panel, but for those that stand closer to another panel."""
        others = [other for other in self.areas if other != area]
        return [
            text
            for text in self.drawn.texts
            if NUMBER.fullmatch(text.words)
            and beside(text, area, side)
            and not any(gap(text.area, other) < gap(text.area, area) for other in others)
        ]


def take_apart(drawn: Drawn) -> Plan:
    """Raises nothing: a drawing without panels is a plan without any."""
    boxes: list[Area] = []
    page = drawn.page.width * drawn.page.height
    for area in (*patches(drawn), *corners(drawn)):
        if area.width * area.height > 0.97 * page or min(area.width, area.height) < _SMALLEST:
            continue
        if max(area.width, area.height) > _NARROW * min(area.width, area.height):
            continue
        if not any(same(area, other) for other in boxes):
            boxes.append(area)
    return Plan(drawn, tuple(boxes))


def patches(drawn: Drawn) -> Iterator[Area]:
    """Filled rectangles with a spine along a side or a grid across."""
    level = [shape for shape in drawn.shapes if shape.straight and shape.stroke is not None]
    for shape in drawn.shapes:
        if shape.rectangle and shape.fill is not None and shape.stroke is None and shape.area.width >= _SMALLEST:
            lines = [line for line in level if spans(line, shape.area)]
            if any(on_edge(line, shape.area) for line in lines) or len(lines) >= 2:
                yield shape.area


def corners(drawn: Drawn) -> Iterator[Area]:
    """Areas between a spine on the left and one below that meet."""
    level = [shape.area for shape in drawn.shapes if shape.straight and shape.stroke is not None]
    flat = [area for area in level if area.width >= _SMALLEST]
    upright = [area for area in level if area.height >= _SMALLEST]
    if len(flat) * len(upright) > 40_000:
        return
    for low in flat:
        for left in upright:
            if math.dist((low.left, low.bottom), (left.left, left.bottom)) < 1.0:
                yield Area(left.left, low.bottom, low.right, left.top)


def same(one: Area, other: Area, within: float = 1.5) -> bool:
    return one.grown(within).contains(other) and other.grown(within).contains(one)


def spans(shape: Shape, area: Area) -> bool:
    """Whether it is a straight line from one side to the other, and not beyond."""
    if not shape.straight or not shape.area.meets(area.grown(1)):
        return False
    wide, high = shape.area.width, shape.area.height
    return (high < 0.05 and abs(wide - area.width) <= 0.03 * area.width) or (
        wide < 0.05 and abs(high - area.height) <= 0.03 * area.height
    )


def on_edge(shape: Shape, area: Area) -> bool:
    x, y = shape.area.middle
    if shape.area.width > shape.area.height:
        return min(abs(y - area.bottom), abs(y - area.top)) < 1.0
    return min(abs(x - area.left), abs(x - area.right)) < 1.0


def at_edge(shape: Shape, area: Area) -> bool:
    """A tick, or what lies outside and only touches."""
    inside = area.grown(-0.3)
    if not shape.area.meets(inside):
        return True
    ends = [shape.area.left - area.left, area.right - shape.area.right]
    ends += [shape.area.bottom - area.bottom, area.top - shape.area.top]
    return shape.straight and max(shape.area.width, shape.area.height) <= 8 and min(map(abs, ends)) < 0.5


def before(area: Area, text: Text) -> bool:
    """Whether a small shape stands before a text, as a legend's line or marker does."""
    gap, em = text.area.left - area.right, text.size
    low, high = text.area.bottom, text.area.top
    level = low - 0.4 * em <= area.middle[1] <= high + 0.4 * em
    return (
        text.upright
        and level
        and 0 < gap <= 2.2 * em
        and max(area.width, area.height) >= 1.5
        and area.height <= 1.6 * em
    )


def beside(text: Text, area: Area, side: str) -> bool:
    """Whether a text stands where the tick labels of a side stand."""
    near, (x, y) = _TICKS * text.size, text.area.middle
    match side:
        case "bottom":
            return area.left - near <= x <= area.right + near and 0 <= area.bottom - text.area.top <= near
        case "top":
            return area.left - near <= x <= area.right + near and 0 <= text.area.bottom - area.top <= near
        case "left":
            return area.bottom - near <= y <= area.top + near and 0 <= area.left - text.area.right <= near
        case _:
            return area.bottom - near <= y <= area.top + near and 0 <= text.area.left - area.right <= near


def gap(one: Area, other: Area) -> float:
    """Between two areas; 0 where they meet."""
    across = max(other.left - one.right, one.left - other.right, 0.0)
    return math.hypot(across, max(other.bottom - one.top, one.bottom - other.top, 0.0))


def marker(shape: Shape) -> bool:
    return max(shape.area.width, shape.area.height) <= _MARKER and shape.fill is not None and len(shape.lines) >= 3


def crosses(line: tuple[Point, Point], area: Area) -> bool:
    """Whether a straight line passes through an area (Liang and Barsky, 1984)."""
    (x0, y0), (x1, y1) = line
    enter, leave = 0.0, 1.0
    for step, room in (
        (x0 - x1, x0 - area.left), (x1 - x0, area.right - x0), (y0 - y1, y0 - area.bottom), (y1 - y0, area.top - y0),
    ):  # fmt: skip
        if step == 0:
            if room < 0:
                return False
        elif step < 0:
            enter = max(enter, room / step)
        else:
            leave = min(leave, room / step)
    return enter <= leave
