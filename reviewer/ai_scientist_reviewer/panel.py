"""A panel of independent referees over one paper, and an area chair who sums up."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from itertools import chain, zip_longest
from typing import Any, NamedTuple

from ai_scientist_reviewer import checks, prompts
from ai_scientist_reviewer.asking import Asking
from ai_scientist_reviewer.evidence.records import Compared
from ai_scientist_reviewer.evidence.verdicts import compare
from ai_scientist_reviewer.findings import Finding
from ai_scientist_reviewer.forms import ChairSheet, Form
from ai_scientist_reviewer.forms import form as form_named
from ai_scientist_reviewer.hidden import Examined
from ai_scientist_reviewer.lenses import Lens
from ai_scientist_reviewer.lenses import lens as lens_named
from ai_scientist_reviewer.marks import Marks
from ai_scientist_reviewer.paper import Paper, PaperError
from ai_scientist_reviewer.pictures import figures_shown
from ai_scientist_reviewer.ports import FormFiller, Records
from ai_scientist_reviewer.records import Chair, Failure, PanelPoint, Report, Review, Spread, Work
from ai_scientist_reviewer.results import Results
from ai_scientist_reviewer.seat import Heard, Seat, Shared
from ai_scientist_reviewer.shown import (
    fence,
    findings_shown,
    paper_shown,
    points_shown,
    refuted_shown,
    related_shown,
    results_shown,
)
from ai_scientist_reviewer.standing import differences, joined, merged, spread
from ai_scientist_reviewer.venues import Venue

__all__ = ["review"]

GRACE = 10.0
"""Seconds that referees under way get to come to an end when the review is stopped."""


def review(
    paper: Paper,
    fillers: Sequence[FormFiller],
    *,
    form: str | Form = "neurips",
    related: Sequence[str | Work] = (),
    findings: Sequence[Finding] | None = None,
    results: Results | Mapping[str, Any] | None = None,
    lenses: Sequence[str | Lens] = (),
    chair: FormFiller | None = None,
    checkers: Sequence[FormFiller] | None = None,
    reflect: int = 0,
    venue: Venue | None = None,
    records: Records | None = None,
    stop_on: tuple[type[Exception], ...] = (),
    on_stop: Callable[[Review], object] | None = None,
) -> Review:
    """The paper as judged by one referee per filler, at the same time and without seeing each other's reports.

    Args:
        paper: as read; what is hidden in it is looked for and taken out here, before anything else.
        fillers: one per referee; the same one may stand there several times. Each seat has a thread of its own, so the
            order of calls is not fixed; `prompt.values["referee"]` says whose report a call is for.
        form: a venue's form, by name, by the path of a file, or as such.
        related: works found by search, shown to the referees.
        findings: what checks found; None runs `checks.check` here, with `venue`, `results` and `records`, and tells the referees
            how the paper's numbers came out beside the result files.
        results: the authors' own numbers: a folder as read, or what JSON can hold, all of which goes into the prompt.
        lenses: what each referee is to look at with particular care, in turn, by name or path; nothing by default.
        chair: who sums up; the first filler by default.
        checkers: who checks each referee's points, one per filler; by default the next filler of another model, where there
            is one.
        reflect: times each referee goes over the own report before handing it in.
        stop_on: errors of a filler that end the review; any other ends one report, and is recorded.
        on_stop: is given what had come in, as a review that is not complete, before such an error is raised on.

    Raises:
        PaperError: nothing of the paper's text can be seen by a reader.
        FormError: there is no such form.
        LensError: there is no such lens.
        ValueError: there is no filler.
    """
    if not fillers:
        raise ValueError("A review needs at least one referee.")
    sheet = form if isinstance(form, Form) else form_named(form)
    looks = [one if isinstance(one, Lens) else lens_named(one) for one in lenses]
    examined = paper.examined
    if not any(char.isalnum() for char in examined.paper.text):
        raise PaperError(f"{paper.name} shows no text: its text layer is invisible (a scan?), so it cannot be trusted.")
    compared = None
    if findings is None:
        compared = compare(examined.paper, results) if isinstance(results, Results) else None
        findings = checks.check(examined.paper, ignore=("concealed",), venue=venue, compared=compared, records=records)
    told = tuple({finding.model_dump_json(): finding for finding in (*examined.findings, *findings)}.values())
    works = tuple(one if isinstance(one, Work) else Work(title=one) for one in related)
    panel = _Panel(examined, sheet, told, works, results, compared, Asking(stop_on), max(0, reflect))
    return panel.meet(fillers, looks, chair or fillers[0], checkers or others(fillers), on_stop)


def others(fillers: Sequence[FormFiller]) -> list[FormFiller]:
    """For each referee, who checks its points: the next of another model, or else the next."""
    n = len(fillers)
    order = [[fillers[(i + step) % n] for step in range(1, n + 1)] for i in range(n)]
    return [
        next((other for other in after if other.name != fillers[i].name), after[0]) for i, after in enumerate(order)
    ]


class Sorting(NamedTuple):
    """How the area chair puts the points together, by their numbers as they were listed."""

    same: Sequence[Sequence[int]] = ()
    weightiest: Sequence[int] = ()


@dataclass(frozen=True)
class _Panel:
    examined: Examined
    form: Form
    findings: tuple[Finding, ...]
    related: tuple[Work, ...]
    results: Results | Mapping[str, Any] | None
    compared: Compared | None
    asking: Asking
    reflect: int

    @property
    def paper(self) -> Paper:
        return self.examined.paper

    def meet(
        self,
        fillers: Sequence[FormFiller],
        lenses: Sequence[Lens],
        chair: FormFiller,
        checkers: Sequence[FormFiller],
        on_stop: Callable[[Review], object] | None,
    ) -> Review:
        shared, left_out = self._shared()
        heard = [Heard() for _ in fillers]
        seats = [
            Seat(
                number=i + 1,
                author=author,
                checker=checkers[i % len(checkers)],
                lens=lenses[i % len(lenses)] if lenses else None,
                reflect=self.reflect,
            )
            for i, author in enumerate(fillers)
        ]
        summary: Chair | None = None
        failures: list[Failure] = []
        sorting = Sorting()
        stopped: Exception | None = None
        try:
            self._hear(seats, heard, shared)
            if any(one.report for one in heard):
                summary, sorting = self._sum_up(chair, heard, shared, failures)
        except self.asking.stop_on as error:
            stopped = error
        done = self._review(heard, summary, sorting, failures, shared, left_out, stopped)
        if stopped is not None:
            if on_stop is not None:
                on_stop(done)
            raise stopped
        return done

    def _hear(self, seats: Sequence[Seat], heard: Sequence[Heard], shared: Shared) -> None:
        """Hear every referee. One that ends the review does not keep the others from ending what they are at."""
        pool = ThreadPoolExecutor(len(seats))
        running: list[Future[None]] = [
            pool.submit(seat.sit, one, shared) for seat, one in zip(seats, heard, strict=True)
        ]
        try:
            wait(running)
        except self.asking.stop_on:  # a signal's handler may raise it here
            wait(running, timeout=GRACE)
            raise
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
        for one in running:
            one.result()

    def _shared(self) -> tuple[Shared, int]:
        """What every prompt gets, and how many characters of the paper did not fit."""
        paper, left_out = paper_shown(self.examined)
        pictures, more = figures_shown(self.examined)
        results, related = results_shown(self.results, self.compared), related_shown(self.related)
        values = {
            "form": self.form.name,
            "venue": self.form.venue,
            "fence": fence(self.paper, [results, related]),
            "paper": paper,
            "findings": findings_shown(self.findings, self.examined),
            "pictures": [picture.what for picture in pictures],
            "pictures_left_out": more,
        }
        return Shared(
            values=values,
            pictures=tuple(picture.png for picture in pictures),
            form=self.form,
            marks=Marks(self.paper),
            related=related,
            results=results,
            asking=self.asking,
        ), left_out

    def _sum_up(
        self, chair: FormFiller, heard: Sequence[Heard], shared: Shared, failures: list[Failure]
    ) -> tuple[Chair | None, Sorting]:
        """The area chair's summary, and how the chair puts the points together."""
        reports, points = _reports(heard), _points(heard)
        scores = self._scores(reports)
        prompt = prompts.render(
            "area_chair",
            **shared.values,
            abstract=self.paper.abstract,
            # Without the weaknesses: those that did not survive must not come back through the summary. A referee's own words may
            # still repeat one, which is why the chair is told what was refuted.
            reports=[report.model_dump(mode="json", exclude={"weaknesses"}) for report in reports],
            points=points_shown(points),
            refuted=refuted_shown((dropped for one in heard for dropped in one.dropped), points),
            scores={name: one.model_dump(mode="json") if one else None for name, one in scores.items()},
            differences=list(differences(self.form, reports)),
            overall=self.form.overall,
            accept=self.form.accept,
        )
        answer = self.asking.ask("summary", chair, None, prompt, ChairSheet)
        if isinstance(answer, Failure):
            failures.append(answer)
            return None, Sorting()
        told = answer.model_dump(exclude={"same", "weightiest"})
        return Chair(author=chair.name, **told), Sorting(answer.same, answer.weightiest)

    def _scores(self, reports: Sequence[Report]) -> dict[str, Spread | None]:
        return {scale.name: spread(report.scores[scale.name] for report in reports) for scale in self.form.scales}

    def _review(
        self,
        heard: Sequence[Heard],
        summary: Chair | None,
        sorting: Sorting,
        failures: Sequence[Failure],
        shared: Shared,
        left_out: int,
        stopped: Exception | None,
    ) -> Review:
        reports = _reports(heard)
        return Review(
            title=self.paper.title,
            file=self.paper.name,
            sha256=self.paper.sha256,
            pages=len(self.paper.pages) if self.paper.source == "pdf" else None,
            form=self.form.name,
            venue=self.form.venue,
            scales=self.form.scales,
            overall=self.form.overall,
            accept=self.form.accept,
            complete=stopped is None,
            stopped=str(stopped) if stopped is not None else "",
            reports=reports,
            failures=(*(failure for one in heard for failure in one.failures), *failures),
            scores=self._scores(reports),
            points=joined(_points(heard), sorting.same, sorting.weightiest),
            dropped=tuple(dropped for one in heard for dropped in one.dropped),
            differences=tuple(differences(self.form, reports)),
            chair=summary,
            findings=self.findings,
            related=self.related,
            left_out=left_out,
            pictures=len(shared.pictures),
        )


def _reports(heard: Sequence[Heard]) -> tuple[Report, ...]:
    return tuple(one.report for one in heard if one.report is not None)


def _points(heard: Sequence[Heard]) -> tuple[PanelPoint, ...]:
    """What stands, each referee's first points before anybody's second."""
    ranks = zip_longest(*(one.standing for one in heard))
    return merged([point for point in chain.from_iterable(ranks) if point is not None])
