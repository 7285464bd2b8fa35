"""Points and scores of several referees put together: nothing here asks anybody."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Iterator, Mapping, Sequence

from ai_scientist_reviewer.forms import Form, Scale
from ai_scientist_reviewer.quotes import compact
from ai_scientist_reviewer.records import Also, PanelPoint, Report, Spread

MOST_MAJOR = 5
"""Weaknesses that a review lists as major; further ones are kept as minor."""


def spread(scores: Iterable[int | None]) -> Spread | None:
    """Mean and spread over those who assessed it; None where nobody did."""
    given = [score for score in scores if score is not None]
    if not given:
        return None
    sd = statistics.stdev(given) if len(given) > 1 else None
    return Spread(mean=statistics.fmean(given), sd=sd, low=min(given), high=max(given), n=len(given))


def merged(points: Sequence[PanelPoint]) -> tuple[PanelPoint, ...]:
    """Points in the same words on the same passage as one; major before minor, then by how many raised them, then as they come.

    Other words on the same passage may be another weakness, which only a reader can tell: whether they are is left to the area chair.
    """
    known: dict[tuple[str, str], PanelPoint] = {}
    for point in points:
        key = (compact(point.quote), compact(point.claim))
        known[key] = _one(known[key], point) if key in known else point
    return ordered(known.values())


def joined(
    points: Sequence[PanelPoint], groups: Iterable[Sequence[int]] = (), weightiest: Sequence[int] = ()
) -> tuple[PanelPoint, ...]:
    """The points with those of each group (their numbers, from 1) as one, and at most `MOST_MAJOR` of them major.

    `weightiest`: numbers of major ones that come first, in that order. Both are somebody's answer: numbers that are none, or that an
    earlier group has, are passed over.
    """
    free = dict(enumerate(points, start=1))
    rank = {number: place for place, number in reversed(list(enumerate(weightiest)))}
    out: list[tuple[int, PanelPoint]] = []
    for group in groups:
        numbers = [number for number in dict.fromkeys(group) if number in free]
        if numbers:
            place = min(rank.get(number, len(rank)) for number in numbers)
            numbers.sort(
                key=lambda number: rank.get(number, len(rank))
            )  # the wording that was named the weightiest stands
            out.append((place, _together([free.pop(number) for number in numbers])))
    out += [(rank.get(number, len(rank)), point) for number, point in free.items()]
    placed = ordered([point for _, point in sorted(out, key=lambda one: one[0])], keep=bool(rank))
    return tuple(
        point.model_copy(update={"severity": "minor"}) if i >= MOST_MAJOR and point.severity == "major" else point
        for i, point in enumerate(placed)
    )


def ordered(points: Iterable[PanelPoint], *, keep: bool = False) -> tuple[PanelPoint, ...]:
    """Major before minor; within each by how many raised it, or, with `keep`, as they come."""
    return tuple(sorted(points, key=lambda point: (point.severity != "major", 0 if keep else -len(point.raised_by))))


def differences(form: Form, reports: Sequence[Report]) -> Iterator[str]:
    """Where the referees are apart, told from scores and decisions alone."""
    for scale in form.scales:
        given = {report.number: value for report in reports if (value := report.scores.get(scale.name)) is not None}
        if scale.name != "confidence" and given and _apart(scale, given.values()):
            yield f"{scale.title}: {_who(given)}."
        if scale.name == form.overall and form.accept is not None:
            for_it = [number for number, value in given.items() if value >= form.accept]
            against = [number for number, value in given.items() if value < form.accept]
            if for_it and against:
                yield f"By this score, {_referees(for_it)} would accept the paper and {_referees(against)} would not."
    decided = {report.number: report.decision for report in reports if report.decision != "not assessed"}
    if len(set(decided.values())) > 1:
        yield f"Decision: {_who(decided)}."


def _apart(scale: Scale, given: Iterable[int]) -> bool:
    """Two steps of the scale at least, and a third of it."""
    low, high = min(given), max(given)
    steps = sum(low < value <= high for value in scale.meaning)
    return steps >= 2 and high - low >= (scale.high - scale.low) / 3


def _who(given: Mapping[int, object]) -> str:
    values = sorted(set(given.values()), key=str)
    return ", ".join(
        f"{value} by {_referees([number for number, one in given.items() if one == value])}" for value in values
    )


def _referees(numbers: Sequence[int]) -> str:
    return ("referee " if len(numbers) == 1 else "referees ") + " and ".join(map(str, numbers))


def _one(first: PanelPoint, other: PanelPoint) -> PanelPoint:
    """The same words of two referees: the severer of the two stands."""
    kept, less = (other, first) if (first.severity, other.severity) == ("minor", "major") else (first, other)
    raised = tuple(sorted({*first.raised_by, *other.raised_by}))
    verified = first.verified or other.verified
    checker = kept.checker or less.checker
    return kept.model_copy(update={"raised_by": raised, "verified": verified, "checker": checker})


def _together(members: Sequence[PanelPoint]) -> PanelPoint:
    """Points that say the same of several passages: the first of the severest stands, the others beside it."""
    kept = next((point for point in members if point.severity == "major"), members[0])
    rest = [point for point in members if point is not kept]
    also = tuple(
        Also(
            **point.model_dump(include={"claim", "quote", "page", "file", "line", "narrowed"}),
            marks=point.marks,
            referee=point.raised_by[0],
        )
        for point in rest
    )
    raised = tuple(sorted({number for point in members for number in point.raised_by}))
    return kept.model_copy(
        update={
            "also": (*kept.also, *also),
            "raised_by": raised,
            "verified": any(point.verified for point in members),
            "checker": next((point.checker for point in members if point.checker), ""),
        }
    )
