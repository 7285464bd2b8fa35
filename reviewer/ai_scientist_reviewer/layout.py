"""What is wrong with how a figure is laid out, as far as its PDF tells: texts, legends, axes, colours."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Iterator

from ai_scientist_reviewer.colours import alike_in_grey, confused
from ai_scientist_reviewer.faults import Fault
from ai_scientist_reviewer.panels import NUMBER, Panel, Plan, crosses, marker, take_apart
from ai_scientist_reviewer.vectors import Area, Colour, Drawn, Point, Shape, Text

LEAST_TEXT = 6.0
"""Points at print."""
LINE = 6.5
"""Inches of a line of text: what a figure is taken to be printed on, where it is wider."""
_DEEP = 0.1
"""Ems by which two texts run into each other before it is called so."""
_APART = 0.12
"""Ems between two labels side by side, at least."""
_OFF = 0.6
"""Points beyond the page's edge before it is called cut off."""
_MANY = 12
"""Colours in a panel from which on they are taken for a scale."""
_LISTED = 4
_CHROMA = 40
"""Levels between a colour's highest and lowest channel from which on it is no grey."""


def faults_of(drawn: Drawn, width_inches: float | None) -> Iterator[Fault]:
    """`width_inches`: its width in print; None where it is unknown, and then as wide as the page, or a line of text."""
    plan = take_apart(drawn)
    yield from overlapping(drawn.texts)
    yield from cut_off(drawn)
    yield from too_small(drawn, width_inches)
    for panel in plan.panels:
        yield from empty(panel, plan)
        yield from covered(panel, plan)
        yield from unnamed(panel, plan)
        yield from merging(panel, plan)
    yield from not_drawn(plan)


def overlapping(texts: tuple[Text, ...]) -> Iterator[Fault]:
    """Texts that run into each other, or stand so close on a line that they read as one."""
    pairs = []
    for i, one in enumerate(texts):
        for other in texts[i + 1 :]:
            if not one.area.grown(_APART * one.size).meets(other.area) or twice(one, other):
                continue
            deep = _DEEP * min(one.size, other.size)
            if any(depth(a.corners, b.corners) > deep for a in one.runs for b in other.runs) or runs_on(one, other):
                pairs.append(f"{quoted(one)} and {quoted(other)}")
    if pairs:
        yield Fault("overlap", "error", f"Texts run into each other: {listed(pairs)}.")


def twice(one: Text, other: Text) -> bool:
    """Whether the same text was drawn twice in a place, as for a halo."""
    return one.words == other.words and math.dist(one.area.middle, other.area.middle) < 1.5


def runs_on(one: Text, other: Text) -> bool:
    if not (one.upright and other.upright) or abs(one.size - other.size) > 0.05:
        return False
    left, right = sorted((one, other), key=lambda text: text.area.left)
    level = abs(one.area.middle[1] - other.area.middle[1]) < 0.25 * one.size
    return level and right.area.left - left.area.right < _APART * one.size


def depth(one: tuple[Point, ...], other: tuple[Point, ...]) -> float:
    """How far two convex four-cornered areas reach into each other, by separating axes; below zero where they do not."""
    found = math.inf
    for corners in (one, other):
        for (x0, y0), (x1, y1) in itertools.pairwise(corners):
            length = math.dist((x0, y0), (x1, y1))
            if not length:
                continue
            along = ((x1 - x0) / length, (y1 - y0) / length)
            first = [x * along[0] + y * along[1] for x, y in one]
            second = [x * along[0] + y * along[1] for x, y in other]
            found = min(found, min(max(first), max(second)) - max(min(first), min(second)))
    return found


def cut_off(drawn: Drawn) -> Iterator[Fault]:
    room = drawn.page.grown(_OFF)
    gone = [quoted(text) for text in drawn.texts if not room.contains(text.area)]
    if gone:
        yield Fault("cut-off", "error", f"Texts are cut off at the edge of the picture: {listed(gone)}.")


