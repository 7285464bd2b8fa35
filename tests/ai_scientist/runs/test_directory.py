"""The run directory: created whole, held by one, refused where it is damaged or newer, mended on opening."""

from __future__ import annotations

import errno
import json
import os
import re
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from ai_scientist.config import Config
from ai_scientist.errors import MachineError, RunDirectoryError
from ai_scientist.records import Usage
from ai_scientist.runs import Progress, RunDirectory, log
from ai_scientist.runs.events import (
    CallStarted,
    Degraded,
    ExperimentFinished,
    ExperimentStarted,
    RunFinished,
    RunStopped,
)
from ai_scientist.runs.progress import summary
from tests.ai_scientist.runs.making import call, experiment, make, started, write_experiment


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def replayed(run: RunDirectory) -> Progress:
    return Progress.replay(log.events(run.events_jsonl.read_bytes(), run.events_jsonl))


def test_a_run_is_created_whole_and_reads_back(tmp_path: Path) -> None:
    with make(tmp_path / "runs") as run:
        assert re.fullmatch(r"\d{4}-\d\d-\d\d_noise_[0-9a-f]{4}", run.path.name)
        assert run.held
        read = RunDirectory.read(run.path)
    assert (read.topic, read.config, read.info["version"], read.info["seed"]) == ("noise", Config(seed=3), "0.1", 3)
    assert read.progress == run.progress
    assert not read.held
    assert list((tmp_path / "runs").iterdir()) == [run.path]


def test_a_folder_named_by_way_of_its_parent_is_written_to(tmp_path: Path) -> None:
    (tmp_path / "here").mkdir()
    with RunDirectory.create(tmp_path / "here" / ".." / "runs", topic="t", slug="t", config=Config()) as run:
        run.write(run.idea_json, "{}")
    with RunDirectory.open(tmp_path / "here" / ".." / "runs" / run.path.name) as again:
        again.write(again.claims_json, "{}")
    assert again.path == run.path == tmp_path.resolve() / "runs" / run.path.name


def test_two_runs_at_once_do_not_disturb_each_other(tmp_path: Path) -> None:
    with make(tmp_path) as one, make(tmp_path) as other:
        assert one.path != other.path
        one.degrade("a", "b")
    assert not other.progress.degradations


def test_a_run_that_another_process_holds_is_refused(tmp_path: Path) -> None:
    program = (
        "import sys, time; from pathlib import Path; from ai_scientist.runs import RunDirectory\n"
        "RunDirectory.open(Path(sys.argv[1])); print('held', flush=True); time.sleep(60)"
    )
    run = make(tmp_path)
    run.close()
    with subprocess.Popen([sys.executable, "-c", program, run.path], stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(RunDirectoryError, match=f"is held by process {holder.pid}"):
            RunDirectory.open(run.path)
        assert RunDirectory.read(run.path).held
        holder.kill()
    RunDirectory.open(run.path).close()


def test_the_lock_does_not_outlive_its_holder_in_a_child(tmp_path: Path) -> None:
    run = make(tmp_path)
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    try:
        run.close()
        RunDirectory.open(run.path).close()
    finally:
        child.kill()
        child.wait()


def test_a_newer_format_is_refused_by_name(tmp_path: Path) -> None:
    run = make(tmp_path)
    run.close()
    run.run_json.write_text(json.dumps({**run.info, "format": 7, "version": "3.2", "moons": 4}))
    before = run.events_jsonl.read_bytes()
    for look in (RunDirectory.open, RunDirectory.read):
        with pytest.raises(RunDirectoryError, match=r"run format 7, .* up to format 1: use the version .*3\.2"):
            look(run.path)
    assert run.events_jsonl.read_bytes() == before


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("run.json", b"{"),
        ("run.json", b"[]"),
        ("run.json", b'{"format": 1}'),
        ("run.json", b"\xff"),
        ("config.yaml", b"moon: 1"),
        ("config.yaml", b"{"),
        ("config.yaml", None),
        ("events.jsonl", b'{"kind": "moon"}\n{"kind": "moon"}\n'),
    ],
)
def test_a_damaged_file_is_named_and_nothing_is_changed(tmp_path: Path, name: str, content: bytes | None) -> None:
    run = make(tmp_path)
    run.close()
    file = run.path / name
    file.unlink() if content is None else file.write_bytes(content)
    with pytest.raises(RunDirectoryError, match=f"damaged: .*{re.escape(name)}"):
        RunDirectory.open(run.path)
    assert content is None or file.read_bytes() == content
    assert not RunDirectory.held.fget(run)  # type: ignore[misc]


