"""Best-first: mend what failed, then change the best there is."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil

from ai_scientist.config import Search
from ai_scientist.records import StageName
from ai_scientist.search.policy.base import Proposal, View


class BestFirst:
    """Draws no lots: what it proposes follows from the tree and from what was started."""

    def __init__(self, search: Search) -> None:
        self.search = search
        self.grow: dict[StageName, Callable[[View], Proposal | None]] = {
            "prototype": self.draft,
            "tune": self.tune,
            "explore": self.explore,
            "ablate": self.ablate,
        }

    def propose(self, view: View) -> Proposal | None:
        if len(view.started) >= view.stage.experiments:
            return None
        if view.stage.name == "prototype":
            coming = sum(1 for one in view.pending if one.action != "repeat")
            if len(view.tree.leaders("prototype")) + coming >= self.search.drafts:
                return None
        mending = self.mend(view)
        if mending is not None:
            return mending
        if view.directions is not None and view.tried >= view.directions:
            return None
        return self.grow[view.stage.name](view)

    def mend(self, view: View) -> Proposal | None:
        """The earliest failure of this round that nobody is mending."""
        mended = {one.parent for one in view.pending if one.action == "debug"}
        here = set(view.tree.of(view.stage.name, view.stage.round)) - mended
        failed = next((id for id in view.tree.debuggable(self.search.debug_depth) if id in here), None)
        return Proposal("debug", failed) if failed else None

    def draft(self, view: View) -> Proposal | None:
        return Proposal("draft")

    def tune(self, view: View) -> Proposal | None:
        """Climb: change the best so far, what was carried here included."""
        best = view.tree.best("tune", [view.root] if view.root else [])
        return Proposal("tune", best) if best else None

    def explore(self, view: View) -> Proposal | None:
        """Go in several directions from the tuned baseline; then go on from the best that was found."""
        wide = ceil(view.stage.experiments / 2) if view.stage.round == 1 else 0
        found = view.tree.best("explore") if view.tried >= wide else None
        parent = found or view.root
        return Proposal("improve", parent) if parent else None

    def ablate(self, view: View) -> Proposal | None:
        """Only of what explore carried forward, so that each ablation is it less one part."""
        return Proposal("ablate", view.root) if view.root else None