def too_small(drawn: Drawn, width_inches: float | None) -> Iterator[Fault]:
    own = drawn.page.width / 72
    scale = (width_inches or min(own, LINE)) / own
    texts = drawn.texts
    parts = {
        id(text)
        for i, text in enumerate(texts)
        if any(part_of(text, other) for other in (*texts[max(0, i - 3) : i], *texts[i + 1 : i + 4]))
    }
    small = [text for text in texts if text.size * scale < LEAST_TEXT - 0.05 and id(text) not in parts]
    if small:
        least = min(text.size for text in small) * scale
        told = f"Text is {least:.1f} points high at print ({listed([quoted(text) for text in small])})"
        yield Fault("text-size", "warn", f"{told}; at least {LEAST_TEXT:g} are needed.")


def part_of(text: Text, other: Text) -> bool:
    """Whether a text is an exponent, or one side of a fraction, in a formula with larger letters."""
    close = text.area.grown(0.6 * other.size).meets(other.area)
    return len(text.words) <= 3 and other.size > 1.2 * text.size and close


def empty(panel: Panel, plan: Plan) -> Iterator[Fault]:
    if panel.empty:
        yield Fault("empty-axes", "error", f"The axes{which(panel, plan)} hold no data.")


def which(panel: Panel, plan: Plan) -> str:
    """Which of several panels: " (panel 2 from the left, row 1)"."""
    if len(plan.areas) < 2:
        return ""
    rows: list[list[Area]] = []
    for area in sorted(plan.areas, key=lambda area: -area.top):
        row = next((row for row in rows if abs(row[0].top - area.top) < 0.3 * area.height), None)
        if row is None:
            rows.append([area])
        else:
            row.append(area)
    number, row = next((n, row) for n, row in enumerate(rows, start=1) if panel.area in row)
    place = sorted(row, key=lambda area: area.left).index(panel.area) + 1
    return f" of panel {place} from the left" + (f" in row {number}" if len(rows) > 1 else "")


def covered(panel: Panel, plan: Plan) -> Iterator[Fault]:
    """Texts and legends that lie over lines or points."""
    frames = [frame for frame in plan.frames if frame.area.meets(panel.area)]
    legends = [frame for frame in frames if any(frame.area.contains(handle.text.area) for handle in plan.handles)]
    over = []
    keyed = {id(handle.text) for handle in plan.handles}
    for text in panel.texts:
        if NUMBER.fullmatch(text.words) and id(text) not in keyed:
            continue  # a level on its contour, a value at its point
        inner = shrunk(text)
        backed = any(frame.area.contains(inner) and frame.order < text.order for frame in frames)
        if not backed and any(under(shape, inner) for shape in panel.data):
            over.append(quoted(text))
    if over:
        told = f"Text lies over lines or points{which(panel, plan)}: {listed(over)}."
        yield Fault("hidden-data", "warn", f"{told} If it is a legend, it hides data.")
    for frame in legends:
        room = frame.area.grown(-1.5)
        behind = [shape for shape in panel.data if shape.order < frame.order]
        if any(under(shape, room) or bar_under(shape, room) for shape in behind):
            yield Fault("hidden-data", "error", f"The legend's box covers data{which(panel, plan)}.")


def shrunk(text: Text) -> Area:
    """The inside of a text's box: what only touches its edge does not count."""
    area, by = text.area, 0.15 * text.size
    if area.height <= 2 * by or area.width <= 2 * by:
        return Area(*area.middle, *area.middle)
    return area.grown(-by)


def under(shape: Shape, area: Area) -> bool:
    """Whether a line runs through an area, or a point lies in it."""
    if marker(shape):
        return area.holds(shape.area.middle)
    if shape.fill is not None or not shape.area.meets(area):
        return False
    return any(crosses(line, area) for line in shape.lines)


def bar_under(shape: Shape, area: Area) -> bool:
    return shape.fill is not None and shape.rectangle and shape.area.meets(area)


def unnamed(panel: Panel, plan: Plan) -> Iterator[Fault]:
    """Axes with numbers along them and no name."""
    if any(area != panel.area and area.contains(panel.area) for area in plan.areas):
        return  # an inset is explained by what it lies in
    area, numbers = panel.area, {side: plan.marked(panel.area, side) for side in ("bottom", "top", "left", "right")}
    ticks = {id(text) for found in numbers.values() for text in found}
    words = [
        text for text in plan.drawn.texts if id(text) not in ticks and any(c.isalpha() for c in text.words)
    ]  # fmt: skip
    for side, found in numbers.items():
        if len(found) >= 2 and not any(names(text, area, side) for text in words):
            axis = "x" if side in ("bottom", "top") else "y"
            where = "" if side in ("bottom", "left") else f" at the {side}"
            yield Fault("unnamed-axis", "warn", f"The {axis} axis{where}{which(panel, plan)} has numbers and no name.")


