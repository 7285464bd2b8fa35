"""What the pictures of a paper show, as far as that can be told without a model."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from ai_scientist_reviewer.checks.base import Subject, UncheckableError, rule
from ai_scientist_reviewer.checks.drawings import Picture
from ai_scientist_reviewer.checks.places import at_box, at_spot, unchecked
from ai_scientist_reviewer.findings import Finding, Severity
from ai_scientist_reviewer.layout import listed, quoted, unnamed
from ai_scientist_reviewer.panels import take_apart
from ai_scientist_reviewer.paper import Paper
from ai_scientist_reviewer.vectors import Drawn

LEAST_TEXT = 5.0
"""Points in print."""
LEAST_DPI = 150.0
_SMALL_WIDTH = 2.0
"""Inches: bitmaps that are narrower are seldom plots."""
_NEARLY = 1.0
"""Levels (0 to 255) by which two small grey pictures differ on average, at most, to be nearly the same."""
_ALIKE = 0.01
"""Share of a picture's width by which what is drawn may be moved."""


@rule("figure-duplicated")
def duplicated_figures(subject: Subject) -> Iterator[Finding]:
    """The same picture twice: the same file, the same pixels, the same drawing. Nearly the same is only noted: plots are alike."""
    paper, shown = _pictures(subject)
    used: set[int] = set()
    for i, one in enumerate(shown):
        for j, other in enumerate(shown[i + 1 :], start=i + 1):
            together = bool(one.number) and one.number == other.number
            if j not in used and (one.number or other.number) and same(one, other):
                used.add(j)
                message = f"{_called(other)} shows the same picture {'twice' if together else f'as {_called(one)}'}."
                fix = "Show the picture that was meant, or refer to the first."
                yield _at(paper, other, "figure-duplicated", "warn" if together else "error", message, fix)
            elif not together and one.number and other.number and nearly(one, other):
                message = f"{_called(other)} looks nearly the same as {_called(one)}."
                yield _at(
                    paper, other, "figure-duplicated", "info", message, "See whether each is what its caption says."
                )


@rule("figure-resolution")
def coarse_figures(subject: Subject) -> Iterator[Finding]:
    """A bitmap with fewer than 150 dots per inch in print."""
    paper, shown = _pictures(subject)
    times = Counter(one.digest for one in shown)
    for one in shown:
        if one.pixels is None or one.width is None or one.width < _SMALL_WIDTH:
            continue
        if not one.number and times[one.digest] > 1:
            continue  # on every page: a background
        dpi = one.pixels[0] / one.width
        if dpi < LEAST_DPI and (one.sure or dpi < 0.75 * LEAST_DPI):
            message = f"{_called(one)} has {dpi:.0f} dots per inch in print ({one.pixels[0]} pixels over {one.width:.1f} inches)."
            fix = f"Save it with at least {LEAST_DPI:.0f}, or as vectors (PDF)."
            yield _at(paper, one, "figure-resolution", "warn", message, fix)


@rule("figure-text")
def small_text(subject: Subject) -> Iterator[Finding]:
    """Text of a figure that is under five points in print. Of a bitmap's text the size is not known."""
    paper, shown = _pictures(subject)
    yield from _bitmaps("figure-text", "how large their text is", shown)
    for one in shown:
        if one.drawn is None or one.width is None:
            continue
        scale = one.width / (one.drawn.page.width / 72) if one.page is None else 1.0
        words = [text for text in one.drawn.texts if any(char.isalnum() for char in text.words)]
        small = [text for text in words if text.size * scale < LEAST_TEXT - 0.05]
        # Exponents and indices may be small.
        if len(small) >= 2 and len(small) >= 0.15 * len(words):
            least = min(text.size for text in small) * scale
            told = listed(quoted(text) for text in small)
            message = f"Text in {_called(one)} is {least:.1f} points high in print: {told}."
            fix = (
                f"Draw the figure at the size that it is printed at, with text of at least {LEAST_TEXT + 1:.0f} points."
            )
            yield _at(paper, one, "figure-text", "warn", message, fix)


@rule("figure-axes")
def unnamed_axes(subject: Subject) -> Iterator[Finding]:
    """An axis with numbers and no name. What a bitmap's axes are called is not known."""
    paper, shown = _pictures(subject)
    yield from _bitmaps("figure-axes", "whether their axes have names", shown)
    for one in shown:
        if one.drawn is None:
            continue
        plan = take_apart(one.drawn)
        for panel in plan.panels:
            for fault in unnamed(panel, plan):
                message = f"{_called(one)}: {fault.message}"
                yield _at(paper, one, "figure-axes", "warn", message, "Name the axis, with its unit.")


def _bitmaps(rule: str, what: str, shown: Sequence[Picture]) -> Iterator[Finding]:
    names = list(dict.fromkeys(_called(one) for one in shown if one.pixels is not None))
    if names:
        more = f" and {len(names) - 4} more" if len(names) > 4 else ""
        yield unchecked(rule, f"bitmaps do not tell {what} ({', '.join(names[:4])}{more})")


def same(one: Picture, other: Picture) -> bool:
    if one.digest and one.digest == other.digest:
        return True
    return one.drawn is not None and other.drawn is not None and _same_drawing(one.drawn, other.drawn)


def _same_drawing(one: Drawn, other: Drawn) -> bool:
    """The same words and shapes in the same places, whatever the size."""
    if [text.words for text in one.texts] != [text.words for text in other.texts] or len(one.shapes) != len(
        other.shapes
    ):
        return False
    pairs = [*zip(one.texts, other.texts, strict=True), *zip(one.shapes, other.shapes, strict=True)]
    return all(
        abs(
            (a.area.middle[0] - one.page.left) / one.page.width
            - (b.area.middle[0] - other.page.left) / other.page.width
        )
        < _ALIKE
        and abs(
            (a.area.middle[1] - one.page.bottom) / one.page.height
            - (b.area.middle[1] - other.page.bottom) / other.page.height
        )
        < _ALIKE
        for a, b in pairs
    )


def nearly(one: Picture, other: Picture) -> bool:
    if not (one.look and other.look and one.pixels and other.pixels):
        return False
    shapes = [wide / max(1, high) for wide, high in (one.pixels, other.pixels)]
    if abs(shapes[0] - shapes[1]) > 0.02 * shapes[0] or max(one.look) - min(one.look) < 30:
        return False
    return sum(abs(a - b) for a, b in zip(one.look, other.look, strict=True)) < _NEARLY * len(one.look)


def _called(one: Picture) -> str:
    if one.number and one.page is not None:
        return f"Figure {one.number}"
    return f"Figure {one.number} ({one.name})" if one.number else one.name


def _pictures(subject: Subject) -> tuple[Paper, tuple[Picture, ...]]:
    if not subject.pictures and subject.paper.figures:
        raise UncheckableError("the pictures of the figures were not found")
    return subject.paper, subject.pictures


def _at(paper: Paper, one: Picture, rule: str, severity: Severity, message: str, fix: str) -> Finding:
    message = message[:1].upper() + message[1:]
    if paper.latex is not None and one.spot is not None:
        return at_spot(paper.latex, one.spot, rule, severity, message, fix)
    return at_box(one.page or 1, one.box, rule, severity, message, fix)
