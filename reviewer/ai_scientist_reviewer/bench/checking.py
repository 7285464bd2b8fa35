"""The checks as the bench applies them: to a folder or a PDF, under stated conditions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ai_scientist_reviewer import checks, hidden
from ai_scientist_reviewer.findings import Finding
from ai_scientist_reviewer.paper import Paper
from ai_scientist_reviewer.ports import Records
from ai_scientist_reviewer.venues import Venue


@dataclass(frozen=True)
class Conditions:
    """What a paper is held against."""

    venue: Venue | None = None
    records: Records | None = None
    results: Path | None = None
    """The folder with the authors' result files."""


Checker = Callable[[Path, Conditions], tuple[Finding, ...]]


def checked(path: Path, conditions: Conditions) -> tuple[Finding, ...]:
    """What `ai-scientist check` says of it.

    Raises:
        PaperError: it cannot be read as a paper.
    """
    examined = hidden.examine(Paper.read(path))
    return (*examined.findings, *checks.check(examined.paper))
