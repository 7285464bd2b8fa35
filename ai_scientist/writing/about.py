"""What a paper says of its own making: facts of the run, handed in by whoever ran it."""

from __future__ import annotations

from collections.abc import Mapping

from ai_scientist.datasets.summary import DataSummary
from ai_scientist.records import Arms, Claims, Degradation, Experiment, Idea, Record


class About(Record):
    """The facts that the title page, the disclosure and the appendices state."""

    date: str
    """Of the run, as a reader writes it: "22 November 2026"."""
    run: str = ""
    """The run's name."""
    models: Mapping[str, str] = {}
    """What was done to the model that did it: "prose" to "offline"."""
    people: str = "No person took part between the topic and this document."
    """What people did after the topic was given."""
    seed: int = 0
    spent: Mapping[str, str] = {}
    """What the run had used when the paper was written, as shown: "wall-clock" to "74 s"."""
    degradations: tuple[Degradation, ...] = ()
    unverified: tuple[str, ...] = ()
    """Checks that could not be made, each in a sentence."""


class Material(Record):
    """What a paper is typeset from, beside its prose."""

    idea: Idea
    claims: Claims
    experiments: tuple[Experiment, ...]
    about: About
    data: tuple[DataSummary, ...] = ()
    """What the user gave."""

    @property
    def arms(self) -> Arms:
        return self.claims.arms

    def role(self, arm: str) -> str:
        if arm == self.arms.baseline:
            return "baseline"
        return "proposed" if arm == self.arms.proposed else "ablation"
