"""Figures are drawn and looked at in turn, and a resumed run takes up the turn that is next."""

from __future__ import annotations

import pytest

from ai_scientist.phases.figures import due
from ai_scientist.runs import Progress
from ai_scientist.runs.events import PhaseFinished

DRAWN = [PhaseFinished(phase="draw", round=round) for round in (1, 2)]
REDRAW = PhaseFinished(phase="critique", round=1, verdict="redraw")
PASSED = [PhaseFinished(phase="critique", round=round, verdict="PASS") for round in (1, 2)]


@pytest.mark.parametrize(
    ("happened", "drawing"),
    [
        ([], True),
        ([DRAWN[0]], False),
        ([DRAWN[0], PASSED[0]], False),
        ([DRAWN[0], REDRAW], True),
        ([DRAWN[0], REDRAW, DRAWN[1]], False),
        ([DRAWN[0], REDRAW, DRAWN[1], PASSED[1]], False),
    ],
)
def test_a_round_is_drawn_once(happened: list[PhaseFinished], drawing: bool) -> None:
    assert due(Progress.replay(happened)) is drawing
