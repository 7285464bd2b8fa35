"""A panel of independent referees over one paper, and an area chair who sums up."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar

from pydantic import BaseModel

from ai_scientist_reviewer import checks, forms, hidden, prompts
from ai_scientist_reviewer.findings import Finding
from ai_scientist_reviewer.forms import ChairSheet, Form, Point, Sheet, Verdicts
from ai_scientist_reviewer.paper import Paper, PaperError
from ai_scientist_reviewer.ports import FormFiller, Prompt
from ai_scientist_reviewer.quotes import compact
from ai_scientist_reviewer.records import Chair, Dropped, Failure, PanelPoint, Report, Review, Spread
from ai_scientist_reviewer.shown import findings_shown, paper_shown, scales_shown

MOST_MAJOR = 5
"""Weaknesses that a review lists as major; further ones are kept as minor."""
MOST_PICTURES = 8
"""Pages with figures that are shown to a referee."""
_PICTURE_DPI = 90

Filled = TypeVar("Filled", bound=BaseModel)
Step = Literal["report", "check", "summary"]


def review(
    paper: Paper,
    fillers: Sequence[FormFiller],
    *,
    form: str = "neurips",
    related: Sequence[str] = (),
    findings: Sequence[Finding] | None = None,
    results: Mapping[str, Any] | None = None,
    lenses: Sequence[str] = (),
    chair: FormFiller | None = None,
    stop_on: tuple[type[Exception], ...] = (),
) -> Review:
    """The paper as judged by one referee per filler, at the same time and without seeing each other's reports.

    Args:
        paper: as read; what is hidden in it is looked for and taken out here, before anything else.
        fillers: one per referee; the same one may stand there several times. Each seat has a thread of its own, so the
            order of calls is not fixed; `prompt.values["referee"]` says whose report a call is for.
        form: the name of a venue's form.
        related: works found by search, a line each, shown to the referees.
        findings: what checks found; None runs `checks.check` here.
        results: the authors' own numbers, as JSON can hold them; all of it goes into the prompt.
        lenses: what each referee is to look at with particular care, in turn; nothing by default.
        chair: who sums up; the first filler by default.
        stop_on: errors of a filler that end the review; any other ends one report, and is recorded.

    Raises:
        PaperError: nothing of the paper's text can be seen by a reader.
        KeyError: there is no such form.
        ValueError: there is no filler.
    """
    if not fillers:
        raise ValueError("A review needs at least one referee.")
    examined = hidden.examine(paper)
    if not any(char.isalnum() for char in examined.paper.text):
        raise PaperError(f"{paper.name} shows no text: its text layer is invisible (a scan?), so it cannot be trusted.")
    found = checks.check(examined.paper, ignore=("concealed",)) if findings is None else findings
    told = tuple({finding.model_dump_json(): finding for finding in (*examined.findings, *found)}.values())
    panel = _Panel(examined.paper, forms.form(form), told, tuple(related), results, stop_on)
    return panel.meet(fillers, lenses, chair or fillers[0])


def spread(scores: Iterable[int | None]) -> Spread | None:
    """Mean and spread over those who assessed it; None where nobody did."""
    given = [score for score in scores if score is not None]
    if not given:
        return None
    sd = statistics.stdev(given) if len(given) > 1 else None
    return Spread(mean=statistics.fmean(given), sd=sd, low=min(given), high=max(given), n=len(given))


def merged(points: Sequence[PanelPoint]) -> tuple[PanelPoint, ...]:
    """Points on the same passage as one, major before minor, and by how many referees raised them."""
    by_quote: dict[str, PanelPoint] = {}
    for point in points:
        key = compact(point.quote)
        other = by_quote.get(key)
        if other is None:
            by_quote[key] = point
            continue
        # The severer wording stands for both.
        first = point if point.severity == "major" and other.severity == "minor" else other
        raised = tuple(sorted({*other.raised_by, *point.raised_by}))
        by_quote[key] = first.model_copy(update={"raised_by": raised, "verified": other.verified or point.verified})
    ordered = sorted(
        by_quote.values(), key=lambda point: (point.severity != "major", -len(point.raised_by), point.page)
    )
    return tuple(
        point.model_copy(update={"severity": "minor"}) if i >= MOST_MAJOR and point.severity == "major" else point
        for i, point in enumerate(ordered)
    )


@dataclass
class _Heard:
    """What became of one referee's seat."""

    report: Report | None = None
    standing: list[PanelPoint] = field(default_factory=list)
    dropped: list[Dropped] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)