def test_what_is_no_run_directory_is_said_to_be_none(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "absent"):
        with pytest.raises(RunDirectoryError, match="is not a run directory"):
            RunDirectory.open(path)
    assert not list(tmp_path.iterdir())


def test_a_run_that_is_read_cannot_be_written(tmp_path: Path) -> None:
    run = make(tmp_path)
    run.close()
    read = RunDirectory.read(run.path)
    for change in (
        lambda: read.append(Degraded(what="a", why="b")),
        lambda: read.write(read.idea_json, "{}"),
        lambda: read.folder(read.bundle),
    ):
        with pytest.raises(RunDirectoryError, match="reading only"):
            change()


def test_nothing_is_written_outside_the_run(tmp_path: Path) -> None:
    with make(tmp_path) as run:
        for target in (tmp_path / "else", run.path / ".." / "else"):
            with pytest.raises(RunDirectoryError, match="outside"):
                run.write(target, "x")
        for name in ("../up", "a/b", ".hidden", ""):
            with pytest.raises(RunDirectoryError, match="no name"):
                run.figure(name)


def test_a_folder_is_there_whole_or_not_at_all(tmp_path: Path) -> None:
    with make(tmp_path) as run:
        with pytest.raises(ZeroDivisionError), run.folder(run.experiment("0001-draft")) as part:
            (part / "program.py").write_text("1/0")
            _ = 1 / 0
        assert not list(run.tree.iterdir())
        for text in ("first", "second"):
            with run.folder(run.bundle) as part:
                (part / text).write_text(text)
        assert names(run.bundle) == ["second"]
        assert not [name for name in names(run.path) if name.startswith(".")]


def test_a_full_disk_says_where_and_that_nothing_is_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with make(tmp_path) as run:
        run.write(run.idea_json, "before")
        with monkeypatch.context() as patched:
            patched.setattr(os, "fsync", full)
            for write in (lambda: run.write(run.idea_json, "after"), lambda: run.append(Degraded(what="a", why="b"))):
                with pytest.raises(MachineError, match=r"disk is full: .*Nothing that was finished is lost.*resume"):
                    write()
            with pytest.raises(MachineError, match="disk is full"), run.folder(run.bundle) as part:
                (part / "file").write_text("x")
        with pytest.raises(MachineError, match="disk is full"), run.folder(run.bundle):
            full(0)
        assert run.idea_json.read_text() == "before"
        assert names(run.path) == sorted(
            ["run.json", "config.yaml", "events.jsonl", "idea.json", "tree", "calls", "lock"]
        )
        run.append(Degraded(what="after", why="space was freed"))
        assert replayed(run) == run.progress


def test_opening_mends_what_a_kill_left(tmp_path: Path) -> None:
    run = make(tmp_path)
    for id in ("0001", "0002", "0003"):
        run.append(started(id))
    write_experiment(run, experiment("0001"))
    run.append(ExperimentFinished(id="0001", outcome="worked", used=Usage(wall=2.0)))
    write_experiment(run, experiment("0002"))  # its event is missing
    for id in ("0003.judge.1", "0003.judge.2"):
        run.append(CallStarted(id=id, role="judge", model="m", money=0.5, tokens=100))
    run.write(run.call("0003.judge.1"), call("0003.judge.1").model_dump_json())  # its event is missing
    (run.tree / ".0003-draft.abc.partial").mkdir()
    (run.path / ".idea.json.abc.partial").write_text("{")
    with run.events_jsonl.open("ab") as file:
        file.write(b'{"at": 5, "kind": "run_sto')
    run.close()

    with RunDirectory.open(run.path) as run:
        progress = run.progress
        assert set(progress.finished) == {"0001", "0002"}
        assert [e.id for e in run.experiments()] == ["0001", "0002"]
        assert (set(progress.interrupted), progress.cut_off) == ({"0003"}, {"0003"})
        assert progress.next_experiment == "0004"
        assert set(progress.calls) == {"0003.judge.1"}
        assert not progress.in_flight
        spent = progress.spent
        assert (spent.money, spent.tokens, spent.lost, spent.money_unknown) == (0.75, 115, 1, True)
        assert spent.compute == 4.0
        assert not list(run.path.rglob("*.partial"))
        run.append(started("0004", scope="0003"))
        assert not run.progress.interrupted
        assert replayed(run) == run.progress

    with RunDirectory.open(run.path) as again:
        assert set(again.progress.interrupted) == {"0004"}
        assert again.progress.spent == run.progress.spent
        assert replayed(again) == again.progress


