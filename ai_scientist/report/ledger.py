"""What the run spent on models, by role."""

from __future__ import annotations

from dataclasses import dataclass

from ai_scientist.runs.progress import Progress


@dataclass
class Line:
    """The finished calls of a role."""

    role: str
    calls: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    money: float = 0.0
    """US dollars, of the calls whose price is known."""
    unpriced: int = 0
    seconds: float = 0.0
    """Waited for replies, summed over calls."""


def by_role(progress: Progress) -> tuple[Line, ...]:
    """A line per role, by name. Calls that were lost are not in it: they are booked in `progress.spent`."""
    found: dict[str, Line] = {}
    for call in progress.calls.values():
        role = call.id.split(".")[1]  # <scope>.<role>.<ordinal>, and .<n> where it was asked again
        line = found.setdefault(role, Line(role))
        line.calls += 1
        line.tokens_in += call.tokens_in
        line.tokens_out += call.tokens_out
        line.money += call.money or 0.0
        line.unpriced += call.money is None
        line.seconds += call.seconds
    return tuple(found[role] for role in sorted(found))