@dataclass(frozen=True)
class _Panel:
    paper: Paper
    form: Form
    findings: tuple[Finding, ...]
    related: tuple[str, ...]
    results: Mapping[str, Any] | None
    stop_on: tuple[type[Exception], ...]

    def meet(self, fillers: Sequence[FormFiller], lenses: Sequence[str], chair: FormFiller) -> Review:
        pictures = self._pictures()
        shared, left_out = self._shared(bool(pictures))

        def seat(i: int) -> _Heard:
            lens = lenses[i % len(lenses)] if lenses else ""
            # Another referee checks the points, where there is another.
            return self._hear(i + 1, fillers[i], fillers[(i + 1) % len(fillers)], lens, shared, pictures)

        with ThreadPoolExecutor(len(fillers)) as pool:
            heard = list(pool.map(seat, range(len(fillers))))
        reports = tuple(one.report for one in heard if one.report is not None)
        points = merged([point for one in heard for point in one.standing])
        scores = {scale.name: spread(report.scores[scale.name] for report in reports) for scale in self.form.scales}
        failures = [failure for one in heard for failure in one.failures]
        summary: Chair | None = None
        if reports:
            summary = self._sum_up(chair, reports, points, scores, shared, failures)
        return Review(
            title=self.paper.title,
            file=self.paper.name,
            sha256=self.paper.sha256,
            pages=len(self.paper.pages) if self.paper.source == "pdf" else None,
            form=self.form.name,
            reports=reports,
            failures=tuple(failures),
            scores=scores,
            points=points,
            dropped=tuple(one for seat in heard for one in seat.dropped),
            chair=summary,
            findings=self.findings,
            left_out=left_out,
        )

    def _pictures(self) -> tuple[bytes, ...]:
        if self.paper.source != "pdf":
            return ()
        numbers = sorted({caption.page for caption in self.paper.figures})[:MOST_PICTURES]
        return tuple(self.paper.page_picture(number, _PICTURE_DPI) for number in numbers)

    def _shared(self, pictures: bool) -> tuple[dict[str, Any], int]:
        """Values that every prompt gets, and how many characters of the paper did not fit."""
        paper, left_out = paper_shown(self.paper)
        # A text cannot hold its own hash, so no sentence of the paper can close the fence.
        fence = f"===== paper {self.paper.sha256[:24]} ====="
        venue = {"form": self.form.name, "venue": self.form.venue}
        return {
            **venue,
            "fence": fence,
            "paper": paper,
            "findings": findings_shown(self.findings),
            "pictures": pictures,
        }, left_out

    def _hear(
        self,
        number: int,
        author: FormFiller,
        checker: FormFiller,
        lens: str,
        shared: Mapping[str, Any],
        pictures: Sequence[bytes],
    ) -> _Heard:
        heard = _Heard()
        prompt = prompts.render(
            "referee",
            **shared,
            referee=number,
            lens=lens,
            related=list(self.related),
            results=self.results,
            scales=scales_shown(self.form),
        )
        sheet, failure = self._ask("report", author, number, prompt, self.form.sheet(), pictures)
        if sheet is None:
            heard.failures += [failure] if failure else []
            return heard
        heard.report = self._report(number, author, lens, sheet)
        for point in sheet.weaknesses:
            place = self.paper.locate(point.quote)
            if place is None:
                heard.dropped.append(Dropped(point=point, referee=number, why="quote not in the paper"))
            else:
                told = {**point.model_dump(), "page": place.page, "box": place.box, "raised_by": (number,)}
                heard.standing.append(PanelPoint(**told, verified=False))
        if heard.standing:
            self._check(number, checker, heard, shared, pictures)
        return heard

    def _check(
        self, number: int, checker: FormFiller, heard: _Heard, shared: Mapping[str, Any], pictures: Sequence[bytes]
    ) -> None:
        """Drops what a second reading refutes. A point without a verdict stands, as not verified."""
        listed = [{"number": i, **point.model_dump(mode="json")} for i, point in enumerate(heard.standing, start=1)]
        prompt = prompts.render("verify_points", **shared, referee=number, points=listed)
        answer, failure = self._ask("check", checker, number, prompt, Verdicts, pictures)
        heard.failures += [failure] if failure else []
        verdicts = {verdict.number: verdict for verdict in answer.verdicts} if answer else {}
        standing: list[PanelPoint] = []
        for i, point in enumerate(heard.standing, start=1):
            verdict = verdicts.get(i)
            if verdict is None or verdict.holds:
                standing.append(point.model_copy(update={"verified": verdict is not None}))
            else:
                plain = Point(**point.model_dump(include=set(Point.model_fields)))
                heard.dropped.append(Dropped(point=plain, referee=number, why="refuted", reason=verdict.reason))
        heard.standing = standing

    def _report(self, number: int, author: FormFiller, lens: str, sheet: Sheet) -> Report:
        return Report(
            number=number,
            author=author.name,
            lens=lens,
            summary=sheet.summary,
            strengths=tuple(sheet.strengths),
            weaknesses=tuple(sheet.weaknesses),
            questions=tuple(sheet.questions),
            limitations=tuple(sheet.limitations),
            ethical_concerns=sheet.ethical_concerns,
            scores=self.form.scores(sheet),
            decision=self.form.decision(sheet),
        )

    def _sum_up(
        self,
        chair: FormFiller,
        reports: Sequence[Report],
        points: Sequence[PanelPoint],
        scores: Mapping[str, Spread | None],
        shared: Mapping[str, Any],
        failures: list[Failure],
    ) -> Chair | None:
        prompt = prompts.render(
            "area_chair",
            **shared,
            abstract=self.paper.abstract,
            # Without the weaknesses: those that did not survive must not come back through the summary.
            reports=[report.model_dump(mode="json", exclude={"weaknesses"}) for report in reports],
            points=[point.model_dump(mode="json") for point in points],
            scores={name: one.model_dump(mode="json") if one else None for name, one in scores.items()},
        )
        sheet, failure = self._ask("summary", chair, None, prompt, ChairSheet, ())
        if sheet is None:
            failures += [failure] if failure else []
            return None
        return Chair(author=chair.name, **sheet.model_dump())

    def _ask(
        self,
        step: Step,
        filler: FormFiller,
        referee: int | None,
        prompt: Prompt,
        form: type[Filled],
        pictures: Sequence[bytes],
    ) -> tuple[Filled | None, Failure | None]:
        try:
            return filler.fill(prompt, form, pictures), None
        except self.stop_on:
            raise
        except Exception as error:  # noqa: BLE001 - a filler may raise anything, and what it raises is recorded
            told = f"{type(error).__name__}: {error}"[:500]
            return None, Failure(step=step, author=filler.name, referee=referee, error=told)
