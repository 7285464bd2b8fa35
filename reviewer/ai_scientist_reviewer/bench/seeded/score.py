"""What track A comes to: recall by kind, false alarms on clean papers, and how often the place was told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict

from ai_scientist_reviewer.bench.estimates import Estimate, mean, wilson
from ai_scientist_reviewer.bench.labels import Labels
from ai_scientist_reviewer.bench.seeded.measure import MEDIA, NO_CASE

SEVERITIES = ("error", "warn", "info")


class Kind(BaseModel):
    """One kind of error."""

    model_config = ConfigDict(frozen=True)

    kind: str
    recall: Estimate
    """Over the twins; a paper that could not be read, and a form that was not filled in, count as misses."""
    mentioned: Estimate
    """The same, informative findings counted as hits."""
    placed: Estimate
    """Of the hits: the share whose quote, line or page is of the place."""
    failures: int
    missed: tuple[str, ...]
    """Items that were not found, by id."""
    by: dict[str, int]
    """Rules that found them, and how often."""


class Alarms(BaseModel):
    """What is said of clean papers."""

    model_config = ConfigDict(frozen=True)

    severity: str
    findings: Estimate
    """For each paper."""
    false: Estimate
    """Those that a person labelled as false alarms, for each paper; what nobody labelled is counted as one."""
    unlabelled: int


class Seeded(BaseModel):
    """Track A of one reader: the checks in one medium, or a panel."""

    model_config = ConfigDict(frozen=True)

    reader: str
    kinds: tuple[Kind, ...]
    overall: Estimate
    alarms: tuple[Alarms, ...]
    papers: int


def checks_scored(
    rows: Sequence[Mapping[str, Any]], clean: Sequence[Mapping[str, Any]], labels: Labels
) -> tuple[Seeded, ...]:
    """For each medium, and for `any`: found in one of them. `rows`: items of A/checks; `clean`: of A/clean."""
    return tuple(
        _scored(medium, rows, [row for row in clean if medium in ("any", row["medium"])], labels)
        for medium in (*MEDIA, "any")
    )


def _scored(
    medium: str, rows: Sequence[Mapping[str, Any]], clean: Sequence[Mapping[str, Any]], labels: Labels
) -> Seeded:
    seen = [(row, [row["media"][one] for one in (MEDIA if medium == "any" else (medium,))]) for row in rows]
    # What has no PDF, for one, is no case for the readers of PDFs.
    seen = [(row, media) for row, media in seen if any(one.get("failed") not in NO_CASE for one in media)]
    kinds = tuple(
        _kind(kind, [(row, media) for row, media in seen if row["kind"] == kind])
        for kind in dict.fromkeys(row["kind"] for row in rows)
    )
    hits = sum(any(one.get("hit") for one in media) for _, media in seen)
    return Seeded(
        reader=f"checks, {medium}",
        kinds=kinds,
        overall=wilson(hits, len(seen)),
        alarms=() if medium == "any" else tuple(_alarms(severity, clean, labels) for severity in SEVERITIES),
        papers=len({row["paper"] for row in clean}),
    )


def _kind(kind: str, seen: Sequence[tuple[Mapping[str, Any], Sequence[Mapping[str, Any]]]]) -> Kind:
    hit = [(row, [one for one in media if one.get("hit")]) for row, media in seen]
    found = [media for _, media in hit if media]
    by: dict[str, int] = {}
    for media in found:
        for rule in {rule for one in media for rule in one["by"]}:
            by[rule] = by.get(rule, 0) + 1
    return Kind(
        kind=kind,
        recall=wilson(len(found), len(seen)),
        mentioned=wilson(sum(any(one.get("mentioned") for one in media) for _, media in seen), len(seen)),
        placed=wilson(sum(any(one["placed"] for one in media) for media in found), len(found)),
        failures=sum(all("failed" in one for one in media) for _, media in seen),
        missed=tuple(row["id"] for row, media in hit if not media),
        by=by,
    )


def _alarms(severity: str, clean: Sequence[Mapping[str, Any]], labels: Labels) -> Alarms:
    counts: list[float] = []
    false: list[float] = []
    unlabelled = 0
    for row in clean:
        if row.get("findings") is None:
            continue
        mine = [finding for finding in row["findings"] if finding["severity"] == severity]
        verdicts = [
            labels.verdict(row["paper"], finding["rule"], finding["quote"], finding["message"]) for finding in mine
        ]
        counts.append(float(len(mine)))
        false.append(float(sum(verdict is not True for verdict in verdicts)))
        unlabelled += sum(verdict is None for verdict in verdicts)
    return Alarms(severity=severity, findings=mean(counts), false=mean(false), unlabelled=unlabelled)


def panel_scored(rows: Sequence[Mapping[str, Any]], clean: Sequence[Mapping[str, Any]]) -> Seeded:
    """`rows`: items of A/panel; `clean`: of A/panel-clean. Nobody has judged a panel's points on clean papers: they are counted."""
    kinds: list[Kind] = []
    for kind in dict.fromkeys(row["kind"] for row in rows):
        mine = [row for row in rows if row["kind"] == kind]
        hits = [row for row in mine if row["hit"]]
        kinds.append(
            Kind(
                kind=kind,
                recall=wilson(len(hits), len(mine)),
                mentioned=wilson(len(hits), len(mine)),
                placed=wilson(sum(row["placed"] for row in hits), len(hits)),
                failures=sum(bool(row.get("failed") or row.get("failures")) for row in mine),
                missed=tuple(row["id"] for row in mine if not row["hit"]),
                by={},
            )
        )
    alarms = tuple(
        Alarms(
            severity=severity,
            findings=mean(counts),
            false=Estimate(value=None, n=len(counts)),
            unlabelled=int(sum(counts)),
        )
        for severity in ("major", "minor")
        for counts in [[float(sum(p["severity"] == severity for p in row["points"])) for row in clean]]
    )
    hits = sum(row["hit"] for row in rows)
    return Seeded(reader="panel", kinds=tuple(kinds), overall=wilson(hits, len(rows)), alarms=alarms, papers=len(clean))


def worst(kinds: Iterable[Kind]) -> Kind | None:
    """The kind with the lowest recall."""
    known = [kind for kind in kinds if kind.recall.value is not None]
    return min(known, key=lambda kind: kind.recall.value or 0.0, default=None)
