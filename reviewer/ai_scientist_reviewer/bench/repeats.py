"""Track D: the same paper before the same panel, again and again."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from ai_scientist_reviewer.bench.agreement.tables import Scores
from ai_scientist_reviewer.bench.estimates import Estimate, mean, wilson
from ai_scientist_reviewer.bench.hiding.measure import scored
from ai_scientist_reviewer.bench.items import Items
from ai_scientist_reviewer.bench.seeded.measure import Judge


class Repeats(BaseModel):
    model_config = ConfigDict(frozen=True)

    papers: int
    times: int
    """The fewest times that a paper was judged."""
    spread: dict[str, Estimate]
    """By scale: the standard deviation within a paper, averaged over papers."""
    flips: Estimate
    """Share of papers whose decision was not the same each time."""
    failures: Estimate
    """Share of reviews with a form that was not filled in, or none at all."""


def measure_repeats(items: Items, judge: Judge, papers: Mapping[str, Path], times: int) -> None:
    for k in range(1, times + 1):
        for name, path in papers.items():
            id = f"D/{name}/{k}"
            items.once(
                id, lambda name=name, path=path, k=k: {"paper": name, **scored(judge, path, f"{name}/repeat-{k}")}
            )


def repeats_scored(rows: Sequence[Mapping[str, Any]]) -> Repeats:
    """`rows`: items of D."""
    by: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        by.setdefault(row["paper"], []).append(row)
    scales = dict.fromkeys(scale for row in rows for scale in row["scores"])
    spread = {
        scale: mean(_deviations([[r["scores"][scale] for r in one if scale in r["scores"]] for one in by.values()]))
        for scale in scales
    }
    decided = [{row["decision"] for row in one if row["decision"]} for one in by.values() if len(one) > 1]
    failed = sum(bool(row.get("failed") or row["failures"]) for row in rows)
    return Repeats(
        papers=len(by),
        times=min(map(len, by.values()), default=0),
        spread=spread,
        flips=wilson(sum(len(said) > 1 for said in decided), len(decided)),
        failures=wilson(failed, len(rows)),
    )


def _deviations(groups: Sequence[Sequence[float]]) -> list[float]:
    return [statistics.stdev(values) for values in groups if len(values) > 1]


def repeats_of_scores(table: Scores) -> Repeats | None:
    """The same of replayed scores; None where no paper has more than one."""
    several = {key: given for key, given in table.papers.items() if len(given) > 1}
    if not several:
        return None
    rows = [
        {
            "paper": key,
            "scores": {} if one.overall is None else {"overall": one.overall},
            "decision": "" if one.accepted is None else str(one.accepted),
            "failures": [] if one.overall is not None else ["no score"],
        }
        for key, given in several.items()
        for one in given
    ]
    return repeats_scored(rows)
