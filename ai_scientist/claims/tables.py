"""The tables of a paper: rows are arms, columns are datasets, cells are ids of values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ai_scientist.claims.compute import ALL
from ai_scientist.claims.words import slug
from ai_scientist.records import Metric, Row, Table

if TYPE_CHECKING:
    from ai_scientist.claims.build import Study

MEAN = "mean"
"""The heading of the column that is over all datasets."""


def tables(study: Study, labels: dict[str, str], known: set[str]) -> tuple[Table, ...]:
    """`main`; `ablation` where there are ablations; one for each secondary metric."""
    arms, metric = study.arms, study.idea.metric
    found = [table(study, labels, known, "main", metric, (arms.baseline, arms.proposed), "")]
    if arms.ablations:
        lead = "Contribution of the parts. "
        found.append(table(study, labels, known, "ablation", metric, (arms.proposed, *arms.ablations), lead))
    for other in study.idea.secondary:
        id = f"secondary-{slug(other.name)}"
        found.append(table(study, labels, known, id, other, arms.all, "Secondary metric. "))
    return tuple(one for one in found if any(cell for row in one.rows for cell in row.cells))


def table(
    study: Study, labels: dict[str, str], known: set[str], id: str, metric: Metric, arms: tuple[str, ...], lead: str
) -> Table:
    def cell(arm: str, place: str) -> tuple[str, ...]:
        mean = study.mean_id(metric, arm, place)
        return tuple(name for name in (mean, f"{mean}-sd") if name in known)

    rows = tuple(
        Row(label=labels[arm], arm=arm, cells=tuple(cell(arm, place) for place in study.places)) for arm in arms
    )
    better = "higher" if metric.better == "higher" else "lower"
    caption = (
        f"{lead}Test {metric.title} ({better} is better): mean and standard deviation over "
        r"at least \val{count-seeds} fresh seeds."
    )
    columns = ("Method", *(MEAN if place == ALL else place for place in study.places))
    return Table(id=id, caption=caption, columns=columns, rows=rows)
