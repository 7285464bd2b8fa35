"""What is said of a review in words, whichever form it is given in: who judged, how far to trust it, what is missing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from ai_scientist_reviewer.findings import Finding
from ai_scientist_reviewer.forms import NOT_ASSESSED
from ai_scientist_reviewer.records import NOT_MEASURED, Also, PanelPoint, Review, Spent, Work

ORDER = {"error": 0, "warn": 1, "info": 2}


def facts(review: Review) -> Iterator[tuple[str, str]]:
    """What stands at the head of a review: names and values."""
    who = Counter(report.author for report in review.reports)
    panel = ", ".join(f"{name} × {n}" if n > 1 else name for name, n in who.items()) or (
        "nobody: every report failed" if review.complete else "nobody had reported when it was stopped"
    )
    pages = f", {review.pages} page{'' if review.pages == 1 else 's'}" if review.pages else ""
    yield "Paper", f"{review.file}{pages}, sha256 {review.sha256[:12]}…"
    yield "Form", review.venue or review.form
    yield "Referees", panel
    yield "Area chair", review.chair.author if review.chair else "none"
    yield "Decision", review.chair.decision if review.chair else NOT_ASSESSED
    if review.scores.get(review.overall) is not None:
        yield overall(review)
    if review.results:
        yield "Held against", review.results
    if review.same_model_as_writer:
        yield "Independence", "a referee is the model that wrote the paper: no other one was configured"
    yield "Measured error of this reviewer", review.measured_error
    if review.spent is not None:
        yield "Cost", cost(review.spent)


def overall(review: Review) -> tuple[str, str]:
    """The recommendation: its name, and its mean or that it was not assessed."""
    name = review.overall.replace("_", " ").capitalize() or "Overall"
    given = review.scores.get(review.overall)
    if given is None:
        return name, NOT_ASSESSED
    spread = f" ± {given.sd:.2f}" if given.sd is not None else ""
    bar = f"; {review.accept} and more speaks for acceptance" if review.accept is not None else ""
    return name, f"{given.mean:.2f}{spread} ({given.n} referee{'' if given.n == 1 else 's'}{bar})"


def in_a_line(review: Review) -> str:
    """How it came out: the recommendation, the points that stand, what the checks found."""
    major = sum(point.severity == "major" for point in review.points)
    minor = len(review.points) - major
    found = Counter(finding.severity for finding in review.findings if finding.checked)
    checks = ", ".join(
        f"{found[severity]} {word}{'' if found[severity] == 1 else 's'}"
        for severity, word in (("error", "error"), ("warn", "warning"), ("info", "note"))
    )
    return (
        f"{': '.join(overall(review))}. {major} major and {minor} minor points stand. Findings of the checks: {checks}."
    )


def cost(spent: Spent) -> str:
    money = (
        "price UNKNOWN"
        if spent.money is None
        else f"${spent.money:.4f}"
        if 0 < spent.money < 1
        else f"${spent.money:.2f}"
    )
    return f"{money}, {spent.calls} calls, {spent.tokens_in:,} tokens in, {spent.tokens_out:,} out"


def why_no_summary(review: Review) -> str:
    if not review.complete:
        return "the review was stopped before"
    why = "no referee could report" if not review.reports else "the area chair failed"
    return f"{why} (see the end of this review)"


def why_no_points(review: Review) -> str:
    """Nothing raised is not the same as nobody heard."""
    return "None stands." if review.reports else "No report came in."


def paragraphs(text: str) -> list[str]:
    """What blank lines set apart."""
    return [part.strip() for part in re.split(r"\n\s*\n", text) if part.strip()]


def on_scores(review: Review) -> Iterator[str]:
    if len(review.reports) > 1:
        yield "Spread: standard deviation over referees, lowest to highest."
    if len({report.author for report in review.reports}) < len(review.reports):
        yield "Some referees are the same model, so their agreement is no second opinion."
    said = review.measured_error.rstrip(".")
    yield f"How far such scores are from people's: {said}." if said.startswith(NOT_MEASURED) else f"{said}."


def on_points(review: Review) -> Iterator[str]:
    """What every weakness that is listed went through."""
    if not review.points:
        return
    read = sum(point.verified for point in review.points)
    another = ", and another reading did not refute it" if read == len(review.points) else ""
    yield f"Each was raised with words of the paper that a program found there{another}."
    if part := sum(point.narrowed is not None for point in review.points):
        yield f"{part} {'was' if part == 1 else 'were'} confirmed only in part, and {'stands' if part == 1 else 'stand'} with that part alone."
    if not read:
        yield "None was verified by another reading."


def about_point(review: Review, point: PanelPoint) -> Iterator[str]:
    """Where a point stands, who raised it and whether it was checked."""
    page = f"page {point.page}" if review.pages is not None else ""
    if point.place and point.place.casefold() != page:
        yield point.place
    if page:
        yield page
    if point.file:
        yield f"{point.file}:{point.line}" if point.line else point.file
    if len(review.reports) > 1:
        yield raised_by(point)
    if not point.verified and any(other.verified for other in review.points):
        yield "not verified by a second reading"


def confirmed(point: PanelPoint) -> str:
    """By whom, where somebody did."""
    if not point.verified or not point.checker:
        return ""
    return f"{'confirmed in part' if point.narrowed else 'not refuted'} by a second reading ({point.checker})"


def narrowed(point: PanelPoint | Also) -> str:
    """What a second reading took from it; "" where nothing."""
    if point.narrowed is None:
        return ""
    return f"Narrowed by a second reading. As it was raised: “{point.narrowed.claim}” Why: {point.narrowed.reason}"


def raised_by(point: PanelPoint) -> str:
    return "referee" + ("s " if len(point.raised_by) > 1 else " ") + ", ".join(map(str, point.raised_by))


def passages(point: PanelPoint) -> list[PanelPoint | Also]:
    """The point's own passage and those of what was put together with it."""
    return [point, *point.also]