def test_an_experiment_that_finished_and_is_gone_is_damage(tmp_path: Path) -> None:
    with make(tmp_path) as run:
        run.append(started("0001"))
        run.append(ExperimentFinished(id="0001", outcome="worked", used=Usage()))
        with pytest.raises(RunDirectoryError, match=r"damaged: .*0001-draft/experiment\.json"):
            run.experiments()


def test_an_event_that_contradicts_the_log_is_not_written(tmp_path: Path) -> None:
    with make(tmp_path) as run:
        run.append(started("0001"))
        before = run.events_jsonl.read_bytes()
        for event in (started("0001"), ExperimentFinished(id="0002", outcome="worked", used=Usage())):
            with pytest.raises(RunDirectoryError, match=r"line 3 of events\.jsonl"):
                run.append(event)
        assert run.events_jsonl.read_bytes() == before


def test_events_from_many_threads_are_all_there(tmp_path: Path) -> None:
    with make(tmp_path) as run:

        def work(worker: int) -> None:
            for n in range(20):
                run.append(Degraded(what=f"{worker}", why=f"{n}"))

        threads = [threading.Thread(target=work, args=(worker,)) for worker in range(5)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len({(d.what, d.why) for d in replayed(run).degradations}) == 100
        assert replayed(run) == run.progress


def test_a_degradation_is_written_once(tmp_path: Path) -> None:
    with make(tmp_path) as run:
        run.degrade("no search", "it is down")
        run.degrade("no search", "it is down")
        run.degrade("no search", "it is down", touches_claims=True)
        assert [d.touches_claims for d in run.progress.degradations] == [False, True]


def test_a_run_that_is_done_stays_done(tmp_path: Path) -> None:
    with make(tmp_path) as run:
        run.append(RunFinished(exit_code=10))
    before = run.events_jsonl.read_bytes()
    with RunDirectory.open(run.path) as run:
        assert (run.progress.status, run.progress.exit_code) == ("done", 10)
    assert run.events_jsonl.read_bytes() == before


def test_the_summary_is_plain_json_and_tells_a_killed_run_from_a_running_one(tmp_path: Path) -> None:
    run = make(tmp_path)
    run.append(started("0001"))
    write_experiment(run, experiment("0001", value=0.75))
    run.append(ExperimentFinished(id="0001", outcome="worked", used=Usage(wall=2.0)))
    told = json.loads(json.dumps(summary(run)))
    assert told["status"] == "running"
    [first] = told["experiments"]
    assert (first["id"], first["parent"], first["action"], first["outcome"]) == ("0001", None, "draft", "worked")
    assert first["measurements"][0]["value"] == 0.75
    assert told["spent"]["money"] == 0.0
    assert told["paper"] is None
    run.append(CallStarted(id="a.judge.1", role="judge", model="m", money=None, tokens=9))
    run.close()
    killed = summary(RunDirectory.read(run.path))
    assert (killed["status"], "resume" in killed["why"]) == ("stopped", True)
    with RunDirectory.open(run.path) as run:
        assert summary(run)["spent"]["money"] is None  # a price that is unknown is not $0
        run.append(RunStopped(why="Ctrl-C", exit_code=130))
    assert (summary(run)["status"], summary(run)["why"]) == ("stopped", "Ctrl-C")


def test_an_experiment_lies_where_its_record_says(tmp_path: Path) -> None:
    with make(tmp_path) as run:
        child = experiment("0002", parent="0001")
        run.append(started("0001"))
        run.append(ExperimentStarted(**{**started("0002").model_dump(), "parent": "0001"}))
        write_experiment(run, child)
        run.append(ExperimentFinished(id="0002", outcome="worked", used=child.used))
        assert run.experiments() == (child,)
