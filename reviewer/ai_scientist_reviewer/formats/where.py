"""Which file a finding is about."""

from __future__ import annotations

from pathlib import Path

from ai_scientist_reviewer.findings import Finding


def uri_of(finding: Finding, path: str) -> str:
    """The file's path with forward slashes, from where the paper's own path starts."""
    paper = Path(path)
    if not finding.file:
        return paper.as_posix()
    folder = paper if paper.is_dir() else paper.parent
    return (folder / finding.file).as_posix()
