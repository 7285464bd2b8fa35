"""Which file a finding is about."""

from __future__ import annotations

from pathlib import Path

from ai_scientist_reviewer.checking import CheckedPaper
from ai_scientist_reviewer.findings import Finding


def uri_of(finding: Finding, paper: CheckedPaper) -> str:
    """The file's path with forward slashes, from where the paper's own path starts."""
    path = Path(paper.path)
    folder = path if path.is_dir() else path.parent
    if finding.file:
        return (folder / finding.file).as_posix()
    return (path / paper.name if path.is_dir() and finding.page is not None else path).as_posix()
