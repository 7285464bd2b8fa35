"""Reported statistics computed again."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ai_scientist_reviewer.checks.base import Subject, UncheckableError, rule
from ai_scientist_reviewer.checks.within import in_passage
from ai_scientist_reviewer.evidence.reported import Reported, grim, grimmer, reported_in
from ai_scientist_reviewer.findings import Finding

_NAMES = {"t": "t", "F": "F", "chi2": "χ²", "z": "z", "r": "r"}
_CORRECTED = re.compile(
    r"\b(?:adjust|correct|bonferroni|holm|fdr|permut|bootstrap|greenhouse|welch|exact)\w*", re.IGNORECASE
)
_WHOLE = re.compile(
    r"likert|rating|point scale|scale of|items?\b|number of|count of|questionnaire|years old|age\b|children",
    re.IGNORECASE,
)
_MEAN = re.compile(
    r"\b(?:M|[Mm]ean)\s*(?:=|of|:)\s*(?P<mean>\d+\.\d{1,3})\s*(?:[,;(]\s*(?:SD|sd|s\.d\.|standard deviation)\s*(?:=|of|:)?\s*(?P<sd>\d+\.\d{1,3}))?"
)
_N = re.compile(
    r"\b[nN]\s*=\s*(?P<n>\d{1,4})\b|(?P<words>\d{1,4})\s+(?:participants|subjects|respondents|raters|annotators|users|students|people)\b"
)


@rule("p-value")
def p_values(subject: Subject) -> Iterator[Finding]:
    """p-values that do not belong to their statistic.

    t, F, χ², z and r with their degrees of freedom, as the APA reports them, are computed again; both may be rounded. A p that is said to
    be one-sided is halved. One that is adjusted, or from a test that is not the plain one, is left alone.
    """
    passages = subject.paper.passages
    if not passages:
        raise UncheckableError("no text was recognised")
    for passage in passages:
        for test in reported_in(passage.text):
            start, end = passage.sentence_at(test.start)
            sentence = passage.text[start:end]
            if _CORRECTED.search(sentence) or test.holds():
                continue
            if test.sign == "=" and test.holds(one_sided=True):
                told = "that is the one-sided p of this statistic, which is not said"
                yield in_passage(
                    subject.paper,
                    passage,
                    test.start,
                    test.end,
                    "p-value",
                    "warn",
                    _said(test, told),
                    "Say which test it is.",
                )
                continue
            told = "which decides otherwise about significance at 0.05" if test.decides else ""
            fix = "Compute it again from the data; correct the statistic, its degrees of freedom or p."
            yield in_passage(subject.paper, passage, test.start, test.end, "p-value", "error", _said(test, told), fix)


def _said(test: Reported, more: str) -> str:
    low, high = test.bounds
    degrees = f"({', '.join(f'{d:g}' for d in test.degrees)})" if test.degrees else ""
    between = f"{low:.3g}" if f"{low:.3g}" == f"{high:.3g}" else f"{low:.3g} to {high:.3g}"
    told = f"{_NAMES[test.kind]}{degrees} = {test.value:g} has p = {between}, not {test.sign} {test.p:g}"
    return f"{told}; {more}." if more else f"{told}."


@rule("grim")
def grim_means(subject: Subject) -> Iterator[Finding]:
    """Means and standard deviations that no whole numbers of the stated count can have.

    Applied where the sentence gives a mean and n and says that whole numbers were averaged: ratings, counts, items.
    """
    for passage in subject.paper.passages:
        for start, end in passage.sentences:
            sentence = passage.text[start:end]
            counts = {int(match["n"] or match["words"]) for match in _N.finditer(sentence)}
            if len(counts) != 1 or not _WHOLE.search(sentence):
                continue
            n = counts.pop()
            for match in _MEAN.finditer(sentence):
                mean = match["mean"]
                decimals = len(mean.partition(".")[2])
                if not 1 < n <= 10**decimals:
                    continue  # with so many, every mean is possible
                at, to = start + match.start(), start + match.end()
                fix = "Count again; say so where several items were averaged for each of them."
                if not grim(float(mean), decimals, n):
                    told = f"No {n} whole numbers have a mean of {mean}."
                    yield in_passage(subject.paper, passage, at, to, "grim", "warn", told, fix)
                elif (sd := match["sd"]) and not grimmer(
                    float(mean), decimals, float(sd), len(sd.partition(".")[2]), n
                ):
                    told = f"No {n} whole numbers with a mean of {mean} have a standard deviation of {sd}."
                    yield in_passage(subject.paper, passage, at, to, "grim", "warn", told, fix)
