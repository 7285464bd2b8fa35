"""The phases as a graph. LangGraph is imported here and nowhere else.

State carries decisions, not data: the run directory is the truth, and each phase reads from it what it needs. The tree search is a
loop inside `run_stage`, since a fan-out of graph nodes would wait for its slowest branch.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Literal, TypedDict

from langgraph.graph import END, START, StateGraph
from langgraph.runtime import Runtime

from ai_scientist import phases
from ai_scientist.services import Services

if TYPE_CHECKING:
    from langgraph.graph.state import CompiledStateGraph

STEPS = 10_000
"""Steps of the graph at most. What ends a run is its limits, not this."""


class State(TypedDict, total=False):
    stage: Literal["next", "done"]
    figures: Literal["redraw", "PASS"]
    paper: Literal["PASS", "FAIL", "mend", "redraw"]
    review: Literal["revise", "done"]


def begun(runtime: Runtime[Services]) -> Services:
    """What a box works with, where the run is to go on at all.

    Raises:
        Stopped, BudgetSpent: it is not.
    """
    runtime.context.check()
    return runtime.context


def propose_idea(state: State, runtime: Runtime[Services]) -> State:
    phases.propose_idea(begun(runtime))
    return {}


def run_stage(state: State, runtime: Runtime[Services]) -> State:
    return {"stage": phases.run_stage(begun(runtime))}


def confirm(state: State, runtime: Runtime[Services]) -> State:
    phases.confirm(begun(runtime))
    return {}


def draw_figures(state: State, runtime: Runtime[Services]) -> State:
    phases.draw_figures(begun(runtime))
    return {}


def critique_figures(state: State, runtime: Runtime[Services]) -> State:
    return {"figures": phases.critique_figures(begun(runtime))}


def write_paper(state: State, runtime: Runtime[Services]) -> State:
    phases.write_paper(begun(runtime))
    return {}


def check_paper(state: State, runtime: Runtime[Services]) -> State:
    return {"paper": phases.check_paper(begun(runtime))}


def review_paper(state: State, runtime: Runtime[Services]) -> State:
    return {"review": phases.review_paper(begun(runtime))}


def bundle(state: State, runtime: Runtime[Services]) -> State:
    phases.bundle(begun(runtime))
    return {}


@cache
def graph() -> CompiledStateGraph[Any, Any, Any, Any]:
    """The compiled graph."""
    drawing = StateGraph(State, context_schema=Services)
    for box in (
        propose_idea,
        run_stage,
        confirm,
        draw_figures,
        critique_figures,
        write_paper,
        check_paper,
        review_paper,
        bundle,
    ):
        drawing.add_node(box.__name__, box)
    drawing.add_edge(START, "propose_idea")
    drawing.add_edge("propose_idea", "run_stage")
    drawing.add_conditional_edges("run_stage", lambda state: state["stage"], {"next": "run_stage", "done": "confirm"})
    drawing.add_edge("confirm", "draw_figures")
    drawing.add_edge("draw_figures", "critique_figures")
    drawing.add_conditional_edges(
        "critique_figures", lambda state: state["figures"], {"redraw": "draw_figures", "PASS": "write_paper"}
    )
    drawing.add_edge("write_paper", "check_paper")
    drawing.add_conditional_edges(
        "check_paper",
        lambda state: state["paper"],
        {"FAIL": "write_paper", "mend": "write_paper", "redraw": "draw_figures", "PASS": "review_paper"},
    )
    drawing.add_conditional_edges(
        "review_paper", lambda state: state["review"], {"revise": "write_paper", "done": "bundle"}
    )
    drawing.add_edge("bundle", END)
    return drawing.compile()


def work(services: Services) -> None:
    """Carry the run from where it stands to its end.

    Raises:
        AIScientistError: whatever ended it early.
    """
    graph().invoke(State(), context=services, config={"recursion_limit": STEPS})


def picture() -> str:
    """The graph as a Mermaid drawing: the README's picture."""
    return graph().get_graph().draw_mermaid()
