"""How the paper is set: text beyond the margin, the text block, the number of pages."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby

from ai_scientist_reviewer.checks.base import Subject, UncheckableError, rule
from ai_scientist_reviewer.checks.places import at_box, at_line, at_spot
from ai_scientist_reviewer.document import Box, Line
from ai_scientist_reviewer.findings import Finding
from ai_scientist_reviewer.paper import Paper
from ai_scientist_reviewer.source import Source, Spot
from ai_scientist_reviewer.structure import body_style, heading_of
from ai_scientist_reviewer.venues import Venue

_OVER = 6.0
"""Points beyond the margin from which on it is told. A reader sees a few more or less."""
_WIDER = 5.0
"""Points by which a text block may differ from the venue's: letters stand out a little."""
_MANY = 0.08
"""Share of lines beyond the margin from which on it is none: slides, forms."""
_OVERFULL = re.compile(
    r"Overfull \\hbox \((?P<by>\d+(?:\.\d+)?)pt too wide\)[^\n]*?at lines? (?P<line>\d+)(?:--(?P<last>\d+))?"
)
_END = ("references", "bibliography", "appendix", "appendices", "supplementary material", "supplemental material")
"""Headings at which the body ends whatever the venue."""


@rule("overfull")
def overfull(subject: Subject) -> Iterator[Finding]:
    """Text that runs beyond the margin or off the page: by the log of the last compilation, or as the page shows it."""
    paper = subject.paper
    if paper.source == "pdf":
        yield from _beyond(paper)
    elif paper.latex is not None and paper.latex.log:
        yield from _logged(paper.latex)
    else:
        raise UncheckableError("it takes a PDF, or the log of a compilation")


def _logged(source: Source) -> Iterator[Finding]:
    """TeX breaks the lines of its log at 79 characters, and does not always say which file a line is of."""
    log = re.sub(r"(?<=[^\n]{79})\n", "", source.log)
    for match in _OVERFULL.finditer(log):
        by, line = float(match["by"]), int(match["line"])
        if by >= _OVER:
            message = f"The text is {by:.0f} points too wide (the log, for lines {line} to {match['last'] or line})."
            fix = "Let the line break: rephrase, or make the table or formula smaller."
            yield at_spot(source, Spot(source.main, line), "overfull", "warn", message, fix)


def _beyond(paper: Paper) -> Iterator[Finding]:
    edges = right_edges(paper)
    if not edges:
        raise UncheckableError("no margin can be told: too few lines of text")
    found = list(_wide_blocks(paper, edges))
    if sum(len(lines) for lines in found) > max(8, _MANY * len(paper.lines)):
        raise UncheckableError("no margin can be told: the lines do not keep to one")
    for lines in found:
        line, by = max(lines, key=lambda one: one[1])
        around = Box.around(line.box for line, _ in lines)
        off = around is not None and around.right > paper.pages[line.page - 1].width - 2
        told = "runs off the page" if off else f"runs {by:.0f} points beyond the margin"
        message = f"The text {told}{f' ({len(lines)} lines)' if len(lines) > 1 else ''}."
        fix = "Let the line break: rephrase, or make the table or formula smaller."
        yield at_line(line, "overfull", "error" if off else "warn", message, fix)


def _wide_blocks(paper: Paper, edges: Sequence[tuple[float, float]]) -> Iterator[list[tuple[Line, float]]]:
    """Lines beyond the margin that follow each other, each with how far it goes over."""
    for page in paper.pages:
        figures = [figure.box for figure in paper.figures if figure.page == page.number and figure.box is not None]
        wide = [
            (line, by)
            for line in paper.lines
            if line.page == page.number
            and not any(_within(line.box, figure) for figure in figures)
            and (by := _over(line, edges, page.width)) > _OVER
        ]
        for lines in _together(wide, paper.lines):
            around = Box.around(line.box for line, _ in lines)
            middle = around is not None and abs(around.left + around.right - edges[0][0] - edges[-1][1]) < 24
            if not (middle and len(edges) > 1):  # in the middle of the page: a title or a table over both columns
                yield lines


def _together(wide: Sequence[tuple[Line, float]], lines: Sequence[Line]) -> Iterator[list[tuple[Line, float]]]:
    """Wide lines that follow each other, with how far they go over."""
    places = {id(line): i for i, line in enumerate(lines)}
    for _, block in groupby(enumerate(wide), key=lambda pair: pair[0] - places[id(pair[1][0])]):
        yield [one for _, one in block]


