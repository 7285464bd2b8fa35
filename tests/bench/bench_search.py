"""The search loop: how busy it keeps its workers, and what it costs beside the experiments themselves.

The real loop, workers, desk and run directory run here; only models and programs are played, by latencies drawn from
heavy-tailed distributions like those measured for real ones. On the simulated clock the framework's own time counts
nothing; it is in the real traces, and by itself in `search.overhead_ms`.
"""

from __future__ import annotations

import json
import math
import os
import random
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from statistics import mean
from typing import Any
from unittest import mock

from ai_scientist.config import Config
from ai_scientist.models.base import ChatModel
from ai_scientist.models.desk import OpenDesk
from ai_scientist.records import Stage
from ai_scientist.runs import RunDirectory
from ai_scientist.search.agenda import StageAgenda
from ai_scientist.search.executor import Executor, Threads
from ai_scientist.search.loop import Loop
from ai_scientist.search.policy import open_policy
from ai_scientist.search.stage import next_due, run_stage
from ai_scientist.search.worker import Worker
from tests.ai_scientist.search.fakes import FakeHost, a_config, a_desk, a_run, an_idea, usual
from tests.ai_scientist.search.simulated import Barrier, Clock, Simulated
from tests.bench.row import Row

IDEA = an_idea()
WORKERS = 4
STAGES = {
    "prototype": {"experiments": 6},
    "tune": {"experiments": 12},
    "explore": {"experiments": 20, "rounds": 1},
    "ablate": {"experiments": 14},
}
"""About 60 experiments with the seed repeats of the leaders."""
SCALE = 0.1
"""Of the real traces: seconds that pass for one of the trace."""


def lognormal(draw: random.Random, average: float, sigma: float) -> float:
    return draw.lognormvariate(math.log(average) - sigma**2 / 2, sigma)


@dataclass
class Trace:
    """What each experiment takes and whether it fails, by its id: the same whoever schedules it."""

    number: int
    pass_time: Callable[[float], None]
    spent: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    """Scope to seconds of the trace."""
    here: threading.local = field(default_factory=threading.local)

    def spend(self, seconds: float) -> None:
        self.spent[self.here.scope] += seconds
        self.pass_time(seconds)

    def answer(self, name: str, values: Mapping[str, Any]) -> Any:
        """Model calls take 2 s on average; a quarter of new programs fails, and 70 % of mendings succeed; a program takes
        5 s on average and 60 s at most."""
        draw = random.Random(f"{self.number} {self.here.scope}")
        self.spend(lognormal(draw, 2, 0.6))
        if name in ("plan_stage", "judge_stage"):
            return None
        program = {
            "value": draw.gauss(0.5, 0.05),
            "noise": 0.02,
            "seconds": min(60.0, lognormal(draw, 5, 1.1)),
            "fails": draw.random() < (0.3 if name == "debug" else 0.25),
        }
        change = {"change": str(values["direction"] or "first"), "plan": "p", "program": json.dumps(program)}
        return {**change, "config": {}}


class TracedDesk:
    """Tells the trace whose call it is."""

    def __init__(self, desk: OpenDesk, trace: Trace) -> None:
        self.desk, self.trace = desk, trace

    def model(self, role: str, scope: str) -> ChatModel:
        self.trace.here.scope = scope
        return self.desk.model(role, scope)

    def named(self, name: str, role: str, scope: str) -> ChatModel:
        self.trace.here.scope = scope
        return self.desk.named(name, role, scope)


@contextmanager
def a_searched_run(trace: Trace, executor: Executor, *, durable: bool) -> Iterator[RunDirectory]:
    """All four stages, run to their ends."""
    config = a_config(workers=WORKERS, search={"drafts": 4, "leaders": 2, "seeds": 3, "stages": STAGES})
    with tempfile.TemporaryDirectory() as folder, fsync(durable), a_run(Path(folder), config) as run:
        desk = TracedDesk(a_desk(run, trace.answer), trace)
        host = FakeHost(IDEA, spend=trace.spend)
        while next_due(run.progress, config):
            run_stage(IDEA, run=run, desk=desk, host=host, stop=threading.Event(), executor=executor)
        yield run


def ideal(run: RunDirectory, spent: Mapping[str, float]) -> float:
    """The makespan of a list scheduler that costs nothing: the same experiments in the same order on as many workers, each
    after its parent; stages follow each other, with the manager's calls between them."""
    now, ends = 0.0, {}
    for name, round in run.progress.opened:
        now += spent[f"stage-{name}-{round}"]
        free = [now] * WORKERS
        start = now
        for event in run.progress.started.values():
            if (event.stage, event.round) == (name, round):
                start = max(min(free), ends.get(event.parent, 0.0), start)
                ends[event.id] = start + spent[event.id]
                free[free.index(min(free))] = ends[event.id]
        now = max(free) + spent[f"judge-{name}-{round}"]
    return now


