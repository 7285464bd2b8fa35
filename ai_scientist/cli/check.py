"""`ai-scientist check`: the reviewer's linter, with sources that know which works exist."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ai_scientist_reviewer.command import command

if TYPE_CHECKING:
    from ai_scientist_reviewer.ports import Records


def records(online: bool) -> Records:
    """The shelf of well-known works alone, or the services as well."""
    from ai_scientist.literature import cited

    return cited.online() if online else cited.offline()


def locate(path: Path) -> tuple[Path, Path | None]:
    """A run stands for its last paper, and its measurements are the result files."""
    from ai_scientist.runs import RunDirectory
    from ai_scientist.runs.layout import is_run

    if not is_run(path):
        return path, None
    paper = RunDirectory.read(path).last_paper
    return (paper, path) if paper.is_file() else (path, None)


check = command(records, locate)
