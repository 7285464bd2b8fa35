"""Laws 1 and 10: a run that is killed and resumed, again and again, ends as the one that nobody touched."""

from __future__ import annotations

import shutil
import signal
import time
from itertools import cycle
from pathlib import Path

import pytest

from ai_scientist.runs import RunDirectory
from tests.end_to_end.likeness import alike, once
from tests.end_to_end.rewinding import events, rewound
from tests.end_to_end.shell import DONE, LAUNCH, Sitting, call, left

MILESTONES = ("call_finished", "experiment_finished", "stage_opened", "stage_closed", "phase_finished")
"""What happens in a run as often as in its twin, however often it is interrupted."""
PAUSES = (0.0, 0.02, 0.3, 0.9)
"""Seconds from a milestone to the kill, in turn: at once, in the next write, in the midst of a program or of LaTeX."""


def milestones(run: Path) -> int:
    data = (run / "events.jsonl").read_bytes()
    return sum(data.count(b'"kind":"%s"' % kind.encode()) for kind in MILESTONES)


def killed_again_and_again(folder: Path, twin: Path, kills: int) -> Path:
    """A run whose whole process group is killed that often, at instants spread over it, and resumed each time.

    The last kill may come too late, when the run has just ended; an earlier one may not.
    """
    folder.mkdir()
    whole, pauses = milestones(twin), cycle(PAUSES)
    sitting = Sitting(*LAUNCH, "--runs", folder, cwd=folder)
    run = sitting.run
    for kill in range(kills):
        goal = kill * whole // kills
        assert sitting.wait_until(lambda goal=goal: milestones(run) >= goal), sitting.end()
        time.sleep(next(pauses))
        processes = sitting.descendants()
        sitting.signal(signal.SIGKILL)
        code, _, said = sitting.end()
        assert not left(processes)
        if code in DONE and kill == kills - 1:
            return run
        assert code == -signal.SIGKILL, f"it had ended with {code} before kill {kill}: {said}"
        sitting = Sitting("resume", run, cwd=folder)
        assert sitting.run == run
    code, _, said = sitting.end()
    assert code in DONE, said
    return run


def test_a_few_kills(tmp_path: Path, finished: Path) -> None:
    run = killed_again_and_again(tmp_path / "runs", finished, 4)
    once(run)
    alike(run, finished)


@pytest.mark.full
@pytest.mark.timeout(900)
def test_many_kills(tmp_path: Path, finished: Path) -> None:
    assert len(RunDirectory.read(finished).progress.finished) <= 8
    assert RunDirectory.read(finished).config.workers == 1
    run = killed_again_and_again(tmp_path / "runs", finished, 24)
    assert sum(event["kind"] == "run_resumed" for event in events(run)) >= 20
    once(run)
    alike(run, finished)


def test_every_prefix_can_be_opened_and_loses_nothing(tmp_path: Path, finished: Path) -> None:
    """Killed just before each event, with the files that it is about already there."""
    happened = events(finished)
    for count in range(1, len(happened)):
        run = rewound(finished, tmp_path / "run", count, ahead=True)
        ended = {
            event["id"] for event in happened[: count + 1] if event["kind"] in ("call_finished", "experiment_finished")
        }
        with RunDirectory.open(run) as opened:
            progress = opened.progress
            assert {*progress.calls, *progress.finished} == ended
            assert not progress.in_flight
            assert {one.id for one in opened.experiments()} == set(progress.finished)
            assert all(opened.read_call(id) for id in progress.calls)
        shutil.rmtree(run)


def ends_alike(finished: Path, run: Path) -> None:
    ended = call("resume", run, cwd=run.parent)
    assert ended.returncode in DONE, ended.stderr
    once(run)
    alike(run, finished)


@pytest.mark.parametrize("kind", [pytest.param("call_finished", marks=pytest.mark.full), "phase_finished"])
def test_killed_between_a_file_and_its_event(tmp_path: Path, finished: Path, kind: str) -> None:
    """The last of its kind before the review: of the paper's calls, or of the phase that lays the paper down."""
    happened = events(finished)
    written = next(
        n for n, one in enumerate(happened) if (one["kind"], one.get("phase")) == ("phase_finished", "write")
    )
    place = max(n for n, one in enumerate(happened[: written + 1]) if one["kind"] == kind)
    ends_alike(finished, rewound(finished, tmp_path / "run", place, ahead=True))


@pytest.mark.full
@pytest.mark.timeout(1200)
def test_killed_at_every_eighth_event(tmp_path: Path, finished: Path) -> None:
    for count in range(1, len(events(finished)), 8):
        run = rewound(finished, tmp_path / f"run-{count}", count, ahead=count % 16 == 1)
        ends_alike(finished, run)
        shutil.rmtree(run)
