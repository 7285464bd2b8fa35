"""A review as Markdown for people."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from ai_scientist_reviewer.findings import Finding
from ai_scientist_reviewer.forms import NOT_ASSESSED, Scale, form
from ai_scientist_reviewer.records import PanelPoint, Report, Review, Spread


def markdown(review: Review) -> str:
    """review.md: who reviewed, summary, scores with their spread, points with quotes, findings, then each report."""
    parts = [
        _head(review),
        _summary(review),
        _scores(review),
        _points(review),
        _findings(review.findings),
        _not_done(review),
        *_reports(review),
    ]
    return "\n".join(part for part in parts if part).rstrip() + "\n"


def _head(review: Review) -> str:
    venue = form(review.form).venue
    who = Counter(report.author for report in review.reports)
    panel = ", ".join(f"{name} × {n}" if n > 1 else name for name, n in who.items()) or "nobody: every report failed"
    chair = review.chair.author if review.chair else "none"
    pages = f", {review.pages} pages" if review.pages else ""
    return (
        f"# Review: {_plain(review.title) or review.file}\n\n"
        f"| | |\n| --- | --- |\n"
        f"| Paper | {_cell(review.file)}{pages}, sha256 `{review.sha256[:12]}…` |\n"
        f"| Form | {venue} |\n"
        f"| Referees | {_cell(panel)} |\n"
        f"| Area chair | {_cell(chair)} |\n"
        f"| Decision | {review.chair.decision if review.chair else NOT_ASSESSED} |\n"
        f"| Measured error of this reviewer | {review.measured_error} |\n"
    )


def _summary(review: Review) -> str:
    if review.chair is None:
        why = "no referee could report" if not review.reports else "the area chair failed"
        return f"## Summary\n\nThere is none: {why} (see the end of this review).\n"
    chair = review.chair
    parts = [f"## Summary\n\n{_plain(chair.summary)}\n"]
    for title, items in (
        ("Do first", chair.first_steps),
        ("Referees agree", chair.agreement),
        ("Referees differ", chair.disagreement),
    ):
        if items:
            parts.append(f"**{title}**\n\n{_list(items)}")
    return "\n".join(parts)


def _scores(review: Review) -> str:
    if not review.reports:
        return ""
    rows = ["## Scores", "", "| | Mean | Spread | Referees | In words |", "| --- | --- | --- | --- | --- |"]
    for scale in form(review.form).scales:
        rows.append(_row(scale, review.scores.get(scale.name)))
    note = "Spread: standard deviation over referees, lowest to highest. " if len(review.reports) > 1 else ""
    if len({report.author for report in review.reports}) < len(review.reports):
        note += "Some referees are the same model, so their agreement is no second opinion. "
    rows += ["", f"{note}How far such scores are from people's was {review.measured_error} for this reviewer.", ""]
    return "\n".join(rows)


def _row(scale: Scale, spread: Spread | None) -> str:
    title = f"{scale.name.capitalize()} ({scale.low}–{scale.high})"
    if spread is None:
        return f"| {title} | {NOT_ASSESSED} | | 0 | |"
    words = scale.meaning.get(round(spread.mean), "")
    width = "" if spread.sd is None else f"{spread.sd:.2f}, {spread.low} to {spread.high}"
    return f"| {title} | {spread.mean:.2f} | {width} | {spread.n} | {words} |"


def _points(review: Review) -> str:
    several = len(review.reports) > 1
    parts = ["## Weaknesses\n"]
    if not review.points:
        parts.append("None stands.\n")
    for severity in ("major", "minor"):
        points = [point for point in review.points if point.severity == severity]
        if points:
            parts.append(f"### {severity.capitalize()}\n")
            parts += [_point(i, point, several, review.pages is not None) for i, point in enumerate(points, start=1)]
    return "\n".join(parts)


def _point(i: int, point: PanelPoint, several: bool, paged: bool) -> str:
    where = [f"page {point.page}"] if paged else []
    if point.place and point.place.casefold() not in where:
        where.insert(0, _plain(point.place))
    if several:
        where.append("referee" + ("s " if len(point.raised_by) > 1 else " ") + ", ".join(map(str, point.raised_by)))
    if not point.verified:
        where.append("not verified by a second reading")
    told = f" ({'; '.join(where)})" if where else ""
    fix = f"\n   *To mend it:* {_plain(point.fix)}\n" if point.fix else ""
    return f"{i}. {_plain(point.claim)}{told}\n\n   > {_plain(point.quote)}\n{fix}"


def _findings(findings: Sequence[Finding]) -> str:
    told = [finding for finding in findings if finding.checked]
    parts = ["## What checks without a model found\n"]
    if told:
        parts += ["| Severity | Page | Finding | Quote |", "| --- | --- | --- | --- |"]
        order = {"error": 0, "warn": 1, "info": 2}
        for finding in sorted(told, key=lambda one: (order[one.severity], one.page or 0)):
            page, quote = finding.page or "", f"“{_cell(_short(finding.quote))}”" if finding.quote else ""
            parts.append(f"| {finding.severity} | {page} | {_cell(finding.message)} `{finding.rule}` | {quote} |")
        parts.append("")
    else:
        parts.append("Nothing.\n")
    for finding in findings:
        if not finding.checked:
            parts.append(f"- `{finding.rule}`: {_plain(finding.message)}")
    return "\n".join(parts) + ("\n" if parts[-1].startswith("- ") else "")


def _not_done(review: Review) -> str:
    lines = list(_gaps(review))
    return f"## What is missing from this review\n\n{_list(lines)}" if lines else ""


def _gaps(review: Review) -> Iterator[str]:
    steps = {
        "report": "Report {0}",
        "check": "The check of referee {0}'s points",
        "summary": "The area chair's summary",
    }
    for failure in review.failures:
        yield f"{steps[failure.step].format(failure.referee)} ({failure.author}) failed: {failure.error}"
    for dropped in review.dropped:
        reason = f" Why: {dropped.reason}" if dropped.reason else ""
        yield f"Dropped ({dropped.why}), referee {dropped.referee}: {dropped.point.claim}{reason}"
    if review.left_out:
        yield f"The last {review.left_out:,} characters of the paper did not fit and were not read by the referees."


def _reports(review: Review) -> Iterator[str]:
    """Each report once: referees who handed in the same words share a heading, which says so."""
    same: dict[str, list[Report]] = {}
    for report in review.reports:
        same.setdefault(report.model_copy(update={"number": 0}).model_dump_json(), []).append(report)
    for reports in same.values():
        yield _report(reports[0], review, [report.number for report in reports])


def _report(report: Report, review: Review, numbers: Sequence[int]) -> str:
    lens = f", asked to look at {_plain(report.lens)}" if report.lens else ""
    who = (
        f"Referee {report.number}"
        if len(numbers) == 1
        else f"Referees {', '.join(map(str, numbers))}, word for word the same"
    )
    parts = [f"## {who}: {_plain(report.author)}{lens}\n", _plain(report.summary) + "\n"]
    for title, items in (
        ("Strengths", report.strengths),
        ("Questions", report.questions),
        ("Limitations", report.limitations),
    ):
        if items:
            parts.append(f"**{title}**\n\n{_list(items)}")
    given = [f"{name} {score}" for name, score in report.scores.items() if score is not None]
    missing = [name for name, score in report.scores.items() if score is None]
    scores = ", ".join(given) + (f"; {NOT_ASSESSED}: {', '.join(missing)}" if missing else "")
    parts.append(f"**Scores**: {scores}. **Decision**: {report.decision}.\n")
    if report.ethical_concerns:
        parts.append("**An ethics reviewer should look at this paper.**\n")
    stands = sum(report.number in point.raised_by for point in review.points)
    if report.weaknesses:
        parts.append(f"Weaknesses raised: {len(report.weaknesses)}; standing, in the list above: {stands}.\n")
    return "\n".join(parts)


def _list(items: Iterable[str]) -> str:
    return "".join(f"- {_plain(item)}\n" for item in items)


def _plain(text: str) -> str:
    """Words from a paper or a model as words: on one line, no markup of theirs taking effect."""
    flat = re.sub(r"\s+", " ", text).strip()
    return re.sub(r"([\\`*_\[\]<>#|])", r"\\\1", flat)


def _cell(text: str) -> str:
    return _plain(text)


def _short(text: str, most: int = 120) -> str:
    return text if len(text) <= most else text[: most - 1].rsplit(" ", 1)[0] + " …"
