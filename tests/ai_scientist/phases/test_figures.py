"""Figures are drawn and looked at in turn, and a resumed run takes up the turn that is next."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from ai_scientist.config import Config
from ai_scientist.figures import rounds
from ai_scientist.figures.draw import Drawn
from ai_scientist.figures.forms import Drawing
from ai_scientist.figures.look import Look
from ai_scientist.phases.figures import due, finish
from ai_scientist.records import Fault
from ai_scientist.runs import Progress, RunDirectory
from ai_scientist.runs.events import PhaseFinished

DRAWN = [PhaseFinished(phase="draw", round=round) for round in (1, 2)]
REDRAW = PhaseFinished(phase="critique", round=1, verdict="redraw")
PASSED = [PhaseFinished(phase="critique", round=round, verdict="PASS") for round in (1, 2)]
WRITTEN = [PhaseFinished(phase="write", round=1), PhaseFinished(phase="check", round=1, verdict="redraw")]


@pytest.mark.parametrize(
    ("happened", "drawing"),
    [
        ([], True),
        ([DRAWN[0]], False),
        ([DRAWN[0], PASSED[0]], False),
        ([DRAWN[0], REDRAW], True),
        ([DRAWN[0], REDRAW, DRAWN[1]], False),
        ([DRAWN[0], REDRAW, DRAWN[1], PASSED[1]], False),
        ([DRAWN[0], PASSED[0], *WRITTEN], True),
        ([DRAWN[0], PASSED[0], *WRITTEN, DRAWN[1]], False),
        ([DRAWN[0], PASSED[0], *WRITTEN, DRAWN[1], PASSED[1]], False),
    ],
)
def test_a_round_is_drawn_once(happened: list[PhaseFinished], drawing: bool) -> None:
    assert due(Progress.replay(happened)) is drawing


def drawing(script: str = "…") -> Drawing:
    return Drawing(name="effect", caption="Dots are seeds.", shows="A rise.", script=script)


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Any]:
    """What `finish` needs of the services: a run."""
    with RunDirectory.create(tmp_path, topic="t", slug="t", config=Config()) as run:
        yield SimpleNamespace(run=run)


def put(run: RunDirectory, round: int, faults: tuple[Fault, ...], objected: tuple[Fault, ...]) -> None:
    png, pdf = (b"", b"") if faults else (b"\x89PNG", b"%PDF")
    rounds.keep(run, round, Drawn(drawing(f"# {round}"), "model", png, pdf, faults))
    rounds.keep_look(run, "effect", round, Look(faults=objected))


def test_a_last_round_that_fails_does_not_throw_an_earlier_picture_away(services: Any) -> None:
    run, broken = services.run, (Fault(rule="script", message="NameError"),)
    rounds.keep_order(run, [drawing()])
    put(run, 1, (), (Fault(rule="figure.look", message="The legend hides a point."),))
    put(run, 2, broken, broken)
    finish(services, "effect", 2)
    (figure,) = rounds.settled(run)
    assert figure.round == 1
    assert (run.figure("effect") / "draw.py").read_text() == "# 1"
    assert "The legend hides a point." in run.progress.degradations[0].why


def test_a_figure_that_was_never_drawn_is_left_out_and_said(services: Any) -> None:
    run, broken = services.run, (Fault(rule="script", message="NameError"),)
    rounds.keep_order(run, [drawing()])
    put(run, 1, broken, broken)
    finish(services, "effect", 1)
    assert rounds.settled(run) == ()
    assert run.progress.degradations[0].what == "figure effect is left out"
