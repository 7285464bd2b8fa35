"""Findings put where they belong: on the page, or in the source's file."""

from __future__ import annotations

from ai_scientist_reviewer.document import Line
from ai_scientist_reviewer.findings import Finding, Severity
from ai_scientist_reviewer.paper import Paper


def quoted(paper: Paper, rule: str, severity: Severity, message: str, quote: str, fix: str) -> Finding:
    """A finding placed where its quote stands."""
    place = paper.locate(quote) if quote else None
    page, box = (place.page, place.box) if place else (None, None)
    return Finding(rule=rule, severity=severity, message=message, page=page, box=box, quote=quote, fix=fix)


def at_line(line: Line, rule: str, severity: Severity, message: str, fix: str) -> Finding:
    quote = line.text.strip()[:300]
    return Finding(rule=rule, severity=severity, message=message, page=line.page, box=line.box, quote=quote, fix=fix)
