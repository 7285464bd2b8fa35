"""Law 1: killed at any instant, a run loses at most the work in flight, and everything that finished is there once."""

from __future__ import annotations

import multiprocessing
import random
from collections import Counter
from pathlib import Path

from ai_scientist.runs import Progress, RunDirectory, log
from ai_scientist.runs.events import CallFinished, CallLost, CallStarted, ExperimentFinished, RunResumed
from tests.ai_scientist.runs.making import make
from tests.ai_scientist.runs.sitting import ASIDE, MONEY, sit

KILLS = 20
"""Sittings that got as far as opening the run, each of them killed."""
ENDLESS = 1_000_000
LONGEST = 0.04
"""Seconds that a sitting is let work: some are killed while they open the run, some at each step of the work."""


def test_a_run_that_is_killed_again_and_again_ends_as_if_it_had_not_been(tmp_path: Path) -> None:
    processes = multiprocessing.get_context("forkserver")
    processes.set_forkserver_preload(["tests.ai_scientist.runs.sitting"])
    instants = random.Random(7)
    run = make(tmp_path)
    run.close()
    sittings, finished_before, experiments = 0, set[str](), ENDLESS
    while True:
        ready = processes.Event()
        process = processes.Process(target=sit, args=(str(run.path), experiments, ready))
        process.start()
        ready.wait()
        process.join(None if experiments < ENDLESS else instants.uniform(0.0, LONGEST))
        if not process.is_alive():
            assert process.exitcode == 0
            break
        process.kill()
        process.join()
        read = RunDirectory.read(run.path)
        sittings = sum(isinstance(e, RunResumed) for e in log.events(read.events_jsonl.read_bytes(), read.events_jsonl))
        finished = set(read.progress.finished)
        assert finished >= finished_before
        finished_before = finished
        if sittings >= KILLS:
            experiments = len(finished) + 2

    read = RunDirectory.read(run.path)
    data = read.events_jsonl.read_bytes()
    assert log.whole(data) == len(data)
    events = list(log.events(data, read.events_jsonl))
    assert Progress.replay(events) == read.progress

    scopes = Counter(read.progress.started[e.id].scope for e in events if isinstance(e, ExperimentFinished))
    assert len(scopes) == experiments
    assert set(scopes.values()) == {1}
    on_disk = {path.name.split("-")[0] for path in read.tree.iterdir()}
    assert on_disk == set(read.progress.finished)
    measured = {int(read.progress.started[e.id].scope): e.measurements[0].value for e in read.experiments()}
    assert measured == {scope: scope / 1000 for scope in map(int, scopes)}

    ended = Counter(e.id for e in events if isinstance(e, CallFinished))
    assert set(ended) == {f"{scope}.coder.{n}" for scope in scopes for n in (1, 2)}
    assert set(ended.values()) == {1}
    assert {path.stem for path in read.calls.iterdir()} == set(ended)
    begun = sum(isinstance(e, CallStarted) for e in events)
    lost = [e for e in events if isinstance(e, CallLost)]
    assert begun == len(lost) + 2 * experiments
    assert read.progress.spent.money == len(lost) * ASIDE + 2 * experiments * MONEY
    assert not list(read.path.rglob("*.partial"))
