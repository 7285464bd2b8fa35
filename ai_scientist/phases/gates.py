"""Where a person may say yes, no, or otherwise, before the run goes on."""

from __future__ import annotations

from pathlib import Path

from ai_scientist.errors import AIScientistError
from ai_scientist.runs import Progress
from ai_scientist.runs.events import ApprovalAsked, ApprovalGiven, Gate
from ai_scientist.services import Services


class Waiting(AIScientistError):
    """The run waits for a person. Nothing is lost and nothing runs."""

    exit_code = 11


def answer(progress: Progress, gate: Gate, round: int) -> ApprovalGiven | None:
    """What was said of the `round`-th idea, plan or paper, if anything was."""
    return progress.approvals.get((gate, round))


def rejection(progress: Progress, gate: Gate, round: int) -> str | None:
    """Why the `round`-th was not accepted, or None where it was not rejected."""
    given = answer(progress, gate, round)
    return None if given is None or given.accepted else given.note or "It was not accepted; no reason was given."


def ask(services: Services, gate: Gate, round: int, look_at: Path) -> None:
    """Go on where nobody wants to be asked or the `round`-th was accepted; otherwise ask, and end the process.

    Raises:
        Waiting: the user has to look at a file.
    """
    run = services.run
    given = answer(run.progress, gate, round)
    if gate not in services.config.approve or (given is not None and given.accepted):
        return
    if (gate, round) not in run.progress.approvals:
        run.append(ApprovalAsked(gate=gate, round=round))
    raise Waiting(
        f"Waiting for your word on the {gate}. Look at {look_at}, then: ai-scientist resume {run.path} --accept "
        f'(or --reject "why", or --edit FILE).'
    )
