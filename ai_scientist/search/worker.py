"""One experiment: get the program, run it in a sandbox, read what it measured, write it all down."""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Mapping
from contextlib import contextmanager
from typing import Protocol

from ai_scientist_sandbox.base import MIB, Completed, Limits, Sandbox, SandboxHost
from ai_scientist_sandbox.laboratory import laboratory
from ai_scientist_sandbox.results import MEASUREMENTS, read_measurements

from ai_scientist.config import Limits as LimitSettings
from ai_scientist.errors import ModelError, Stopped
from ai_scientist.models.base import Desk
from ai_scientist.models.faults import Unreadable
from ai_scientist.records import Author, Experiment, Idea, Measurement, Outcome, Usage
from ai_scientist.runs import RunDirectory
from ai_scientist.search import measured
from ai_scientist.search.compose import Composed, Job, PatchError, compose
from ai_scientist.search.lessons import ENDED, FAULT

PROGRAM = "program.py"
KEPT = re.compile(r"arrays/[\w.-]+\.npy|tables/[\w.-]+\.json")
"""What is kept of a program's output, beside its measurements and its log."""


class Hosts(Protocol):
    def for_author(self, author: Author) -> SandboxHost:
        """The sandbox host for a program by that author. Raises MachineError: none holds what is asked."""
        ...


class Worker:
    """Does jobs, one per call, from any thread. It takes values and returns a value."""

    def __init__(self, idea: Idea, run: RunDirectory, desk: Desk, hosts: Hosts, stop: threading.Event) -> None:
        self.idea, self.run, self.desk, self.hosts, self.stop = idea, run, desk, hosts, stop
        self.open: set[Sandbox] = set()
        self.guard = threading.Lock()

    def __call__(self, job: Job) -> Experiment:
        """The experiment, whole in its folder.

        Raises:
            Stopped: it was interrupted; nothing is kept but the model's replies.
            ModelError, BudgetSpent: as the model says.
            SandboxError, MachineError: the machine failed.
        """
        self.check_stop()
        settings = self.run.config.experiment
        try:
            composed = compose(
                job,
                self.idea,
                settings,
                self.desk.model("coder", job.scope),
                self.run.data,
                self.run.environment.importable,
            )
        except PatchError as fault:
            return self.keep(undone(job, f"The model's patch did not fit: {fault}"), {})
        except ModelError as error:
            if not isinstance(error.__cause__, Unreadable):
                raise
            return self.keep(undone(job, str(error)), {})  # it answered, only not usably: that costs this experiment
        host = self.hosts.for_author(composed.author)
        image = host.image(self.run.image)
        self.check_stop()
        with host.open(self.run.image, limits_of(settings), mounts=self.run.mounts) as sandbox, self.watched(sandbox):
            sandbox.put(laid(job, composed))
            completed = sandbox.run(["python", PROGRAM])
            output = sandbox.fetch()
        if completed.ending == "killed":
            self.check_stop()  # it was us, so this is no outcome
        experiment = read(job, composed, completed, output, self.idea).model_copy(
            update={"sandbox": host.name, "image": image.digest}
        )
        kept = {name: data for name, data in output.items() if KEPT.fullmatch(name) or name == MEASUREMENTS}
        return self.keep(
            experiment,
            {
                **{name: data for name, data in laid(job, composed).items() if name != "lab.py"},
                **{f"output/{name}": data for name, data in kept.items()},
                "output/log.txt": completed.output.encode(),
            },
        )

    def keep(self, experiment: Experiment, contents: Mapping[str, bytes]) -> Experiment:
        """Write the experiment's folder, whole or not at all."""
        with self.run.folder(self.run.experiment(experiment.folder)) as folder:
            for name, data in {**contents, "experiment.json": experiment.model_dump_json(indent=1).encode()}.items():
                path = folder / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(data)
        return experiment

    def check_stop(self) -> None:
        if self.stop.is_set():
            raise Stopped("The run was asked to stop.")

    def halt(self) -> None:
        """End every program that runs now."""
        with self.guard:
            running = tuple(self.open)
        for sandbox in running:
            sandbox.stop()

    @contextmanager
    def watched(self, sandbox: Sandbox):
        """Within, `halt` reaches the sandbox."""
        with self.guard:
            self.open.add(sandbox)
        try:
            yield
        finally:
            with self.guard:
                self.open.discard(sandbox)


def laid(job: Job, composed: Composed) -> dict[str, bytes]:
    """The files that a program finds beside it, and itself."""
    return {PROGRAM: composed.program.encode(), **laboratory(job.seed, composed.config, job.confirming)}


def limits_of(settings: LimitSettings) -> Limits:
    return Limits(
        wall=settings.wall,
        cpu=settings.cpu,
        memory=settings.memory_mb * MIB,
        processes=settings.processes,
        disk=settings.disk_mb * MIB,
        gpus=settings.gpus,
    )


def read(job: Job, composed: Composed, completed: Completed, output: Mapping[str, bytes], idea: Idea) -> Experiment:
    """The experiment that a program's ending and its records amount to."""
    data = output.get(MEASUREMENTS, b"")
    recorded = read_measurements(data)
    measurements = tuple(
        Measurement(metric=m.metric, value=m.value, better=m.better, dataset=m.dataset, split=m.split, step=m.step)
        for m in recorded.measurements
    )
    outcome, fault = judged(job, completed, measurements, idea)
    if fault and recorded.faults:
        fault += "\nNot accepted among its records: " + "; ".join(recorded.faults)
    return Experiment(
        **common(job),
        change=composed.change,
        plan=composed.plan,
        author=composed.author,
        config=composed.config,
        program=hashlib.sha256(composed.program.encode()).hexdigest(),
        outcome=outcome,
        fault=fault[-FAULT:],
        seeded=recorded.seed == job.seed,
        settings=recorded.settings,
        measurements=measurements,
        measured=hashlib.sha256(data).hexdigest() if data else "",
        used=Usage(wall=completed.wall, cpu=completed.cpu, memory=completed.memory),
    )


def judged(job: Job, completed: Completed, measurements: tuple[Measurement, ...], idea: Idea) -> tuple[Outcome, str]:
    """What became of it, and, where that is not all well, why."""
    tail = completed.output[-(FAULT - 500) :]
    if completed.ending != "exited":
        what = completed.ending.replace("_", " ")
        return completed.ending, f"{tail}\nThe program was ended: {what}, after {completed.wall:.0f} s."
    if completed.status != 0:
        return "failed", f"{tail}\n{ENDED} {completed.status}."
    short = measured.shortfall(measurements, idea, job.confirming)
    if short:
        return "unmeasured", f"{tail}\n{short}"
    if measured.value(measurements, idea, job.confirming) is None:
        return "worked", f"{tail}\nA value of {idea.metric.name} is not a finite number."
    return "worked", ""


def undone(job: Job, why: str) -> Experiment:
    """An experiment of which no program came to run."""
    parent = job.parent
    return Experiment(
        **common(job),
        change=job.direction or (parent.change if parent else job.action),
        plan="",
        author=parent.author if parent else "ours",
        config=parent.config if parent else {},
        program="",
        outcome="undone",
        fault=why[-FAULT:],
    )


def common(job: Job) -> dict:
    return {
        "id": job.id,
        "parent": job.parent.id if job.parent else None,
        "stage": job.stage,
        "round": job.round,
        "action": job.action,
        "seed": job.seed,
        "confirming": job.confirming,
    }
