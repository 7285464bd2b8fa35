"""The search, stage by stage, and its confirmation: from an idea to claims."""

from __future__ import annotations

from typing import Literal

from ai_scientist.claims.build import build, shortfalls
from ai_scientist.phases import gates
from ai_scientist.records import Stage
from ai_scientist.runs.events import PhaseFinished
from ai_scientist.search import confirm as confirming
from ai_scientist.search import stage as staging
from ai_scientist.services import Services, check_unchanged


def run_stage(services: Services) -> Literal["next", "done"]:
    """Carry out the stage, or the round of one, that is due.

    Raises:
        NothingFound: no prototype worked.
        Waiting: the user wants to see the plan first.
    """
    run = services.run
    if staging.next_due(run.progress, services.config) is None:
        return "done"

    def gate(stage: Stage, attempt: int) -> str | None:
        """Why this plan is not to be carried out, or None where it is."""
        ordinal = list(run.progress.opened).index((stage.name, stage.round)) + 1
        asked = (ordinal - 1) * staging.ATTEMPTS + attempt
        why = gates.rejection(run.progress, "plan", asked)
        if why is None:
            gates.ask(services, "plan", asked, run.plan(stage.name, stage.round))
        return why

    staging.run_stage(services.idea, run=run, desk=services.desk, host=services.hosts, stop=services.stop, gate=gate)
    return "next" if staging.next_due(run.progress, services.config) else "done"


def confirm(services: Services) -> None:
    """Measure baseline, proposal and ablations again on fresh seeds, and write down what may be claimed.

    Raises:
        NothingFound: there is nothing to confirm.
    """
    run = services.run
    if run.progress.rounds("confirm"):
        return
    idea = services.idea
    arms = confirming.confirm(idea, run=run, desk=services.desk, host=services.hosts, stop=services.stop)
    check_unchanged(run)  # so that every experiment saw the data that the run says it saw
    claims = build(idea, arms, run.experiments(), services.config)
    for short in shortfalls(claims, services.config):
        run.degrade(short.what, short.why, touches_claims=short.touches_claims)
    run.write(run.claims_json, claims.model_dump_json(indent=1))
    run.append(PhaseFinished(phase="confirm"))
