"""Sections that a paper should have."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ai_scientist_reviewer.checks.base import Subject, UncheckableError, rule
from ai_scientist_reviewer.checks.places import quoted
from ai_scientist_reviewer.findings import Finding
from ai_scientist_reviewer.structure import quote_around


@rule("missing-limitations")
def missing_limitations(subject: Subject) -> Iterator[Finding]:
    """Nothing is said about limitations, or not under a heading."""
    paper = subject.paper
    if not paper.sections:
        raise UncheckableError("no headings were recognised")
    if any("limitation" in section.title.casefold() for section in paper.sections):
        return
    told = re.search(r"\blimitations?\b|\blimited (to|by)\b|\bthreats? to validity\b", paper.body, re.IGNORECASE)
    if told:
        quote = quote_around(paper.body, told.start(), told.end())
        message = "Limitations are mentioned but have no section of their own."
        yield quoted(paper, "missing-limitations", "info", message, quote, "Give them a heading; venues ask for it.")
    else:
        message = "Nothing is said about limitations."
        yield quoted(paper, "missing-limitations", "warn", message, "", "Say where the findings may not hold.")
