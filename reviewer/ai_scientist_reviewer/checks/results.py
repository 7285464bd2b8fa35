"""The paper's numbers against the authors' own result files."""

from __future__ import annotations

from collections.abc import Iterator

from ai_scientist_reviewer.checks.base import Subject, UncheckableError, rule
from ai_scientist_reviewer.evidence.records import Compared, Verdict
from ai_scientist_reviewer.findings import Finding, Severity


def _compared(subject: Subject) -> Compared:
    if subject.compared is None:
        raise UncheckableError("no result files were given (--results FOLDER)")
    if not subject.compared.values:
        raise UncheckableError("the result files hold no numbers that can be read")
    return subject.compared


@rule("number-contradicted")
def contradicted_numbers(subject: Subject) -> Iterator[Finding]:
    """Numbers of which the result files say another value.

    A cell of a table, where the cells around it show which value of which file belongs there; a ±, where the files hold the deviation or
    the single runs; a number of the text, where its sentence names metric, data set and run and no value of theirs fits.
    """
    for one in _compared(subject).numbers:
        if one.verdict == "contradicted":
            told = f"{one.where}: the paper says {one.text}; the files say otherwise: {one.evidence[0]}."
            yield _finding(
                subject,
                one,
                "number-contradicted",
                "error",
                told,
                "Correct the number, or give the file that it comes from.",
            )


@rule("number-misplaced")
def misplaced_numbers(subject: Subject) -> Iterator[Finding]:
    """Numbers that stand in the result files, but not where their words or their neighbours point."""
    for one in _compared(subject).numbers:
        if one.against and one.part == "table":
            told = (
                f"{one.where}: {one.text} is the value at {one.evidence[0]}; the cells around it come from elsewhere."
            )
            yield _finding(
                subject, one, "number-misplaced", "warn", told, "Look whether the value of another run was copied."
            )


@rule("number-unexplained")
def unexplained_numbers(subject: Subject) -> Iterator[Finding]:
    """Numbers that the result files neither hold nor lead to.

    A warning for tables and the abstract, a note for the text. Settings and counts are not reported: few authors file them.
    """
    compared = _compared(subject)
    explained = any(one.verdict in ("matched", "derived") for one in compared.numbers)
    for one in compared.numbers:
        if one.verdict == "unexplained" and one.role == "value" and not one.text.startswith("±"):
            weighs = explained and (one.part == "abstract" or (one.part == "table" and "Table" in one.where))
            severity: Severity = "warn" if weighs else "info"
            told = f"{one.where or 'Text'}: no result file holds {one.text} or values that it follows from."
            if one.chance is not None:
                told = f"{one.where or 'Text'}: {one.text} is too short to tell whether a result file holds it other than by chance."
            yield _finding(
                subject,
                one,
                "number-unexplained",
                severity,
                told,
                "Give the file that it comes from, or correct the number.",
            )


def _finding(subject: Subject, one: Verdict, rule: str, severity: Severity, message: str, fix: str) -> Finding:
    page, box = (one.page, one.box) if subject.paper.source == "pdf" else (None, None)
    return Finding(
        rule=rule,
        severity=severity,
        message=message,
        page=page,
        box=box,
        file=one.file,
        line=one.line,
        quote=one.quote[:300],
        fix=fix,
    )
