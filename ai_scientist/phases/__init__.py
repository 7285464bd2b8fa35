"""One plain function for each box of the graph. Each may be called again after a kill: what is done is not done twice."""

from ai_scientist.phases.bundle import bundle
from ai_scientist.phases.figures import critique_figures, draw_figures
from ai_scientist.phases.idea import propose_idea
from ai_scientist.phases.paper import check_paper, write_paper
from ai_scientist.phases.review import review_paper
from ai_scientist.phases.search import confirm, run_stage

__all__ = [
    "bundle",
    "check_paper",
    "confirm",
    "critique_figures",
    "draw_figures",
    "propose_idea",
    "review_paper",
    "run_stage",
    "write_paper",
]
