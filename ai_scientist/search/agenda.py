"""What a round of the search is to do next: new variants by the policy, and seed repeats of its leaders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from ai_scientist.config import Search
from ai_scientist.records import Arms, Stage
from ai_scientist.search.policy import Policy, Proposal, View
from ai_scientist.search.tree import Tree

CONFIRMING = 500
"""The first of the seeds that no selection has seen."""
SPACING = 1_000
"""Seeds per seed of a run."""


def seed_of(run_seed: int, nth: int) -> int:
    """The nth seed of a run, the same for every variant, so that comparisons pair."""
    return run_seed * SPACING + nth


class Agenda(Protocol):
    @property
    def stage(self) -> Stage: ...

    def next(self, tree: Tree, started: Sequence[Proposal], pending: Sequence[Proposal]) -> Proposal | None:
        """What to start on a free worker, from what this round has started and what of it is in flight. None: wait for
        what is in flight, or, with nothing in flight, the round is done."""
        ...

    def direction(self, nth: int) -> str | None:
        """What the nth change of this round is to try."""
        ...


@dataclass(frozen=True)
class StageAgenda:
    stage: Stage
    policy: Policy
    search: Search
    root: str | None
    """What the stage before carried forward."""
    directions: tuple[str, ...] = ()

    def next(self, tree: Tree, started: Sequence[Proposal], pending: Sequence[Proposal]) -> Proposal | None:
        view = View(
            tree=tree,
            stage=self.stage,
            root=self.root,
            # A prototype is drafted again until it works, whatever was listed.
            directions=None if self.stage.name == "prototype" else len(self.directions),
            started=[one for one in started if one.action != "repeat"],
            pending=pending,
        )
        return self.policy.propose(view) or self.repeat(tree, pending)

    def repeat(self, tree: Tree, pending: Sequence[Proposal]) -> Proposal | None:
        """Another seed for the leader that has the fewest. Ablations get theirs when they are confirmed."""
        if self.stage.name == "ablate":
            return None
        also = [self.root] if self.stage.name == "tune" and self.root else []
        wanted: list[tuple[int, Proposal]] = []
        for id in tree.leaders(self.stage.name, also)[: self.search.leaders]:
            variant = tree.variants[id]
            if not variant.head.seeded:  # the same numbers again would be no further seed
                continue
            used = {run.seed % SPACING for run in variant.runs}
            used |= {one.nth_seed for one in pending if one.action == "repeat" and one.parent == id}
            free = [nth for nth in range(self.search.seeds) if nth not in used]
            if free:
                wanted.append((len(used), Proposal("repeat", id, free[0])))
        return min(wanted, key=lambda one: one[0])[1] if wanted else None

    def direction(self, nth: int) -> str | None:
        return self.directions[nth] if nth < len(self.directions) else None


@dataclass(frozen=True)
class ConfirmAgenda:
    """Each arm on each fresh seed: all arms on the first, then all on the second, so that what is there pairs."""

    stage: Stage
    arms: Arms
    seeds: int

    def next(self, tree: Tree, started: Sequence[Proposal], pending: Sequence[Proposal]) -> Proposal | None:
        wanted = (Proposal("repeat", arm, CONFIRMING + nth) for nth in range(self.seeds) for arm in self.arms.all)
        return next((one for one in wanted if one not in started), None)

    def direction(self, nth: int) -> str | None:
        return None
