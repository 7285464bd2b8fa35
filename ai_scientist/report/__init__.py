"""report.html: one self-contained file in which a person reads what a run did, whether it ended well or not."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from ai_scientist.records import Claims, Experiment, Figure, Idea
from ai_scientist.runs import RunDirectory
from ai_scientist.runs.progress import summary

if TYPE_CHECKING:
    from jinja2 import Environment

STAGES = ("prototype", "tune", "explore", "ablate", "confirm")


@dataclass(frozen=True)
class Node:
    """An experiment of the tree with what it measured and what came of it."""

    experiment: Experiment
    value: str
    """The mean of the idea's metric over the data sets, on the split that the search selects by; "" where it is missing."""
    repeats: tuple[Node, ...]
    children: tuple[Node, ...]
    arm: str
    """`baseline`, `proposed`, `ablation`, or "" where it was not confirmed."""


def write_report(run: RunDirectory) -> None:
    """Write the report from what the run directory holds now."""
    run.write(run.report_html, render(run))


def render(run: RunDirectory) -> str:
    state = summary(run)
    idea = Idea.model_validate_json(run.idea_json.read_text("utf-8")) if run.idea_json.exists() else None
    claims = Claims.model_validate_json(run.claims_json.read_text("utf-8")) if run.claims_json.exists() else None
    experiments = run.experiments()
    return (
        environment()
        .get_template("report.html")
        .render(
            state=state,
            progress=run.progress,
            info=run.info,
            config=run.config_yaml.read_text("utf-8"),
            idea=idea,
            claims=claims,
            stages=list(run.progress.closed.values()),
            opened=list(run.progress.opened.values()),
            tree=nodes(experiments, idea, claims),
            count=len(experiments),
            figures=pictures(run),
            review=state["review"],
            calls=calls(run),
            verdicts={(c.id): c for c in claims.comparisons} if claims else {},
        )
    )


@cache
def environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader("ai_scientist", "report"),
        undefined=StrictUndefined,
        autoescape=True,  # what a model or a program wrote is text here, never markup
        trim_blocks=True,
        lstrip_blocks=True,
    )


def nodes(experiments: Sequence[Experiment], idea: Idea | None, claims: Claims | None) -> tuple[Node, ...]:
    """The tree, roots first, children by id. Seed repeats are kept with the experiment that they repeat."""
    known = {experiment.id for experiment in experiments}
    arms = {}
    if claims:
        arms = dict.fromkeys(claims.arms.ablations, "ablation")
        arms |= {claims.arms.proposed: "proposed", claims.arms.baseline: "baseline"}

    def node(experiment: Experiment) -> Node:
        below = [e for e in experiments if e.parent == experiment.id]
        return Node(
            experiment=experiment,
            value=headline(experiment, idea),
            repeats=tuple(node(e) for e in below if e.action == "repeat"),
            children=tuple(node(e) for e in below if e.action != "repeat"),
            arm=arms.get(experiment.id, ""),
        )

    return tuple(node(e) for e in experiments if e.parent is None or e.parent not in known)


def headline(experiment: Experiment, idea: Idea | None) -> str:
    if idea is None:
        return ""
    splits = ("test", "validation") if experiment.confirming else ("validation", "test")
    for split in splits:
        found = {
            m.dataset: m.value
            for m in experiment.measurements
            if m.metric == idea.metric.name and m.split == split and m.value is not None
        }
        if idea.datasets and set(idea.datasets) <= set(found):
            mean = sum(found[name] for name in idea.datasets) / len(idea.datasets)
            return f"{mean:.{idea.metric.digits}f}"
    return ""


def pictures(run: RunDirectory) -> list[dict[str, Any]]:
    """The settled figures, as data that the page carries itself."""
    found = []
    for file in sorted(run.figures.glob("*/figure.json")) if run.figures.exists() else []:
        figure = Figure.model_validate_json(file.read_text("utf-8"))
        png = base64.b64encode((file.parent / "final.png").read_bytes()).decode()
        found.append({"figure": figure, "png": png})
    return found


def calls(run: RunDirectory) -> list[dict[str, Any]]:
    """The ledger's lines: each finished call, by role."""
    roles: dict[str, dict[str, Any]] = {}
    for call in run.progress.calls.values():
        role = call.id.rsplit(".", 2)[1]
        line = roles.setdefault(
            role, {"role": role, "calls": 0, "tokens_in": 0, "tokens_out": 0, "money": 0.0, "unknown": 0}
        )
        line["calls"] += 1
        line["tokens_in"] += call.tokens_in
        line["tokens_out"] += call.tokens_out
        line["money"] += call.money or 0.0
        line["unknown"] += call.money is None
    return [roles[role] for role in sorted(roles)]
