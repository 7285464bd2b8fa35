"""Findings for people at a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import PurePath

from ai_scientist_reviewer.checking import CheckedPaper, Checks
from ai_scientist_reviewer.findings import Finding
from ai_scientist_reviewer.formats.numbers import numbers
from ai_scientist_reviewer.formats.where import uri_of

_WORDS = {"error": ("error", "errors"), "warn": ("warning", "warnings"), "info": ("note", "notes")}
_LONGEST = 160


def text(done: Checks) -> str:
    parts = ["\n".join(_paper(paper)) for paper in done.papers]
    return "\n\n".join(part for part in parts if part) + "\n\n" + summary(done) + "\n"


def summary(done: Checks) -> str:
    """One line: how much was found in how many papers."""
    counted = Counter(finding.severity for paper in done.papers for finding in paper.findings)
    found = [
        f"{counted[level]} {_WORDS[level][counted[level] != 1]}"
        for level in ("error", "warn", "info")
        if counted[level]
    ]
    papers = sum(not paper.error for paper in done.papers)
    failed, unchecked = len(done.papers) - papers, sum(len(paper.unchecked) for paper in done.papers)
    suppressed = sum(paper.suppressed for paper in done.papers)
    none = f"{failed} {'paper' if failed == 1 else 'papers'} could not be read"
    if not papers:
        return f"Nothing was checked: {none}."
    told = f"{', '.join(found) or 'Nothing found'} in {papers} {'paper' if papers == 1 else 'papers'}"
    told += f"; {unchecked} {'thing' if unchecked == 1 else 'things'} could not be checked" if unchecked else ""
    told += f"; {suppressed} left out as the paper's own files ask" if suppressed else ""
    return told + (f"; {none}" if failed else "") + "."


def unread(paper: CheckedPaper) -> str:
    """Why a paper could not be read, after its path, whose last part the reason begins with where it can."""
    return f"{paper.path}: {paper.error.removeprefix(f'{PurePath(paper.path).name} ')}"


def place(finding: Finding, paper: CheckedPaper) -> str:
    """As "intro.tex:12", or "paper.pdf:3 (72,310)-(540,322)", the box in points from the page's top left."""
    file = uri_of(finding, paper)
    if finding.file:
        return file if finding.line is None else f"{file}:{finding.line}"
    if finding.page is None:
        return file
    if finding.box is None:
        return f"{file}:{finding.page}"
    left, top, right, bottom = finding.box
    return f"{file}:{finding.page} ({left:.0f},{top:.0f})-({right:.0f},{bottom:.0f})"


def _paper(paper: CheckedPaper) -> Iterator[str]:
    if paper.error:
        yield unread(paper)
        return
    for finding in paper.findings:
        yield f"{place(finding, paper)}: {_WORDS[finding.severity][0]} [{finding.rule}] {finding.message}"
        if finding.quote:
            yield f"    > {shortened(finding.quote)}"
        if finding.fix:
            yield f"    = {finding.fix}"
    if paper.numbers is not None:
        yield from numbers(paper.numbers)
    whys: dict[str, list[str]] = {}
    for finding in paper.unchecked:
        whys.setdefault(finding.message.removeprefix("Could not be checked: "), []).append(finding.rule)
    for why, rules in whys.items():
        yield f"{paper.path}: could not be checked [{', '.join(dict.fromkeys(rules))}]: {why}"


def shortened(quote: str) -> str:
    line = " ".join(quote.split())
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"
