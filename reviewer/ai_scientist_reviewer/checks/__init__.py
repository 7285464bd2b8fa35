"""Checks without a model. Each module holds a group of rules; importing them here registers them."""

from __future__ import annotations

from collections.abc import Collection
from difflib import get_close_matches
from typing import TYPE_CHECKING

from ai_scientist_reviewer.checks import (
    anonymity,
    bibliography,
    captions,
    citations,
    concealed,
    figures,
    numbers,
    pages,
    pictures,
    references,
    residue,
    results,
    sections,
    statistics,
    tables,
)
from ai_scientist_reviewer.checks.base import RULES, Check, Rule, Subject, UncheckableError, rule
from ai_scientist_reviewer.evidence.records import Compared
from ai_scientist_reviewer.evidence.verdicts import compare
from ai_scientist_reviewer.findings import Finding, OptionError
from ai_scientist_reviewer.paper import Paper

if TYPE_CHECKING:
    from ai_scientist_reviewer.ports import Records
    from ai_scientist_reviewer.results import Results
    from ai_scientist_reviewer.venues import Venue

__all__ = ["RULES", "Check", "Rule", "Subject", "UncheckableError", "check", "chosen", "rule"]

GROUPS = (
    references,
    bibliography,
    citations,
    residue,
    sections,
    figures,
    captions,
    pictures,
    pages,
    anonymity,
    concealed,
    numbers,
    tables,
    statistics,
    results,
)
"""The modules that hold rules."""


def check(
    paper: Paper,
    *,
    select: Collection[str] = (),
    ignore: Collection[str] = (),
    venue: Venue | None = None,
    results: Results | None = None,
    compared: Compared | None = None,
    records: Records | None = None,
) -> tuple[Finding, ...]:
    """What the rules say about the paper, by place; a rule that could not be applied says so with `checked=False`.

    Args:
        select: ids and groups of rules; empty: all.
        ignore: ids and groups that are left out of them.
        results: the authors' result files, for whoever has not compared them yet.
        compared: every number of the paper beside them.

    Raises:
        OptionError: `select` or `ignore` names no rule and no group.
    """
    if compared is None and results is not None:
        compared = compare(paper, results)
    subject = Subject(paper, venue, results, records, compared)
    findings: list[Finding] = []
    for one in chosen(select, ignore):
        try:
            findings += one.apply(subject)
        except UncheckableError as why:
            told = f"Could not be checked: {why}."
            findings.append(Finding(rule=one.id, severity="info", message=told, checked=False))
    return tuple(sorted(findings, key=_place))


def _place(found: Finding) -> tuple[str, int, int, str]:
    """In source by its lines, whatever page they came to stand on; on pages alone by the page."""
    page, line = found.page or 0, found.line or 0
    return (found.file, *((line, page) if found.file else (page, line)), found.rule)


def chosen(select: Collection[str] = (), ignore: Collection[str] = ()) -> tuple[Rule, ...]:
    """The rules that are selected and not ignored, in order.

    Raises:
        OptionError: a name that is no rule's and no group's.
    """
    names = {name for one in RULES.values() for name in (one.id, one.group)}
    if unknown := sorted({*select, *ignore} - names):
        near = get_close_matches(unknown[0], names, 1)
        meant = f" Did you mean '{near[0]}'?" if near else ""
        raise OptionError(
            f"There is no rule and no group of rules named '{unknown[0]}'; --list-rules lists them.{meant}"
        )
    return tuple(
        one
        for one in RULES.values()
        if (not select or {one.id, one.group} & set(select)) and not {one.id, one.group} & set(ignore)
    )
