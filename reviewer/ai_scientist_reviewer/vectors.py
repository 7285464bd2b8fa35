"""What the PDF of a figure holds: its texts and its shapes, each with its place in points from the lower left corner."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ai_scientist_reviewer.pdfium import opened

Point = tuple[float, float]
Colour = tuple[int, int, int]
Matrix = tuple[float, float, float, float, float, float]

_IDENTITY: Matrix = (1, 0, 0, 1, 0, 0)
_MAX_SHAPES, _MAX_POINTS = 20_000, 200_000
_DEEPEST = 8
"""Of forms within forms."""
_FAINTEST = 10
"""Opacity (0 to 255) below which nothing is seen."""


@dataclass(frozen=True)
class Area:
    """An upright rectangle."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.top - self.bottom

    @property
    def middle(self) -> Point:
        return (self.left + self.right) / 2, (self.bottom + self.top) / 2

    def grown(self, by: float) -> Area:
        return Area(self.left - by, self.bottom - by, self.right + by, self.top + by)

    def holds(self, point: Point) -> bool:
        return self.left <= point[0] <= self.right and self.bottom <= point[1] <= self.top

    def contains(self, other: Area) -> bool:
        return self.holds((other.left, other.bottom)) and self.holds((other.right, other.top))

    def meets(self, other: Area) -> bool:
        across = min(self.right, other.right) >= max(self.left, other.left)
        return across and min(self.top, other.top) >= max(self.bottom, other.bottom)


def around(points: list[Point] | tuple[Point, ...]) -> Area:
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return Area(min(xs), min(ys), max(xs), max(ys))


@dataclass(frozen=True)
class Run:
    """Glyphs that were set in one go."""

    words: str
    corners: tuple[Point, Point, Point, Point]
    """Of their ink: from the lower left one, against the clock, as the text is read."""
    size: float
    """Points, on the page of the figure."""
    colour: Colour | None
    order: int
    """Of all objects of the page: the later covers the earlier."""

    @property
    def upright(self) -> bool:
        (x0, y0), (x1, y1) = self.corners[:2]
        return abs(y1 - y0) <= 0.02 * abs(x1 - x0) + 0.01 and x1 >= x0


@dataclass(frozen=True)
class Text:
    """A line of text. Mathematics come in many runs, everything else in one."""

    runs: tuple[Run, ...]

    @cached_property
    def words(self) -> str:
        return "".join(run.words for run in self.runs).strip()

    @cached_property
    def area(self) -> Area:
        return around([corner for run in self.runs for corner in run.corners])

    @property
    def size(self) -> float:
        """Of its largest letters: an exponent may be smaller."""
        return max(run.size for run in self.runs)

    @property
    def upright(self) -> bool:
        return self.runs[0].upright

    @property
    def order(self) -> int:
        return self.runs[0].order


@dataclass(frozen=True)
class Shape:
    """A path."""

    lines: tuple[tuple[Point, Point], ...]
    """Its pieces; a curve's is the straight line between its ends."""
    fill: Colour | None
    stroke: Colour | None
    dashes: tuple[float, ...]
    alpha: float
    """0 to 1, of the filling where there is one."""
    order: int

    @cached_property
    def area(self) -> Area:
        return around([point for line in self.lines for point in line])

    @property
    def colour(self) -> Colour | None:
        return self.fill if self.fill is not None else self.stroke

    @property
    def rectangle(self) -> bool:
        """Whether it is an upright one."""
        flat = all(abs(a[0] - b[0]) < 0.05 or abs(a[1] - b[1]) < 0.05 for a, b in self.lines)
        return flat and 3 <= len(self.lines) <= 5 and min(self.area.width, self.area.height) > 0.3

    @property
    def straight(self) -> bool:
        """Whether it is a single upright or level line, as spines, ticks and grids are."""
        return len(self.lines) == 1 and min(self.area.width, self.area.height) < 0.05


@dataclass(frozen=True)
class Drawn:
    """One page."""

    page: Area
    texts: tuple[Text, ...]
    shapes: tuple[Shape, ...]
    images: tuple[Area, ...]


