"""The seam of the policies: what one sees, and what it answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from ai_scientist.records import Action, Stage
from ai_scientist.search.tree import Tree


@dataclass(frozen=True)
class Proposal:
    """The next experiment."""

    action: Action
    parent: str | None = None
    nth_seed: int = 0
    """Which of the run's seeds it gets."""


@dataclass(frozen=True)
class View:
    """All that a decision may depend on. A policy that draws lots seeds them from this, so that a run can go on."""

    tree: Tree
    stage: Stage
    root: str | None
    """What the stage before carried forward."""
    directions: int | None
    """How many changes the manager listed to try. None: it is for the coder to think of them."""
    started: Sequence[Proposal]
    """This round's experiments so far, seed repeats aside, in order of starting, those in flight included."""
    pending: Sequence[Proposal]
    """All that is in flight."""

    @property
    def tried(self) -> int:
        """Changes started, mendings aside."""
        return sum(1 for one in self.started if one.action != "debug")


class Policy(Protocol):
    def propose(self, view: View) -> Proposal | None:
        """What to start now on a free worker. None: nothing that makes sense before something in flight ends, or, when
        nothing is in flight, nothing more in this round."""
        ...
