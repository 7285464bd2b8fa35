"""Checking papers without a model: from files to what the rules say of each, and what nobody could tell."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from ai_scientist_reviewer.checks import check
from ai_scientist_reviewer.evidence.records import Compared
from ai_scientist_reviewer.evidence.verdicts import compare
from ai_scientist_reviewer.findings import Finding, Severity
from ai_scientist_reviewer.paper import Paper, PaperError
from ai_scientist_reviewer.ports import Records
from ai_scientist_reviewer.results import Results
from ai_scientist_reviewer.suppressions import Wishes, ignored, wishes_beside
from ai_scientist_reviewer.venues import ANONYMOUS, Venue, venue

FAIL_ON: Mapping[str, int] = {"never": 4, "error": 3, "warn": 2, "info": 1}
"""Severities, and what none reaches, as numbers that can be compared."""


class CheckedPaper(BaseModel):
    """What became of one paper. A list of these is what `--format json` prints."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    path: str
    """As it was given."""
    name: str = ""
    """Of the file whose pages were read; of a folder, it lies in it."""
    sha256: str = ""
    """Of the file that was read."""
    title: str = ""
    pages: int | None = None
    """None for LaTeX source."""
    error: str = ""
    """Why it could not be read; "" where it was."""
    findings: tuple[Finding, ...] = ()
    """What the rules found."""
    unchecked: tuple[Finding, ...] = ()
    """Rules that could not be applied, or not everywhere: that is not the same as nothing found."""
    suppressed: int = 0
    """Findings that the paper's own files asked to leave out."""
    numbers: Compared | None = None
    """Every number of the paper beside the result files; None where none were given."""

    def count(self, severity: Severity) -> int:
        return sum(finding.severity == severity for finding in self.findings)


class Checks(BaseModel):
    """The whole answer: the schema of the JSON output."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal[1] = 1
    papers: tuple[CheckedPaper, ...]

    def worst(self) -> int:
        """The level of the severest finding; 0 where there is none."""
        return max((FAIL_ON[finding.severity] for paper in self.papers for finding in paper.findings), default=0)


@dataclass(frozen=True)
class Wanted:
    """What is to be checked, and against what."""

    select: Collection[str] = ()
    ignore: Collection[str] = ()
    venue: str = ""
    """A venue's name, or the path of a YAML file; "" for none."""
    anonymous: bool = False
    """Whether authors may not be told, whatever the venue says."""
    results: Results | None = None
    records: Records | None = None
    heed: bool = True
    """Whether what the paper's own files ask to leave out is left out."""


def check_files(paths: Sequence[Path], wanted: Wanted) -> Checks:
    """Each paper's findings, in order. A paper that cannot be read has an `error` instead.

    Raises:
        OptionError: a rule or a venue that does not exist, or a file of wishes that cannot be read.
    """
    return Checks(papers=tuple(check_file(path, wanted) for path in paths))


def check_file(path: Path, wanted: Wanted) -> CheckedPaper:
    wishes = wishes_beside(path) if wanted.heed else Wishes()
    asked = _venue(wanted.venue or wishes.venue, wanted.anonymous or wishes.anonymous)
    try:
        paper = Paper.read(path)
    except PaperError as error:
        return CheckedPaper(path=str(path), error=str(error))
    compared = compare(paper, wanted.results) if wanted.results is not None else None
    found = check(
        paper,
        select=wanted.select,
        ignore={*wanted.ignore, *wishes.ignore},
        venue=asked,
        compared=compared,
        records=wanted.records,
    )
    kept = [finding for finding in found if not (wanted.heed and ignored(finding, paper.latex))]
    return CheckedPaper(
        path=str(path),
        name=paper.name,
        sha256=paper.sha256,
        title=paper.title,
        pages=len(paper.pages) if paper.source == "pdf" else None,
        findings=tuple(finding for finding in kept if finding.checked),
        unchecked=tuple(finding for finding in kept if not finding.checked),
        suppressed=len(found) - len(kept),
        numbers=compared,
    )


def _venue(name: str, anonymous: bool) -> Venue | None:
    known = venue(name) if name else None
    if not anonymous:
        return known
    return replace(known, anonymous=True) if known else ANONYMOUS
