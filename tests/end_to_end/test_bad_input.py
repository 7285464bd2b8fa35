"""Bad input gets one clear sentence and the exit code of its kind; no traceback, and nothing is lost."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.end_to_end.shell import TINY, TOPIC, call


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["run", ""], 2, "topic is empty"),
        (["run", "  \n "], 2, "topic is empty"),
        (["run", "missing.md"], 2, "no file missing.md"),
        (["run", TOPIC, "--model", "nobody:nothing"], 3, "nobody"),
        (["run", TOPIC, "--model", "openai:gpt-5"], 3, "OPENAI_API_KEY"),
        (["run", TOPIC, "--model", "offline", "--sandbox", "jail"], 2, "sandbox"),
        (["run", TOPIC, "--model", "offline", "serch.seeds=3"], 2, "serch"),
        (["run", TOPIC, "--model", "offline", "search.confirm_seeds=0"], 2, "search.confirm_seeds"),
        (["run", TOPIC, "--config", "nowhere.yaml"], 2, "nowhere.yaml"),
        (["run", "quantum error correction with surface codes", "--model", "offline"], 7, "--model"),
        (["resume", "nowhere"], 6, "nowhere"),
        (["show", "nowhere"], 6, "nowhere"),
        (["verify", "nowhere"], 2, "nowhere"),
        (["review", "nowhere.pdf"], 2, "nowhere.pdf"),
        (["review", "text.pdf", "--model", "offline"], 2, "text.pdf"),
        (["launch"], 2, "launch"),
    ],
    ids=lambda value: " ".join(value)[:60] if isinstance(value, list) else None,
)
def test_one_sentence_and_the_code_of_its_kind(tmp_path: Path, arguments: list[str], code: int, says: str) -> None:
    (tmp_path / "text.pdf").write_text("This is no PDF.")
    ended = call(*arguments, cwd=tmp_path)
    assert ended.returncode == code, ended.stderr
    assert says in ended.stderr
    assert "Traceback" not in ended.stderr + ended.stdout


def test_debug_shows_the_traceback(tmp_path: Path) -> None:
    assert "Traceback" in call("run", "", "--debug", cwd=tmp_path).stderr


def test_a_refused_topic_is_told_what_is_known(tmp_path: Path) -> None:
    said = call("run", "protein folding", "--model", "offline", cwd=tmp_path).stderr
    for known in ("label noise", "calibration", "small data"):
        assert known in said


@pytest.fixture
def stopped(tmp_path: Path) -> Path:
    """A run that waits for approval of its idea."""
    ended = call("run", TOPIC, "--config", TINY, "--approve", "idea", cwd=tmp_path)
    assert ended.returncode == 11, ended.stderr
    return Path(ended.stdout.splitlines()[0])


def test_a_damaged_run_is_refused_and_left_alone(stopped: Path) -> None:
    log = stopped / "events.jsonl"
    lines = log.read_bytes().splitlines(keepends=True)
    log.write_bytes(lines[0][:-20] + b"\n" + b"".join(lines[1:]))
    before = log.read_bytes()
    ended = call("resume", stopped, cwd=stopped.parent)
    assert (ended.returncode, "line 1" in ended.stderr) == (6, True), ended.stderr
    assert log.read_bytes() == before


def test_a_newer_format_is_refused_by_name(stopped: Path) -> None:
    info = json.loads((stopped / "run.json").read_text())
    (stopped / "run.json").write_text(json.dumps({**info, "format": info["format"] + 1}))
    ended = call("resume", stopped, cwd=stopped.parent)
    assert ended.returncode == 6
    assert f"format {info['format'] + 1}" in ended.stderr


def test_a_run_that_another_process_holds_is_refused(stopped: Path) -> None:
    import fcntl

    with (stopped / "lock").open("r+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        ended = call("resume", stopped, cwd=stopped.parent)
    assert ended.returncode == 6
    assert "held" in ended.stderr or "another process" in ended.stderr


def test_missing_tex_is_said_before_anything_is_spent(tmp_path: Path) -> None:
    # A PATH without TeX, and with everything else.
    tools = tmp_path / "bin"
    tools.mkdir()
    for folder in os.environ["PATH"].split(":"):
        for tool in Path(folder).iterdir() if Path(folder).is_dir() else ():
            if not tool.name.startswith(("pdf", "latex", "kpse", "bibtex", "tex")) and not (tools / tool.name).exists():
                (tools / tool.name).symlink_to(tool)
    ended = call("run", TOPIC, "--config", TINY, cwd=tmp_path, PATH=str(tools))
    assert ended.returncode == 4, ended.stderr
    assert "apt" in ended.stderr
    assert "Traceback" not in ended.stderr
