"""Findings put at a part of a passage or at a cell of a table."""

from __future__ import annotations

from ai_scientist_reviewer.document import Cell, Table
from ai_scientist_reviewer.findings import Finding, Severity
from ai_scientist_reviewer.paper import Paper
from ai_scientist_reviewer.passages import Passage

_QUOTE = 300


def in_passage(
    paper: Paper, passage: Passage, start: int, end: int, rule: str, severity: Severity, message: str, fix: str
) -> Finding:
    """A finding at a part of a passage, quoting the words around it."""
    place = passage.place(paper, start, end)
    found = Finding(rule=rule, severity=severity, message=message, quote=passage.quote(start, end)[:_QUOTE], fix=fix)
    page = place.page if paper.source == "pdf" else None
    return found.model_copy(update={"page": page, "box": place.box, "file": place.file, "line": place.line})


def at_cell(paper: Paper, table: Table, cell: Cell, rule: str, severity: Severity, message: str, fix: str) -> Finding:
    """A finding at a cell of a table."""
    found = Finding(rule=rule, severity=severity, message=message, quote=cell.text[:_QUOTE], fix=fix)
    on_page = paper.source == "pdf"
    page, box = (table.page, cell.box or table.box) if on_page else (None, None)
    return found.model_copy(update={"page": page, "box": box, "file": table.file, "line": cell.line or table.line})
