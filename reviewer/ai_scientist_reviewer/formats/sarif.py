"""Findings as SARIF 2.1.0, which code-scanning services and editors read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from typing import Any
from urllib.parse import quote

from ai_scientist_reviewer.checking import CheckedPaper, Checks
from ai_scientist_reviewer.checks import RULES
from ai_scientist_reviewer.findings import Finding
from ai_scientist_reviewer.formats.where import uri_of

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS = {"error": "error", "warn": "warning", "info": "note"}


def sarif(done: Checks) -> str:
    rules = sorted({finding.rule for paper in done.papers for finding in (*paper.findings, *paper.unchecked)})
    driver = {"name": "ai-scientist check", "version": _version(), "rules": [_rule(name) for name in rules]}
    unread = [paper for paper in done.papers if paper.error]
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "invocations": [
            {"executionSuccessful": not unread, "toolExecutionNotifications": [_unread(paper) for paper in unread]}
        ],
        "results": [
            _result(finding, paper, rules.index(finding.rule))
            for paper in done.papers
            for finding in (*paper.findings, *paper.unchecked)
        ],
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=1, ensure_ascii=False) + "\n"


def _version() -> str:
    try:
        return version("ai-scientist-lab")
    except PackageNotFoundError:  # used from a folder, without being installed
        return "0"


def _rule(name: str) -> dict[str, Any]:
    known = RULES.get(name)
    if known is None:
        return {"id": name}
    return {"id": name, "shortDescription": {"text": known.summary}, "properties": {"tags": [known.group]}}


def _result(finding: Finding, paper: CheckedPaper, index: int) -> dict[str, Any]:
    where = f"Page {finding.page}: " if finding.page is not None and not finding.file else ""
    fix = f" {finding.fix}" if finding.fix else ""
    result: dict[str, Any] = {
        "ruleId": finding.rule,
        "ruleIndex": index,
        "level": _LEVELS[finding.severity] if finding.checked else "none",
        "message": {"text": f"{where}{finding.message}{fix}"},
        "locations": [{"physicalLocation": _location(finding, paper)}],
        "properties": {"page": finding.page, "box": finding.box, "quote": finding.quote, "fix": finding.fix},
    }
    if not finding.checked:
        result["kind"] = "open"  # "insufficient information to decide", in the standard's words
    return result


def _location(finding: Finding, paper: CheckedPaper) -> Mapping[str, Any]:
    """A page is no line: of a PDF the file alone can be named here, and the page stands among the properties."""
    location: dict[str, Any] = {"artifactLocation": {"uri": quote(uri_of(finding, paper))}}
    if finding.file and finding.line is not None:
        location["region"] = {"startLine": finding.line}
    return location


def _unread(paper: CheckedPaper) -> dict[str, Any]:
    location = {"physicalLocation": {"artifactLocation": {"uri": quote(paper.path)}}}
    return {"level": "error", "message": {"text": paper.error}, "locations": [location]}
