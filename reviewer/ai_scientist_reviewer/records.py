"""What a review is made of. `Review` is the schema of review.json: see docs/review-format.md."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from ai_scientist_reviewer.cards import Card
from ai_scientist_reviewer.findings import Finding
from ai_scientist_reviewer.forms import Decision, Point, Scale

FORMAT = 2
"""Of review.json. A change that an older reader would misread makes it one higher."""
NOT_MEASURED = "not measured"

Box = tuple[float, float, float, float]
"""Left, top, right, bottom in points (1/72 inch) from the top left of the page as shown."""


class Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class Mark(Record):
    """A line of a quote, or a part of one, on a page."""

    page: int
    box: Box


class Report(Record):
    """One referee's own report, as handed in: referee-N.json."""

    number: int
    """From 1."""
    author: str
    """Which model filled in the form."""
    lens: str = ""
    """What the referee was asked to look at with particular care; "" for nothing in particular."""
    reflected: int = 0
    """Times the referee went over the report before handing it in."""
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


class Narrowed(Record):
    """What a second reading took from a claim that holds only in part."""

    claim: str
    """As its referee raised it; the point's own claim is the part that holds."""
    reason: str
    """The checker's."""


class Also(Record):
    """The same weakness as another referee put it."""

    claim: str
    quote: str
    page: int
    marks: tuple[Mark, ...] = ()
    file: str = ""
    """Of LaTeX source: where the quote stands, where that is known."""
    line: int | None = None
    referee: int
    narrowed: Narrowed | None = None
    """None: it stands as it was raised."""


class PanelPoint(Point):
    """A weakness that stands: its quote is in the paper and no check refuted it."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    page: int
    box: Box | None = None
    """Of the quote."""
    marks: tuple[Mark, ...] = ()
    """The lines of the quote; empty for LaTeX source."""
    file: str = ""
    """Of LaTeX source: where the quote stands, where that is known."""
    line: int | None = None
    raised_by: tuple[int, ...]
    """Referees' numbers."""
    verified: bool
    """Whether a second reading confirmed it; False: none could be had."""
    checker: str = ""
    """Which model confirmed it."""
    narrowed: Narrowed | None = None
    """Where only a part of what was claimed was confirmed; None: it stands as it was raised."""
    also: tuple[Also, ...] = ()
    """What the area chair put together with it, since it says the same."""


class Dropped(Record):
    """A weakness that does not stand."""

    point: Point
    referee: int
    why: Literal["quote not in the paper", "refuted"]
    reason: str = ""
    """The checker's, where it was refuted."""


class Failure(Record):
    """A form that was not filled in."""

    step: Literal["report", "reflection", "check", "summary", "follow-up"]
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


class Work(Record):
    """A related work as it was shown to the referees: from a source's record, never from a model's memory."""

    title: str
    authors: tuple[str, ...] = ()
    year: int | None = None
    venue: str = ""
    url: str = ""
    abstract: str = ""
    """Its beginning."""
    source: str = ""
    """Who told of it: "semantic_scholar", the name of a .bib file."""
    cited: bool = False
    """Whether the paper's own reference list has it, as far as titles tell."""


class Spent(Record):
    """What the review cost."""

    calls: int
    tokens_in: int
    tokens_out: int
    money: float | None
    """US dollars; None where a price is unknown."""


class Followed(Record):
    """What became of a point of the earlier review."""

    number: int
    """From 1: the earlier review's points in their order, then what it had left open of reviews before it."""
    claim: str
    severity: Literal["major", "minor"]
    fix: str = ""
    """What was asked for."""
    raised_in: str = ""
    """The file that the point was raised against, where that is an older version than the one that was reviewed last."""
    earlier_quote: str
    still_there: bool
    """Whether the passage that was quoted then stands unchanged in the new version."""
    status: Literal["resolved", "partly", "not", "unclear"]
    """`unclear`: nobody judged it, or what was judged could not be shown in the new version."""
    reason: str
    quote: str = ""
    """From the new version, string-checked: what shows the status."""
    page: int | None = None
    file: str = ""
    """Of LaTeX source: where the quote stands."""
    line: int | None = None
    marks: tuple[Mark, ...] = ()
    readers: tuple[str, ...] = ()
    """The models that judged it."""
    readings: tuple[str, ...] = ()
    """What each said where they differ; the least favourable one stands."""


