"""A laboratory without machines: a script in the model's place, and a sandbox in which a program is a line of JSON.

A program states what it would measure: `{"value": 0.8, "noise": 0.01, "seconds": 5, "seeded": true}`; settings are laid
over it. `"fails"`: it ends with status 1; `"measures"`: the data sets it measures, all of them where it does not say.
"""

from __future__ import annotations

import json
import random
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from ai_scientist_sandbox.base import Completed, Image, Limits, SandboxHost

from ai_scientist.config import Config, parse
from ai_scientist.ledger import Ledger
from ai_scientist.models.desk import OpenDesk
from ai_scientist.models.recorded import Seat
from ai_scientist.models.scripted import ScriptedModel
from ai_scientist.records import Author, Idea, Metric, Role
from ai_scientist.runs import RunDirectory

ROLES: tuple[Role, ...] = ("ideas", "coder", "judge", "writer", "vision", "referees")


def an_idea(better: str = "higher", datasets: Sequence[str] = ("digits", "wine")) -> Idea:
    return Idea(
        slug="an-idea",
        title="An idea",
        question="Does it?",
        hypothesis="It does.",
        predictions=(),
        metric=Metric.model_validate({"name": "accuracy", "better": better}),
        datasets={name: f"the {name} data" for name in datasets},
        baseline="The usual.",
        proposal="Something else.",
    )


def a_config(**given: Any) -> Config:
    """One worker and small stages, unless told otherwise: `workers=4, search={...}`."""
    stages = {
        "prototype": {"experiments": 3},
        "tune": {"experiments": 2},
        "explore": {"experiments": 3, "rounds": 1},
        "ablate": {"experiments": 1},
    }
    search = {"seeds": 2, "leaders": 1, "confirm_seeds": 2, **given.pop("search", {})}
    search["stages"] = {**stages, **search.get("stages", {})}
    return parse({"workers": 1, **given, "search": search})


def a_run(folder: Path, config: Config) -> RunDirectory:
    return RunDirectory.create(folder, topic="a topic", slug="a-topic", config=config, about={})


Answer = Callable[[str, Mapping[str, Any]], Mapping[str, Any] | BaseException]


def a_desk(run: RunDirectory, answer: Answer | None = None, author: Author = "ours") -> OpenDesk:
    """The real desk, with a script at every seat: `answer` first, and where it gives nothing, `usual`."""

    def script(name: str, values: Mapping[str, Any]) -> Any:
        return (answer and answer(name, values)) or usual(name, values)

    seat = Seat(ScriptedModel(script, author=author))
    return OpenDesk(dict.fromkeys(ROLES, seat), run, Ledger(run.config.budget, run.progress.spent), attempts=2)


def usual(name: str, values: Mapping[str, Any]) -> Mapping[str, Any]:
    """A first draft of 0.5, and changes that help a little, the later directions more."""
    if name == "plan_stage":
        stage = values["stage"]
        return {"goals": [f"{stage} something"], "directions": [f"{stage} {n}" for n in range(values["experiments"])]}
    if name == "judge_stage":
        return {"met": True, "why": "As the table shows.", "again": False, "goals": []}
    if name == "draft":
        return {"change": "first", "plan": "Begin.", "program": json.dumps({"value": 0.5, "noise": 0.01}), "config": {}}
    parent = values["parent"]
    label = values["direction"] or "free"
    if name == "debug":
        return {"change": label, "plan": "Mend.", "edits": [{"find": '"fails": true', "replace": '"fails": false'}]}
    program = json.loads(parent["program"])
    number = int(label.split()[-1]) if label[-1].isdigit() else 0
    program["value"] = round(program["value"] + (-0.1 if name == "ablate" else 0.01 * (number + 1)), 6)
    return {
        "change": label,
        "plan": "Try.",
        "program": json.dumps(program),
        "config": {label.replace(" ", "_"): number},
    }


class FakeHost(SandboxHost):
    """Runs programs of JSON. `pause`: waits so many seconds for each second a program states."""

    name = "fake"

    def __init__(self, idea: Idea, *, pause: float = 0.0, spend: Callable[[float], None] | None = None) -> None:
        self.idea, self.pause, self.spend = idea, pause, spend
        self.authors: list[Author] = []
        self.jobs: list[dict[str, Any]] = []
        self.before: Callable[[dict[str, Any]], None] = lambda told: None
        """Called with job.json before each run; may raise."""

    def for_author(self, author: Author) -> FakeHost:
        self.authors.append(author)
        return self

    def holds(self) -> Mapping[Any, str | None]:
        return {}

    def image(self, name: str) -> Image:
        return Image(name, "sha256:0")

    def open(
        self,
        image: str,
        limits: Limits,
        *,
        mounts: Mapping[str, Path] | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> FakeSandbox:
        return FakeSandbox(self)


class FakeSandbox:
    def __init__(self, host: FakeHost) -> None:
        self.host = host
        self.files: dict[str, bytes] = {}
        self.output: dict[str, bytes] = {}
        self.stopped = threading.Event()

    def put(self, files: Mapping[str, bytes]) -> None:
        self.files |= files

    def run(self, command: Sequence[str]) -> Completed:
        told = json.loads(self.files["job.json"])
        self.host.jobs.append(told)
        self.host.before(told)
        program = json.loads(self.files["program.py"]) | told["config"]
        seconds = program.get("seconds", 0.0)
        if self.host.spend:
            self.host.spend(seconds)
        elif self.host.pause and self.stopped.wait(seconds * self.host.pause):
            return Completed("killed", None, "", 0.0)
        if program.get("fails"):
            return Completed("exited", 1, "Traceback: it fails", seconds)
        lines = [{"kind": "seed", "seed": told["seed"]}] if program.get("seeded", True) else []
        for dataset in program.get("measures", list(self.host.idea.datasets)):
            for split in ("validation", *(["test"] if told["confirming"] else [])):
                drawn = random.Random(f"{told['seed']} {dataset} {split}").gauss(0, program.get("noise", 0.0))
                value = None if program["value"] is None else program["value"] + drawn
                better = self.host.idea.metric.better
                named = {"kind": "measurement", "metric": "accuracy", "better": better, "dataset": dataset}
                lines.append({**named, "split": split, "value": value, "step": None})
        self.output["measurements.jsonl"] = "".join(json.dumps(line) + "\n" for line in lines).encode()
        return Completed("exited", 0, "done\n", seconds)

    def fetch(self) -> Mapping[str, bytes]:
        return self.output

    def stop(self) -> None:
        self.stopped.set()

    def close(self) -> None:
        pass

    def __enter__(self) -> FakeSandbox:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()