def right_edges(paper: Paper) -> tuple[tuple[float, float], ...]:
    """Of each column its left and right edge in points, by where most lines of the text's own size begin and end."""
    style = body_style(paper.lines)
    lines = [line.box for line in paper.lines if line.box is not None and abs(line.size - style[0]) <= 0.6]
    counted = Counter((round(box.left), round(box.right)) for box in lines if box.right - box.left > 150)
    most = counted.most_common(1)
    if not most or len(lines) < 12:
        return ()
    edges: list[tuple[float, float]] = []
    for (left, right), times in counted.most_common():
        if times < max(3, 0.2 * most[0][1]):
            break
        if not any(left < other[1] and right > other[0] for other in edges):
            edges.append((left, right))
    return tuple(sorted(edges))


def _over(line: Line, edges: Sequence[tuple[float, float]], width: float) -> float:
    """Points by which a line runs beyond its column; below zero where it does not.

    A line that starts in one column and ends at another's edge spans both, as titles and wide tables do.
    """
    box = line.box
    if box is None or not any(char.isalnum() for char in line.text) or box.bottom - box.top > 3 * line.size:
        return 0.0  # turned text, as a stamp along the side
    if box.right > width - 2 and box.left < edges[-1][1]:
        return max(box.right - edges[-1][1], _OVER + 1)
    last = edges[-1][1]
    for left, right in edges[:-1]:
        starts = left - 3 <= box.left < right
        if starts and right < box.right < right + 0.5 * (last - right):
            return box.right - right
    return box.right - last if box.left < last - 20 else 0.0


def _within(box: Box | None, other: Box) -> bool:
    if box is None:
        return True
    x, y = (box.left + box.right) / 2, (box.top + box.bottom) / 2
    return other.left - 2 <= x <= other.right + 2 and other.top - 2 <= y <= other.bottom + 2


@rule("margins")
def margins(subject: Subject) -> Iterator[Finding]:
    """A text block that is larger than the venue's: margins were made smaller to fit more in."""
    venue = _venue(subject)
    if venue.width is None or venue.height is None:
        return
    paper, edges = _printed(subject), right_edges(subject.paper)
    if not edges:
        raise UncheckableError("no margin can be told: too few lines of text")
    wide = edges[-1][1] - edges[0][0]
    fix = "Use the venue's style file as it is."
    if wide > 72 * venue.width + _WIDER:
        message = f"The text is {wide / 72:.2f} inches wide; {venue.name} has {venue.width:g}."
        yield at_box(1, None, "margins", "error", message, fix)
    style = body_style(paper.lines)
    for page in paper.pages:
        boxes = [
            line.box for line in paper.lines if line.page == page.number and line.box is not None and abs(line.size - style[0]) <= 0.6
        ]  # fmt: skip
        high = max((box.bottom for box in boxes), default=0) - min((box.top for box in boxes), default=0)
        if high > 72 * venue.height + 2 * style[0]:
            message = f"The text is {high / 72:.2f} inches high; {venue.name} has {venue.height:g}."
            yield at_box(page.number, Box.around(boxes), "margins", "error", message, fix)
            return


@rule("page-limit")
def page_limit(subject: Subject) -> Iterator[Finding]:
    """More pages than the venue allows. The body ends at the references, the appendix, or a statement that does not count."""
    venue = _venue(subject)
    if venue.pages is None:
        return
    paper = _printed(subject)
    end = body_end(paper, venue)
    last, where = end if end else (len(paper.pages), "the paper's end")
    if last > venue.pages:
        message = f"The body has {last} pages up to {where}; {venue.name} allows {venue.pages}."
        fix = "Shorten it, or move what can be left out of the body to an appendix."
        line = next((line for line in paper.lines if line.page == venue.pages + 1), None)
        found = (
            at_line(line, "page-limit", "error", message, fix)
            if line
            else at_box(last, None, "page-limit", "error", message, fix)
        )
        yield found


def body_end(paper: Paper, venue: Venue) -> tuple[int, str] | None:
    """The last page that holds some of the body, and the heading that ends it; None where no such heading was found."""
    style = body_style(paper.lines)
    before: Line | None = None
    for line in paper.lines:
        heading = heading_of(line, style)
        title = heading[1].casefold().rstrip(".") if heading else ""
        ends = title.startswith((*_END, *(name.casefold() for name in venue.uncounted))) or (
            heading is not None and re.fullmatch(r"[A-Z]", heading[0]) is not None
        )
        if ends and line.page > 1:
            return (before.page if before is not None else line.page), f"“{line.text.strip()}”"
        before = line
    return None


def _venue(subject: Subject) -> Venue:
    if subject.venue is None:
        raise UncheckableError("no venue was named (--venue)")
    return subject.venue


def _printed(subject: Subject) -> Paper:
    if subject.paper.source != "pdf":
        raise UncheckableError("it takes a PDF")
    return subject.paper
