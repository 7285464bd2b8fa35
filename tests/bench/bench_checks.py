"""How many seeded errors the checks miss, and how often they are wrong about a clean paper: our own papers, no model."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from ai_scientist_reviewer.bench.bench import Plan, Tools, bench
from ai_scientist_reviewer.bench.estimates import Estimate

from ai_scientist.judging.bench import compiling, paper_given
from ai_scientist.services import strong_host
from tests.bench.row import Row

TOPICS = (
    "early stopping under label noise",
    "calibration of predicted probabilities",
    "learning from few training images",
)
MISSED = 0.05
"""Share of the errors of one kind, at most."""
ALARMS = 1.0
"""Errors that are none, for each clean paper, at most."""


def bench_seeded() -> Iterator[Row]:
    """One paper of our own, one error of each kind: what the checks miss of it in every form that it can be given."""
    yield from seeded(TOPICS[:1], per_kind=1)


def full_seeded() -> Iterator[Row]:
    """Three papers, three errors of each kind."""
    for row in seeded(TOPICS, per_kind=3):
        yield Row(row.name.replace("checks.", "checks.full_", 1), *list(vars(row).values())[1:])


def seeded(topics: Sequence[str], per_kind: int) -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as folder:
        papers = tuple(paper_given(launched(topic, folder)) for topic in topics)
        plan = Plan(frozenset(("A",)), papers, per_kind=per_kind)
        with strong_host() as host:
            results = bench(plan, Path(folder) / "bench", Tools(compile=compiling(host)))
    found = next(one for one in results.seeded if one.reader == "checks, any")
    for kind in found.kinds:
        yield missed(f"checks.missed[{kind.kind}]", kind.recall)
    yield missed("checks.missed", found.overall)
    whole = next(one for one in results.seeded if one.reader == "checks, folder")
    for alarms in whole.alarms:
        value, told = alarms.false.value or 0.0, alarms.false
        low, high = (value if one is None else one for one in (told.low, told.high))
        reach = ALARMS if alarms.severity == "error" else None
        holds = None if reach is None else value <= reach
        yield Row(f"checks.alarms[{alarms.severity}]", value, "per clean paper", reach, holds, told.n, low, high)


def launched(topic: str, folder: str) -> Path:
    """The run's folder."""
    wanted = ("--model", "offline", "--runs", folder)
    ended = subprocess.run(
        [sys.executable, "-m", "ai_scientist", "run", topic, *wanted], capture_output=True, text=True, check=False
    )
    if ended.returncode != 0:
        raise RuntimeError(f"the run ended with {ended.returncode}: {ended.stderr[-500:]}")
    return Path(ended.stdout.splitlines()[0])


def missed(name: str, recall: Estimate) -> Row:
    """What is not found: one less the recall, with its interval turned round."""
    value, low, high = (0.0 if one is None else one for one in (recall.value, recall.low, recall.high))
    return Row(name, 1 - value, "share", MISSED, 1 - value <= MISSED, recall.n, 1 - high, 1 - low)
