"""A round's plan: what it is to reach and what to try, asked of the manager, and shown to a person who asked for it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from ai_scientist.errors import InputError, ModelError
from ai_scientist.models.base import Desk
from ai_scientist.prompts import render
from ai_scientist.records import Idea, Stage, StageName
from ai_scientist.runs import RunDirectory
from ai_scientist.runs.events import StageClosed, StageOpened
from ai_scientist.search.forms import StageForm
from ai_scientist.search.lessons import digest
from ai_scientist.search.loop import finished
from ai_scientist.search.worker import PROGRAM

ABOUT: dict[StageName, str] = {
    "prototype": "a working implementation of the baseline, which measures every data set",
    "tune": "the best settings of the baseline; its architecture stays as it is",
    "explore": "variants of the proposal, against the tuned baseline",
    "ablate": "the best variant less one of its parts each, to see what each contributes",
}
"""What each stage is for."""
ATTEMPTS = 10
"""Plans for one round at most."""
Gate = Callable[[Stage, int], str | None]
"""Is shown the plan, and which attempt at it this is; answers why it is not to be carried out, or None."""


class Plan(StageForm):
    """A plan as it is kept."""

    attempt: int
    """Which attempt at a plan for this round."""


def accepted(
    idea: Idea, name: StageName, round: int, root: str | None, run: RunDirectory, desk: Desk, gate: Gate | None
) -> tuple[Stage, tuple[str, ...]]:
    """The round's plan, planned again with the reason for as long as the gate refuses it.

    Raises:
        ModelError: the gate refused ATTEMPTS plans.
    """
    note = ""
    for attempt in range(1, ATTEMPTS + 1):
        opened = plan(idea, name, round, attempt, root, run, desk, note)
        why = gate(opened[0], attempt) if gate else None
        if why is None:
            return opened
        note = why
    raise ModelError(f"{ATTEMPTS} plans for the stage '{name}' were refused; change the topic, or --edit the plan.")


def plan(
    idea: Idea, name: StageName, round: int, attempt: int, root: str | None, run: RunDirectory, desk: Desk, note: str
) -> tuple[Stage, tuple[str, ...]]:
    """Open the round. Its plan lies under plans/, where a person may change it; the goals are an event too."""
    allowed = run.config.search.stages[name].experiments
    file = run.plan(name, round)
    kept = read(file) if file.exists() else None
    if kept is None or kept.attempt < attempt:
        earlier = run.progress.closed.get((name, round - 1))
        prompt = render(
            "plan_stage",
            idea=idea,
            stage=name,
            round=round,
            about=ABOUT[name],
            best=shown((earlier and earlier.best) or root, run),
            baseline=settled(name, run),
            history=[told(closed) for closed in run.progress.closed.values()],
            experiments=allowed,
            note=note,
            data=run.data,
        )
        again = "" if attempt == 1 else f"-again-{attempt}"
        form = desk.model("judge", f"stage-{name}-{round}{again}").fill(prompt, StageForm).value
        kept = Plan(attempt=attempt, goals=form.goals, directions=form.directions[:allowed])
        run.write(file, kept.model_dump_json(indent=1) + "\n")
    opened = Stage(name=name, round=round, goals=tuple(kept.goals), experiments=allowed)
    if run.progress.opened.get((name, round)) != opened:
        run.append(StageOpened(stage=opened, idea=idea.fingerprint))
    return opened, tuple(kept.directions[:allowed])


def read(file: Path) -> Plan:
    """The plan as it lies there.

    Raises:
        InputError: somebody changed it into something else.
    """
    try:
        return Plan.model_validate_json(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(
            f"The plan {file} cannot be read ({' '.join(str(error).split())[:200]}). It is JSON with `attempt` "
            "(a number), `goals` and `directions` (lists of sentences)."
        ) from None


def shown(id: str | None, run: RunDirectory) -> dict[str, Any] | None:
    if id is None:
        return None
    experiment = finished(run)[id]
    return digest(experiment, (run.experiment(experiment.folder) / PROGRAM).read_text(encoding="utf-8"))


def settled(name: StageName, run: RunDirectory) -> dict[str, Any] | None:
    """The tuned baseline, once there is one: what it is and its overrides. None while it is still sought."""
    if name not in ("explore", "ablate"):
        return None
    found = [
        closed.best for closed in run.progress.closed.values() if closed.stage in ("prototype", "tune") and closed.best
    ]
    if not found:
        return None
    baseline = finished(run)[found[-1]]
    return {"id": baseline.id, "change": baseline.change, "config": dict(baseline.config)}


def told(closed: StageClosed) -> str:
    met = "its goals were met" if closed.met else "its goals were not met"
    return f"{closed.stage}, round {closed.round}: {met}. {closed.why}"
