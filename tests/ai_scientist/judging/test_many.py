"""Several papers at a time: each in its own folder, on one budget, and none of it twice."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from ai_scientist import api
from ai_scientist.errors import InputError, Stopped
from ai_scientist.judging.batch import Batch
from ai_scientist.runs import RunDirectory
from tests.ai_scientist.judging.panelist import MODELS, Panelist, paper
from tests.ai_scientist.models.server import Server, serving

ALONE = [*MODELS, "review.referees=1"]


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    with serving() as told:
        monkeypatch.setenv("OPENAI_API_KEY", "sk-test-1234567890")
        monkeypatch.setenv("OPENAI_BASE_URL", f"{told.url}/v1")
        yield told


def test_each_has_its_own_folder_and_all_are_in_one_table(tmp_path: Path, server: Server) -> None:
    panelist = server.script = Panelist()
    (tmp_path / "torn.pdf").write_bytes(b"%PDF-1.5\n" + bytes(range(256)) * 20)
    files = [paper(tmp_path / "a"), tmp_path / "torn.pdf", paper(tmp_path / "b", changes={"A. Author": "B. Author"})]
    told: list[int] = []
    batch = api.review_many(
        files, jobs=2, runs=tmp_path / "runs", overrides=ALONE, tell=lambda one: told.append(len(one.papers))
    )
    assert [(one.name, one.status, one.decision, one.overall) for one in batch.papers] == [
        ("a/draft.pdf", "done", "Reject", 3.0),
        ("torn.pdf", "refused", "", None),
        ("b/draft.pdf", "done", "Reject", 3.0),
    ]
    assert batch.exit_code == 2
    assert Counter(panelist.forms()) == Counter(["NeuripsSheet", "Verdicts", "ChairSheet"] * 2)
    for one in batch.papers:
        assert bool(one.run) == (batch.path / (one.run or "-") / "reviews" / "review.html").is_file()
    table = batch.summary.read_text()
    assert table.count("| done |") == 2
    assert "torn.pdf" in table
    summed = json.loads(batch.summary_json.read_text())
    assert summed["spent"]["calls"] == len(panelist.asked) == batch.spent.calls
    assert told


def test_one_budget_holds_for_all_and_the_rest_goes_on_later(tmp_path: Path, server: Server) -> None:
    panelist = server.script = Panelist()
    files = [paper(tmp_path / name, changes={"A. Author": f"{name}. Author"}) for name in "abc"]
    batch = api.review_many(files, jobs=1, runs=tmp_path / "runs", overrides=[*ALONE, "budget.tokens=9000"])
    statuses = [one.status for one in batch.papers]
    assert statuses[0] == "done"
    assert statuses[2] == "waiting"
    assert batch.spent.tokens <= 9000
    assert batch.exit_code == 5
    before = len(panelist.asked)
    ended = api.resume(batch.path, budget=["tokens=200000"])
    assert ended.exit_code == 0
    again = Batch.read(batch.path)
    assert [one.status for one in again.papers] == ["done"] * 3
    assert Counter(panelist.forms()) == Counter(["NeuripsSheet", "Verdicts", "ChairSheet"] * 3)
    assert len(panelist.asked) > before
    assert again.config.budget.tokens == 200000
    api.resume(batch.path)
    assert len(panelist.asked) == 9, "what is done is not asked again"


def test_a_batch_that_was_killed_goes_on(tmp_path: Path, server: Server) -> None:
    """The folder of a paper's run may be there or not, whole or not: what is on disk decides."""
    panelist = server.script = Panelist()
    files = [paper(tmp_path / name) for name in "ab"]
    batch = api.review_many(files, jobs=1, runs=tmp_path / "runs", overrides=ALONE)
    first, second = batch.path / batch.papers[0].run, batch.path / batch.papers[1].run
    log = (first / "events.jsonl").read_bytes().splitlines(keepends=True)
    (first / "events.jsonl").write_bytes(b"".join(log[:4]) + log[4][:20])
    for file in sorted(second.rglob("*"), reverse=True):
        file.unlink() if file.is_file() else file.rmdir()
    second.rmdir()
    before = len(panelist.asked)
    assert api.resume(batch.path).exit_code == 0
    assert [one.status for one in Batch.read(batch.path).papers] == ["done", "done"]
    assert len(panelist.asked) - before == 3, "of the first paper every reply was on disk"


def test_nothing_is_made_where_nobody_agrees_or_nothing_can_be_read(tmp_path: Path, server: Server) -> None:
    server.script = Panelist()
    with pytest.raises(Stopped):
        api.review_many(
            [paper(tmp_path / "a"), paper(tmp_path / "b")],
            runs=tmp_path / "runs",
            overrides=ALONE,
            agree=lambda _: False,
        )
    with pytest.raises(InputError, match="nowhere"):
        api.review_many([tmp_path / "nowhere.pdf", tmp_path / "gone.pdf"], runs=tmp_path / "runs", overrides=ALONE)
    assert not (tmp_path / "runs").exists()


def test_a_stop_ends_all_of_them_and_they_can_go_on(tmp_path: Path, server: Server) -> None:
    import threading

    stop = threading.Event()
    panelist = server.script = Panelist(before=lambda form: stop.set() if form == "Verdicts" else None)
    files = [paper(tmp_path / name) for name in "abc"]
    with pytest.raises(Stopped):
        api.review_many(files, jobs=1, runs=tmp_path / "runs", overrides=ALONE, stop=stop)
    (path,) = (tmp_path / "runs").iterdir()
    (first,) = (RunDirectory.read(run) for run in Batch.read(path).runs.values())
    assert first.progress.status == "stopped"
    assert Batch.read(path).papers[0].status == "partial"
    panelist.before = None
    assert api.resume(path).exit_code == 0
    assert [one.status for one in Batch.read(path).papers] == ["done"] * 3


def test_the_hours_of_earlier_sittings_count(tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two papers at a time for half an hour are half an hour, and what is over is over in the middle of a paper, too."""
    clock = Clock(monkeypatch)
    panelist = server.script = Panelist(before=lambda form: clock.go_on(600) if form == "Verdicts" else None)
    files = [paper(tmp_path / name) for name in "ab"]
    batch = api.review_many(files, jobs=1, runs=tmp_path / "runs", overrides=[*ALONE, "budget.hours=0.25"])
    assert [one.status for one in batch.papers] == ["done", "partial"]
    assert batch.exit_code == 5
    assert panelist.forms().count("ChairSheet") == 1
    assert batch.seconds == pytest.approx(1200, abs=60)
    clock.go_on(86400)
    asked = len(panelist.asked)
    assert api.resume(batch.path).exit_code == 5
    assert len(panelist.asked) == asked
    assert api.resume(batch.path, budget=["hours=1"]).exit_code == 0


class Clock:
    """Both clocks of the machine, put forward."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.ahead = 0.0
        for name in ("time", "monotonic"):
            real = getattr(time, name)
            monkeypatch.setattr(time, name, lambda real=real: real() + self.ahead)

    def go_on(self, seconds: float) -> None:
        self.ahead += seconds
