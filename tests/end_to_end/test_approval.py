"""A person says yes, no, or otherwise: the run waits, takes the answer, and loses nothing over a bad one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.end_to_end.rewinding import events, index, rewound
from tests.end_to_end.shell import DONE, LAUNCH, call

WAITING = 11


def answered(run: Path, *answer: object, code: int = WAITING) -> str:
    """Resume with an answer; the exit code is to be that. Returns all that was printed."""
    ended = call("resume", run, *answer, cwd=run.parent)
    assert ended.returncode == code, ended.stderr
    assert "Traceback" not in ended.stderr
    return ended.stdout + ended.stderr


def call_text(run: Path, id: str) -> str:
    return json.loads((run / "calls" / f"{id}.json").read_text())["text"]


def gates(run: Path) -> list[tuple[str, int]]:
    return [(event["gate"], event["round"]) for event in events(run) if event["kind"] == "approval_asked"]


def approving(finished: Path, target: Path, count: int, gate: str) -> Path:
    """A copy of the finished run as it stood earlier, of a user who wants to be asked at that gate."""
    run = rewound(finished, target, count)
    config = run / "config.yaml"
    assert "approve: []" in config.read_text()
    config.write_text(config.read_text().replace("approve: []", f"approve: [{gate}]"))
    return run


def edited(source: Path, target: Path, **fields: object) -> Path:
    target.write_text(json.dumps({**json.loads(source.read_text()), **fields}))
    return target


def test_the_idea_and_the_plan(tmp_path: Path) -> None:
    asked = call(*LAUNCH, "--approve", "idea,plan", "--runs", tmp_path, cwd=tmp_path)
    assert asked.returncode == WAITING, asked.stderr
    run = Path(asked.stdout.splitlines()[0])
    assert "--accept" in asked.stdout
    assert str(run / "idea.json") in asked.stdout
    assert json.loads(call("show", run, "--json", cwd=tmp_path).stdout)["waiting_for"] == "idea"

    answered(run)
    assert gates(run) == [("idea", 1)], "resumed without an answer, it asks what it asked before"

    answered(run, "--reject", "Too narrow: look at calibration too.")
    assert "Too narrow: look at calibration too." in call_text(run, "idea-2.ideas.1")
    assert gates(run) == [("idea", 1), ("idea", 2)]

    before = (run / "idea.json").read_bytes(), len(events(run))
    bad = tmp_path / "bad.json"
    for text in ("no json", "{}", json.dumps({**json.loads(before[0]), "metric": "speed"})):
        bad.write_text(text)
        said = answered(run, "--edit", bad, code=2)
        assert "bad.json" in said
    assert "nowhere.json" in answered(run, "--edit", tmp_path / "nowhere.json", code=2)
    answered(run, "--accept", "--reject", "no", code=2)
    assert (run / "idea.json").read_bytes() == before[0]
    assert gates(run) == [("idea", 1), ("idea", 2)]

    mine = edited(run / "idea.json", tmp_path / "mine.json", title="A Title of My Own")
    answered(run, "--edit", mine)
    assert json.loads((run / "idea.json").read_text())["title"] == "A Title of My Own"
    assert gates(run)[-1] == ("plan", 1)

    answered(run, "--reject", "Name the learning rate.")
    again = max((run / "calls").glob("stage-prototype-1*"), key=lambda file: file.stat().st_mtime)
    assert "Name the learning rate." in json.loads(again.read_text())["text"]
    assert "A Title of My Own" in json.loads(again.read_text())["text"]

    plan = run / "plans" / "prototype-1.json"
    answered(run, "--edit", edited(plan, tmp_path / "bad-plan.json", goals="none"), code=2)
    answered(run, "--edit", edited(plan, tmp_path / "plan.json", goals=["My own goal is reached."]))
    assert "My own goal is reached." in call_text(run, "0001.coder.1")
    assert gates(run)[-1][0] == "plan", "the next stage has a plan of its own"
    assert "tune-1" in max((run / "plans").iterdir(), key=lambda file: file.stat().st_mtime).name


@pytest.mark.full
def test_the_paper(tmp_path: Path, finished: Path) -> None:
    reviewed = index(finished, lambda event: event.get("phase") == "check")
    run = approving(finished, tmp_path / "run", reviewed + 1, "paper")
    assert str(run / "paper" / "paper.pdf") in answered(run)
    assert gates(run) == [("paper", 1)]

    manuscript = run / "paper" / "1" / "manuscript.json"
    bad = tmp_path / "bad.json"
    bad.write_text("{}")
    answered(run, "--edit", bad, code=2)
    assert not (run / "paper" / "2").exists()

    answered(run, "--reject", "Say in the title that it is about digits.")
    assert "Say in the title that it is about digits." in call_text(run, "write-2.writer.1")
    assert gates(run)[-1] == ("paper", 2)

    mine = edited(manuscript, tmp_path / "mine.json", title="Digits, by Hand")
    answered(run, "--edit", mine)
    assert gates(run)[-1] == ("paper", 3)
    assert "Digits, by Hand" in (run / "paper" / "3" / "paper.tex").read_text()

    ended = call("resume", run, "--accept", cwd=tmp_path)
    assert ended.returncode in DONE, ended.stderr
    assert call("verify", run, cwd=tmp_path).returncode == 0
    assert call("resume", run, "--accept", cwd=tmp_path).returncode == 2, "a run that is done waits for nothing"
