"""Figures: scripts from templates/figures/, filled in with what the study names; a look by rule."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ai_scientist.offline.sources import source
from ai_scientist.offline.studies import Study, study_of

WIDTHS = {
    "effect": 4.6,
    "ablation": 5.4,
    "curve": 5.6,
    "reliability": 5.0,
    "classes": 5.6,
    "rates": 6.2,
    "gap": 4.6,
    "strength": 4.8,
    "members": 6.3,
    "pixels": 4.8,
}
"""Inches at print."""


def draw_figures(values: Mapping[str, Any]) -> Mapping[str, Any]:
    """The figures that the study names. A curve whose arrays were not saved by any arm, and an ablation without one, are left out."""
    study = study_of(values)
    seeds = next(value["id"] for value in values["counts"] if value["statistic"]["of"] == "seeds")
    ablated = any(arm["role"] == "ablation" for arm in values["arms"])
    drawings = []
    for figure in study.figures:
        # A figure without a condition of its own shows all of them.
        shown = [figure["condition"]] if "condition" in figure else study.conditions.values
        numbers = [f"{study.conditions.values[condition]:g}" for condition in shown]
        named = [name.format(value=number) for number in numbers for name in figure.get("arrays", [])]
        arrays = list(dict.fromkeys(named))
        if not set(arrays) <= set(values["arrays"]) or (figure["kind"] == "ablation" and not ablated):
            continue
        drawings.append(drawing(study, figure, arrays, seeds, values["every_seed"]))
    return {"figures": drawings}


def drawing(
    study: Study, figure: Mapping[str, Any], arrays: list[str], seeds: str, every_seed: bool
) -> Mapping[str, Any]:
    kind = figure["kind"]
    metric = next((m for m in (study.metric, *study.secondary) if m.name == figure.get("metric")), study.metric)
    unit = study.units.get(metric.name, "")
    script = source(
        "figures",
        f"{kind}.py.j2",
        conditions=study.conditions.values,
        ticks=list(study.conditions.ticks.values()),
        axis=study.conditions.axis,
        metric=metric.name,
        label=f"test {metric.label}" + (f" ({unit})" if unit else ""),
        arrays=arrays,
        labels=figure.get("labels", []),
        gap=figure.get("gap", ""),
        x=figure.get("x", ""),
        y=figure.get("y", ""),
        x_step=figure.get("x_step", 1),
        width=WIDTHS[kind],
    )
    dots = f" Dots are single seeds (\\val{{{seeds}}} for each method)"
    those = "the seeds" if every_seed else "some of the seeds"
    drawn = {
        "effect": f"{dots}; discs and squares are means, bars their 95% intervals, which are not paired by seed as the text's are.",
        "ablation": f"{dots}; squares are means, bars their 95% intervals, not paired by seed. The dotted line is the mean of the chosen method.",
        "curve": f" Lines are means over {those}, bands run from the lowest to the highest of them.",
        "reliability": " Each line is a single seed; on the diagonal, confidence equals accuracy.",
        "classes": f" Small marks are {those}, lines join their means.",
        "rates": f" Lines are means over {those}, bands run from the lowest to the highest of them.",
        "gap": f" Full marks are means on test {study.examples} over all seeds, open ones on training {study.examples}.",
        "strength": f" Lines are means over {those}, bands run from the lowest to the highest of them.",
        "members": f" Lines are means over {those}, bands run from the lowest to the highest of them, and crosses are "
        "single members of those seeds.",
        "pixels": f" Means over {those}, on the same scale in both pictures.",
    }[kind]
    condition = f" Condition: {figure['condition']}." if "condition" in figure else ""
    return {
        "name": figure["name"],
        "caption": figure["text"] + condition + drawn,
        "shows": figure["text"],
        "width": WIDTHS[kind],
        "script": script,
    }


SAVED = "save(figure)"
"""How each of our scripts ends: what mends a figure comes before it."""


def redraw_figure(values: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a rule can mend, and more of it from round to round: a higher and wider picture, long names broken over lines and
    then turned, the legend outside the axes. A script that does not end as ours do stays as it is."""
    drawing, round = values["drawing"], values["round"]
    head, found, _ = drawing["script"].rpartition(SAVED)
    if not found:
        return {"figure": drawing}
    wider = round > 2 or any(fault["rule"] == "figure.text-size" for fault in values["faults"])
    width = max(drawing["width"], min(6.0, float(f"{1.15 * drawing['width']:.2f}"))) if wider else drawing["width"]
    mending = source(
        "figures",
        "mend.py.j2",
        round=round,
        width=width,
        stretch=1.25,
        legend=any(fault["rule"] in ("figure.hidden-data", "figure.overlap") for fault in values["faults"]),
        turn=round > 2,
    )
    return {"figure": {**drawing, "width": width, "script": f"{head}{mending}{SAVED}\n"}}


def look_at_figure(values: Mapping[str, Any]) -> Mapping[str, Any]:
    """The offline model has no eyes: it goes by what a program found in the picture, and says so."""
    faults = [fault["message"] for fault in values["faults"]]
    return {
        "shows": "Not judged: the offline model sees no pictures. A program looked for texts that are clipped, small or run into each "
        "other, axes without a name, empty panels, hidden data, and colours that merge.",
        "as_said": not faults,
        "faults": faults,
        "redraw": bool(faults),
    }
