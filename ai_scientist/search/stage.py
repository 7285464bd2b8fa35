"""The experiment manager: it opens a stage with goals, judges it from measurements, and carries the best forward."""

from __future__ import annotations

import threading
from typing import Any

from ai_scientist.config import Config
from ai_scientist.errors import NothingFound
from ai_scientist.models.base import Desk
from ai_scientist.prompts import render
from ai_scientist.records import Idea, Stage, StageName
from ai_scientist.runs import Progress, RunDirectory
from ai_scientist.runs.events import StageClosed
from ai_scientist.search import measured
from ai_scientist.search.agenda import StageAgenda
from ai_scientist.search.executor import Executor, Threads
from ai_scientist.search.forms import JudgementForm
from ai_scientist.search.lessons import gist
from ai_scientist.search.loop import Loop
from ai_scientist.search.plan import ATTEMPTS as ATTEMPTS
from ai_scientist.search.plan import Gate, accepted
from ai_scientist.search.policy import open_policy
from ai_scientist.search.tree import Tree
from ai_scientist.search.worker import Hosts, Worker

ORDER: tuple[StageName, ...] = ("prototype", "tune", "explore", "ablate")


def next_due(progress: Progress, config: Config) -> tuple[StageName, int] | None:
    """The stage and round to run next, or that is under way; None when all are closed."""
    for name in ORDER:
        if name not in config.search.stages or not config.search.stages[name].experiments:
            continue
        last = last_closed(progress, name)
        if last is None:
            return name, 1
        if last.again and last.round < config.search.stages[name].rounds:
            return name, last.round + 1
    return None


def last_closed(progress: Progress, name: StageName) -> StageClosed | None:
    rounds = [closed for (stage, _), closed in progress.closed.items() if stage == name]
    return max(rounds, key=lambda closed: closed.round, default=None)


def carried(progress: Progress, name: StageName) -> str | None:
    """What the stage before this one carried forward."""
    if name == "prototype":
        return None
    before = ORDER[ORDER.index(name) - 1]
    closed = last_closed(progress, before)
    return closed.best if closed else carried(progress, before)


def run_stage(
    idea: Idea,
    *,
    run: RunDirectory,
    desk: Desk,
    host: Hosts,
    stop: threading.Event,
    gate: Gate | None = None,
    executor: Executor | None = None,
) -> StageClosed:
    """The round that is due: opened, searched and judged, or taken up where it stands.

    `gate`: is shown each plan before it is carried out.

    Raises:
        NothingFound: no prototype worked.
        Stopped, MachineError, ModelError, BudgetSpent: see `Loop.run_to_end`; the round stays open.
    """
    due = next_due(run.progress, run.config)
    if due is None:
        raise ValueError("every stage is closed")
    name, round = due
    root = carried(run.progress, name)
    if root is None and name != "prototype":
        why = "There was nothing to go on from."
        return close(idea, run, StageClosed(stage=name, round=round, met=False, why=why, best=None))
    stage, directions = accepted(idea, name, round, root, run, desk, gate)
    agenda = StageAgenda(stage, open_policy(run.config.search), run.config.search, root, directions)
    worker = Worker(idea, run, desk, host, stop)
    threads = executor or Threads(run.config.workers)
    tree = Loop(agenda, idea=idea, run=run, worker=worker, executor=threads, stop=stop).run_to_end()
    return close(idea, run, judge(idea, stage, root, tree, run, desk))


def judge(idea: Idea, stage: Stage, root: str | None, tree: Tree, run: RunDirectory, desk: Desk) -> StageClosed:
    """Measurements decide; the model comments, and may ask for another round where the configuration has one left.

    Raises:
        NothingFound: no prototype worked, in any round.
    """
    name, round = stage.name, stage.round
    left = run.config.search.stages[name].rounds - round
    table = [row(tree, id) for id in tree.of(name, round)]
    working = [one for one in table if one["score"] is not None]
    best = root if name == "ablate" else tree.best(name, [root] if name == "tune" and root else [])
    leader = next(iter(tree.leaders(name, [root] if root else [])), None)
    met = bool(working) if name != "explore" else best is not None and best == leader
    said = f"{len(working)} of {len(table)} variants worked."
    if name == "prototype" and not working and best is None:
        if not left:
            raise NothingFound(nothing(tree))
        return StageClosed(stage=name, round=round, met=False, why=said, best=None, again=True)
    if not table:
        return StageClosed(
            stage=name, round=round, met=False, why="Nothing was tried: no directions were listed.", best=best
        )
    prompt = render(
        "judge_stage",
        idea=idea,
        stage=name,
        round=round,
        goals=stage.goals,
        table=table,
        best=row(tree, leader) if leader else None,
        start=row(tree, root) if root else None,
        rounds_left=left,
    )
    form = desk.model("judge", f"judge-{name}-{round}").fill(prompt, JudgementForm).value
    again = form.again and left > 0
    why = " ".join([said, form.why.strip(), *(["Next:", *form.goals] if again else [])])
    return StageClosed(stage=name, round=round, met=met, why=why, best=best, again=again)


def row(tree: Tree, id: str) -> dict[str, Any]:
    """A variant as a line of the table that judges a stage. `score`: its mean over seeds, in the metric's unit."""
    head, stands = tree.variants[id].head, tree.standing(id)
    return {"id": id, "change": head.change, "outcome": head.outcome, "score": stands.mean, "seeds": stands.seeds}


def nothing(tree: Tree) -> str:
    tried = [variant.head for variant in tree.variants.values()]
    last = gist(tried[-1].fault) if tried else ""
    return (
        f"No experiment worked: the prototype stage tried {len(tried)}"
        + (f", and the last of them ended with: {last[:300]}" if last else "")
        + ". Look at tree/ in the run directory; more attempts are search.stages.prototype.experiments."
    )


def close(idea: Idea, run: RunDirectory, closed: StageClosed) -> StageClosed:
    """Write down how the round ended and, where a stage came to nothing, that the run goes on without it."""
    name = closed.stage
    here = [e for e in run.experiments() if e.stage == name and e.action != "repeat"]
    if not closed.again and not any(measured.value(e.measurements, idea) is not None for e in here):
        why = f"{closed.why} What the stage before found was carried on."
        run.degrade(f"the stage '{name}' found nothing that works", why, touches_claims=name != "ablate")
    run.append(closed)
    return closed