def names(text: Text, area: Area, side: str) -> bool:
    """Whether a text stands where the name of an axis may stand."""
    other = text.area
    level = other.bottom <= area.top and other.top >= area.bottom
    across = other.left <= area.right and other.right >= area.left
    corner = other.bottom >= area.top and abs(other.left - area.left) < 4 * text.size  # a name above the axis's end
    match side:
        case "bottom":
            return other.top <= area.bottom and (across or text.upright)
        case "top":
            return other.bottom >= area.top and across
        case "left":
            return (other.right <= area.left and (level or not text.upright)) or corner
        case _:
            return other.left >= area.right and level


def merging(panel: Panel, plan: Plan) -> Iterator[Fault]:
    """Colours of one panel that are all that tells two things apart, and that some readers do not."""
    looks: dict[Colour, set[tuple[object, ...]]] = {}
    for shape in panel.data:
        if shape.colour is not None and max(shape.colour) - min(shape.colour) >= _CHROMA and shape.alpha > 0.2:
            looks.setdefault(shape.colour, set()).add(look_of(shape))
    if not 2 <= len(looks) <= _MANY:
        return
    legend = {shape.colour for handle in plan.handles for shape in handle.shapes}
    named = {run.colour for text in plan.drawn.texts for run in text.runs}
    pairs, grey = [], []
    colours = list(looks)
    for i, one in enumerate(colours):
        for other in colours[i + 1 :]:
            if looks[one] != looks[other] or {one, other} <= named:
                continue  # another dash or marker, or a name beside each, tells them apart as well
            if kind := confused(one, other):
                pairs.append(f"{hexadecimal(one)} and {hexadecimal(other)} ({kind})")
            elif {one, other} <= legend and alike_in_grey(one, other):
                grey.append(f"{hexadecimal(one)} and {hexadecimal(other)}")
    if pairs:
        told = f"Colours that a colour-blind reader cannot tell apart{which(panel, plan)}: {listed(pairs)}"
        yield Fault("colours", "warn", f"{told}; other colours, or markers and dashes as well, are needed.")
    if grey:
        told = f"Colours that are one in grey{which(panel, plan)}: {listed(grey)}"
        yield Fault("colours", "warn", f"{told}; nothing else tells them apart.")


def look_of(shape: Shape) -> tuple[object, ...]:
    """What tells a shape apart but its colour."""
    if marker(shape):
        return ("marker", len(shape.lines))
    return ("bar" if shape.fill is not None else "line", shape.dashes)


def not_drawn(plan: Plan) -> Iterator[Fault]:
    """Entries of a legend in a colour in which nothing is drawn. Greys may stand for a dash or a marker of any colour."""
    if plan.drawn.images or not plan.areas:
        return
    drawn = {colour for panel in plan.panels for shape in (*panel.data, *panel.rules) for colour in colours_of(shape)}
    lost = [
        quoted(handle.text)
        for handle in plan.handles
        if not {c for shape in handle.shapes for c in colours_of(shape)} & drawn
        and any(max(c) - min(c) >= _CHROMA for shape in handle.shapes for c in colours_of(shape))
    ]
    if lost:
        yield Fault("legend", "warn", f"The legend names what is not drawn: {listed(lost)}.")


def colours_of(shape: Shape) -> set[Colour]:
    return {colour for colour in (shape.fill, shape.stroke) if colour is not None}


def quoted(text: Text) -> str:
    words = text.words if len(text.words) <= 40 else f"{text.words[:37]}…"
    return f"“{words}”"


def listed(things: Iterable[str]) -> str:
    known = list(dict.fromkeys(things))
    more = f" and {len(known) - _LISTED} more" if len(known) > _LISTED else ""
    return "; ".join(known[:_LISTED]) + more


def hexadecimal(colour: Colour) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour)
