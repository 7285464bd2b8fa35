"""Findings put where they belong: on the page, or in the source's file."""

from __future__ import annotations

from ai_scientist_reviewer.document import Box, Line
from ai_scientist_reviewer.findings import Finding, Severity
from ai_scientist_reviewer.paper import Paper
from ai_scientist_reviewer.source import Source, Spot

_QUOTE = 300


def quoted(paper: Paper, rule: str, severity: Severity, message: str, quote: str, fix: str) -> Finding:
    """A finding placed where its quote stands."""
    place = paper.locate(quote) if quote else None
    page, box = (place.page, place.box) if place else (None, None)
    return Finding(rule=rule, severity=severity, message=message, page=page, box=box, quote=quote, fix=fix)


def at_line(line: Line, rule: str, severity: Severity, message: str, fix: str) -> Finding:
    quote = line.text.strip()[:_QUOTE]
    return Finding(rule=rule, severity=severity, message=message, page=line.page, box=line.box, quote=quote, fix=fix)


def at_box(
    page: int, box: Box | None, rule: str, severity: Severity, message: str, fix: str, quote: str = ""
) -> Finding:
    return Finding(rule=rule, severity=severity, message=message, page=page, box=box, quote=quote[:_QUOTE], fix=fix)


def at_spot(source: Source, spot: Spot, rule: str, severity: Severity, message: str, fix: str) -> Finding:
    """A finding in the source, quoting its line."""
    lines = source.files.get(spot.file, "").splitlines()
    quote = lines[spot.line - 1].strip()[:_QUOTE] if 0 < spot.line <= len(lines) else ""
    return Finding(rule=rule, severity=severity, message=message, file=spot.file, line=spot.line, quote=quote, fix=fix)


def unchecked(rule: str, why: str) -> Finding:
    """A rule that was applied and could not tell for a part of the paper. `why` is a clause without a stop."""
    return Finding(rule=rule, severity="info", message=f"Could not be checked: {why}.", checked=False)