def simulated(number: int, kind: type[Simulated]) -> tuple[float, float, float]:
    """Wall and ideal in seconds of the trace, and model calls per experiment that is no seed repeat."""
    clock = Clock()
    trace = Trace(number, clock.spend)
    with a_searched_run(trace, kind(WORKERS, clock), durable=False) as run:
        variants = sum(1 for event in run.progress.started.values() if event.action != "repeat")
        return clock.now, ideal(run, trace.spent), len(run.progress.calls) / variants


def bench_simulated_traces() -> Iterator[Row]:
    ours = [simulated(number, Simulated) for number in range(20)]
    barrier = [simulated(number, Barrier) for number in range(20)]
    yield Row.of("search.wall_ratio", [wall / best for wall, best, _ in ours], "ratio", reach=1.05)
    ratios = [theirs[0] / wall for theirs, (wall, _, _) in zip(barrier, ours, strict=True)]
    yield Row.of("search.barrier_ratio", ratios, "ratio")
    yield Row.of("search.calls_per_experiment", [calls for _, _, calls in ours], "calls", reach=2.5)


def bench_real_traces() -> Iterator[Row]:
    """With threads, events on disk and a clock that passes, a tenth as long."""
    ratios = []
    for number in range(3):
        trace = Trace(number, lambda seconds: time.sleep(seconds * SCALE))
        began = time.perf_counter()
        with a_searched_run(trace, Threads(WORKERS), durable=True) as run:
            wall = time.perf_counter() - began
            ratios.append(wall / (ideal(run, trace.spent) * SCALE))
    yield Row.of("search.wall_ratio_real", ratios, "ratio", reach=1.05)


def bench_overhead() -> Iterator[Row]:
    """The framework's own time per experiment, and the length of its prompts as the tree grows."""
    starts, lengths = grown(210)
    yield Row.of("search.overhead_ms", between(starts[10:31]), "ms", reach=30)
    yield Row.of("search.prompt_growth", [mean(lengths[190:]) / mean(lengths[10:30])], "ratio", reach=1.1)


def full_overhead() -> Iterator[Row]:
    starts, _ = grown(2_000)
    yield Row.of("search.overhead_ms_at_2000", between(starts[-22:-1]), "ms", reach=30)


def between(starts: list[float]) -> list[float]:
    return [1000 * (after - before) for before, after in pairwise(starts)]


def grown(most: int) -> tuple[list[float], list[int]]:
    """When each experiment started on one worker, all latencies zero, and the length of each coder's prompt. Writing waits
    for the disk where it is looked at: in the first and in the last."""
    config = a_config(search={"seeds": 1, "stages": {"explore": {"experiments": most, "rounds": 1}}})

    def answer(name: str, values: Mapping[str, Any]) -> Any:
        return {**usual(name, values), "directions": ["better 1"]} if name == "plan_stage" else None

    with tempfile.TemporaryDirectory() as folder, fsync(True) as durable, a_run(Path(folder), config) as run:
        desk, host = a_desk(run, answer), FakeHost(IDEA)
        while (due := next_due(run.progress, config)) and due[0] != "explore":
            run_stage(IDEA, run=run, desk=desk, host=host, stop=threading.Event())

        def told(job: Mapping[str, Any]) -> None:
            ran = len(host.jobs)
            durable.on = ran < 40 or ran > most - 40

        host.before = told
        explore(run, config, desk, host, most)
        kept = [run.read_call(id) for id in run.progress.calls if ".coder." in id]
        return [event.at for event in run.progress.started.values()], [len(call.text) for call in kept if call]


def explore(run: RunDirectory, config: Config, desk: OpenDesk, host: FakeHost, experiments: int) -> None:
    stop = threading.Event()
    stage = Stage(name="explore", goals=("g",), experiments=experiments)
    directions = tuple(f"explore {n % 10}" for n in range(experiments))
    agenda = StageAgenda(stage, open_policy(config.search), config.search, "0001", directions)
    worker = Worker(IDEA, run, desk, host, stop)
    Loop(agenda, idea=IDEA, run=run, worker=worker, executor=Threads(1), stop=stop).run_to_end()


@dataclass
class Switch:
    on: bool


@contextmanager
def fsync(on: bool) -> Iterator[Switch]:
    """Whether writing waits for the disk. Where no time is taken, it need not."""
    switch, real = Switch(on), os.fsync
    with mock.patch.object(os, "fsync", lambda handle: real(handle) if switch.on else None):
        yield switch
