"""How long it takes from a topic to a reviewed paper, with nothing to set up or build."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from time import perf_counter

from ai_scientist_sandbox.choose import available

from ai_scientist.records import Experiment
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
    """One run of some studies, whole processes, the bundle and the review included; and, where an engine answers, the same under it."""
    strong = {found.name for found in available() if found.strong}
    repeats, counts, seeds, ratios = [], [], [], []
    for topic in TOPICS:
        seconds, run = launched(topic, "bubblewrap")
        repeats.append(seconds)
        counts.append(float(len(run)))
        seeds.append(float(fewest_seeds(run)))
        if "docker" in strong:
            ratios.append(launched(topic, "docker")[0] / seconds)
    yield Row.of("run.offline_seconds", repeats, "s", reach=REACH)
    yield Row.of("run.offline_experiments", counts, "experiments")
    yield Row.of("run.offline_seeds", seeds, "seeds behind every number")
    if ratios:
        yield Row.of("run.docker_ratio", ratios, "ratio to bubblewrap")


def launched(topic: str, sandbox: str) -> tuple[float, Sequence[Experiment]]:
    """Seconds of a whole run, and its experiments."""
    with tempfile.TemporaryDirectory() as folder:
        wanted = ("--model", "offline", "--sandbox", sandbox, "--runs", folder)
        start = perf_counter()
        ended = subprocess.run(
            [sys.executable, "-m", "ai_scientist", "run", topic, *wanted], capture_output=True, text=True, check=False
        )
        seconds = perf_counter() - start
        if ended.returncode != 0:
            raise RuntimeError(f"the run ended with {ended.returncode}: {ended.stderr[-500:]}")
        return seconds, RunDirectory.read(Path(ended.stdout.splitlines()[0])).experiments()


def fewest_seeds(experiments: Sequence[Experiment]) -> int:
    seeds: dict[str | None, set[int]] = defaultdict(set)
    for experiment in experiments:
        if experiment.confirming and experiment.worked and experiment.seeded:
            seeds[experiment.parent].add(experiment.seed)
    return min(len(found) for found in seeds.values())