class Change(Record):
    """Something new in the new version that bears on the assessment."""

    what: str
    quote: str
    page: int
    file: str = ""
    line: int | None = None
    marks: tuple[Mark, ...] = ()


class Promise(Record):
    """A claim of the response letter about the manuscript, held against it."""

    claim: str
    letter: str
    """The words of the letter, string-checked against it."""
    kept: Literal["kept", "partly", "not found", "unclear"]
    reason: str
    quote: str = ""
    """From the new version, string-checked."""
    page: int | None = None
    file: str = ""
    line: int | None = None


class Drift(Record):
    """A score then and now. Both panels judged without seeing the other's scores."""

    before: Spread | None
    now: Spread | None


class FollowUp(Record):
    """The new version held against an earlier review."""

    title: str
    file: str
    sha256: str
    form: str
    same_file: bool
    """Whether the paper is the very file that was reviewed then."""
    paged: bool = True
    """Whether the new version has pages; LaTeX source has none."""
    points: tuple[Followed, ...]
    changes: tuple[Change, ...]
    promises: tuple[Promise, ...]
    letter: str = ""
    """The response letter's file name; "" where there was none."""
    drift: dict[str, Drift]
    """By score; only those that both forms ask on the same scale."""
    notes: tuple[str, ...] = ()
    """What could not be done, and what was dropped."""
    authors: tuple[str, ...] = ()
    """The models that read both."""


class Review(Record):
    """A panel's review of one paper."""

    format: int = Field(default=FORMAT, le=FORMAT)
    title: str
    file: str
    sha256: str
    pages: int | None
    """None for LaTeX source."""
    form: str
    venue: str = ""
    scales: tuple[Scale, ...] = ()
    """The form's, as they were: a form's file may change later."""
    overall: str = ""
    """The scale that is the recommendation; "" where the form has none."""
    accept: int | None = None
    """The lowest value of `overall` that speaks for acceptance, in the venue's words; None where it does not say."""
    complete: bool = True
    """False: the review was stopped, and holds what had come in by then."""
    stopped: str = ""
    """Why it is not complete."""
    reports: tuple[Report, ...]
    failures: tuple[Failure, ...]
    scores: dict[str, Spread | None]
    """None: no referee assessed it."""
    points: tuple[PanelPoint, ...]
    """Major ones first. A point's number is its place here, from 1."""
    dropped: tuple[Dropped, ...]
    differences: tuple[str, ...] = ()
    """Where scores and decisions of the referees are apart, by rule."""
    chair: Chair | None
    """None: there was no report, or the area chair failed."""
    findings: tuple[Finding, ...]
    """Of the checks without a model and of the look for hidden text."""
    related: tuple[Work, ...] = ()
    """What the referees were shown of other work."""
    related_notes: tuple[str, ...] = ()
    """How it was looked for, and what could not be asked."""
    results: str = ""
    """Which result files the paper was held against; "" where none were given."""
    left_out: int = 0
    """Characters at the paper's end that did not fit into a prompt."""
    pictures: int = 0
    """Pictures that each referee was shown."""
    same_model_as_writer: bool | None = None
    """Whether a referee is the model that wrote the paper; None: who wrote it is not known to us."""
    cards: dict[str, Card | None] = Field(default_factory=dict)
    """By model: how far it was measured as a reviewer; None: not measured."""
    measured_error: str = NOT_MEASURED
    """How far this reviewer's scores were from those of people, where that was measured."""
    spent: Spent | None = None
    unannotated: str = ""
    """Why there is no annotated PDF; "" where there is one."""
    since: FollowUp | None = None
    """Of a re-review."""

    @property
    def models(self) -> tuple[str, ...]:
        """The models that had a part in it, each once."""
        checkers = (point.checker for point in self.points if point.checker)
        chair = (self.chair.author,) if self.chair else ()
        return tuple(dict.fromkeys((*(report.author for report in self.reports), *checkers, *chair)))
