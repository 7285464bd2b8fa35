"""How long it takes from a topic to a reviewed paper, with nothing to set up or build."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

from ai_scientist.runs import RunDirectory
from tests.bench.row import Row

TOPICS = (
    "early stopping under label noise",
    "calibration of predicted probabilities",
    "learning from few training images",
)
REACH = 90.0
"""Seconds on two cores."""


def bench_offline() -> Iterator[Row]:
    """One run of each study, whole processes, the bundle and the review included."""
    repeats, counts, seeds = [], [], []
    for topic in TOPICS:
        with tempfile.TemporaryDirectory() as folder:
            command = [sys.executable, "-m", "ai_scientist", "run", topic, "--model", "offline", "--runs", folder]
            start = perf_counter()
            ended = subprocess.run(command, capture_output=True, text=True, check=False)
            repeats.append(perf_counter() - start)
            if ended.returncode != 0:
                raise RuntimeError(f"the run ended with {ended.returncode}: {ended.stderr[-500:]}")
            run = RunDirectory.read(Path(ended.stdout.splitlines()[0]))
            counts.append(float(len(run.experiments())))
            seeds.append(float(fewest_seeds(run)))
    yield Row.of("run.offline_seconds", repeats, "s", reach=REACH)
    yield Row.of("run.offline_experiments", counts, "experiments")
    yield Row.of("run.offline_seeds", seeds, "seeds behind every number")


def fewest_seeds(run: RunDirectory) -> int:
    seeds: dict[str | None, set[int]] = defaultdict(set)
    for experiment in run.experiments():
        if experiment.confirming and experiment.worked and experiment.seeded:
            seeds[experiment.parent].add(experiment.seed)
    return min(len(found) for found in seeds.values())