def read(pdf: bytes, number: int = 1) -> Drawn:
    """A page (from 1) of a figure's PDF, or of a paper's.

    Raises:
        PaperError: it is damaged, encrypted, or no PDF.
    """
    with opened(pdf, "the figure") as document:
        return drawn_on(document[number - 1])


def drawn_on(page: Any) -> Drawn:
    """What an opened page holds."""
    import pypdfium2.raw as raw

    left, bottom, right, top = page.get_mediabox()
    letters = page.get_textpage()
    runs: list[Run] = []
    shapes: list[Shape] = []
    images: list[Area] = []
    points = order = 0
    for thing, matrix in objects(page):
        kind = raw.FPDFPageObj_GetType(thing)
        if kind == raw.FPDF_PAGEOBJ_TEXT and (run := text_run(thing, letters, matrix, order)):
            runs.append(run)
        elif kind == raw.FPDF_PAGEOBJ_PATH and (shape := path(thing, matrix, order)):
            shapes.append(shape)
            points += len(shape.lines)
        elif kind == raw.FPDF_PAGEOBJ_IMAGE:
            images.append(bounds(thing, matrix))
        order = len(runs) + len(shapes) + len(images)  # blanks do not count: they stand within a line
        if len(shapes) > _MAX_SHAPES or points > _MAX_POINTS:
            break
    return Drawn(Area(left, bottom, right, top), tuple(joined(runs)), tuple(shapes), tuple(images))


def objects(page: Any) -> Iterator[tuple[Any, Matrix]]:
    """Every object that is drawn, in order, and where its form stands: markers are forms that are used again and again."""
    import pypdfium2.raw as raw

    def within(thing: Any, matrix: Matrix, depth: int) -> Iterator[tuple[Any, Matrix]]:
        if raw.FPDFPageObj_GetType(thing) != raw.FPDF_PAGEOBJ_FORM:
            yield thing, matrix
        elif depth < _DEEPEST:
            inner = times(matrix_of(thing), matrix)
            for index in range(raw.FPDFFormObj_CountObjects(thing)):
                yield from within(raw.FPDFFormObj_GetObject(thing, index), inner, depth + 1)

    for index in range(raw.FPDFPage_CountObjects(page)):
        yield from within(raw.FPDFPage_GetObject(page, index), _IDENTITY, 0)


def matrix_of(thing: Any) -> Matrix:
    import pypdfium2.raw as raw

    found = raw.FS_MATRIX()
    if not raw.FPDFPageObj_GetMatrix(thing, found):
        return _IDENTITY
    return found.a, found.b, found.c, found.d, found.e, found.f


def times(inner: Matrix, outer: Matrix) -> Matrix:
    """First the inner, then the outer one."""
    a, b, c, d, e, f = inner
    origin = placed((e, f), outer)
    oa, ob, oc, od = outer[:4]
    return a * oa + b * oc, a * ob + b * od, c * oa + d * oc, c * ob + d * od, *origin


def placed(point: Point, matrix: Matrix) -> Point:
    a, b, c, d, e, f = matrix
    return a * point[0] + c * point[1] + e, b * point[0] + d * point[1] + f


def bounds(thing: Any, matrix: Matrix) -> Area:
    import pypdfium2.raw as raw

    sides = [ctypes.c_float() for _ in range(4)]
    raw.FPDFPageObj_GetBounds(thing, *sides)
    left, bottom, right, top = (side.value for side in sides)
    return around([placed(corner, matrix) for corner in ((left, bottom), (right, bottom), (right, top), (left, top))])


