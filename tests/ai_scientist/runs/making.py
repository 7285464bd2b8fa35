"""Small runs for the tests of the run directory."""

from __future__ import annotations

from pathlib import Path

from ai_scientist.config import Config
from ai_scientist.records import Experiment, Measurement, Usage
from ai_scientist.runs import RunDirectory
from ai_scientist.runs.calls import Call
from ai_scientist.runs.events import ExperimentStarted, RunStarted


def make(runs: Path, topic: str = "noise") -> RunDirectory:
    run = RunDirectory.create(runs, topic=topic, slug="noise", config=Config(seed=3), about={"version": "0.1"})
    run.append(RunStarted(topic=topic, model="offline"))
    return run


def started(id: str, parent: str | None = None, scope: str = "") -> ExperimentStarted:
    return ExperimentStarted(
        id=id, parent=parent, stage="prototype", round=1, action="draft", seed=int(id), scope=scope or id
    )


def experiment(id: str, parent: str | None = None, value: float = 0.5) -> Experiment:
    return Experiment(
        id=id,
        parent=parent,
        stage="prototype",
        action="draft",
        change="a draft",
        plan="try it",
        author="ours",
        seed=int(id),
        program="",
        outcome="worked",
        seeded=True,
        measurements=(Measurement(metric="accuracy", value=value, better="higher", dataset="digits", split="valid"),),
        used=Usage(wall=2.0),
    )


def write_experiment(run: RunDirectory, done: Experiment) -> None:
    with run.folder(run.experiment(done.folder)) as part:
        (part / "program.py").write_text("pass\n")
        (part / "experiment.json").write_text(done.model_dump_json())


def call(id: str, money: float | None = 0.25) -> Call:
    return Call(
        id=id,
        role="judge",
        prompt="plan_stage",
        values={},
        text="plan",
        form="",
        asked="",
        reply="so",
        author="model",
        model="m",
        money=money,
        tokens_in=10,
        tokens_out=5,
        seconds=1.0,
    )
