"""What a review is made of. `Review` is the schema of review.json."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

from ai_scientist_reviewer.findings import Finding
from ai_scientist_reviewer.forms import Decision, Point

NOT_MEASURED = "not measured"


class Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Report(Record):
    """One referee's own report, as handed in: referee-N.json."""

    number: int
    """From 1."""
    author: str
    """Which model filled in the form."""
    lens: str = ""
    summary: str
    strengths: tuple[str, ...]
    weaknesses: tuple[Point, ...]
    """All of them, before any check; `Review.points` has those that stand."""
    questions: tuple[str, ...]
    limitations: tuple[str, ...]
    ethical_concerns: bool
    scores: dict[str, int | None]
    """None: the referee could not assess it."""
    decision: Decision


class PanelPoint(Point):
    """A weakness that stands: its quote is in the paper and no check refuted it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    page: int
    box: tuple[float, float, float, float] | None = None
    """Of the quote, in points from the page's top left."""
    raised_by: tuple[int, ...]
    """Referees' numbers."""
    verified: bool
    """Whether a second reading confirmed it; False: none could be had."""


class Dropped(Record):
    """A weakness that does not stand."""

    point: Point
    referee: int
    why: Literal["quote not in the paper", "refuted"]
    reason: str = ""
    """The checker's, where it was refuted."""


class Failure(Record):
    """A form that was not filled in."""

    step: Literal["report", "check", "summary"]
    author: str
    referee: int | None = None
    """Whose report it is or was to be checked."""
    error: str


class Spread(Record):
    """One score over the referees who assessed it. Nothing is rounded."""

    mean: float
    sd: float | None
    """Sample standard deviation; None for a single referee."""
    low: int
    high: int
    n: int


class Chair(Record):
    author: str
    summary: str
    agreement: tuple[str, ...]
    disagreement: tuple[str, ...]
    first_steps: tuple[str, ...]
    decision: Decision


class Review(Record):
    """A panel's review of one paper."""

    format: int = 1
    title: str
    file: str
    sha256: str
    pages: int | None
    """None for LaTeX source."""
    form: str
    reports: tuple[Report, ...]
    failures: tuple[Failure, ...]
    scores: dict[str, Spread | None]
    """None: no referee assessed it."""
    points: tuple[PanelPoint, ...]
    """Major ones first."""
    dropped: tuple[Dropped, ...]
    chair: Chair | None
    """None: there was no report, or the area chair failed."""
    findings: tuple[Finding, ...]
    """Of the checks without a model and of the look for hidden text."""
    left_out: int = 0
    """Characters at the paper's end that did not fit into a prompt."""
    measured_error: str = NOT_MEASURED
    """How far this reviewer's scores were from those of people, where that was measured."""
