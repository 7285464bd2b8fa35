"""Plans lie where a person may read, refuse and change them; prompts tell of the tree within a bound."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest

from ai_scientist.errors import InputError
from ai_scientist.records import Experiment, Stage
from ai_scientist.search.lessons import BEST, FAILED, LINE, digest, lessons
from ai_scientist.search.plan import plan
from ai_scientist.search.stage import run_stage
from ai_scientist.search.tree import Tree
from tests.ai_scientist.search.fakes import FakeHost, a_config, a_desk, a_run, an_idea
from tests.ai_scientist.search.test_tree import experiment

IDEA = an_idea()


def test_a_refused_plan_is_made_again_with_the_reason(tmp_path: Path) -> None:
    shown: list[tuple[Stage, int]] = []

    def gate(stage: Stage, attempt: int) -> str | None:
        shown.append((stage, attempt))
        return "Too timid." if attempt == 1 else None

    with a_run(tmp_path, a_config()) as run:
        closed = run_stage(IDEA, run=run, desk=a_desk(run), host=FakeHost(IDEA), stop=threading.Event(), gate=gate)
        asked = [run.read_call(id) for id in run.progress.calls if id.startswith("stage-")]
        assert [call and call.values["note"] for call in asked] == ["", "Too timid."]
    assert [attempt for _, attempt in shown] == [1, 2]
    assert closed.met


def test_a_plan_that_was_changed_by_hand_is_followed(tmp_path: Path) -> None:
    with a_run(tmp_path, a_config()) as run:
        desk = a_desk(run)
        plan(IDEA, "prototype", 1, 1, None, run, desk, "")
        file = run.plan("prototype", 1)
        run.write(file, json.dumps({**json.loads(file.read_text()), "goals": ["Mine."], "directions": ["my way"]}))
        stage, directions = plan(IDEA, "prototype", 1, 1, None, run, desk, "")
        assert (stage.goals, directions) == (("Mine.",), ("my way",))
        assert run.progress.opened["prototype", 1].goals == ("Mine.",)
        run.write(file, '{"goals": "nothing"')
        with pytest.raises(InputError, match="cannot be read"):
            plan(IDEA, "prototype", 1, 1, None, run, desk, "")


def grown(experiments: int) -> Tree:
    made: list[Experiment] = []
    for n in range(1, experiments + 1):
        long = "a change described at great length " * 3
        if n % 3:
            made.append(experiment(n, n / 1000, n / 1000, change=long))
        else:
            made.append(
                experiment(n, outcome="failed", change=long, fault="x" * 5000 + "\nValueError: bad " + "y" * 999)
            )
    return Tree(IDEA, made)


def test_what_was_learnt_does_not_grow_with_the_tree() -> None:
    small, large = lessons(grown(20)), lessons(grown(200))
    assert len(small) == len(large) == BEST + FAILED
    assert all(len(line) <= LINE for line in large)
    assert large[0].startswith("0200 explore")
    assert "ValueError: bad" in large[-1]


def test_an_experiment_is_shown_with_its_final_measurements_and_the_end_of_its_fault() -> None:
    shown = digest(experiment(1, 0.5, 0.6, outcome="failed", fault="x" * 9000 + "the end"), "program")
    assert shown["fault"].endswith("the end")
    assert len(shown["fault"]) <= 3000
    assert [m["value"] for m in shown["measurements"]] == [0.5, 0.6]
