"""Findings put where they belong: on the page, or in the source's file."""

from __future__ import annotations

from collections.abc import Iterator

from ai_scientist_reviewer.document import Box, Line
from ai_scientist_reviewer.findings import Finding, Severity
from ai_scientist_reviewer.paper import Paper
from ai_scientist_reviewer.source import Source, Spot
from ai_scientist_reviewer.structure import quote_around

_QUOTE = 300


def quoted(paper: Paper, rule: str, severity: Severity, message: str, quote: str, fix: str) -> Finding:
    """A finding placed where its quote stands."""
    found = Finding(rule=rule, severity=severity, message=message, quote=quote, fix=fix)
    place = paper.locate(quote) if quote else None
    if place is None:
        return found
    page = place.page if paper.source == "pdf" else None
    return found.model_copy(update={"page": page, "box": place.box, "file": place.file, "line": place.line})


def at_line(line: Line, rule: str, severity: Severity, message: str, fix: str, quote: str = "") -> Finding:
    """A finding at a line of the text, quoting it unless `quote` says what to quote."""
    found = Finding(rule=rule, severity=severity, message=message, quote=quote or line.text.strip()[:_QUOTE], fix=fix)
    if line.spot is not None:
        return found.model_copy(update={"file": line.spot.file, "line": line.spot.line})
    return found.model_copy(update={"page": line.page, "box": line.box})


def at_box(
    page: int, box: Box | None, rule: str, severity: Severity, message: str, fix: str, quote: str = ""
) -> Finding:
    return Finding(rule=rule, severity=severity, message=message, page=page, box=box, quote=quote[:_QUOTE], fix=fix)


def at_spot(
    source: Source, spot: Spot, rule: str, severity: Severity, message: str, fix: str, about: str = ""
) -> Finding:
    """A finding in the source, quoting its line, or of a long line the words around `about`."""
    lines = source.files.get(spot.file, "").splitlines()
    line = lines[spot.line - 1].strip() if 0 < spot.line <= len(lines) else ""
    start = line.find(about) if about else -1
    quote = quote_around(line, start, start + len(about), 80) if start >= 0 else line[:_QUOTE]
    return Finding(rule=rule, severity=severity, message=message, file=spot.file, line=spot.line, quote=quote, fix=fix)


def unchecked(rule: str, why: str) -> Finding:
    """A rule that was applied and could not tell for a part of the paper. `why` is a clause without a stop."""
    return Finding(rule=rule, severity="info", message=f"Could not be checked: {why}.", checked=False)


def with_next(paper: Paper) -> Iterator[tuple[Line, str]]:
    """Each line, and its text with that of the next: what is looked for may run over the line's end."""
    for line, after in zip(paper.lines, [*paper.lines[1:], None], strict=True):
        yield line, f"{line.text} {after.text}" if after is not None else line.text
