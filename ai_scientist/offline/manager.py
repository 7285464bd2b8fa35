"""The experiment manager's part: what a stage is to reach, what to try in it, and whether it was reached."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ai_scientist.offline.studies import Study, study_of

GOALS = {
    "prototype": ["A program that runs within its limits and measures every data set."],
    "tune": ["The baseline's settings are varied one at a time, so that what is compared with is not a straw man."],
    "explore": ["Each mechanism is tried by itself, then the ones that can work together."],
    "ablate": [
        "Each part of the best variant is taken out, or weakened where it is the only one, to measure what it contributes."
    ],
}


def plan_stage(values: Mapping[str, Any]) -> Mapping[str, Any]:
    """Goals and directions: a direction is the label of a change that the coder's rules know."""
    study = study_of(values)
    stage, best = values["stage"], values["best"]
    if stage == "prototype":
        directions = [study.baseline.name]
    elif stage == "tune":
        directions = [candidate.change for candidate in study.tune]
    elif stage == "explore" and values["round"] == 1:
        directions = [variant.change for variant in study.explore]
    elif stage == "explore":
        directions = [change for change, _, _ in nearby(study, best)]
    else:
        directions = [change for change, _, _, _ in ablations(study, best)]
    return {"goals": GOALS[stage], "directions": directions[: values["experiments"]]}


def judge_stage(values: Mapping[str, Any]) -> Mapping[str, Any]:
    """By the table alone. Another round of exploring where no variant of this one became the best."""
    best = values["best"]
    tried = [row for row in values["table"] if row["outcome"] == "worked"]
    led = best is not None and any(row["id"] == best["id"] for row in tried)
    again = values["stage"] == "explore" and bool(tried) and not led and values["rounds_left"] > 0
    why = f"The best is '{best['change']}'." if best else "None measured every data set."
    return {
        "met": bool(tried),
        "why": why,
        "again": again,
        "goals": ["No variant led. Settings near those of the best one are tried."] if again else [],
    }


def nearby(study: Study, best: Mapping[str, Any] | None) -> list[tuple[str, str, dict[str, Any]]]:
    """Changes to the settings that the best variant's parts bring (the baseline's own, where it has no part): half and
    one and a half times each number. As (change, plan, config)."""
    if best is None:
        return []
    parts = study.parts_of(best["program"]) or ()
    owned = [name for part in parts for name in study.parts[part].settings] or ["learning_rate"]
    found = []
    for name in owned:
        if name not in study.settings:
            continue
        value = best["config"].get(name, study.settings[name].default)
        if isinstance(value, bool) or not isinstance(value, int | float):
            continue
        for factor in (0.5, 1.5):
            near = max(1, round(value * factor)) if isinstance(value, int) else round(value * factor, 6)
            if near != value:
                text = study.settings[name].text
                setting = name.replace("_", " ")
                # A variant keeps its name; one that was near another before does not get its setting twice.
                variant = f"{best['change'].partition(f', {setting} ')[0]}, " if parts else ""
                found.append(
                    (
                        f"{variant}{setting} {near:g}",
                        f"Near the best variant: {text} is set to {near:g}.",
                        {name: near},
                    )
                )
    return found


def ablations(study: Study, best: Mapping[str, Any] | None) -> list[tuple[str, str, tuple[str, ...], dict[str, Any]]]:
    """The best variant less one part each, as (change, plan, parts, config).

    Where the variant has one part only, taking it out is the baseline, which is measured anyway; it is weakened instead.
    """
    parts = (study.parts_of(best["program"]) if best else None) or ()
    found: list[tuple[str, str, tuple[str, ...], dict[str, Any]]] = []
    if best is None:
        return found
    if len(parts) > 1:
        for part in parts:
            rest = tuple(other for other in parts if other != part)
            known = study.settings_of(rest)
            config = {name: value for name, value in best["config"].items() if name in known}
            found.append((study.parts[part].remove.change, study.parts[part].remove.plan, rest, config))
    elif parts and (weaker := study.parts[parts[0]].replace) is not None:
        found.append((weaker.change, weaker.plan, parts, {**best["config"], **weaker.config}))
    return found
