"""How claims read: labels, ids, numbers and the clause of a comparison, composed here and never by a model."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from ai_scientist.claims.compute import ALPHA, Paired
from ai_scientist.records import Arms, Experiment, Metric

RULES = 1
"""Raised with every change of what is computed or how it is worded, so that `verify` does not take an older paper for a forged one."""
Relation = Literal["higher", "lower", "not distinguishable"]
PLAIN_BASELINE = re.compile(r"^(the )?(plain |tuned )?baseline$", re.IGNORECASE)


def slug(text: str, longest: int = 40) -> str:
    """Lower-case letters and digits joined by hyphens: a part of an id."""
    plain = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
    return plain[:longest].strip("-") or "x"


def distinct(names: Iterable[str]) -> dict[str, str]:
    """Each name to a slug of its own."""
    found: dict[str, str] = {}
    for name in names:
        base = wanted = slug(name)
        number = 2
        while wanted in found.values():
            wanted, number = f"{base}-{number}", number + 1
        found[name] = wanted
    return found


def short(change: str, longest: int = 60) -> str:
    """A change as a label: one line, no closing stop, cut at a word."""
    line = " ".join(change.split()).rstrip(" .;:,")
    return line if len(line) <= longest else line[:longest].rsplit(" ", 1)[0].rstrip(" .;:,") + "…"


def labels(arms: Arms, experiments: Sequence[Experiment]) -> dict[str, str]:
    """An arm's id to what tables and figures call it: its change, the baseline named as such, no two alike."""
    changes = {experiment.id: short(experiment.change) for experiment in experiments}
    found: dict[str, str] = {}
    for arm in arms.all:
        label = changes.get(arm) or f"experiment {arm}"
        if arm == arms.baseline:
            named = "baseline" in label.lower()
            label = "baseline" if PLAIN_BASELINE.match(label) else label if named else f"baseline ({label})"
        base, letters = label, iter("bcdefghijklmnopqrstuvwxyz")
        while label in found.values():
            label = f"{base}, version {next(letters)}"
        found[arm] = label
    return found


def number(value: float, digits: int) -> str:
    """Fixed decimals; a negative zero loses its sign."""
    text = f"{value:.{digits}f}"
    return text[1:] if text.startswith("-") and not text.strip("-0.") else text


def telling(low: float, high: float, digits: int) -> int:
    """As many decimals as it takes to tell the ends of an interval apart, `digits` at least and three more at most."""
    more = (digits + extra for extra in range(3) if number(low, digits + extra) != number(high, digits + extra))
    return next(more, digits + 3) if low != high else digits


def scalar(value: float) -> str:
    """A setting or a count, as short as it is exact: 5, 0.05, 1e-05."""
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else f"{value:.6g}"


def p_value(p: float | None) -> str:
    if p is None:
        return "none"
    return "< 0.001" if p < 0.001 else f"{p:.3f}"


def relation(paired: Paired, adjusted: float | None) -> Relation:
    """Which way the left lies of the right: only where both the interval leaves out 0 and Holm's p is below 0.05.

    Where every seed gives the same difference, nothing is known about chance, and nothing is called distinguishable.
    """
    if adjusted is None or adjusted >= ALPHA or paired.low <= 0 <= paired.high:
        return "not distinguishable"
    return "higher" if paired.difference > 0 else "lower"


def name_in_clause(arm: str, arms: Arms, names: Mapping[str, str]) -> str:
    if arm == arms.baseline:
        return "the baseline"
    return f"the ablation “{names[arm]}”" if arm in arms.ablations else f"“{names[arm]}”"


def clause(
    metric: Metric,
    where: str,
    left: tuple[str, str],
    right: tuple[str, str],
    paired: Paired,
    adjusted: float | None,
    tried: int,
) -> str:
    """A comparison as it stands in the paper. `left`, `right`: name, and value with its spread. `tried`: seeds that were run;
    where some gave no value on one of the sides, the clause says so."""
    way = relation(paired, adjusted)
    digits = telling(paired.low, paired.high, metric.digits)
    difference, low, high = (number(v, digits) for v in (paired.difference, paired.low, paired.high))
    if way == "not distinguishable":
        sides = f"is not distinguishable between {left[0]} ({left[1]}) and {right[0]} ({right[1]})"
    else:
        sides = f"is {way} for {left[0]} ({left[1]}) than for {right[0]} ({right[1]})"
    if paired.p is None:
        end = f"a paired difference of {difference} on every seed, from which no uncertainty can be estimated"
    else:
        end = f"a paired difference of {difference} [{low}, {high}]"
        if way == "not distinguishable" and not paired.low <= 0 <= paired.high:
            end += (
                f", which does not withstand the correction for multiple comparisons (adjusted p = {p_value(adjusted)})"
            )
    if paired.n < tried:
        end += f", on the {paired.n} of {tried} seeds that gave a value on both sides"
    return f"test {metric.title} {where} {sides}, {end}"


def column_digits(text: str) -> int:
    """Decimals of a number as it is written."""
    return len(text.partition(".")[2])
