"""A review as one page to read: self-contained, without scripts, with the paper's pages beside what is said of them."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from io import BytesIO
from itertools import groupby
from typing import TYPE_CHECKING

from ai_scientist_reviewer.document import PaperError
from ai_scientist_reviewer.findings import Finding
from ai_scientist_reviewer.paper import Paper
from ai_scientist_reviewer.records import Box, Review
from ai_scientist_reviewer.render import followed, told
from ai_scientist_reviewer.render.notes import Note

if TYPE_CHECKING:
    from jinja2 import Environment

MOST_PAGES = 40
"""Pages that are shown; of a longer paper, those that something is said of come first."""
DPI = 96
LABEL = 3.2
"""Height of a label, in percent of a page's, where it is shown smallest."""


@dataclass(frozen=True)
class Spot:
    """A box on a page's picture, in percent of it."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True)
class Remark:
    """A note beside a page: a point or a finding."""

    note: Note
    spots: tuple[Spot, ...]
    first: bool
    """Whether all of it is said here: elsewhere it is only pointed to."""
    side: str = "left"
    """The margin that its label stands in."""
    column: int = 0
    """Of the label, from the page's edge inwards: labels of neighbouring lines stand side by side."""


@dataclass(frozen=True)
class Sheet:
    """A page of the paper as it is shown."""

    number: int
    picture: str
    """A data address; "" where it could not be drawn."""
    width: float
    height: float
    """Points."""
    remarks: tuple[Remark, ...]


def html(review: Review, notes: Sequence[Note], paper: Paper | None = None) -> str:
    """review.html. Without the paper, or for LaTeX source, it has no pages to show."""
    points = {f"point-{number}": (number, point) for number, point in enumerate(review.points, start=1)}
    findings = {f"finding-{number}": (number, finding) for number, finding in enumerate(review.findings, start=1)}
    beside = [
        note
        for note in notes
        if note.anchor in points or (note.anchor in findings and _placed(findings[note.anchor][1]))
    ]
    homes = {anchor: one.page for anchor, (_, one) in (*points.items(), *findings.items())}
    sheets = tuple(_sheets(paper, beside, homes)) if paper is not None and paper.source == "pdf" else ()
    order = told.by_severity([finding for finding in review.findings if finding.checked])
    number_of = {id(finding): number for number, finding in findings.values()}
    return (
        _environment()
        .get_template("review.html")
        .render(
            review=review,
            facts=list(told.facts(review)),
            gaps=list(told.gaps(review)),
            on_scores=list(told.on_scores(review)),
            why_no_summary=told.why_no_summary(review),
            points=points,
            findings=findings,
            ordered=[(number_of[id(finding)], finding) for finding in order],
            unchecked=told.unchecked(review.findings),
            on_points=list(told.on_points(review)),
            known={scale.name: scale for scale in review.scales},
            sheets=sheets,
            placed={remark.note.anchor for sheet in sheets for remark in sheet.remarks if remark.first},
            runs=[list(group) for _, group in groupby(sheets, key=lambda sheet: bool(sheet.remarks))],
            left=len(paper.pages) - len(sheets) if sheets and paper is not None else 0,
            told=told,
            followed=followed,
        )
    )


def _placed(finding: Finding) -> bool:
    return finding.page is not None and finding.severity != "info"


def _sheets(paper: Paper, notes: Sequence[Note], homes: Mapping[str, int | None]) -> Iterator[Sheet]:
    said = {note.page for note in notes}
    chosen = sorted(paper.pages, key=lambda page: (page.number not in said, page.number))[:MOST_PAGES]
    shown = sorted(chosen, key=lambda page: page.number)
    try:
        drawn = paper.page_pictures([page.number for page in shown], DPI)
    except PaperError:  # what is said of the pages still stands beside empty ones
        drawn = [b""] * len(shown)
    seen: set[str] = set()
    for page, png in zip(shown, drawn, strict=True):
        remarks: list[Remark] = []
        for note in sorted((note for note in notes if note.page == page.number), key=_height):
            spots = tuple(_spot(box, page.width, page.height) for box in note.boxes)
            here = note.page == homes[note.anchor] and note.anchor not in seen
            remarks.append(Remark(note, spots, here))
            seen |= {note.anchor} if here else set()
        yield Sheet(page.number, _address(png), page.width, page.height, tuple(_labelled(remarks)))


def _labelled(remarks: Sequence[Remark]) -> Iterator[Remark]:
    """The remarks, from the top, with places for their labels that do not cover each other."""
    ends: dict[str, list[float]] = {"left": [], "right": []}
    for remark in remarks:
        if not remark.spots:
            yield remark
            continue
        spot = remark.spots[0]
        side = "left" if spot.left + spot.width / 2 <= 50 else "right"
        free = next((i for i, end in enumerate(ends[side]) if end <= spot.top), len(ends[side]))
        ends[side][free : free + 1] = [spot.top + LABEL]
        yield replace(remark, side=side, column=free)


def _height(note: Note) -> tuple[float, float]:
    """Where its words begin on the page, from the top; a note without a place comes first."""
    return (note.boxes[0][1], note.boxes[0][0]) if note.boxes else (-1.0, 0.0)


def _spot(box: Box, width: float, height: float) -> Spot:
    """A little larger than the words, so that they stand free in it."""
    left, top, right, bottom = box[0] - 2, box[1] - 1.5, box[2] + 2, box[3] + 1.5
    return Spot(
        *(round(100 * one, 3) for one in (left / width, top / height, (right - left) / width, (bottom - top) / height))
    )


def _address(png: bytes) -> str:
    """A data address: WebP, which every browser reads and which takes a third of the room; PNG where it cannot be made."""
    from PIL import Image, features

    if not png:
        return ""
    if not features.check("webp"):
        return f"data:image/png;base64,{base64.b64encode(png).decode()}"
    file = BytesIO()
    with Image.open(BytesIO(png), formats=["PNG"]) as image:
        image.convert("RGB").save(file, "WEBP", quality=72, method=4)
    return f"data:image/webp;base64,{base64.b64encode(file.getvalue()).decode()}"


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader("ai_scientist_reviewer.render", "pages"),
        undefined=StrictUndefined,
        autoescape=True,  # what a paper or a model wrote is text here, never markup
        trim_blocks=True,
        lstrip_blocks=True,
    )
