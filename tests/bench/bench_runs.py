"""How long it takes to know where a long run stands."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

from ai_scientist.config import Config
from ai_scientist.records import Usage
from ai_scientist.runs import RunDirectory
from ai_scientist.runs.events import CallFinished, CallStarted, ExperimentFinished, ExperimentStarted
from tests.bench.row import Row

EVENTS = 100_000
REPEATS = 7


def bench_replay() -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as folder:
        with RunDirectory.create(Path(folder), topic="bench", slug="bench", config=Config()) as run:
            pass
        run.events_jsonl.write_text("\n".join(_lines()) + "\n", encoding="utf-8")
        repeats = []
        for _ in range(REPEATS):
            start = perf_counter()
            read = RunDirectory.read(run.path)
            repeats.append(perf_counter() - start)
            assert read.progress.events == EVENTS
    yield Row.of("runs.replay_seconds", repeats, "s", reach=2.0)


def _lines() -> Iterator[str]:
    """As a search writes them: an experiment, two model calls, the experiment's end, over and over."""
    for n in range(EVENTS // 6):
        id = f"{n + 1:04d}"
        yield ExperimentStarted(
            id=id, parent=None, stage="explore", round=1, action="improve", seed=n, scope=id, at=1e9 + n
        ).model_dump_json()
        for call in (1, 2):
            name = f"{id}.coder.{call}"
            started = CallStarted(id=name, role="coder", model="offline", money=0.01, tokens=5000, at=1e9 + n)
            yield started.model_dump_json()
            finished = CallFinished(id=name, money=0.001, tokens_in=900, tokens_out=80, seconds=1.5, at=1e9 + n)
            yield finished.model_dump_json()
        yield ExperimentFinished(
            id=id, outcome="worked", used=Usage(wall=12.5, cpu=11.0, memory=1 << 28)
        ).model_dump_json()
    for n in range(EVENTS % 6):
        yield CallStarted(id=f"a.judge.{n}", role="judge", model="offline", money=0, tokens=0, at=2e9).model_dump_json()
