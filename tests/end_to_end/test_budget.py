"""Limits are hard, leave something that can be read, and can be raised."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.end_to_end.likeness import alike, once
from tests.end_to_end.rewinding import events, index, rewound
from tests.end_to_end.shell import DONE, LAUNCH, TOPIC, call


def limited(run: Path, **limits: float) -> Path:
    """The run, with other limits in its configuration than it was launched with."""
    config = run / "config.yaml"
    text = config.read_text()
    for name, value in limits.items():
        assert f"  {name}: null" in text
        text = text.replace(f"  {name}: null", f"  {name}: {value}")
    config.write_text(text)
    return run


def test_the_offline_model_costs_nothing(finished: Path) -> None:
    spent = json.loads(call("show", finished, "--json", cwd=finished.parent).stdout)["spent"]
    assert (spent["money"], spent["tokens"], spent["money_unknown"], spent["calls_lost"]) == (0, 0, False, 0)
    assert spent["calls"] == len(list((finished / "calls").iterdir()))
    assert spent["seconds"] > spent["compute"] > 0


def test_hours_end_a_run_and_more_hours_take_it_on(tmp_path: Path) -> None:
    launched = (*LAUNCH, "--approve", "plan", "--runs", tmp_path)
    ended = call(*launched, "--budget", "hours=0.0001", cwd=tmp_path)
    assert ended.returncode == 5, ended.stderr
    assert "hours" in ended.stderr
    run = Path(ended.stdout.splitlines()[0])
    assert ended.stdout.splitlines()[-1] == f"resume with: ai-scientist resume {run}"
    page = (run / "report.html").read_text()
    assert TOPIC in page
    assert "hours" in page

    again = call("resume", run, cwd=tmp_path)
    assert again.returncode == 5, "the clock does not start anew"
    before = len(events(run))
    for bad in ("hours=soon", "days=3", "hours=-1"):
        assert call("resume", run, "--budget", bad, cwd=tmp_path).returncode == 2
    assert len(events(run)) == before
    more = call("resume", run, "--budget", "hours=1", cwd=tmp_path)
    assert more.returncode == 11, more.stderr


@pytest.mark.full
def test_the_search_goes_by_the_limits_that_the_user_resumed_with(tmp_path: Path, finished: Path) -> None:
    confirming = index(
        finished,
        lambda event: (
            event.get("stage", {}) and event["kind"] == "stage_opened" and event["stage"]["name"] == "confirm"
        ),
    )
    run = limited(rewound(finished, tmp_path / "run", confirming + 1), hours=0.0001)
    assert call("resume", run, cwd=tmp_path).returncode == 5
    ended = call("resume", run, "--budget", "hours=1", cwd=tmp_path)
    assert ended.returncode in DONE, ended.stderr
    once(run)
    alike(run, finished)


@pytest.mark.parametrize("limit", ["money=0", "tokens=0"])
def test_what_costs_nothing_passes_a_limit_of_nothing(tmp_path: Path, limit: str) -> None:
    ended = call(*LAUNCH, "--budget", limit, "--approve", "idea", "--runs", tmp_path, cwd=tmp_path)
    assert ended.returncode == 11, ended.stderr
