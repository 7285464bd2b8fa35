"""Statistics that cannot be: a p-value beside another test statistic, a mean that so many whole numbers do not have."""

from __future__ import annotations

import math
from collections.abc import Iterator
from random import Random

from scipy import stats

from ai_scientist_reviewer.bench.seeded.base import RESULTS, Edit, Seeded, inserted, mutator, paragraph_ends, twin
from ai_scientist_reviewer.bench.seeded.project import Project


def _p(value: float) -> str:
    return f"{value:.3f}".removeprefix("0") if value >= 0.001 else ""


def _tests(random: Random) -> tuple[str, str, float]:
    """Which test, the words up to the p-value, and the p-value."""
    which = random.choice(("t", "F", "chi2", "r", "z"))
    df = random.randrange(8, 40)
    if which == "t":
        value = round(random.uniform(1.2, 3.2), 2)
        return which, f"A paired t-test gives $t({df}) = {value:.2f}$, ", 2 * float(stats.t.sf(value, df))
    if which == "F":
        value, over = round(random.uniform(1.8, 6.0), 2), random.randrange(2, 5)
        words = f"An analysis of variance over the settings gives $F({over}, {df}) = {value:.2f}$, "
        return which, words, float(stats.f.sf(value, over, df))
    if which == "chi2":
        value, over = round(random.uniform(3.0, 14.0), 2), random.randrange(1, 5)
        return which, f"The counts differ, $\\chi^2({over}) = {value:.2f}$, ", float(stats.chi2.sf(value, over))
    if which == "r":
        value = round(random.uniform(0.25, 0.6), 2)
        t = value * math.sqrt(df / (1 - value**2))
        return which, f"Both measures go together, $r({df}) = {_p(value)[:3]}$, ", 2 * float(stats.t.sf(t, df))
    value = round(random.uniform(1.3, 3.0), 2)
    return which, f"A sign test gives $z = {value:.2f}$, ", 2 * float(stats.norm.sf(value))


@mutator("p-value", "paragraph to add to")
def p_value(project: Project, random: Random) -> Iterator[Seeded]:
    """The clean paper has a sentence with a test statistic and the p-value that follows from it; in its twin the p-value
    belongs to another one, on the other side of 0.05 where it can be."""
    ends = paragraph_ends(project.document, *RESULTS)
    if not ends:
        return
    while True:
        which, lead, p = _tests(random)
        if not 0.002 <= p <= 0.4 or 0.04 < p < 0.06:
            continue
        wrong = p / 12 if p > 0.05 else random.uniform(0.08, 0.4)
        if not _p(p) or not _p(wrong):
            continue
        sentence = f"{lead}$p = {_p(p)}$."
        clean, start = inserted(project, random.choice(ends), sentence)
        at = start + len(lead) + len("$p = ")
        edits = [Edit(at, at + len(_p(p)), _p(wrong))]
        changed = f"p = {_p(p)}, which follows from the statistic beside it, became {_p(wrong)}."
        yield twin("p-value", clean, edits, changed, variant=which, words=[f"p = {_p(wrong)}"])


@mutator("grim", "paragraph to add to")
def grim(project: Project, random: Random) -> Iterator[Seeded]:
    """The clean paper has a mean of whole numbers that so many of them can have; in its twin the mean is one they cannot."""
    ends = paragraph_ends(project.document, *RESULTS)
    if not ends:
        return
    while True:
        n = random.randrange(12, 40)
        total = random.randrange(2 * n, 5 * n)
        mean = f"{total / n:.2f}"
        cannot = [
            f"{value / 100:.2f}"
            for value in range(round(float(mean) * 100) - 9, round(float(mean) * 100) + 10)
            if not any(f"{k / n:.2f}" == f"{value / 100:.2f}" for k in range(n, 5 * n + 1)) and value < 500
        ]
        if not cannot:
            continue
        lead = (
            f"On a scale of whole numbers from 1 to 5, {n} raters ($N = {n}$) gave the samples a mean rating of $M = "
        )
        clean, start = inserted(project, random.choice(ends), f"{lead}{mean}$.")
        new = random.choice(cannot)
        edits = [Edit(start + len(lead), start + len(lead) + len(mean), new)]
        yield twin("grim", clean, edits, f"A mean of {n} whole numbers, {mean}, became {new}.", words=[f"M = {new}"])
