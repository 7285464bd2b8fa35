"""The library: what it is given is checked before anything is made, and what ends a run is written into it."""

from __future__ import annotations

from pathlib import Path

import pytest

from ai_scientist import api
from ai_scientist.config import Budget, Config, Models
from ai_scientist.errors import BudgetSpent, InputError, Stopped
from ai_scientist.ledger import in_force
from ai_scientist.runs import RunDirectory
from ai_scientist.runs.events import ApprovalAsked, RunFinished, RunStarted


@pytest.fixture
def run(tmp_path: Path) -> RunDirectory:
    config = Config(models=Models(default="offline"), budget=Budget(money=3, tokens=1000))
    run = RunDirectory.create(tmp_path, topic="label noise", slug="label-noise", config=config)
    run.append(RunStarted(topic="label noise", model="offline"))
    return run


def test_new_limits_leave_the_others_as_they_are(run: RunDirectory) -> None:
    api.raise_limits(run, ["hours=2"])
    assert in_force(run) == Budget(money=3, tokens=1000, hours=2)
    api.raise_limits(run, ["money=null", "tokens=5"])
    assert in_force(run) == Budget(money=None, tokens=5, hours=2)


@pytest.mark.parametrize("limit", ["hours=soon", "days=1", "money", "tokens=-1"])
def test_a_limit_that_is_none_changes_nothing(run: RunDirectory, limit: str) -> None:
    with pytest.raises(InputError):
        api.raise_limits(run, ["hours=1", limit])
    assert run.progress.limits is None


def test_an_answer_needs_a_question(run: RunDirectory) -> None:
    with pytest.raises(InputError, match="waits for no approval"):
        api.answer(run, accept=True, reject=None, edit=None)


def test_one_answer_at_a_time(run: RunDirectory) -> None:
    run.append(ApprovalAsked(gate="idea"))
    with pytest.raises(InputError, match="one of"):
        api.answer(run, accept=True, reject="no", edit=None)
    assert run.progress.waiting_for == ("idea", 1)


def test_an_edited_paper_is_not_accepted_unseen(run: RunDirectory, tmp_path: Path) -> None:
    from ai_scientist.records import Manuscript

    run.append(ApprovalAsked(gate="paper", round=1))
    manuscript = Manuscript(title="T", abstract="A", sections=(), author="ours", model="offline")
    (tmp_path / "mine.json").write_text(manuscript.model_dump_json())
    api.answer(run, accept=False, reject=None, edit=tmp_path / "mine.json")
    given = run.progress.approvals["paper", 1]
    assert given is not None
    assert (given.accepted, given.note) == (False, "edited: mine.json")
    assert Manuscript.model_validate_json(run.manuscript(2).read_text()) == manuscript


@pytest.mark.parametrize(
    ("error", "code"),
    [(BudgetSpent("spent"), 5), (Stopped("stopped", 143), 143), (KeyError("a fault"), 1), (KeyboardInterrupt(), 1)],
)
def test_what_ends_a_run_is_written_into_it(run: RunDirectory, error: BaseException, code: int) -> None:
    with pytest.raises(type(error)), api.stopped_is_written(run):
        raise error
    assert (run.progress.status, run.progress.exit_code) == ("stopped", code)


def test_a_configuration_and_overrides_of_a_file_exclude_each_other() -> None:
    with pytest.raises(InputError, match="either"):
        api.settings(Config(), ["seed=1"])


def test_the_model_is_decided_once_and_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test-1234567890")
    assert api.settings(None, []).models.default.startswith("openai:")
    assert api.settings(None, ["models.default=offline"]).models.default == "offline"


def test_a_run_that_was_killed_before_its_report_gets_it(run: RunDirectory) -> None:
    run.append(RunFinished(exit_code=10))
    run.close()
    ended = api.resume(run.path)
    assert (ended.exit_code, ended.done, ended.report) == (10, True, run.report_html)
    before = run.report_html.stat().st_mtime_ns
    api.resume(run.path)
    assert run.report_html.stat().st_mtime_ns == before


def test_a_folder_that_is_no_run_has_no_numbers_to_fail(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="neither a run's folder nor a bundle"):
        api.verify(tmp_path)


def test_a_review_that_was_stopped_goes_on_as_a_review(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paper = tmp_path / "mine.tex"
    paper.write_text(r"\documentclass{article}\begin{document}\section{Results}It is 42.\end{document}")

    def stopped(*arguments: object) -> None:
        raise Stopped("Stopped.", 143)

    seen: list[RunDirectory] = []
    with monkeypatch.context() as patch, pytest.raises(Stopped):
        patch.setattr("ai_scientist.phases.review.write", stopped)
        api.review(paper, runs=tmp_path, overrides=["models.default=offline"], watch=seen.append)
    asked = len(list(seen[0].calls.iterdir()))
    ended = api.resume(seen[0].path)
    assert len(list(seen[0].calls.iterdir())) == asked > 0
    assert ended.done
    assert ended.review is not None
    assert "mine.tex" in ended.review.read_text()
    assert ended.paper is None
