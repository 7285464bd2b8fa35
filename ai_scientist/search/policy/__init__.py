"""How the tree grows: one policy a file, the contract in base.py."""

from ai_scientist.config import Search
from ai_scientist.search.policy.base import Policy, Proposal, View
from ai_scientist.search.policy.best_first import BestFirst

__all__ = ["Policy", "Proposal", "View", "open_policy"]


def open_policy(search: Search) -> Policy:
    """The policy that the configuration names."""
    return {"best_first": BestFirst}[search.policy](search)
