"""Workers that are never idle without cause, and what becomes of faults: of a program, a worker, the machine, the budget."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Mapping
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any

import pytest
from ai_scientist_sandbox import SandboxError

from ai_scientist.config import Config
from ai_scientist.errors import BudgetSpent, MachineError, ModelError, Stopped
from ai_scientist.models.faults import Unreadable
from ai_scientist.records import Stage
from ai_scientist.runs import RunDirectory
from ai_scientist.search.agenda import StageAgenda
from ai_scientist.search.executor import Executor, Threads
from ai_scientist.search.loop import Loop
from ai_scientist.search.policy import open_policy
from ai_scientist.search.stage import run_stage
from ai_scientist.search.tree import Tree
from ai_scientist.search.worker import Worker
from tests.ai_scientist.search.fakes import Answer, FakeHost, a_config, a_desk, a_run, an_idea, usual
from tests.ai_scientist.search.simulated import Barrier, Clock, Simulated

IDEA = an_idea()


def wide(**given: Any) -> Config:
    """Four workers, and many drafts at a time: a stage that is one wide front."""
    stages = {"prototype": {"experiments": 8}}
    return a_config(**{"workers": 4, "search": {"drafts": 8, "seeds": 1, "stages": stages}, **given})


def loop(
    run: RunDirectory,
    host: FakeHost,
    executor: Executor | None = None,
    answer: Answer | None = None,
    stop: threading.Event | None = None,
) -> Loop:
    """The prototype stage of the run."""
    config, stop = run.config, stop or threading.Event()
    stage = Stage(name="prototype", goals=("g",), experiments=config.search.stages["prototype"].experiments)
    return Loop(
        StageAgenda(stage, open_policy(config.search), config.search, None, ()),
        idea=IDEA,
        run=run,
        worker=Worker(IDEA, run, a_desk(run, answer), host, stop),
        executor=executor or Threads(config.workers),
        stop=stop,
    )


def drafts(*seconds: float) -> Answer:
    """Drafts that take so long, in order of asking."""
    rest = list(seconds)

    def answer(name: str, values: Mapping[str, Any]) -> Any:
        program = json.dumps({"value": 0.5, "seconds": rest.pop(0)})
        return {**usual("draft", values), "program": program} if name == "draft" else None

    return answer


def outcomes(tree: Tree) -> list[str]:
    return [tree.variants[id].head.outcome for id in sorted(tree.variants)]


SLOW_FIRST = (100.0, *[10.0] * 7)


def test_a_slow_branch_holds_no_other_up(tmp_path: Path) -> None:
    """Three workers do seven short ones while the fourth is at a long one. A barrier at each step would take 110 s."""
    walls = {}
    for kind in (Simulated, Barrier):
        clock = Clock()
        with a_run(tmp_path / kind.__name__, wide()) as run:
            executor = kind(4, clock)
            loop(run, FakeHost(IDEA, spend=clock.spend), executor, drafts(*SLOW_FIRST)).run_to_end()
            walls[kind] = clock.now
            if kind is Simulated:
                assert sorted(executor.spans)[4:] == [(10, 20)] * 3 + [(20, 30)]
                assert list(run.progress.finished)[-1] == "0001"
    assert walls == {Simulated: 100, Barrier: 110}


def test_real_threads_are_refilled_at_once(tmp_path: Path) -> None:
    with a_run(tmp_path, wide()) as run:
        began = time.monotonic()
        loop(run, FakeHost(IDEA, pause=0.01), answer=drafts(*SLOW_FIRST)).run_to_end()
        assert time.monotonic() - began < 5
        assert list(run.progress.finished)[-1] == "0001"
        assert run.progress.running == {}


def test_a_draft_that_fails_is_a_value_with_its_traceback(tmp_path: Path) -> None:
    def failing(name: str, values: Mapping[str, Any]) -> Any:
        return {**usual(name, values), "program": json.dumps({"fails": True})} if name == "draft" else None

    with a_run(tmp_path, a_config(search={"debug_depth": 0})) as run:
        tree = loop(run, FakeHost(IDEA), answer=failing).run_to_end()
    assert outcomes(tree) == ["failed"] * 3
    assert "Traceback: it fails" in tree.variants["0001"].head.fault


def test_a_worker_that_dies_costs_one_experiment(tmp_path: Path) -> None:
    class Dying(Threads):
        submitted = 0

        def submit(self, job):
            self.submitted += 1
            if self.submitted != 3:
                return super().submit(job)

            def die() -> Any:
                raise BrokenProcessPool("the worker died")

            return super().submit(die)

    with a_run(tmp_path, wide()) as run:
        tree = loop(run, FakeHost(IDEA), Dying(4)).run_to_end()
        assert outcomes(tree).count("undone") == 1
        assert outcomes(tree).count("worked") == 7
        assert "the worker died" in run.experiments()[2].fault


def test_a_machine_that_keeps_failing_ends_the_search(tmp_path: Path) -> None:
    host = FakeHost(IDEA)

    def no_engine(told: dict[str, Any]) -> None:
        raise SandboxError("there is no engine")

    host.before = no_engine
    with a_run(tmp_path, a_config(search={"stages": {"prototype": {"experiments": 9}}})) as run:
        with pytest.raises(MachineError, match="3 times in a row: there is no engine"):
            loop(run, host).run_to_end()
        assert [e.outcome for e in run.experiments()] == ["undone", "undone"]


def test_a_reply_that_cannot_be_used_costs_one_experiment(tmp_path: Path) -> None:
    asked: list[str] = []

    def rambling(name: str, values: Mapping[str, Any]) -> Any:
        asked.append(name)
        return Unreadable("no form", "Well, …") if len(asked) <= 2 else None

    with a_run(tmp_path, a_config()) as run:
        tree = loop(run, FakeHost(IDEA), answer=rambling).run_to_end()
        assert outcomes(tree) == ["undone", "worked"]


@pytest.mark.parametrize("error", [BudgetSpent("The budget is spent."), ModelError("The key is refused.")])
def test_when_the_model_cannot_be_asked_what_runs_ends_and_nothing_more_starts(
    tmp_path: Path, error: Exception
) -> None:
    asked: list[str] = []

    def until_spent(name: str, values: Mapping[str, Any]) -> Any:
        asked.append(name)
        return error if len(asked) == 3 else drafts(5.0)(name, values)

    with a_run(tmp_path, wide()) as run:
        with pytest.raises(type(error), match=str(error)):
            loop(run, FakeHost(IDEA, pause=0.02), answer=until_spent).run_to_end()
        assert len(asked) == 4
        assert len(run.progress.finished) == 3
        assert len(run.progress.running) == 1


def test_hours_that_are_over_start_nothing(tmp_path: Path) -> None:
    with a_run(tmp_path, a_config(budget={"hours": 0})) as run, pytest.raises(BudgetSpent, match="hours"):
        loop(run, FakeHost(IDEA)).run_to_end()
    assert not run.progress.started


def test_a_stop_is_prompt_and_what_was_in_flight_is_taken_up(tmp_path: Path) -> None:
    stop = threading.Event()
    with a_run(tmp_path, wide()) as run:
        threading.Timer(0.3, stop.set).start()
        began = time.monotonic()
        with pytest.raises(Stopped):
            loop(run, FakeHost(IDEA, pause=1), answer=drafts(*[0.01] * 4, *[60.0] * 4), stop=stop).run_to_end()
        assert time.monotonic() - began < 3
        path, calls = run.path, len(run.progress.calls)
    assert len(run.progress.finished) == 4
    with RunDirectory.open(path) as again:
        assert len(again.progress.interrupted) == 4
        loop(again, FakeHost(IDEA), answer=drafts()).run_to_end()
        assert len(again.progress.finished) == 8
        assert len(again.progress.calls) == calls == 8  # the replies were on disk


def test_a_model_that_is_slow_to_answer_does_not_hold_up_a_stop(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ai_scientist.search.loop.GRACE", 0.3)
    stop, released = threading.Event(), threading.Event()

    def waiting(name: str, values: Mapping[str, Any]) -> Any:
        released.wait(20)

    with a_run(tmp_path, a_config()) as run:
        threading.Timer(0.1, stop.set).start()
        began = time.monotonic()
        with pytest.raises(Stopped):
            loop(run, FakeHost(IDEA), answer=waiting, stop=stop).run_to_end()
        assert time.monotonic() - began < 5
        released.set()


def test_the_model_plans_and_judges_once_a_round_and_codes_once_a_variant(tmp_path: Path) -> None:
    with a_run(tmp_path, a_config()) as run:
        run_stage(IDEA, run=run, desk=a_desk(run), host=FakeHost(IDEA), stop=threading.Event())
        assert sorted(run.progress.calls) == ["0001.coder.1", "judge-prototype-1.judge.1", "stage-prototype-1.judge.1"]
