"""The tree: a fold of the experiments, with a score for every variant."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ai_scientist.records import Experiment, Idea, StageName
from ai_scientist.search import measured


@dataclass(frozen=True)
class Standing:
    """How a variant stands, over its seeds."""

    mean: float | None
    """In the metric's unit. None: nothing to rank by."""
    sd: float
    """Over distinct seeds; 0 where there is one."""
    seeds: int
    """Distinct seeds with a finite value. Runs that never asked for their seed count as one together."""
    failures: int
    """Runs that gave no finite value, though a program came to run."""


@dataclass(frozen=True)
class Variant:
    """A program with its settings: its first run, and its runs on other seeds."""

    head: Experiment
    repeats: tuple[Experiment, ...] = ()

    @property
    def runs(self) -> tuple[Experiment, ...]:
        return (self.head, *self.repeats)


class Tree:
    """All variants so far. Grows by `add`; only the coordinating thread touches it."""

    def __init__(self, idea: Idea, experiments: Iterable[Experiment] = ()) -> None:
        self.idea = idea
        self.variants: dict[str, Variant] = {}
        """By the id of the first run, in order of finishing."""
        self.children: dict[str, list[str]] = {}
        self._values: dict[str, float | None] = {}
        self._standing: dict[str, Standing] = {}
        for experiment in experiments:
            self.add(experiment)

    def add(self, experiment: Experiment) -> None:
        """Take in a finished experiment. Those that confirm are no part of the tree: nothing is selected by them."""
        if experiment.stage == "confirm":
            return
        self._values[experiment.id] = measured.value(experiment.measurements, self.idea) if experiment.worked else None
        if experiment.action == "repeat" and experiment.parent in self.variants:
            before = self.variants[experiment.parent]
            variant = Variant(before.head, (*before.repeats, experiment))
        else:
            variant = Variant(experiment)
            if experiment.parent:
                self.children.setdefault(experiment.parent, []).append(experiment.id)
        self.variants[variant.head.id] = variant
        self._standing[variant.head.id] = self._stand(variant)

    def _stand(self, variant: Variant) -> Standing:
        values: dict[int | None, float] = {}
        for run in variant.runs:
            value = self._values[run.id]
            if value is not None:
                values.setdefault(run.seed if run.seeded else None, value)
        if len(values) > 1:  # what never asked for its seed is no further seed
            values.pop(None, None)
        failures = sum(1 for run in variant.runs if self._values[run.id] is None and run.outcome != "undone")
        n = len(values)
        if not n:
            return Standing(None, 0.0, 0, failures)
        mean = math.fsum(values.values()) / n
        sd = math.sqrt(math.fsum((v - mean) ** 2 for v in values.values()) / (n - 1)) if n > 1 else 0.0
        return Standing(mean, sd, n, failures)

    # Scores

    def standing(self, id: str) -> Standing:
        return self._standing[id]

    @property
    def spread(self) -> float:
        """The standard deviation over seeds, pooled over the variants that have several; 0 where none has."""
        several = [one for one in self._standing.values() if one.seeds > 1]
        freedom = sum(one.seeds - 1 for one in several)
        return math.sqrt(sum((one.seeds - 1) * one.sd**2 for one in several) / freedom) if freedom else 0.0

    def score(self, id: str) -> float | None:
        """The mean over distinct seeds less its standard error, turned so that higher is better."""
        return self._score(id, self.spread)

    def _score(self, id: str, spread: float) -> float | None:
        stands = self._standing[id]
        if stands.mean is None:
            return None
        # The spread of two or three seeds says little of a variant by itself, so all share what was seen of any.
        mean = stands.mean if self.idea.metric.better == "higher" else -stands.mean
        return mean - spread / math.sqrt(stands.seeds)

    def ranked(self, ids: Iterable[str]) -> list[str]:
        """Those that have a score, best first. One that failed on a seed stands behind all that did not; of equals, the
        earlier one stands first."""
        spread = self.spread
        scored = [(id, score) for id in ids if (score := self._score(id, spread)) is not None]
        scored.sort(key=lambda one: (self._standing[one[0]].failures > 0, -one[1], int(one[0])))
        return [id for id, _ in scored]

    def of(self, stage: StageName, round: int | None = None) -> list[str]:
        """The variants of a stage, or of one round of it."""
        return [
            id
            for id, variant in self.variants.items()
            if variant.head.stage == stage and round in (None, variant.head.round)
        ]

    def leaders(self, stage: StageName, also: Sequence[str] = ()) -> list[str]:
        """The variants of a stage that have a score, best first, `also` ranked among them."""
        return self.ranked([*also, *(id for id in self.of(stage) if id not in also)])

    def best(self, stage: StageName, also: Sequence[str] = ()) -> str | None:
        return next(iter(self.leaders(stage, also)), None)

    # Lineage

    def debug_depth(self, id: str) -> int:
        """How many mendings in a row led to this variant."""
        depth, variant = 0, self.variants[id].head
        while variant.action == "debug" and variant.parent:
            depth, variant = depth + 1, self.variants[variant.parent].head
        return depth

    def origin(self, id: str) -> Experiment:
        """The experiment that this one mends, in the end: a mended ablation is an ablation of the same parent."""
        head = self.variants[id].head
        while head.action == "debug" and head.parent:
            head = self.variants[head.parent].head
        return head

    def debuggable(self, depth: int) -> list[str]:
        """Variants that ran without giving a finite value, have not been followed up, and were mended less than `depth`
        times in a row."""
        return [
            id
            for id, variant in self.variants.items()
            if self._values[id] is None
            and variant.head.outcome != "undone"
            and id not in self.children
            and self.debug_depth(id) < depth
        ]
