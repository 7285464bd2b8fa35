"""The whole search over real run directories, with a script for a model and programs of one line."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from ai_scientist.config import Config
from ai_scientist.errors import NothingFound
from ai_scientist.records import Arms
from ai_scientist.runs import RunDirectory
from ai_scientist.runs.events import ExperimentStarted
from ai_scientist.search.confirm import confirm
from ai_scientist.search.stage import next_due, run_stage
from tests.ai_scientist.search.fakes import Answer, FakeHost, a_config, a_desk, a_run, an_idea

IDEA = an_idea()


def search(run: RunDirectory, answer: Answer | None = None, host: FakeHost | None = None) -> Arms:
    host, stop, desk = host or FakeHost(IDEA), threading.Event(), a_desk(run, answer)
    while next_due(run.progress, run.config):
        run_stage(IDEA, run=run, desk=desk, host=host, stop=stop)
    return confirm(IDEA, run=run, desk=desk, host=host, stop=stop)


def failing_first(name: str, values: Mapping[str, Any]) -> Any:
    """Both the first draft and the first ablation fail, and are mended."""
    if name == "draft":
        return {"change": "first", "plan": "", "program": json.dumps({"value": 0.5, "fails": True})} | {"plan": "p"}
    if name == "ablate":
        program = json.dumps({"value": 0.3, "fails": True})
        return {"change": values["direction"], "plan": "p", "program": program}
    return None


def test_a_search_ends_in_arms_that_stand_on_distinct_fresh_seeds(tmp_path: Path) -> None:
    with a_run(tmp_path, a_config(seed=7)) as run:
        arms = search(run)
        done = {e.id: e for e in run.experiments()}
    assert [done[arms.baseline].stage, done[arms.proposed].stage] == ["tune", "explore"]
    assert [done[a].parent for a in arms.ablations] == [arms.proposed]
    for arm in arms.all:
        repeats = [e for e in done.values() if e.stage == "confirm" and e.parent == arm]
        assert {e.seed for e in repeats} == {7500, 7501}
        assert all(e.confirming and e.action == "repeat" and e.seeded for e in repeats)
        assert {m.split for e in repeats for m in e.measurements} == {"validation", "test"}
    selected = [e for e in done.values() if e.stage != "confirm"]
    assert {e.seed for e in selected} == {7000, 7001}
    assert not [m for e in selected for m in e.measurements if m.split == "test"]
    for leader in (arms.baseline, arms.proposed):
        assert {e.seed for e in selected if leader in (e.id, e.parent if e.action == "repeat" else "")} == {7000, 7001}
    assert not run.progress.degradations


def test_programs_get_what_they_were_started_with(tmp_path: Path) -> None:
    host = FakeHost(IDEA)
    with a_run(tmp_path, a_config()) as run:
        search(run, host=host)
        for told, e in zip(host.jobs, run.experiments(), strict=True):
            assert told == {"seed": e.seed, "config": dict(e.config), "confirming": e.confirming}
            kept = {p.relative_to(run.experiment(e.folder)).as_posix() for p in run.experiment(e.folder).rglob("*.*")}
            assert kept >= {"program.py", "job.json", "experiment.json", "output/log.txt", "output/measurements.jsonl"}


def test_failures_are_mended_and_a_mended_ablation_is_one(tmp_path: Path) -> None:
    stages = {"ablate": {"experiments": 2}}
    with a_run(tmp_path, a_config(search={"stages": stages})) as run:
        arms = search(run, failing_first)
        done = {e.id: e for e in run.experiments()}
    assert [done["0001"].outcome, done["0002"].outcome] == ["failed", "worked"]
    assert [done["0002"].action, done["0002"].parent] == ["debug", "0001"]
    [ablation] = arms.ablations
    failed = done[done[ablation].parent or ""]
    assert [done[ablation].action, done[ablation].stage, failed.action] == ["debug", "ablate", "ablate"]
    assert failed.parent == arms.proposed
    assert done[ablation].change == failed.change  # it keeps the direction that it mends


def test_nothing_that_works_is_said(tmp_path: Path) -> None:
    def hopeless(name: str, values: Mapping[str, Any]) -> Any:
        if name == "debug":
            return {"change": "c", "plan": "p", "config": {"try": values["parent"]["id"]}}
        return failing_first(name, values)

    with a_run(tmp_path, a_config()) as run, pytest.raises(NothingFound, match=r"tried 3.*it fails"):
        search(run, hopeless)


def test_a_stage_that_finds_nothing_carries_on_what_was_there_and_says_so(tmp_path: Path) -> None:
    def no_tuning(name: str, values: Mapping[str, Any]) -> Any:
        nan = json.dumps({"value": None})
        return {"change": "c", "plan": "p", "program": nan, "config": {}} if name in ("tune",) else None

    with a_run(tmp_path, a_config(search={"debug_depth": 0})) as run:
        arms = search(run, no_tuning)
        assert arms.baseline == "0001"
        assert [d.touches_claims for d in run.progress.degradations] == [True]


def test_what_the_model_says_of_the_goals_changes_nothing_but_a_round(tmp_path: Path) -> None:
    def dissatisfied(name: str, values: Mapping[str, Any]) -> Any:
        if name == "judge_stage":
            return {"met": False, "why": "No.", "again": True, "goals": ["More."]}
        return None

    stages = {"explore": {"experiments": 2, "rounds": 2}}
    with a_run(tmp_path, a_config(search={"stages": stages})) as run:
        search(run, dissatisfied)
        assert [key for key in run.progress.closed if key[0] == "explore"] == [("explore", 1), ("explore", 2)]
        assert all(closed.met for closed in run.progress.closed.values())


def test_unseeded_repeats_are_told(tmp_path: Path) -> None:
    def unseeded(name: str, values: Mapping[str, Any]) -> Any:
        program = json.dumps({"value": 0.5, "seeded": False})
        return {"change": "c", "plan": "p", "program": program} if name == "draft" else None

    with a_run(tmp_path, a_config()) as run:
        search(run, unseeded)
        assert not [e for e in run.experiments() if e.action == "repeat" and e.stage != "confirm"]
        assert {d.what[-25:] for d in run.progress.degradations} == {"confirmed on 0 distinct seeds"[-25:]}


# Killed and resumed


def tree_of(run: RunDirectory) -> list[tuple]:
    """All experiments, with ids that do not depend on how often one was taken up."""
    order = {e.id: n for n, e in enumerate(run.experiments())}
    return [
        (order.get(e.parent or ""), e.model_dump(exclude={"id", "parent", "used", "sandbox"}))
        for e in run.experiments()
    ]


def cut(whole: Path, to: Path, events: int, *, keep_folders: bool) -> None:
    """The run as a kill after so many events leaves it. `keep_folders`: the last folder was there already."""
    shutil.copytree(whole, to)
    lines = (whole / "events.jsonl").read_text().splitlines(keepends=True)
    (to / "events.jsonl").write_text("".join(lines[:events]) + lines[events][:20])
    told = [json.loads(line) for line in lines[: events + keep_folders]]
    done = {event["id"] for event in told if event["kind"] in ("experiment_finished", "call_finished")}
    for folder in (to / "tree").iterdir():
        if folder.name[:4] not in done:
            shutil.rmtree(folder)
    for call in (to / "calls").iterdir():
        if call.stem not in done:
            call.unlink()
    opened = {f"{e['stage']['name']}-{e['stage']['round']}" for e in told if e["kind"] == "stage_opened"}
    for plan in (to / "plans").iterdir():
        if plan.stem not in opened:
            plan.unlink()


def killed_and_resumed(tmp_path: Path, config: Config, keep_folders: bool) -> None:
    with a_run(tmp_path / "whole", config) as run:
        arms = search(run, failing_first)
        twin, calls = tree_of(run), sorted(run.progress.calls)
        rounds = [(c.stage, c.met, c.why) for c in run.progress.closed.values()]
        place = {e.id: n for n, e in enumerate(run.experiments())}
    for events in range(run.progress.events):
        cut(run.path, tmp_path / str(events), events, keep_folders=keep_folders)
        with RunDirectory.open(tmp_path / str(events)) as again:
            found = search(again, failing_first)
            assert tree_of(again) == twin, events
            assert [(c.stage, c.met, c.why) for c in again.progress.closed.values()] == rounds, events
            now = {e.id: n for n, e in enumerate(again.experiments())}
            assert [now[a] for a in found.all] == [place[a] for a in arms.all]
            scopes = [call.rsplit(".", 2)[0] for call in again.progress.calls]
            assert len(scopes) == len(set(scopes)) == len(calls), events
            assert not again.progress.degradations
        shutil.rmtree(tmp_path / str(events))


@pytest.mark.parametrize("keep_folders", [False, True])
def test_killed_at_any_event_and_resumed_a_run_equals_its_twin(tmp_path: Path, keep_folders: bool) -> None:
    stages = {
        "prototype": {"experiments": 2},
        "tune": {"experiments": 1},
        "explore": {"experiments": 2},
        "ablate": {"experiments": 2},
    }
    killed_and_resumed(tmp_path, a_config(search={"stages": stages, "confirm_seeds": 2}), keep_folders)


def test_with_several_workers_all_that_was_cut_off_is_taken_up_first(tmp_path: Path) -> None:
    config = a_config(workers=3, search={"stages": {"explore": {"experiments": 6}}})
    with a_run(tmp_path, config) as run:
        search(run)
        path, progress = run.path, run.progress
    lines = (path / "events.jsonl").read_text().splitlines()
    told = [json.loads(line) for line in lines]
    third = [n for n, e in enumerate(told) if e["kind"] == "experiment_started" and e["stage"] == "explore"][2]
    cut(path, tmp_path / "cut", third + 1, keep_folders=False)
    with RunDirectory.open(tmp_path / "cut") as again:
        open_ones: list[ExperimentStarted] = list(again.progress.interrupted.values())
        assert open_ones
        search(again)
        taken = [e for e in again.progress.started.values() if e.scope != e.id]
        assert [e.scope for e in taken] == [e.scope for e in open_ones]
        assert not again.progress.degradations  # no prompt was another than the one that was asked
        variants = [[e for e in p.started.values() if e.action != "repeat"] for p in (progress, again.progress)]
        assert len({e.scope for e in variants[0]}) == len({e.scope for e in variants[1]})
