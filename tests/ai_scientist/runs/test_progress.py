"""The fold: status, phase, stages, approvals and the clock."""

from __future__ import annotations

import pytest

from ai_scientist.errors import RunDirectoryError
from ai_scientist.records import Stage, Usage
from ai_scientist.runs import Progress
from ai_scientist.runs.events import (
    AnyEvent,
    ApprovalAsked,
    ApprovalGiven,
    CallFinished,
    CallLost,
    CallStarted,
    ExperimentFinished,
    PhaseFinished,
    RunFinished,
    RunResumed,
    RunStarted,
    RunStopped,
    StageClosed,
    StageOpened,
)
from tests.ai_scientist.runs.making import started

START = RunStarted(topic="t", model="offline", at=100.0)


def fold(*events: AnyEvent) -> Progress:
    return Progress.replay((START, *events))


def test_status_and_exit_code() -> None:
    asked = ApprovalAsked(gate="idea")
    stopped = RunStopped(why="Ctrl-C", exit_code=130)
    assert fold().status == "running"
    assert (fold(stopped).status, fold(stopped).exit_code) == ("stopped", 130)
    assert fold(stopped, RunResumed(worked=0)).status == "running"
    assert fold(asked).status == "waiting"
    waiting = fold(asked, RunStopped(why="waits", exit_code=11), RunResumed(worked=0))
    assert (waiting.status, waiting.waiting_for) == ("waiting", ("idea", 1))
    assert fold(asked, ApprovalGiven(gate="idea", accepted=False, note="why")).status == "running"
    assert fold(RunFinished(exit_code=10)).status == "done"


def test_the_clock_counts_work_and_no_pauses() -> None:
    first = fold(started("0001").model_copy(update={"at": 130.0}))
    assert first.seconds() == 30.0
    assert first.seconds(now=150.0) == 50.0
    second = fold(
        started("0001").model_copy(update={"at": 130.0}),
        RunResumed(worked=30.0, at=5000.0),
        RunStopped(why="", exit_code=130, at=5010.0),
        RunResumed(worked=40.0, at=9000.0),
    )
    assert second.seconds() == 40.0
    assert second.seconds(now=9001.0) == 41.0
    assert second.sittings == ((100.0, 130.0), (5000.0, 5010.0), (9000.0, 9000.0))


def test_the_phase_follows_verdicts() -> None:
    done = PhaseFinished
    assert fold().phase == "idea"
    assert fold(done(phase="idea")).phase == "stage"
    assert fold(done(phase="critique", verdict="redraw")).phase == "draw"
    assert fold(done(phase="critique")).phase == "write"
    assert fold(done(phase="check", verdict="FAIL")).phase == "write"
    assert fold(done(phase="check", verdict="mend")).phase == "write"
    assert fold(done(phase="check", verdict="redraw")).phase == "draw"
    assert fold(done(phase="review", verdict="revise")).phase == "write"
    assert fold(done(phase="review")).phase == "bundle"
    assert fold(done(phase="draw"), done(phase="draw", round=2)).rounds("draw") == 2


def test_stages_open_and_close_and_carry_the_best() -> None:
    stage = Stage(name="tune", goals=("g",), experiments=3)
    assert fold(StageOpened(stage=stage)).open_stage == stage
    closed = fold(
        StageOpened(stage=stage),
        StageClosed(stage="tune", round=1, met=True, why="", best="0004"),
        StageOpened(stage=stage.model_copy(update={"name": "explore"})),
        StageClosed(stage="explore", round=1, met=False, why="nothing worked", best=None),
    )
    assert closed.open_stage is None
    assert closed.best == "0004"
    assert list(closed.closed) == [("tune", 1), ("explore", 1)]


def test_costs_that_are_known_and_costs_that_are_not() -> None:
    def begin(n: int) -> CallStarted:
        return CallStarted(id=f"a.judge.{n}", role="judge", model="m", money=1.0, tokens=100)

    known = fold(
        begin(1),
        CallLost(id="a.judge.1", why="unreadable", money=0.1, tokens=20, known=True),
        begin(1),
        CallFinished(id="a.judge.1", money=0.2, tokens_in=20, tokens_out=10, seconds=1),
    ).spent
    assert (known.money, known.tokens, known.calls, known.money_unknown) == (pytest.approx(0.3), 50, 1, False)
    lost = fold(begin(1), CallLost(id="a.judge.1", why="killed", money=1.0, tokens=100)).spent
    assert (lost.money, lost.lost, lost.money_unknown) == (1.0, 1, True)
    unpriced = fold(begin(1), CallFinished(id="a.judge.1", money=None, tokens_in=20, tokens_out=10, seconds=1)).spent
    assert (unpriced.money, unpriced.unpriced, unpriced.money_unknown) == (0.0, 1, True)


def test_twice_is_a_contradiction() -> None:
    over = ExperimentFinished(id="0001", outcome="worked", used=Usage())
    with pytest.raises(RunDirectoryError, match=r"line 4 .*0001 finishes twice"):
        fold(started("0001"), over, over)
    end = CallFinished(id="a.judge.1", money=0, tokens_in=0, tokens_out=0, seconds=0)
    with pytest.raises(RunDirectoryError, match=r"line 2 .*without having started"):
        fold(end)
