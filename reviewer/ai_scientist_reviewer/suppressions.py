"""What authors ask their own checks to leave out: comments in the source, and `check.yaml` beside the paper.

Only the command heeds them, on the author's own machine: a review reads the paper of somebody who may have reasons.
"""

from __future__ import annotations

import re
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from ai_scientist_reviewer.findings import Finding, OptionError
from ai_scientist_reviewer.source import Source

FILE = "check.yaml"
_MOST = 64 * 1024
_COMMENT = re.compile(r"(?<!\\)%+\s*check:\s*ignore\b(?P<all>-file\b)?\s*(?P<rules>[\w,\s-]*)")


class Wishes(BaseModel):
    """`check.yaml`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    venue: str = ""
    anonymous: bool = False
    ignore: tuple[str, ...] = ()
    """Ids and groups of rules."""


def wishes_beside(paper: Path) -> Wishes:
    """Those of the folder of the paper.

    Raises:
        OptionError: they cannot be read; the message says why.
    """
    file = (paper if paper.is_dir() else paper.parent) / FILE
    if not file.is_file():
        return Wishes()
    try:
        with file.open("rb") as opened:
            return Wishes.model_validate(yaml.safe_load(opened.read(_MOST)) or {})
    except ValidationError as error:
        told = "; ".join(f"{'.'.join(map(str, e['loc'])) or 'it'}: {e['msg']}" for e in error.errors())
        raise OptionError(f"{file} is not what a {FILE} may hold: {told}.") from error
    except (OSError, yaml.YAMLError) as error:
        raise OptionError(f"{file} cannot be read: {' '.join(str(error).split())}.") from error


def ignored(finding: Finding, source: Source | None) -> bool:
    """Whether a comment in the source asks to leave it out: `% check: ignore rule, rule` or, for all rules, without names.

    It holds for its own line and, where nothing but the comment stands there, for the next; `ignore-file` for its file.
    """
    if source is None or not finding.file or finding.line is None:
        return False
    lines = source.files.get(finding.file, "").splitlines()
    for number, line in enumerate(lines, start=1):
        for comment in _COMMENT.finditer(line):
            near = number == finding.line or (number == finding.line - 1 and not line[: comment.start()].strip())
            rules = set(re.findall(r"[\w-]+", comment["rules"]))
            if (comment["all"] or near) and (not rules or finding.rule in rules):
                return True
    return False
