"""The part of review.md that holds a new version against an earlier review."""

from __future__ import annotations

from collections.abc import Iterator

from ai_scientist_reviewer.records import Change, Drift, Followed, FollowUp, Promise, Spread
from ai_scientist_reviewer.render.escape import listed, plain
from ai_scientist_reviewer.render.told import at

STATUS = {"resolved": "Resolved", "partly": "Partly resolved", "not": "Not resolved", "unclear": "Could not be told"}
KEPT = {"kept": "Done", "partly": "Done in part", "not found": "Not found", "unclear": "Could not be told"}


def followed(since: FollowUp) -> str:
    parts = [f"## Since the earlier review of {plain(since.file)}\n"]
    if since.same_file:
        parts.append("**It is the very file that was reviewed then.**\n")
    parts.append(plain(tally(since)) + "\n")
    for status, title in STATUS.items():
        points = [point for point in since.points if point.status == status]
        if points:
            parts.append(f"### {title}\n")
            parts += [_point(point, since) for point in points]
    if since.changes:
        parts.append("### New in this version\n")
        parts += [
            f"- {plain(change.what)}{_at(change, since)}\n\n  > {plain(change.quote)}\n" for change in since.changes
        ]
    if since.promises:
        parts.append(f"### What {plain(since.letter) or 'the letter'} says, held against the manuscript\n")
        for promise in since.promises:
            shown = f"\n  > {plain(promise.quote)}\n" if promise.quote else ""
            parts.append(
                f"- **{KEPT[promise.kept]}**: {plain(promise.claim)} “{plain(promise.letter)}” {plain(promise.reason)}\n{shown}"
            )
    if since.drift:
        parts.append("### Scores then and now\n\n| | Then | Now | Change |\n| --- | --- | --- | --- |")
        parts += [
            f"| {name.capitalize()} | {mean(one.before)} | {mean(one.now)} | {change(one)} |"
            for name, one in since.drift.items()
        ]
        parts.append(
            "\nBoth panels judged without seeing the other's scores; a change smaller than the spread says little.\n"
        )
    if since.notes:
        parts.append(listed(since.notes))
    return "\n".join(parts)


def tally(since: FollowUp) -> str:
    """ "Of 4 earlier points, 2 are resolved, 1 partly, 1 not." """
    counts = {status: sum(point.status == status for point in since.points) for status in STATUS}
    words = {"resolved": "resolved", "partly": "partly resolved", "not": "not resolved", "unclear": "could not be told"}
    told = ", ".join(f"{n} {words[status]}" for status, n in counts.items() if n)
    n = len(since.points)
    return (
        f"Of {n} earlier point{'' if n == 1 else 's'}: {told}." if n else "The earlier review had no points that stood."
    )


def mean(spread: Spread | None) -> str:
    if spread is None:
        return "not assessed"
    return f"{spread.mean:.2f}" + (f" ± {spread.sd:.2f}" if spread.sd is not None else "")


def change(drift: Drift) -> str:
    return f"{drift.now.mean - drift.before.mean:+.2f}" if drift.before and drift.now else ""


def _at(one: Followed | Change | Promise, since: FollowUp) -> str:
    where = at(one.page, one.file, one.line, since.paged)
    return f" ({plain(where)})" if where else ""


def _point(point: Followed, since: FollowUp) -> str:
    return "\n".join(_lines(point, since)) + "\n"


def _lines(point: Followed, since: FollowUp) -> Iterator[str]:
    yield f"- **{point.number}** ({point.severity}): {plain(point.claim)}\n"
    yield f"  Then: “{plain(point.earlier_quote)}”{' (stands unchanged)' if point.still_there else ''}\n"
    yield f"  {plain(point.reason)}\n"
    if point.quote:
        yield f"  > {plain(point.quote)}{_at(point, since)}\n"
    for reading in point.readings:
        yield f"  - {plain(reading)}"
