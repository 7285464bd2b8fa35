"""The command line is a thin layer: options become settings, states become lines, errors become exit codes."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from ai_scientist import cli
from ai_scientist.cli.display import Display
from ai_scientist.errors import InputError, RunDirectoryError
from ai_scientist.runs.events import ApprovalAsked, RunFinished
from tests.ai_scientist.runs.making import make


def test_options_are_settings() -> None:
    given = cli.overrides(
        ("search.seeds=3",),
        model="offline",
        sandbox=None,
        seed=0,
        workers=4,
        approve="idea,paper",
        budget="money=5, hours=2",
    )
    assert given == [
        "search.seeds=3",
        "models.default=offline",
        "seed=0",
        "workers=4",
        "approve=[idea,paper]",
        "budget.money=5",
        "budget.hours=2",
    ]


def test_help_names_every_command() -> None:
    said = CliRunner().invoke(cli.commands, ["--help"]).output
    for command in "run resume review verify show list doctor".split():
        assert f"  {command} " in said


def test_show_is_the_folded_state(tmp_path: Path) -> None:
    with make(tmp_path, topic="label noise") as run:
        run.append(ApprovalAsked(gate="idea"))
    said = CliRunner().invoke(cli.commands, ["show", str(run.path), "--json"]).output
    state = json.loads(said)
    assert (state["topic"], state["status"], state["waiting_for"]) == ("label noise", "waiting", "idea")
    plain = CliRunner().invoke(cli.commands, ["show", str(run.path)]).output
    assert "your word on the idea" in plain


def test_a_killed_run_does_not_seem_to_be_running(tmp_path: Path) -> None:
    with make(tmp_path) as run:
        assert "running" in CliRunner().invoke(cli.commands, ["list", "--runs", str(tmp_path)]).output
    assert "stopped" in CliRunner().invoke(cli.commands, ["list", "--runs", str(tmp_path)]).output
    assert "it was killed" in CliRunner().invoke(cli.commands, ["show", str(run.path)]).output


def test_list_shows_every_run_and_one_that_is_damaged(tmp_path: Path) -> None:
    with make(tmp_path) as done, make(tmp_path) as damaged:
        done.append(RunFinished(exit_code=0))
    damaged.run_json.write_text("{")
    (tmp_path / "notes.txt").write_text("none of ours")
    lines = CliRunner().invoke(cli.commands, ["list", "--runs", str(tmp_path)]).output.splitlines()
    assert [line.split()[1] for line in sorted(lines[1:])] == [
        status for _, status in sorted([(done.path.name, "done"), (damaged.path.name, "unreadable")])
    ]


def test_a_folder_without_runs_says_how_to_launch_one(tmp_path: Path) -> None:
    assert "ai-scientist run" in CliRunner().invoke(cli.commands, ["list", "--runs", str(tmp_path)]).output


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["show", "nowhere"], 6, "ai-scientist: "),
        (["show"], 2, "Missing argument"),
        (["show", "nowhere", "--debug"], None, ""),
    ],
)
def test_an_error_is_a_sentence_and_a_code(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    code: int | None,
    says: str,
) -> None:
    monkeypatch.setattr("sys.argv", ["ai-scientist", *arguments])
    if code is None:
        with pytest.raises(RunDirectoryError):
            cli.main()
        return
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == code
    said = capsys.readouterr().err
    assert says in said
    assert "Traceback" not in said


def test_a_fault_of_ours_is_a_sentence_too(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def broken(path: Path) -> None:
        raise ZeroDivisionError("by nothing")

    monkeypatch.setattr("ai_scientist.runs.RunDirectory.read", broken)
    monkeypatch.setattr("sys.argv", ["ai-scientist", "show", "anything"])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 1
    assert "ZeroDivisionError: by nothing" in capsys.readouterr().err


def test_how_to_go_on_comes_last(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with make(tmp_path) as run:

        def stopped(path: Path) -> None:
            with Display() as display:
                display.run = run
                error = InputError("a sentence")
                error.add_note("During task with name 'confirm'")
                raise error

        monkeypatch.setattr("ai_scientist.runs.RunDirectory.read", stopped)
        monkeypatch.setattr("sys.argv", ["ai-scientist", "show", "anything"])
        monkeypatch.setattr("sys.stderr", sys.stdout)
        for last in (f"resume with: ai-scientist resume {run.path}", "ai-scientist: a sentence"):
            with pytest.raises(SystemExit):
                cli.main()
            said = capsys.readouterr().out
            assert said.splitlines()[-1] == last
            assert "During task" not in said
            if run.progress.status != "done":
                run.append(RunFinished(exit_code=0))


def test_a_topic_file_is_named_by_its_title(tmp_path: Path) -> None:
    with make(tmp_path, topic="# Title\nLabels that are wrong\n\n# Keywords\nnoise") as run:
        pass
    for arguments in (["list", "--runs", str(tmp_path)], ["show", str(run.path)]):
        said = CliRunner().invoke(cli.commands, arguments).output
        assert "Labels that" in said
        assert "# Title" not in said
