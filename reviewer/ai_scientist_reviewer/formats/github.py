"""Findings as annotations of a GitHub workflow: commands that its runner reads from the output."""

from __future__ import annotations

from ai_scientist_reviewer.checking import CheckedPaper, Checks
from ai_scientist_reviewer.findings import Finding
from ai_scientist_reviewer.formats.text import summary
from ai_scientist_reviewer.formats.where import uri_of

_LEVELS = {"error": "error", "warn": "warning", "info": "notice"}


def github(done: Checks) -> str:
    lines: list[str] = []
    for paper in done.papers:
        if paper.error:
            lines.append(f"::error file={_property(paper.path)}::{_message(paper.error)}")
        lines += [_annotation(finding, paper) for finding in (*paper.findings, *paper.unchecked)]
    return "\n".join([*lines, summary(done)]) + "\n"


def _annotation(finding: Finding, paper: CheckedPaper) -> str:
    told = {"file": uri_of(finding, paper), "title": finding.rule}
    if finding.line is not None:
        told["line"] = str(finding.line)
    where = f"Page {finding.page}: " if finding.page is not None and not finding.file else ""
    quote = f" “{finding.quote}”" if finding.quote else ""
    fix = f" {finding.fix}" if finding.fix else ""
    level = _LEVELS[finding.severity] if finding.checked else "notice"
    properties = ",".join(f"{name}={_property(value)}" for name, value in told.items())
    return f"::{level} {properties}::{_message(where + finding.message + quote + fix)}"


def _message(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _message(text).replace(":", "%3A").replace(",", "%2C")
