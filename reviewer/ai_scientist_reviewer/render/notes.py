"""A review as comments on the paper's pages: what each says, whose it is, and where it stands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ai_scientist_reviewer.findings import Finding
from ai_scientist_reviewer.marks import Marks
from ai_scientist_reviewer.records import Box, Mark, PanelPoint, Review
from ai_scientist_reviewer.render import told
from ai_scientist_reviewer.render.escape import shortened
from ai_scientist_reviewer.render.followed import tally

COLOURS = {
    "major": "ffaba4",
    "minor": "ffe082",
    "error": "ffc08a",
    "warn": "a9d3fb",
    "info": "cfd8dc",
    "review": "b39ddb",
}
"""Of each kind of comment: hexadecimal, light enough to read through."""
MOST = 400
"""Comments in a PDF."""
LONGEST = 2000
"""Characters of a comment."""


@dataclass(frozen=True)
class Note:
    """A comment. Without boxes it is a sign at the page's edge."""

    page: int
    boxes: tuple[Box, ...]
    kind: str
    """A key of COLOURS."""
    author: str
    """ "Referee 2", "Referees 1, 2", "Check", "Area chair"."""
    subject: str
    text: str
    anchor: str
    """What it is called in the other forms of the review: "point-1", "finding-7", "review"."""


def notes(review: Review, places: Marks) -> list[Note]:
    """By page; the review as a whole first. At most `MOST`."""
    made = [_whole(review)]
    for number, point in enumerate(review.points, start=1):
        made += _of_point(number, point)
    raised = {(point.claim, point.quote) for point in review.points}
    for number, finding in enumerate(review.findings, start=1):
        # What a referee handed on word for word has its comment already.
        if finding.checked and (finding.message, finding.quote) not in raised:
            made.append(_of_finding(number, finding, places))
    return sorted(made[:MOST], key=lambda note: note.page)


def _whole(review: Review) -> Note:
    lines = [f"Review of {review.title or review.file}"]
    lines += [f"{name}: {value}" for name, value in told.facts(review)]
    if not review.complete:
        lines.append(f"Not complete: {review.stopped}")
    if review.since is not None:
        lines.append(tally(review.since))
    if review.chair is not None:
        lines += ["", review.chair.summary]
        if review.chair.first_steps:
            lines += ["", "Do first:", *(f"{i}. {step}" for i, step in enumerate(review.chair.first_steps, start=1))]
    author = "Area chair" if review.chair is not None else "Review"
    return Note(1, (), "review", author, "Review", shortened("\n".join(lines), 2 * LONGEST), "review")


def _of_point(number: int, point: PanelPoint) -> Iterator[Note]:
    subject = f"{point.severity.capitalize()} weakness {number}"
    checked = "" if point.verified else "\n\nNot verified by a second reading."
    fix = f"\n\nTo mend it: {point.fix}" if point.fix else ""
    for part in told.passages(point):
        own = part is point
        less = f"\n\n{told.narrowed(part)}" if part.narrowed else ""
        text = f"{subject}. {part.claim}{less}" + (f"{fix}{checked}" if own else f"\n\nThe same as weakness {number}.")
        author = told.raised_by(point).capitalize() if isinstance(part, PanelPoint) else f"Referee {part.referee}"
        pages = dict.fromkeys(mark.page for mark in part.marks) or {part.page: None}
        for page in pages:
            boxes = _boxes(part.marks, page)
            yield Note(page, boxes, point.severity, author, subject, shortened(text, LONGEST), f"point-{number}")


def _of_finding(number: int, finding: Finding, places: Marks) -> Note:
    marks = places.of(finding.quote, finding.page) if finding.quote else ()
    page = finding.page or (marks[0].page if marks else 1)
    boxes = _boxes(marks, page) or ((finding.box,) if finding.box is not None and finding.page else ())
    place = "" if finding.page or marks else " (no place on a page is known)"
    fix = f"\n\nTo mend it: {finding.fix}" if finding.fix else ""
    text = f"{finding.message}{place} [{finding.rule}]{fix}"
    subject = f"Check: {finding.severity}"
    return Note(page, boxes, finding.severity, "Check", subject, shortened(text, LONGEST), f"finding-{number}")


def _boxes(marks: Sequence[Mark], page: int) -> tuple[Box, ...]:
    return tuple(mark.box for mark in marks if mark.page == page)
