"""One experiment in a real sandbox: what a program is given, what is read of it, and what is kept."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from ai_scientist_sandbox import SandboxHost, open_host

from ai_scientist.records import Author, Experiment
from ai_scientist.runs import RunDirectory
from ai_scientist.search.compose import Job
from ai_scientist.search.worker import Worker
from tests.ai_scientist.search.fakes import a_config, a_desk, a_run, an_idea

IDEA = an_idea(datasets=["digits"])

PROGRAM = """\
import lab
import numpy
import random

settings = lab.config(scale=1.0, curve=3)
rng = numpy.random.default_rng(lab.seed())
for step in range(settings.curve):
    lab.measure("accuracy", step / 10, better="higher", dataset="digits", split="validation", step=step)
lab.array("curve", numpy.arange(3))
print("hello")
lab.measure("accuracy", settings.scale * rng.random(), better="higher", dataset="digits", split="validation")
lab.measure("accuracy", 0.25, better="higher", dataset="digits", split="test")
"""


class Processes:
    def __init__(self) -> None:
        self.asked: list[Author] = []

    def for_author(self, author: Author) -> SandboxHost:
        self.asked.append(author)
        return open_host("process", author)


def draft(run: RunDirectory, program: str, hosts: Processes | None = None, **job: Any) -> Experiment:
    """The experiment that comes of a draft."""

    def answer(name: str, values: Mapping[str, Any]) -> Any:
        return {"change": "c", "plan": "p", "program": program, "config": {"scale": 2.0}}

    given = {"id": "0001", "stage": "prototype", "round": 1, "action": "draft", "seed": 5, "scope": "0001", **job}
    worker = Worker(IDEA, run, a_desk(run, answer), hosts or Processes(), threading.Event())
    return worker(Job(**given))


def test_a_program_measures_and_all_of_it_is_kept(tmp_path: Path) -> None:
    import numpy

    with a_run(tmp_path, a_config()) as run:
        done = draft(run, PROGRAM)
        folder = run.experiment(done.folder)
        assert (done.outcome, done.fault, done.seeded, done.sandbox) == ("worked", "", True, "process")
        final = [m for m in done.measurements if m.step is None]
        assert [(m.split, m.value) for m in final] == [("validation", 2 * numpy.random.default_rng(5).random())]
        assert numpy.load(folder / "output/arrays/curve.npy").tolist() == [0, 1, 2]
        assert (folder / "program.py").read_text() == PROGRAM
        assert (folder / "output/log.txt").read_text() == "hello\n"
        assert json.loads((folder / "job.json").read_text()) == {
            "seed": 5,
            "config": {"scale": 2.0},
            "confirming": False,
        }
        assert Experiment.model_validate_json((folder / "experiment.json").read_text()) == done
        assert done.used.wall > 0


def test_the_test_split_opens_when_a_finding_is_confirmed(tmp_path: Path) -> None:
    with a_run(tmp_path, a_config()) as run:
        done = draft(run, PROGRAM, stage="confirm")
        assert done.confirming
        assert [m.value for m in done.measurements if m.split == "test"] == [0.25]


@pytest.mark.parametrize(
    ("program", "outcome", "fault"),
    [
        ("raise ValueError('no such thing')", "failed", "ValueError: no such thing"),
        ("import time; time.sleep(60)", "timed_out", "timed out"),
        ("import lab; lab.config(scale=1)", "unmeasured", "split=\"validation\") for: 'digits'"),
        (PROGRAM.replace("rng.random()", "float('nan')"), "worked", "not a finite number"),
    ],
)
def test_what_goes_wrong_is_an_outcome_with_its_fault(tmp_path: Path, program: str, outcome: str, fault: str) -> None:
    with a_run(tmp_path, a_config(experiment={"wall": 3})) as run:
        done = draft(run, program)
        assert done.outcome == outcome
        assert fault in done.fault


def test_a_seed_that_was_never_asked_for_does_not_count(tmp_path: Path) -> None:
    with a_run(tmp_path, a_config()) as run:
        assert not draft(run, PROGRAM.replace("lab.seed()", "0")).seeded


def test_the_sandbox_is_chosen_by_who_wrote_the_program(tmp_path: Path) -> None:
    for author in ("ours", "model"):
        with a_run(tmp_path, a_config()) as run:
            hosts = Processes()
            answer = {"change": "c", "plan": "p", "program": PROGRAM, "config": {}}
            desk = a_desk(run, lambda name, values, answer=answer: answer, author=author)
            Worker(IDEA, run, desk, hosts, threading.Event())(Job("0001", "prototype", 1, "draft", 0, "0001"))
            assert hosts.asked == [author]
