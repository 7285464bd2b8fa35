"""The checks as the bench applies them: to a folder or a PDF, under stated conditions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ai_scientist_reviewer.checking import Wanted, check_file
from ai_scientist_reviewer.findings import Finding
from ai_scientist_reviewer.paper import PaperError
from ai_scientist_reviewer.ports import Records
from ai_scientist_reviewer.results import Results


@dataclass(frozen=True)
class Conditions:
    """What a paper is held against."""

    venue: str = ""
    """By name; "": none."""
    anonymous: bool = False
    """Whether the review is blind."""
    records: Records | None = None
    results: Path | None = None
    """The folder with the authors' result files."""


Checker = Callable[[Path, Conditions], tuple[Finding, ...]]


def checked(path: Path, conditions: Conditions) -> tuple[Finding, ...]:
    """What `ai-scientist check` says of it. What the paper's own files ask to leave out is not left out.

    Raises:
        PaperError: it cannot be read as a paper.
    """
    wanted = Wanted(
        venue=conditions.venue,
        anonymous=conditions.anonymous,
        results=_results(conditions.results) if conditions.results else None,
        records=conditions.records,
        heed=False,
    )
    done = check_file(path, wanted)
    if done.error:
        raise PaperError(done.error)
    return (*done.findings, *done.unchecked)


@cache
def _results(folder: Path) -> Results:
    return Results.read(folder)
