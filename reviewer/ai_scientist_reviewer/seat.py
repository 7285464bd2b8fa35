"""One referee's seat: the report, another look at it where that is asked for, its quotes, and a check by another."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ai_scientist_reviewer import prompts
from ai_scientist_reviewer.asking import Asking
from ai_scientist_reviewer.forms import Form, Point, Sheet, Verdict, Verdicts, scores_of, sheet
from ai_scientist_reviewer.forms.sheets import decision_of
from ai_scientist_reviewer.lenses import Lens
from ai_scientist_reviewer.marks import Marks
from ai_scientist_reviewer.ports import FormFiller
from ai_scientist_reviewer.records import Dropped, Failure, Narrowed, PanelPoint, Report
from ai_scientist_reviewer.shown import form_shown, points_shown, scales_shown

_PAGE = re.compile(r"\b(?:page|p\.)\s*(\d{1,4})\b", re.I)


@dataclass
class Heard:
    """What has come of one referee's seat so far."""

    report: Report | None = None
    standing: list[PanelPoint] = field(default_factory=list)
    dropped: list[Dropped] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)


@dataclass(frozen=True)
class Shared:
    """What all referees of a panel are given."""

    values: Mapping[str, Any]
    """Of every prompt."""
    pictures: tuple[bytes, ...]
    form: Form
    marks: Marks
    related: list[dict[str, Any]]
    results: Any
    asking: Asking


@dataclass(frozen=True)
class Seat:
    number: int
    """From 1."""
    author: FormFiller
    checker: FormFiller
    lens: Lens | None
    reflect: int = 0

    def sit(self, heard: Heard, shared: Shared) -> None:
        """Fills in `heard` step by step, so that it holds what was reached wherever this ends."""
        filled = self._report(heard, shared)
        if filled is None:
            return
        reflected = 0
        for _ in range(self.reflect):
            again = self._reflection(filled, heard, shared)
            if again is None:
                break
            filled, reflected = again, reflected + 1
        heard.report = self._handed_in(filled, shared.form, reflected)
        self._place(filled, heard, shared)
        if heard.standing:
            self._check(heard, shared)

    def _report(self, heard: Heard, shared: Shared) -> Sheet | None:
        prompt = prompts.render("referee", **self._values(shared))
        answer = shared.asking.ask("report", self.author, self.number, prompt, sheet(shared.form), shared.pictures)
        if isinstance(answer, Failure):
            heard.failures.append(answer)
            return None
        return answer

    def _reflection(self, filled: Sheet, heard: Heard, shared: Shared) -> Sheet | None:
        """The report gone over once more by who wrote it; None where that failed, and the report stays as it was."""
        prompt = prompts.render("reflect", **self._values(shared), report=filled.model_dump(mode="json"))
        answer = shared.asking.ask("reflection", self.author, self.number, prompt, sheet(shared.form), shared.pictures)
        if isinstance(answer, Failure):
            heard.failures.append(answer)
            return None
        return answer

    def _values(self, shared: Shared) -> dict[str, Any]:
        return {
            **shared.values,
            **form_shown(shared.form),
            "referee": self.number,
            "lens": self.lens.text if self.lens else "",
            "related": shared.related,
            "results": shared.results,
            "scales": scales_shown(shared.form),
        }

    def _handed_in(self, filled: Sheet, form: Form, reflected: int) -> Report:
        return Report(
            number=self.number,
            author=self.author.name,
            lens=self.lens.name if self.lens else "",
            reflected=reflected,
            summary=filled.summary,
            strengths=tuple(filled.strengths),
            weaknesses=tuple(filled.weaknesses),
            questions=tuple(filled.questions),
            limitations=tuple(filled.limitations),
            ethical_concerns=filled.ethical_concerns,
            scores=scores_of(form, filled),
            decision=decision_of(filled),
        )

    def _place(self, filled: Sheet, heard: Heard, shared: Shared) -> None:
        """Drops each weakness whose quote is not in the paper, and finds the place of the others."""
        for point in filled.weaknesses:
            named = _PAGE.search(point.place)
            on = int(named[1]) if named else None
            place = shared.marks.paper.locate(point.quote, on)
            if place is None:
                heard.dropped.append(Dropped(point=point, referee=self.number, why="quote not in the paper"))
            else:
                where = {"page": place.page, "box": place.box, "file": place.file, "line": place.line}
                told = {**point.model_dump(), **where, "raised_by": (self.number,)}
                marks = shared.marks.of(point.quote, on)
                heard.standing.append(PanelPoint(**told, marks=marks, verified=False))

    def _check(self, heard: Heard, shared: Shared) -> None:
        """Drops what a second reading refutes, and narrows what holds in part. A point without a verdict stands, as not verified."""
        points = points_shown(heard.standing)
        prompt = prompts.render(
            "verify_points", **shared.values, referee=self.number, points=points, results=shared.results
        )
        answer = shared.asking.ask("check", self.checker, self.number, prompt, Verdicts, shared.pictures)
        if isinstance(answer, Failure):
            heard.failures.append(answer)
            return
        verdicts = {verdict.number: verdict for verdict in answer.verdicts}
        standing: list[PanelPoint] = []
        for i, point in enumerate(heard.standing, start=1):
            verdict = verdicts.get(i)
            if verdict is None:
                standing.append(point)
            elif verdict.answer != "does not hold":
                standing.append(_confirmed(point, verdict, self.checker.name))
            else:
                plain = Point(**point.model_dump(include=set(Point.model_fields)))
                heard.dropped.append(Dropped(point=plain, referee=self.number, why="refuted", reason=verdict.reason))
        heard.standing = standing


def _confirmed(point: PanelPoint, verdict: Verdict, checker: str) -> PanelPoint:
    """The point as far as it holds. "In part" without saying which part confirms nothing: it stands as not verified."""
    confirmed = point.model_copy(update={"verified": True, "checker": checker})
    if verdict.answer == "holds":
        return confirmed
    part = verdict.narrowed.strip()
    if not part:
        return point
    narrowed = Narrowed(claim=point.claim, reason=verdict.reason)
    return confirmed.model_copy(update={"claim": part, "narrowed": narrowed})
