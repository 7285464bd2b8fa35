"""The run's own log against what lies there: nothing left out, nothing added, nothing chosen afterwards.

events.jsonl is written line by line while the run works: each experiment when it starts and when it ends, and, with each stage,
the SHA-256 of the idea that it is about. Whoever rewrites the log, the experiments, the claims and the paper alike is not found out
here; measuring again is what finds that out (`claims.rerun`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from ai_scientist.claims.compute import SPLIT
from ai_scientist.claims.evidence import Item
from ai_scientist.errors import RunDirectoryError
from ai_scientist.records import Arms, Experiment, Idea
from ai_scientist.runs import log
from ai_scientist.runs.events import (
    AnyEvent,
    ExperimentFinished,
    ExperimentStarted,
    RunStarted,
    StageClosed,
    StageOpened,
)

LOG, ENVIRONMENT = "events.jsonl", "environment.lock"


def check_history(data: bytes, idea: Idea | None, arms: Arms | None, experiments: Sequence[Experiment]) -> list[Item]:
    if not data:
        return [Item(verdict="FAIL", what=LOG, where=LOG, why="it is missing")]
    try:
        events = list(log.events(data, Path(LOG)))
    except RunDirectoryError as error:
        return [Item(verdict="FAIL", what=LOG, where=LOG, why=str(error))]
    checks = {"experiments as the log has them": as_logged(events, experiments)}
    if idea is not None:
        checks["idea fixed before the first experiment"] = idea_kept(events, idea)
    if arms is not None:
        checks["arms as the search left them"] = arms_kept(events, arms)
        checks["every arm on every fresh seed"] = seeds_complete(events, arms, experiments)
    checks["confirmed is what was chosen"] = same_program(experiments)
    checks["test split and fresh seeds unseen by the search"] = unseen(experiments)
    return [
        Item(verdict="FAIL" if reasons else "PASS", what=what, where=LOG, why="; ".join(reasons[:3]))
        for what, reasons in ((what, list(found)) for what, found in checks.items())
    ]


def started_in(data: bytes) -> RunStarted | None:
    """How the run was begun, as the log has it: on which data of the user's, with which packages."""
    try:
        events = list(log.events(data, Path(LOG)))
    except RunDirectoryError:
        return None
    return next((event for event in events if isinstance(event, RunStarted)), None)


def check_lock(data: bytes, lock: bytes) -> list[Item]:
    """The packages that the programs saw are those that the run was begun with. `data`: the log. Nothing of a run of before there
    was a lock."""
    started = started_in(data)
    if started is None or not started.environment:
        return []
    same = hashlib.sha256(lock).hexdigest() == started.environment
    why = "" if same else "it is missing, or not what the run was begun with (its SHA-256 differs)"
    return [Item(verdict="PASS" if same else "FAIL", what=ENVIRONMENT, where=ENVIRONMENT, why=why)]


def as_logged(events: Sequence[AnyEvent], experiments: Sequence[Experiment]) -> Iterator[str]:
    """Each experiment that ended is there, as it was started and as it ended, and no other is."""
    started = {event.id: event for event in events if isinstance(event, ExperimentStarted)}
    ended = {event.id: event for event in events if isinstance(event, ExperimentFinished)}
    there = {experiment.id: experiment for experiment in experiments}
    for id in sorted({*ended, *there}):
        one, start = there.get(id), started.get(id)
        if one is None:
            yield f"experiment {id} ended and is missing"
        elif id not in ended or start is None:
            yield f"experiment {id} is not in the log"
        elif one.outcome != ended[id].outcome:
            yield f"experiment {id} is recorded as '{one.outcome}' and ended as '{ended[id].outcome}'"
        else:
            told = (start.parent, start.stage, start.round, start.action, start.seed)
            if (one.parent, one.stage, one.round, one.action, one.seed) != told:
                yield f"experiment {id} was started with another parent, stage, action or seed"


def idea_kept(events: Sequence[AnyEvent], idea: Idea) -> Iterator[str]:
    """Every stage was opened on this idea, the first of them before anything ran."""
    opened = [place for place, event in enumerate(events) if isinstance(event, StageOpened)]
    ran = [place for place, event in enumerate(events) if isinstance(event, ExperimentStarted)]
    if not opened or (ran and ran[0] < opened[0]):
        yield "an experiment ran before a stage was opened"
    for event in events:
        if isinstance(event, StageOpened) and event.idea != idea.fingerprint:
            said = "on another idea than idea.json states" if event.idea else "without saying on which idea"
            yield f"the stage '{event.stage.name}', round {event.stage.round}, was opened {said}"


def arms_kept(events: Sequence[AnyEvent], arms: Arms) -> Iterator[str]:
    """Baseline and proposed method are what the last rounds of their stages carried forward."""
    closed = [event for event in events if isinstance(event, StageClosed)]
    last = {event.stage: event.best for event in closed}  # rounds close in order
    if arms.baseline != last.get("tune", last.get("prototype")):
        yield f"the baseline is {arms.baseline}, and the search carried {last.get('tune', last.get('prototype'))} forward"
    if arms.proposed != last.get("explore"):
        yield f"the proposed method is {arms.proposed}, and the search carried {last.get('explore')} forward"


def seeds_complete(events: Sequence[AnyEvent], arms: Arms, experiments: Sequence[Experiment]) -> Iterator[str]:
    """As many runs as the confirmation was opened for: each arm once on each seed, whatever came of it."""
    planned = [
        event.stage.experiments for event in events if isinstance(event, StageOpened) and event.stage.name == "confirm"
    ]
    runs = [(one.parent, one.seed) for one in experiments if one.stage == "confirm"]
    seeds = {seed for _, seed in runs}
    for arm, seed in sorted((arm, seed) for arm in arms.all for seed in seeds):
        if runs.count((arm, seed)) != 1:
            yield f"arm {arm} was run {runs.count((arm, seed))} times on seed {seed}"
    if strange := sorted({str(arm) for arm, _ in runs if arm not in arms.all}):
        yield f"experiment {strange[0]} was confirmed and is no arm"
    if planned[-1:] != [len(runs)]:
        yield f"{len(runs)} confirming runs are there, of {planned[-1] if planned else 'no'} planned"


def same_program(experiments: Sequence[Experiment]) -> Iterator[str]:
    """What is run on another seed is the same program with the same settings."""
    by_id = {experiment.id: experiment for experiment in experiments}
    for one in experiments:
        parent = by_id.get(one.parent or "")
        if one.action != "repeat" or one.outcome == "undone":
            continue
        if parent is None or (one.program, dict(one.config)) != (parent.program, dict(parent.config)):
            yield f"experiment {one.id} is not experiment {one.parent} on another seed: its program or settings differ"


def unseen(experiments: Sequence[Experiment]) -> Iterator[str]:
    searched = [one for one in experiments if one.stage != "confirm"]
    for one in searched:
        if one.confirming or any(m.split == SPLIT for m in one.measurements):
            yield f"experiment {one.id} of the search measured the test split"
    if shared := sorted({one.seed for one in searched} & {one.seed for one in experiments if one.stage == "confirm"}):
        yield f"seed {shared[0]} was used by the search and by the confirmation"
