"""A run that has come to its findings, for the tests of what shows runs."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from pathlib import Path

from ai_scientist.claims.build import build
from ai_scientist.records import Experiment, Figure
from ai_scientist.runs import RunDirectory
from ai_scientist.runs.events import (
    CallFinished,
    CallStarted,
    ExperimentFinished,
    ExperimentStarted,
    PhaseFinished,
    RunFinished,
)
from tests.ai_scientist.claims import study
from tests.ai_scientist.runs.making import make, write_experiment

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def record(run: RunDirectory, done: Sequence[Experiment]) -> None:
    """Experiments, as a search leaves them."""
    for one in done:
        started = one.model_dump(include={"id", "parent", "stage", "round", "action", "seed"})
        run.append(ExperimentStarted(**started, scope=one.id))
        write_experiment(run, one)
        run.append(ExperimentFinished(id=one.id, outcome=one.outcome, used=one.used))


def finished(runs: Path, done: Sequence[Experiment] = ()) -> RunDirectory:
    """The study of the tests of claims as a run, reviewed by nobody. `done`: in place of its experiments."""
    run = make(runs, topic="copies of digits")
    run.write(run.idea_json, study.IDEA.model_dump_json())
    run.append(PhaseFinished(phase="idea"))
    for number in (1, 2):
        run.append(CallStarted(id=f"0001.coder.{number}", role="coder", model="m", money=0.5, tokens=100))
        priced = 0.25 if number == 1 else None
        run.append(CallFinished(id=f"0001.coder.{number}", money=priced, tokens_in=10, tokens_out=5, seconds=2.0))
    record(run, done or study.experiments())
    claims = build(study.IDEA, study.ARMS, done or study.experiments())
    run.write(run.claims_json, claims.model_dump_json())
    figure = Figure(
        name="effect",
        caption=r"Over \val{count-seeds} seeds, \emph{95\% intervals}.",
        shows="An effect.",
        author="ours",
    )
    with run.folder(run.figure("effect")) as part:
        (part / "figure.json").write_text(figure.model_dump_json())
        (part / "final.png").write_bytes(PIXEL)
    run.degrade("a source was left out", "it did not answer", touches_claims=True)
    run.append(RunFinished(exit_code=10))
    return run
