"""A review as Markdown for people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ai_scientist_reviewer.findings import Finding
from ai_scientist_reviewer.forms import NOT_ASSESSED, Scale
from ai_scientist_reviewer.records import Also, PanelPoint, Report, Review, Spread
from ai_scientist_reviewer.render import told
from ai_scientist_reviewer.render.escape import listed, plain, shortened
from ai_scientist_reviewer.render.followed import followed


def markdown(review: Review) -> str:
    """review.md: who reviewed, summary, scores with their spread, points with quotes, findings, then each report."""
    parts = [
        _head(review),
        _stopped(review),
        _summary(review),
        followed(review.since) if review.since else "",
        _scores(review),
        _points(review),
        _findings(review.findings),
        _related(review),
        _not_done(review),
        _trust(review),
        *_reports(review),
    ]
    return "\n".join(part for part in parts if part).rstrip() + "\n"


def _head(review: Review) -> str:
    rows = "".join(f"| {name} | {plain(value)} |\n" for name, value in told.facts(review))
    return f"# Review: {plain(review.title) or plain(review.file)}\n\n| | |\n| --- | --- |\n{rows}"


def _stopped(review: Review) -> str:
    if review.complete:
        return ""
    return (
        f"**This review is not complete.** It was stopped: {plain(review.stopped)} What had come in by then is below.\n"
    )


def _summary(review: Review) -> str:
    if review.chair is None:
        why = told.why_no_summary(review)
        return f"## Summary\n\nThere is none: {why}.\n"
    chair = review.chair
    parts = ["## Summary\n", *(plain(part) + "\n" for part in told.paragraphs(chair.summary))]
    for title, items in (
        ("Do first", chair.first_steps),
        ("Referees agree", chair.agreement),
        ("Referees differ", chair.disagreement),
    ):
        if items:
            parts.append(f"**{title}**\n\n{listed(items)}")
    if review.differences:
        parts.append(f"**Apart by their scores and decisions**\n\n{listed(review.differences)}")
    return "\n".join(parts)


def _scores(review: Review) -> str:
    if not review.reports:
        return ""
    rows = ["## Scores", "", "| | Mean | Spread | Referees | In words |", "| --- | --- | --- | --- | --- |"]
    known = {scale.name: scale for scale in review.scales}
    rows += [_row(name, known.get(name), one) for name, one in review.scores.items()]
    rows += ["", " ".join(told.on_scores(review)), ""]
    return "\n".join(rows)


def _row(name: str, scale: Scale | None, spread: Spread | None) -> str:
    title = f"{scale.title} ({scale.low}–{scale.high})" if scale else name.capitalize()
    if spread is None:
        return f"| {plain(title)} | {NOT_ASSESSED} | | 0 | |"
    words = scale.words(spread.mean) if scale else ""
    width = "" if spread.sd is None else f"{spread.sd:.2f}, {spread.low} to {spread.high}"
    return f"| {plain(title)} | {spread.mean:.2f} | {width} | {spread.n} | {plain(words)} |"


def _points(review: Review) -> str:
    parts = ["## Weaknesses\n", *(f"{one}\n" for one in told.on_points(review))]
    if not review.points:
        parts.append(f"{told.why_no_points(review)}\n")
    for severity in ("major", "minor"):
        points = [(i, one) for i, one in enumerate(review.points, start=1) if one.severity == severity]
        if points:
            parts.append(f"### {severity.capitalize()}\n")
            parts += [_point(i, point, review) for i, point in points]
    return "\n".join(parts)


def _point(i: int, point: PanelPoint, review: Review) -> str:
    where = "; ".join(told.about_point(review, point))
    pad = " " * len(f"{i}. ")  # less than this, and Markdown takes what follows for no part of the item
    fix = f"\n{pad}*To mend it:* {plain(point.fix)}\n" if point.fix else ""
    less = _narrowed(point, pad)
    also = "".join(
        f"\n{pad}*As referee {one.referee} puts it:* {plain(one.claim)}\n\n{pad}> {plain(one.quote)}\n{_narrowed(one, pad)}"
        for one in point.also
    )
    said = f"{plain(point.claim)}{f' ({plain(where)})' if where else ''}"
    return f"{i}. {said}\n\n{pad}> {plain(point.quote)}\n{less}{fix}{also}"


def _narrowed(point: PanelPoint | Also, pad: str) -> str:
    said = told.narrowed(point)
    return f"\n{pad}{plain(said)}\n" if said else ""


def _findings(findings: Sequence[Finding]) -> str:
    made = [finding for finding in findings if finding.checked]
    parts = ["## What checks without a model found\n"]
    if made:
        parts += ["| Severity | Where | Finding | Quote |", "| --- | --- | --- | --- |"]
        for finding in told.by_severity(made):
            where = told.where(finding)
            quote = f"“{plain(shortened(finding.quote))}”" if finding.quote else ""
            parts.append(
                f"| {finding.severity} | {plain(where)} | {plain(finding.message)} `{plain(finding.rule)}` | {quote} |"
            )
        parts.append("")
    else:
        parts.append("Nothing.\n")
    for why, rules in told.unchecked(findings).items():
        parts.append(f"- Could not be checked ({', '.join(f'`{rule}`' for rule in rules)}): {plain(why)}")
    return "\n".join(parts) + ("\n" if parts[-1].startswith("- ") else "")


def _related(review: Review) -> str:
    if not review.related and not review.related_notes:
        return ""
    works = [told.work_line(work) for work in review.related]
    notes = "".join(f"{plain(note)} " for note in review.related_notes).strip()
    parts = ["## Related work\n"]
    if notes:
        parts.append(f"{notes}\n")
    if works:
        parts.append(f"The referees were shown:\n\n{listed(works)}")
    return "\n".join(parts)


def _not_done(review: Review) -> str:
    lines = list(told.gaps(review))
    return f"## What is missing from this review\n\n{listed(lines)}" if lines else ""


def _trust(review: Review) -> str:
    parts = ["## How far this reviewer was measured\n"]
    for model, card in review.cards.items():
        if card is None:
            parts.append(f"- {plain(model)}: not measured.")
            continue
        parts.append(
            f"- {plain(model)}, measured {plain(card.date) or 'at a date that its card does not say'}. {plain(card.summary)}"
        )
        parts += [f"  - {plain(name)}: {plain(value)}" for name, value in card.figures()]
    if not review.cards:
        parts.append("Not measured.")
    return "\n".join(parts) + "\n"


def _reports(review: Review) -> Iterator[str]:
    """Each report once: referees who handed in the same words share a heading, which says so."""
    same: dict[str, list[Report]] = {}
    for report in review.reports:
        same.setdefault(report.model_copy(update={"number": 0}).model_dump_json(), []).append(report)
    for reports in same.values():
        yield _report(reports[0], review, [report.number for report in reports])


def _report(report: Report, review: Review, numbers: Sequence[int]) -> str:
    lens = f", asked to look at {plain(report.lens)}" if report.lens else ""
    who = (
        f"Referee {report.number}"
        if len(numbers) == 1
        else f"Referees {', '.join(map(str, numbers))}, word for word the same"
    )
    parts = [
        f"## {who}: {plain(report.author)}{lens}\n",
        *(plain(part) + "\n" for part in told.paragraphs(report.summary)),
    ]
    for title, items in (
        ("Strengths", report.strengths),
        ("Questions", report.questions),
        ("Limitations", report.limitations),
    ):
        if items:
            parts.append(f"**{title}**\n\n{listed(items)}")
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
