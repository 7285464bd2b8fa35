"""What was learnt so far, in a few lines: it does not grow with the tree."""

from __future__ import annotations

import re
from typing import Any

from ai_scientist.records import Experiment
from ai_scientist.search import measured
from ai_scientist.search.tree import Tree

BEST, FAILED, LINE = 5, 4, 220
"""Lines on the best variants, on failed ones, and characters of a line, at most."""
ENDED = "The program ended with status"
"""How the harness says, after a program's own words, that it failed: the least of what there is to learn."""
RAISED = re.compile(r"[\w.]+(Error|Exception|Interrupt)\b")
"""How Python begins the line that names an error."""
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
    failed = [variant.head for id, variant in tree.variants.items() if not worked(tree, id)]
    for head in failed[-FAILED:]:
        lines.append(f"{head.id} {head.stage}: {head.change}: {head.outcome.replace('_', ' ')}. {gist(head.fault)}")
    return [line if len(line) <= LINE else line[: LINE - 1] + "…" for line in lines]


def worked(tree: Tree, id: str) -> bool:
    """Whether a variant gave a value, itself or once it was mended."""
    if tree.standing(id).mean is not None:
        return True
    mended = (child for child in tree.children.get(id, ()) if tree.variants[child].head.action == "debug")
    return any(worked(tree, child) for child in mended)


def gist(fault: str) -> str:
    """The line of a failure that says most: the error's own, else the last one that the program left, where it left any."""
    lines = [line for line in fault.strip().splitlines() if line.strip()]
    said = [line for line in lines if not line.startswith(ENDED)]
    named = [line for line in said if RAISED.match(line)]  # a message may go on for lines after it
    return (named or said or lines or [""])[-1].strip()


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
