"""Ctrl-C and SIGTERM: a clean stop that leaves no process and says how to go on."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from ai_scientist.runs import RunDirectory
from tests.end_to_end.likeness import alike, once
from tests.end_to_end.rewinding import events, index, rewound
from tests.end_to_end.shell import DONE, Sitting, call, left

EXIT = {signal.SIGINT: 130, signal.SIGTERM: 143}
PROMPT = 8.0
"""Seconds that a stop may take on a busy machine: a program in flight is ended, not waited for."""


def at_program(sitting: Sitting) -> bool:
    """A program of the search runs."""
    return "experiment_started" in events(sitting.run)[-1]["kind"] and running(sitting, "program.py")


def at_drawing(sitting: Sitting) -> bool:
    return running(sitting, "draw.py")


def at_latex(sitting: Sitting) -> bool:
    return running(sitting, "latexmk")


def at_review(sitting: Sitting) -> bool:
    return events(sitting.run)[-1].get("phase") == "check"


def running(sitting: Sitting, what: str) -> bool:
    for pid, _ in sitting.descendants():
        try:
            if what in Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace"):
                return True
        except OSError:
            continue
    return False


WHERE: dict[str, tuple[str, Callable[[Sitting], bool]]] = {
    "search": ("tune", at_program),
    "figures": ("confirm", at_drawing),
    "latex": ("critique", at_latex),
    "review": ("write", at_review),
}
"""What is stopped: the stage or phase that is finished when the run is taken up, and how to see that it has got there."""


def stopped(finished: Path, folder: Path, what: str, number: int, twice: bool) -> Path:
    """A copy of the run that was taken up before `what` and stopped in its midst."""
    after, there = WHERE[what]
    place = index(
        finished, lambda event: after == (event.get("phase") or (event["kind"] == "stage_closed" and event["stage"]))
    )
    run = rewound(finished, folder / "run", place + 1)
    sitting = Sitting("resume", run, cwd=folder)
    assert sitting.wait_until(lambda: there(sitting)), sitting.end()
    processes = sitting.descendants()
    began = time.monotonic()
    sitting.signal(number)
    if twice:
        time.sleep(0.05)
        sitting.signal(number)
    code, out, err = sitting.end()
    assert time.monotonic() - began < PROMPT
    assert code == EXIT[signal.Signals(number)], err
    assert out.splitlines()[-1] == f"resume with: ai-scientist resume {run}"
    assert "Traceback" not in err
    assert not left(processes)
    state = RunDirectory.read(run)
    assert (state.progress.status, state.progress.exit_code) == ("stopped", code)
    assert state.report_html.stat().st_size > 1000
    return run


@pytest.mark.parametrize(
    ("what", "number", "twice"),
    [
        ("search", signal.SIGINT, True),
        pytest.param("search", signal.SIGTERM, False, marks=pytest.mark.full),
        pytest.param("figures", signal.SIGINT, False, marks=pytest.mark.full),
        pytest.param("latex", signal.SIGINT, True, marks=pytest.mark.full),
        ("latex", signal.SIGTERM, False),
        pytest.param("review", signal.SIGINT, False, marks=pytest.mark.full),
        pytest.param("review", signal.SIGTERM, True, marks=pytest.mark.full),
    ],
)
def test_it_stops_at_once_and_goes_on(tmp_path: Path, finished: Path, what: str, number: int, twice: bool) -> None:
    run = stopped(finished, tmp_path, what, number, twice)
    ended = call("resume", run, cwd=tmp_path)
    assert ended.returncode in DONE, ended.stderr
    once(run)
    alike(run, finished)
