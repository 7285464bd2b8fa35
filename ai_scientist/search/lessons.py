"""What was learnt so far, in a few lines: it does not grow with the tree."""

from __future__ import annotations

from typing import Any

from ai_scientist.records import Experiment
from ai_scientist.search import measured
from ai_scientist.search.tree import Tree

BEST, FAILED, LINE = 5, 4, 220
"""Lines on the best variants, on failed ones, and characters of a line, at most."""
FAULT = 3_000
"""Characters of a failure that a prompt shows at most."""
MEASUREMENTS = 40
"""Final measurements of one experiment that a prompt shows at most."""


def lessons(tree: Tree) -> list[str]:
    """The best few and the last few that failed, one line each."""
    metric = tree.idea.metric
    lines = []
    for id in tree.ranked(tree.variants)[:BEST]:
        head, stands = tree.variants[id].head, tree.standing(id)
        lines.append(
            f"{id} {head.stage}: {head.change}: {metric.name} {stands.mean:.{metric.digits + 1}f} over {stands.seeds} "
            f"seed{'s' if stands.seeds > 1 else ''}"
        )
    failed = [variant.head for id, variant in tree.variants.items() if tree.standing(id).mean is None]
    for head in failed[-FAILED:]:
        last = head.fault.strip().splitlines()[-1] if head.fault.strip() else ""
        lines.append(f"{head.id} {head.stage}: {head.change}: {head.outcome.replace('_', ' ')}. {last}")
    return [line if len(line) <= LINE else line[: LINE - 1] + "…" for line in lines]


def digest(experiment: Experiment, program: str) -> dict[str, Any]:
    """An experiment as a prompt shows it."""
    groups: dict[tuple[str, str, str], list] = {}
    for one in experiment.measurements:
        groups.setdefault((one.metric, one.dataset, one.split), []).append(one)
    finals = [one for one in map(measured.final, list(groups.values())[:MEASUREMENTS]) if one is not None]
    return {
        "id": experiment.id,
        "change": experiment.change,
        "plan": experiment.plan,
        "action": experiment.action,
        "config": dict(experiment.config),
        "program": program,
        "outcome": experiment.outcome,
        "fault": experiment.fault[-FAULT:],
        "measurements": [one.model_dump(mode="json") for one in finals],
    }