def where(finding: Finding) -> str:
    """ "page 3", "main.tex:41", or "" where the place is not known."""
    if finding.file:
        return f"{finding.file}:{finding.line}" if finding.line else finding.file
    return f"page {finding.page}" if finding.page else ""


def at(page: int | None, file: str, line: int | None, paged: bool = True) -> str:
    """The same for a quote."""
    if not paged:
        return f"{file}:{line}" if file and line else file
    return f"page {page}" if page else ""


def by_severity(findings: Iterable[Finding]) -> list[Finding]:
    return sorted(findings, key=lambda one: (ORDER[one.severity], one.page or 0))


def unchecked(findings: Iterable[Finding]) -> dict[str, list[str]]:
    """Why something could not be checked, and the rules that it is so for."""
    whys: dict[str, list[str]] = {}
    for finding in findings:
        if not finding.checked:
            rules = whys.setdefault(finding.message.removeprefix("Could not be checked: "), [])
            rules += [finding.rule] if finding.rule not in rules else []
    return whys


def work_line(work: Work) -> str:
    authors = ", ".join(work.authors[:3]) + (" et al." if len(work.authors) > 3 else "")
    year = f" ({work.year})" if work.year else ""
    venue = f" {work.venue}." if work.venue else ""
    cited = " Cited by the paper." if work.cited else ""
    source = f" From {work.source}." if work.source else ""
    return f"{authors.rstrip('.') + '. ' if authors else ''}{work.title}{year}.{venue}{cited}{source}"


def gaps(review: Review) -> Iterator[str]:
    """What failed, was dropped or was left out."""
    steps = {
        "report": "Report {0}",
        "reflection": "Referee {0}'s second look at the own report",
        "check": "The check of referee {0}'s points",
        "summary": "The area chair's summary",
        "follow-up": "The comparison with the earlier review",
    }
    for failure in review.failures:
        yield f"{steps[failure.step].format(failure.referee)} ({failure.author}) failed: {failure.error}"
    for dropped in review.dropped:
        reason = f" Why: {dropped.reason}" if dropped.reason else ""
        claim = dropped.point.claim
        yield f"Dropped ({dropped.why}), referee {dropped.referee}: {claim}{reason} Its quote: “{dropped.point.quote}”"
    if review.left_out:
        yield f"The last {review.left_out:,} characters of the paper did not fit and were not read by the referees."
    if review.unannotated:
        yield f"There is no annotated PDF: {review.unannotated}"
