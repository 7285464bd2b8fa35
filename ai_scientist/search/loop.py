"""The search loop: it refills each worker the moment it falls free. No step waits for its slowest branch.

Only the thread that runs the loop touches the tree and appends its events. Every decision follows from the experiments
that finished, in the order of their events, and from those that were started; so a run that was cut off goes on as it
would have.
"""

from __future__ import annotations

import threading
import time
from concurrent.futures import BrokenExecutor, Future
from dataclasses import dataclass
from functools import partial

from ai_scientist_sandbox.base import HostGoneError, SandboxError

from ai_scientist.errors import BudgetSpent, MachineError, Stopped
from ai_scientist.ledger import Ledger, in_force
from ai_scientist.records import Experiment, Idea
from ai_scientist.runs import RunDirectory
from ai_scientist.runs.events import ExperimentFinished, ExperimentStarted
from ai_scientist.search.agenda import SPACING, Agenda, seed_of
from ai_scientist.search.compose import Job
from ai_scientist.search.executor import Executor
from ai_scientist.search.lessons import lessons
from ai_scientist.search.policy import Proposal
from ai_scientist.search.tree import Tree
from ai_scientist.search.worker import PROGRAM, Worker, undone

MACHINE_FAILURES = 3
"""In a row, after which the machine and not the experiment is at fault."""
GRACE = 5.0
"""Seconds that experiments get to end once they are stopped."""


@dataclass(frozen=True)
class Flight:
    """An experiment under way."""

    job: Job
    proposal: Proposal


