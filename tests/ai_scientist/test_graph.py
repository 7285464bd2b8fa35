"""The graph is the one that the documents draw, and stops between its boxes where it has to."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ai_scientist import phases
from ai_scientist.config import Budget, Config, Models
from ai_scientist.errors import BudgetSpent, Stopped
from ai_scientist.graph import graph, picture, work
from ai_scientist.runs import RunDirectory
from ai_scientist.services import Services, open_services

README = Path(__file__).parents[2] / "README.md"
EDGES = {
    ("__start__", "propose_idea"),
    ("propose_idea", "run_stage"),
    ("run_stage", "run_stage"),
    ("run_stage", "confirm"),
    ("confirm", "draw_figures"),
    ("draw_figures", "critique_figures"),
    ("critique_figures", "draw_figures"),
    ("critique_figures", "write_paper"),
    ("write_paper", "check_paper"),
    ("check_paper", "draw_figures"),
    ("check_paper", "write_paper"),
    ("check_paper", "review_paper"),
    ("review_paper", "write_paper"),
    ("review_paper", "bundle"),
    ("bundle", "__end__"),
}


def test_its_edges_are_those_of_the_design() -> None:
    assert {(edge.source, edge.target) for edge in graph().get_graph().edges} == EDGES


def test_every_phase_is_a_box() -> None:
    assert set(graph().get_graph().nodes) - {"__start__", "__end__"} == set(phases.__all__)


def test_the_drawing_in_the_readme_is_the_graph() -> None:
    drawings = re.findall(r"```mermaid\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    assert picture().strip() in [drawing.strip() for drawing in drawings]


@pytest.fixture
def services(tmp_path: Path) -> Callable[..., Services]:
    def made(**settings: Any) -> Services:
        config = Config(models=Models(default="offline"), **settings)
        run = RunDirectory.create(tmp_path, topic="label noise", slug="label-noise", config=config)
        return open_services(run, threading.Event())

    return made


class Way:
    """Boxes that note that they were gone through, and answer as they are told."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, **answers: list[str]) -> None:
        self.seen: list[str] = []
        for name in phases.__all__:
            monkeypatch.setattr(phases, name, self.box(name, answers.get(name, [])))

    def box(self, name: str, answers: list[str]):
        def box(services: Services) -> str | None:
            self.seen.append(name)
            return answers.pop(0) if answers else None

        return box


def test_decisions_lead_the_way(services: Callable[..., Services], monkeypatch: pytest.MonkeyPatch) -> None:
    way = Way(
        monkeypatch,
        run_stage=["next", "done"],
        critique_figures=["redraw", "PASS", "PASS"],
        check_paper=["FAIL", "PASS", "redraw", "mend", "PASS"],
        review_paper=["revise", "done"],
    )
    work(services())
    assert (
        way.seen
        == (
            "propose_idea run_stage run_stage confirm draw_figures critique_figures draw_figures critique_figures "
            "write_paper check_paper write_paper check_paper review_paper write_paper check_paper "
            "draw_figures critique_figures write_paper check_paper write_paper check_paper review_paper bundle"
        ).split()
    )


def test_no_box_is_entered_once_the_run_is_to_stop(
    services: Callable[..., Services], monkeypatch: pytest.MonkeyPatch
) -> None:
    way = Way(monkeypatch)
    made = services()
    made.stop.set()
    with pytest.raises(Stopped):
        work(made)
    assert way.seen == []


def test_no_box_is_entered_once_the_hours_are_over(
    services: Callable[..., Services], monkeypatch: pytest.MonkeyPatch
) -> None:
    way = Way(monkeypatch)
    with pytest.raises(BudgetSpent, match="hours"):
        work(services(budget=Budget(hours=0)))
    assert way.seen == []
