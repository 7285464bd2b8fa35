"""Confirm: what was chosen by looking is measured again, on seeds and a split that the search never touched."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from ai_scientist.errors import NothingFound
from ai_scientist.models.base import Desk
from ai_scientist.records import Arms, Experiment, Idea, Stage
from ai_scientist.runs import Progress, RunDirectory
from ai_scientist.runs.events import StageClosed, StageOpened
from ai_scientist.search import measured
from ai_scientist.search.agenda import ConfirmAgenda
from ai_scientist.search.executor import Executor, Threads
from ai_scientist.search.loop import Loop
from ai_scientist.search.stage import carried, last_closed
from ai_scientist.search.worker import Hosts, Worker

ENOUGH = 3
"""Distinct working seeds behind an arm, below which what is said of it is weakened."""


def arms(experiments: Sequence[Experiment], progress: Progress) -> Arms:
    """What is confirmed: the tuned baseline, the best that explore made, and its ablations that worked.

    Raises:
        NothingFound: there is no baseline, or no variant of the proposal, that worked.
    """
    baseline = carried(progress, "explore")
    explored = last_closed(progress, "explore")
    proposed = explored.best if explored else None
    if baseline is None:
        raise NothingFound("No experiment worked, so there is nothing to confirm.")
    if proposed is None:
        raise NothingFound("No variant of the proposal worked, so there is nothing to compare with the baseline.")
    by_id = {experiment.id: experiment for experiment in experiments}
    ablations = [
        one.id
        for one in sorted(experiments, key=lambda one: int(one.id))
        if one.stage == "ablate" and one.action != "repeat" and one.worked and mended(one, by_id).parent == proposed
    ]
    return Arms(baseline=baseline, proposed=proposed, ablations=tuple(ablations))


def mended(experiment: Experiment, by_id: dict[str, Experiment]) -> Experiment:
    """The experiment that a mending mends, in the end."""
    while experiment.action == "debug" and experiment.parent:
        experiment = by_id[experiment.parent]
    return experiment


def confirm(
    idea: Idea,
    *,
    run: RunDirectory,
    desk: Desk,
    host: Hosts,
    stop: threading.Event,
    executor: Executor | None = None,
) -> Arms:
    """Run each arm again on each fresh seed, with the test split opened. A repeat that fails is recorded, not replaced.

    Raises:
        NothingFound: see `arms`.
        Stopped, MachineError: see `Loop.run_to_end`.
    """
    chosen = arms(run.experiments(), run.progress)
    seeds = run.config.search.confirm_seeds
    stage = Stage(
        name="confirm", goals=("Every number in the paper, on fresh seeds.",), experiments=seeds * len(chosen.all)
    )
    if ("confirm", 1) not in run.progress.opened:
        run.append(StageOpened(stage=stage, idea=idea.fingerprint))
    worker = Worker(idea, run, desk, host, stop)
    agenda = ConfirmAgenda(stage, chosen, seeds)
    threads = executor or Threads(run.config.workers)
    Loop(agenda, idea=idea, run=run, worker=worker, executor=threads, stop=stop).run_to_end()
    check(idea, chosen, run)
    return chosen


def check(idea: Idea, chosen: Arms, run: RunDirectory) -> None:
    """Write down which arms have fewer seeds behind them than were asked for, and close."""
    wanted = min(ENOUGH, run.config.search.confirm_seeds)
    repeats = [one for one in run.experiments() if one.stage == "confirm"]
    short = 0
    for arm in chosen.all:
        good = [one for one in repeats if one.parent == arm and one.worked and one.seeded]
        seeds = {one.seed for one in good if measured.value(one.measurements, idea, confirming=True) is not None}
        if len(seeds) < wanted:
            short += 1
            what = f"experiment {arm} is confirmed on {len(seeds)} distinct seeds"
            run.degrade(what, f"at least {wanted} were to stand behind every number", touches_claims=True)
    if ("confirm", 1) not in run.progress.closed:
        why = f"{len(chosen.all) - short} of {len(chosen.all)} arms have at least {wanted} distinct seeds."
        run.append(StageClosed(stage="confirm", round=1, met=not short, why=why, best=chosen.proposed))