class Loop:
    """One round of the search, or the confirmation."""

    def __init__(
        self,
        agenda: Agenda,
        *,
        idea: Idea,
        run: RunDirectory,
        worker: Worker,
        executor: Executor,
        stop: threading.Event,
    ) -> None:
        self.agenda, self.idea, self.run = agenda, idea, run
        self.worker, self.executor, self.stop = worker, executor, stop
        self.experiments = finished(run)
        self.tree = Tree(idea, self.experiments.values())
        self.started: list[Proposal] = []
        """Of this round, in order, each once however often it was taken up."""
        self.directions: dict[str, str | None] = {}
        self.changes = 0
        self.flights: dict[Future[Experiment], Flight] = {}
        self.again: list[ExperimentStarted] = []
        """Cut off in an earlier sitting, to be taken up first."""
        self.failures = 0
        self.trouble: BaseException | None = None
        self.recall()

    def recall(self) -> None:
        """Take over what earlier sittings started in this round."""
        stage, progress = self.agenda.stage, self.run.progress
        for event in progress.started.values():
            if (event.stage, event.round) != (stage.name, stage.round):
                continue
            if event.scope in self.directions:
                self.directions[event.id] = self.directions[event.scope]
            else:
                self.note(event.id, proposal_of(event, self.run.config.seed))
        done = {progress.started[id].scope for id in progress.finished}
        unfinished = {event.scope: event for event in progress.started.values() if event.scope not in done}
        self.again = [event for event in unfinished.values() if event.scope in self.directions]

    def note(self, id: str, proposal: Proposal) -> None:
        """Remember a start, and which direction it takes."""
        self.started.append(proposal)
        if proposal.action == "debug":
            self.directions[id] = self.directions.get(proposal.parent or "")
        elif proposal.action == "repeat":
            self.directions[id] = None
        else:
            self.directions[id] = self.agenda.direction(self.changes)
            self.changes += 1

    def run_to_end(self) -> Tree:
        """The tree when there is nothing more to start and nothing in flight.

        Raises:
            Stopped: `stop` was set. What was in flight is taken up again on resuming.
            MachineError: the machine failed several times in a row.
            ModelError, BudgetSpent: after what was in flight has ended.
        """
        try:
            self.refill()
            while self.flights and not self.stop.is_set():
                self.collect()
                self.refill()
        finally:
            self.wind_up()
        if self.trouble is not None:
            raise self.trouble
        if self.stop.is_set():
            raise Stopped("The run was asked to stop; what was in flight will be taken up again.")
        return self.tree

    def refill(self) -> None:
        """Give every free worker something to do."""
        while len(self.flights) < self.executor.workers and not self.stop.is_set():
            self.check_hours()
            if self.trouble is not None:
                return
            if self.again:
                event = self.again.pop(0)
                self.start(proposal_of(event, self.run.config.seed), event.scope)
                continue
            pending = [flight.proposal for flight in self.flights.values()]
            proposal = self.agenda.next(self.tree, self.started, pending)
            if proposal is None:
                return
            self.start(proposal)

    def check_hours(self) -> None:
        """Seed repeats ask no model, so that nobody else looks at the clock while they go on."""
        try:
            Ledger(in_force(self.run), path=self.run.path).check_hours(self.run.progress.seconds_now())
        except BudgetSpent as spent:
            self.trouble = self.trouble or spent

    def start(self, proposal: Proposal, scope: str = "") -> None:
        """`scope`: of the attempt that this one takes up again."""
        stage, progress = self.agenda.stage, self.run.progress
        id = progress.next_experiment
        if scope:
            self.directions[id] = self.directions[scope]
        else:
            self.note(id, proposal)
        parent = self.experiments[proposal.parent] if proposal.parent else None
        known = self.tree_at(progress.started[scope].at) if scope else self.tree
        job = Job(
            id=id,
            stage=stage.name,
            round=stage.round,
            action=proposal.action,
            seed=seed_of(self.run.config.seed, proposal.nth_seed),
            scope=scope or id,
            parent=parent,
            parent_program=self.program(parent) if parent else "",
            goals=stage.goals,
            direction=self.directions[id],
            lessons=() if proposal.action == "repeat" else tuple(lessons(known)),
        )
        self.run.append(
            ExperimentStarted(
                id=id,
                parent=proposal.parent,
                stage=stage.name,
                round=stage.round,
                action=proposal.action,
                seed=job.seed,
                scope=job.scope,
            )
        )
        self.flights[self.executor.submit(partial(self.worker, job))] = Flight(job, proposal)

    def collect(self) -> None:
        """Take in what is done, in order of starting where several are."""
        for future in sorted(self.executor.wait(self.flights), key=lambda one: int(self.flights[one].job.id)):
            self.take(future)

    def take(self, future: Future[Experiment]) -> None:
        job = self.flights.pop(future).job
        error = future.exception()
        match error:
            case None:
                self.failures = 0
                self.finish(future.result())
            case Stopped():
                pass  # cut off, and taken up again on resuming
            case HostGoneError():  # no program's fault, and none would fare better: taken up again on resuming
                self.trouble = self.trouble or MachineError(f"The machine failed: {error}.")
            case SandboxError() | MachineError() | BrokenExecutor():
                self.failures += 1
                if self.failures >= MACHINE_FAILURES:
                    said = f"The machine failed {self.failures} times in a row: {error}"
                    self.trouble = self.trouble or (error if isinstance(error, MachineError) else MachineError(said))
                else:
                    self.finish(self.worker.keep(undone(job, f"The machine failed: {error}"), {}))
            case _:
                self.trouble = self.trouble or error

    def finish(self, experiment: Experiment) -> None:
        self.run.append(ExperimentFinished(id=experiment.id, outcome=experiment.outcome, used=experiment.used))
        self.experiments[experiment.id] = experiment
        self.tree.add(experiment)

    def wind_up(self) -> None:
        """Leave nothing running, however the round ends. What has ended by itself is still taken in."""
        until = time.monotonic() + GRACE
        while self.flights and time.monotonic() < until:
            self.worker.halt()
            self.collect()
        self.flights.clear()

    def tree_at(self, moment: float) -> Tree:
        """The tree as it stood then (Unix time): what an attempt that is taken up again was told, it is told again."""
        ended = self.run.progress.finished
        return Tree(self.idea, (one for id, one in self.experiments.items() if ended[id].at <= moment))

    def program(self, experiment: Experiment) -> str:
        path = self.run.experiment(experiment.folder) / PROGRAM
        return path.read_text(encoding="utf-8") if experiment.program else ""


def finished(run: RunDirectory) -> dict[str, Experiment]:
    """The experiments that finished, by id, in order of finishing."""
    by_id = {experiment.id: experiment for experiment in run.experiments()}
    return {id: by_id[id] for id in run.progress.finished}


def proposal_of(event: ExperimentStarted, run_seed: int) -> Proposal:
    return Proposal(event.action, event.parent, event.seed - run_seed * SPACING)
