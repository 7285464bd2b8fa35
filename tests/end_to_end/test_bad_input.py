"""Bad input gets one clear sentence and the exit code of its kind; no traceback, and nothing is lost."""

from __future__ import annotations

import fcntl
import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.ai_scientist.models.server import Refuse, serving
from tests.end_to_end.likeness import alike, once
from tests.end_to_end.rewinding import rewound
from tests.end_to_end.shell import DONE, LAUNCH, ROOT, TOPIC, call, in_mounts


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["run", ""], 2, "topic is empty"),
        (["run", "  \n "], 2, "topic is empty"),
        (["run", "missing.md"], 2, "no file missing.md"),
        (["run", TOPIC, "--model", "nobody:nothing"], 3, "nobody"),
        (["run", TOPIC, "--model", "openai:gpt-5"], 3, "OPENAI_API_KEY"),
        (["run", TOPIC, "--model", "offline", "--sandbox", "jail"], 2, "sandbox"),
        (["run", TOPIC, "--model", "offline", "--budget", "days=3"], 2, "days"),
        (["run", TOPIC, "--model", "offline", "--approve", "lunch"], 2, "approve"),
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
    assert [path.name for path in tmp_path.iterdir()] == ["text.pdf"], "no run folder is left behind"


def test_debug_shows_the_traceback(tmp_path: Path) -> None:
    assert "Traceback" in call("run", "", "--debug", cwd=tmp_path).stderr


def test_a_refused_topic_is_told_what_is_known(tmp_path: Path) -> None:
    said = call("run", "protein folding", "--model", "offline", cwd=tmp_path).stderr
    assert "`ai-scientist topics` lists" in said and "--model" in said


@pytest.fixture
def stopped(tmp_path: Path, finished: Path) -> Path:
    """A run that was cut off in its search."""
    return rewound(finished, tmp_path / "run", 20)


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
    with (stopped / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        ended = call("resume", stopped, cwd=stopped.parent)
    assert ended.returncode == 6
    assert "held" in ended.stderr or "another process" in ended.stderr


def test_an_engine_that_does_not_answer_is_said_before_anything_is_spent(tmp_path: Path) -> None:
    wanted = ("run", TOPIC, "--model", "offline", "--sandbox", "docker")
    ended = call(*wanted, cwd=tmp_path, DOCKER_HOST=f"unix://{tmp_path}/nowhere.sock")
    assert ended.returncode == 4, ended.stderr
    assert "docker" in ended.stderr.lower() and "Traceback" not in ended.stderr
    assert not list(tmp_path.iterdir())


def test_missing_tex_is_said_before_anything_is_spent(tmp_path: Path) -> None:
    hidden = in_mounts("mount --bind /dev/null /usr/bin/latexmk")
    ended = call(*LAUNCH, cwd=tmp_path, before=hidden)
    assert ended.returncode == 4, ended.stderr
    assert "TeX is missing here (latexmk); install it: apt-get install" in ended.stderr
    assert not list(tmp_path.iterdir())


def test_a_disk_that_is_full_already(tmp_path: Path) -> None:
    small = in_mounts(f"mount -t tmpfs -o size=1m tmpfs '{tmp_path}'")
    ended = call(*LAUNCH, "--runs", tmp_path / "runs", cwd=tmp_path.parent, before=small)
    assert ended.returncode == 4, ended.stderr
    assert "disk is full" in ended.stderr


@pytest.mark.full
def test_a_disk_that_fills_up_loses_nothing(tmp_path: Path, finished: Path) -> None:
    (tmp_path / "disk").mkdir()
    scenario = [sys.executable, "-m", "tests.end_to_end.full_disk", str(tmp_path / "disk"), str(tmp_path / "copy")]
    done = subprocess.run([*in_mounts(":"), *scenario], capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    code, out, err = told["full"]
    assert code == 4, err
    assert "The disk is full" in err
    assert "Traceback" not in err
    assert "resume with: " in out
    assert told["free"][0] in DONE, told["free"][2]
    once(tmp_path / "copy")
    alike(tmp_path / "copy", finished)


def test_a_refused_key_is_one_sentence_and_costs_nothing(tmp_path: Path) -> None:
    key = "sk-test-1234567890abcdef"
    with serving() as server:
        server.answers = [Refuse(401, f"Incorrect API key provided: {key}", "invalid_api_key")]
        ended = call(
            "run",
            "protein folding",
            "--model",
            "openai:gpt-5",
            cwd=tmp_path,
            OPENAI_API_KEY=key,
            OPENAI_BASE_URL=server.url,
        )
        assert len(server.asked) == 1
    assert ended.returncode == 3, ended.stderr
    (said,) = [line for line in ended.stderr.splitlines() if line.startswith("ai-scientist: ")]
    assert "refuses the key" in said
    assert "OPENAI_API_KEY" in said
    run = Path(ended.stdout.splitlines()[0])
    spent = json.loads(call("show", run, "--json", cwd=tmp_path).stdout)["spent"]
    assert (spent["money"], spent["tokens"], spent["calls_lost"]) == (0, 0, 0)
    assert not [file for file in run.rglob("*") if file.is_file() and key.encode() in file.read_bytes()]


def test_a_pdf_that_only_begins_like_one(tmp_path: Path) -> None:
    (tmp_path / "torn.pdf").write_bytes(b"%PDF-1.5\n" + bytes(range(256)) * 20)
    ended = call("review", "torn.pdf", "--model", "offline", cwd=tmp_path)
    assert ended.returncode == 2, ended.stderr
    assert "torn.pdf" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_runs_in_the_place_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    ended = call(*LAUNCH, "--runs", tmp_path / "taken" / "runs", cwd=tmp_path)
    assert ended.returncode == 4, ended.stderr
    assert "is not a folder" in ended.stderr
