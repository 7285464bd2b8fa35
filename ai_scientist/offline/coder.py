"""Programs: composed from a study's parts, changed by settings or by parts, and mended by what their failure says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ai_scientist.errors import ModelError
from ai_scientist.offline.manager import ablations, nearby
from ai_scientist.offline.studies import Study, study_of

COSTLY = ("epochs", "members", "copies", "hidden")
"""Settings that a program's time grows with, the first that it knows is halved."""


def draft(values: Mapping[str, Any]) -> Mapping[str, Any]:
    study = study_of(values)
    return {"change": study.baseline.name, "plan": study.baseline.plan, "program": study.program(()), "config": {}}


def tune(values: Mapping[str, Any]) -> Mapping[str, Any]:
    """Another setting, the program as it is."""
    study, parent = study_of(values), values["parent"]
    for candidate in study.tune:
        if candidate.change == values["direction"]:
            config = {**parent["config"], **candidate.config}
            return change(parent, tuned(study, config), candidate.plan, parent["program"], config)
    raise no_direction(values)


def tuned(study: Study, config: Mapping[str, Any]) -> str:
    """The label of tuned settings: every candidate that is in force, not the last alone."""
    return ", ".join(one.change for one in study.tune if one.config.items() <= config.items())


def improve(values: Mapping[str, Any]) -> Mapping[str, Any]:
    """A variant of the study over the tuned settings of the baseline; in later rounds, a setting near the best one's."""
    study, parent = study_of(values), values["parent"]
    for variant in study.explore:
        if variant.change == values["direction"]:
            tuned = {name: value for name, value in parent["config"].items() if name in study.settings_of(())}
            return change(
                parent, variant.change, variant.plan, study.program(variant.parts), {**tuned, **variant.config}
            )
    # Directions are set when a round begins; where another variant leads by now, the same setting of that one is changed.
    steps = sorted(nearby(study, parent), key=lambda step: not same_setting(step[0], values["direction"]))
    for label, plan, config in steps[:1]:
        return change(parent, label, plan, parent["program"], {**parent["config"], **config})
    raise no_direction(values)


def same_setting(label: str, direction: str | None) -> bool:
    """Whether two labels of a variant and its setting ("milder SMOTE, neighbours 8") end alike."""
    return label.rpartition(", ")[2] == (direction or "").rpartition(", ")[2]


def ablate(values: Mapping[str, Any]) -> Mapping[str, Any]:
    study, parent = study_of(values), values["parent"]
    for label, plan, parts, config in ablations(study, parent):
        if label == values["direction"]:
            return change(parent, label, plan, study.program(parts), config)
    raise no_direction(values)


def debug(values: Mapping[str, Any]) -> Mapping[str, Any]:
    """Mend by what the failure says: too slow, do less; too large, smaller batches; an unknown setting, drop it; numbers
    that ran away, smaller steps. A program that is none of ours is composed anew from the parts it can be traced to."""
    study, parent = study_of(values), values["parent"]
    parts = study.parts_of(parent["program"])
    if parts is None:
        plan = "The program cannot be mended by rule; it is composed anew from the study's parts."
        return change(parent, parent["change"], plan, study.program(()), {})
    known = study.settings_of(parts)
    config = {name: value for name, value in parent["config"].items() if name in known}
    if len(config) < len(parent["config"]):
        return change(
            parent, parent["change"], "Settings that the program does not have are dropped.", parent["program"], config
        )
    if parent["outcome"] == "timed_out":
        for name in COSTLY:
            if name in known:
                value = int(config.get(name, study.settings[name].default))
                if value > 1:
                    plan = f"It ran out of time: {study.settings[name].text} is halved."
                    return change(
                        parent, parent["change"], plan, parent["program"], {**config, name: max(1, value // 2)}
                    )
    if parent["outcome"] == "out_of_memory" and "batch" in known:
        value = int(config.get("batch", study.settings["batch"].default))
        return change(
            parent,
            parent["change"],
            "It ran out of memory: batches are halved.",
            parent["program"],
            {**config, "batch": max(1, value // 2)},
        )
    if "learning_rate" in known:
        value = float(config.get("learning_rate", study.settings["learning_rate"].default))
        plan = "It ended without usable numbers: the steps are made three times smaller."
        smaller = {**config, "learning_rate": round(value / 3, 6)}
        return change(parent, parent["change"], plan, parent["program"], smaller)
    plan = "It ended without usable numbers: it is run again with the study's own settings."
    return change(parent, parent["change"], plan, parent["program"], {})


def change(
    parent: Mapping[str, Any], label: str, plan: str, program: str, config: Mapping[str, Any]
) -> Mapping[str, Any]:
    """A patch: the program only where it differs, and the settings; one that the parent had and this has not is dropped."""
    dropped = dict.fromkeys(name for name in parent["config"] if name not in config)
    return {
        "change": label,
        "plan": plan,
        "config": {**dropped, **{name: value for name, value in config.items() if parent["config"].get(name) != value}},
        "edits": [],
        "program": None if program == parent["program"] else program,
    }


def no_direction(values: Mapping[str, Any]) -> ModelError:
    return ModelError(
        f"The offline model has no change '{values['direction']}' for the study {values['idea']['study']}."
    )
