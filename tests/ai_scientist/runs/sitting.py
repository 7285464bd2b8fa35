"""One sitting of a small made-up study: a process that a test kills and starts again."""

from __future__ import annotations

from multiprocessing.synchronize import Event
from pathlib import Path

from ai_scientist.records import Usage
from ai_scientist.runs import RunDirectory
from ai_scientist.runs.calls import Call
from ai_scientist.runs.events import CallFinished, CallStarted, ExperimentFinished, RunFinished
from tests.ai_scientist.runs.making import call, experiment, started, write_experiment

MONEY = 0.25
ASIDE = 1.0


def sit(path: str, experiments: int, ready: Event) -> None:
    """Go on with the study until it is done: each experiment asks a model twice and writes a folder."""
    ready.set()
    with RunDirectory.open(Path(path)) as run:
        while len(run.progress.finished) < experiments:
            id = run.progress.next_experiment
            again = next(iter(run.progress.interrupted.values()), None)
            scope = again.scope if again else id
            run.append(started(id, scope=scope))
            for number in (1, 2):
                ask(run, f"{scope}.coder.{number}")
            done = experiment(id, value=int(scope) / 1000)
            write_experiment(run, done)
            run.append(ExperimentFinished(id=id, outcome="worked", used=Usage(wall=2.0)))
        run.append(RunFinished(exit_code=0))


def ask(run: RunDirectory, id: str) -> Call:
    if (kept := run.read_call(id)) is not None:
        return kept
    run.append(CallStarted(id=id, role="coder", model="m", money=ASIDE, tokens=100))
    answered = call(id, money=MONEY)
    run.write(run.call(id), answered.model_dump_json())
    run.append(CallFinished(id=id, money=MONEY, tokens_in=10, tokens_out=5, seconds=1.0))
    return answered