def text_run(thing: Any, letters: Any, matrix: Matrix, order: int) -> Run | None:
    """None where it leaves no ink."""
    import pypdfium2.raw as raw

    length = raw.FPDFTextObj_GetText(thing, letters, None, 0)
    buffer = (ctypes.c_ushort * (length // 2 + 1))()
    raw.FPDFTextObj_GetText(thing, letters, buffer, length)
    words = bytes(buffer).decode("utf-16-le", errors="replace").partition("\0")[0]
    quad, size = raw.FS_QUADPOINTSF(), ctypes.c_float()
    if not raw.FPDFPageObj_GetRotatedBounds(thing, quad) or not raw.FPDFTextObj_GetFontSize(thing, size):
        return None
    corners = ((quad.x1, quad.y1), (quad.x2, quad.y2), (quad.x3, quad.y3), (quad.x4, quad.y4))
    first, second, third, fourth = (placed(corner, matrix) for corner in corners)
    if not words.strip() or math.dist(first, third) < 0.2:
        return None
    whole = times(matrix_of(thing), matrix)
    ink, _ = colour(thing, raw.FPDFPageObj_GetFillColor)
    return Run(words, (first, second, third, fourth), size.value * math.hypot(whole[2], whole[3]), ink, order)


def joined(runs: list[Run]) -> Iterator[Text]:
    """Runs that follow each other on a line, as the letters of mathematics do, are one text."""
    line: list[Run] = []
    for run in runs:
        if line and not (run.order == line[-1].order + 1 and follows(line[-1], run)):
            yield Text(tuple(line))
            line = []
        line.append(run)
    if line:
        yield Text(tuple(line))


def follows(before: Run, after: Run) -> bool:
    (x0, y0), (x1, y1) = before.corners[:2]
    length = math.dist((x0, y0), (x1, y1)) or 1.0
    along = ((x1 - x0) / length, (y1 - y0) / length)
    em = max(before.size, after.size)
    x, y = after.corners[0][0] - x1, after.corners[0][1] - y1
    gap, rise = x * along[0] + y * along[1], y * along[0] - x * along[1]
    return -0.15 * em <= gap <= 0.5 * em and abs(rise) <= 0.8 * em


def path(thing: Any, matrix: Matrix, order: int) -> Shape | None:
    """None where nothing of it is seen."""
    import pypdfium2.raw as raw

    filled, stroked = ctypes.c_int(), ctypes.c_int()
    raw.FPDFPath_GetDrawMode(thing, filled, stroked)
    fill, alpha = colour(thing, raw.FPDFPageObj_GetFillColor) if filled.value else (None, 0)
    stroke, opacity = colour(thing, raw.FPDFPageObj_GetStrokeColor) if stroked.value else (None, 0)
    if fill is None and stroke is None:
        return None
    lines = tuple(pieces(thing, times(matrix_of(thing), matrix)))
    seen = alpha if fill is not None else opacity
    return Shape(lines, fill, stroke, dashes(thing), seen / 255, order) if lines else None


def colour(thing: Any, ask: Any) -> tuple[Colour | None, int]:
    parts = [ctypes.c_uint() for _ in range(4)]
    if not ask(thing, *parts):
        return None, 0
    red, green, blue, alpha = (part.value for part in parts)
    return ((red, green, blue) if alpha >= _FAINTEST else None), alpha


def dashes(thing: Any) -> tuple[float, ...]:
    import pypdfium2.raw as raw

    count = raw.FPDFPageObj_GetDashCount(thing)
    if not 0 < count <= 16:
        return ()
    found = (ctypes.c_float * count)()
    raw.FPDFPageObj_GetDashArray(thing, found, count)
    return tuple(round(length, 1) for length in found)


def pieces(thing: Any, matrix: Matrix) -> Iterator[tuple[Point, Point]]:
    import pypdfium2.raw as raw

    here: Point | None = None
    begun: Point | None = None
    controls = 0
    for index in range(min(raw.FPDFPath_CountSegments(thing), _MAX_POINTS)):
        segment = raw.FPDFPath_GetPathSegment(thing, index)
        x, y = ctypes.c_float(), ctypes.c_float()
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        point, kind = placed((x.value, y.value), matrix), raw.FPDFPathSegment_GetType(segment)
        if kind == raw.FPDF_SEGMENT_MOVETO:
            here = begun = point
            controls = 0
            continue
        controls = controls + 1 if kind == raw.FPDF_SEGMENT_BEZIERTO else 0
        if here is not None and controls in (0, 3):  # two control points come before a curve's end
            yield here, point
            here, controls = point, 0
        if raw.FPDFPathSegment_GetClose(segment) and here is not None and begun is not None and here != begun:
            yield here, begun
            here = begun
