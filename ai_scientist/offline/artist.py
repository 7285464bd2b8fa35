"""Figures: scripts from templates/figures/, filled in with what the study names; a look by rule."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ai_scientist.offline.sources import source
from ai_scientist.offline.studies import Study, studies

WIDTHS = {"effect": 4.6, "ablation": 5.4, "curve": 5.6, "reliability": 5.0}
"""Inches at print."""


def draw_figures(values: Mapping[str, Any]) -> Mapping[str, Any]:
    """The figures that the study names. A curve whose arrays were not saved by any arm, and an ablation without one, are left out."""
    study = studies()[values["idea"]["study"]]
    seeds = next(value["id"] for value in values["counts"] if value["statistic"]["of"] == "seeds")
    ablated = any(arm["role"] == "ablation" for arm in values["arms"])
    drawings = []
    for figure in study.figures:
        arrays = [
            name.format(value=f"{study.conditions.values[figure['condition']]:g}") for name in figure.get("arrays", [])
        ]
        if not set(arrays) <= set(values["arrays"]) or (figure["kind"] == "ablation" and not ablated):
            continue
        drawings.append(drawing(study, figure, arrays, seeds))
    return {"figures": drawings}


def drawing(study: Study, figure: Mapping[str, Any], arrays: list[str], seeds: str) -> Mapping[str, Any]:
    kind = figure["kind"]
    metric = next((m for m in (study.metric, *study.secondary) if m.name == figure.get("metric")), study.metric)
    unit = study.units.get(metric.name, "")
    script = source(
        "figures",
        f"{kind}.py.j2",
        conditions=study.conditions.values,
        axis=study.conditions.axis,
        metric=metric.name,
        label=f"test {metric.label}" + (f" ({unit})" if unit else ""),
        arrays=arrays,
        labels=figure.get("labels", []),
        x=figure.get("x", ""),
        y=figure.get("y", ""),
        x_step=figure.get("x_step", 1),
        width=WIDTHS[kind],
    )
    dots = f" Dots are single seeds (\\val{{{seeds}}} for each method)"
    drawn = {
        "effect": f"{dots}; discs and squares are means, bars their 95% intervals.",
        "ablation": f"{dots}; squares are means, bars their 95% intervals. The dotted line is the mean of the chosen method.",
        "curve": " Lines are means over some of the seeds, bands run from the lowest to the highest of them.",
        "reliability": " Each line is a single seed; on the diagonal, confidence equals accuracy.",
    }[kind]
    condition = f" Condition: {figure['condition']}." if "condition" in figure else ""
    return {
        "name": figure["name"],
        "caption": figure["text"] + condition + drawn,
        "shows": figure["text"],
        "width": WIDTHS[kind],
        "script": script,
    }


def redraw_figure(values: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a rule can mend: a figure whose text is too small or cut off gets more room."""
    drawing = values["drawing"]
    wider = round(min(6.5, drawing["width"] * 1.15), 2)
    script = drawing["script"].replace(f"figsize=({drawing['width']},", f"figsize=({wider},")
    return {"figure": {**drawing, "width": wider, "script": script}}


def look_at_figure(values: Mapping[str, Any]) -> Mapping[str, Any]:
    """The offline model has no eyes: it goes by what a program found in the picture, and says so."""
    faults = [fault["message"] for fault in values["faults"]]
    return {
        "shows": "Not judged: the offline model sees no pictures. A program looked for clipped text, empty panels and colours that merge.",
        "as_said": not faults,
        "faults": faults,
        "redraw": bool(faults),
    }
