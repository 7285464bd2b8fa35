"""What an experiment measured, seen as the search sees it: one value of the idea's metric."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from ai_scientist.records import Idea, Measurement

SELECTION = "validation"
"""The split that the search selects on."""
CONFIRMATION = "test"
NOT_FOR_SELECTION = frozenset({"train", "training", CONFIRMATION})


def final(measurements: Iterable[Measurement]) -> Measurement | None:
    """The last of those that belong to no step of a curve."""
    return next((one for one in reversed(list(measurements)) if one.step is None), None)


def split_of(measurements: Sequence[Measurement], idea: Idea, confirming: bool = False) -> str:
    """The split that counts: validation, or else the only one there is that programs did not train on. For a run that
    confirms: test, where it was measured at all."""
    splits = {one.split for one in measurements if one.metric == idea.metric.name}
    if confirming and CONFIRMATION in splits:
        return CONFIRMATION
    others = splits - NOT_FOR_SELECTION
    return others.pop() if SELECTION not in others and len(others) == 1 else SELECTION


def per_dataset(measurements: Sequence[Measurement], idea: Idea, confirming: bool = False) -> Mapping[str, Measurement]:
    """The final measurement of the idea's metric, for each of its data sets that has one."""
    split = split_of(measurements, idea, confirming)
    kept = [
        one
        for one in measurements
        if one.metric == idea.metric.name and one.split == split and one.better == idea.metric.better
    ]
    found = {name: final(one for one in kept if one.dataset == name) for name in idea.datasets}
    return {name: one for name, one in found.items() if one is not None}


def value(measurements: Sequence[Measurement], idea: Idea, confirming: bool = False) -> float | None:
    """The mean over all of the idea's data sets. None where one of them is missing or not finite."""
    values = [one.value for one in per_dataset(measurements, idea, confirming).values() if one.finite]
    finite = [one for one in values if one is not None]
    return sum(finite) / len(finite) if finite and len(finite) == len(idea.datasets) else None


def shortfall(measurements: Sequence[Measurement], idea: Idea, confirming: bool = False) -> str:
    """What the idea asks for and was not measured, as a sentence for whoever mends the program; "" where nothing is."""
    found = per_dataset(measurements, idea, confirming)
    missing = [name for name in idea.datasets if name not in found]
    if not missing:
        return ""
    metric = idea.metric
    said = (
        f'The program ended well but did not record lab.measure("{metric.name}", …, better="{metric.better}", '
        f'split="{split_of(measurements, idea, confirming)}") for: {", ".join(repr(name) for name in missing)}.'
    )
    stepped = any(one.metric == metric.name and one.step is not None for one in measurements)
    said += " Points of a curve, which have a step, are no final value." if stepped else ""
    turned = any(one.metric == metric.name and one.better != metric.better for one in measurements)
    return said + (f" It was recorded with the other direction; {metric.better} is better." if turned else "")
