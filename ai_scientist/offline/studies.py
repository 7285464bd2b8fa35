"""The studies that the offline model knows: templates/experiments/<slug>/study.yaml and program.py.j2."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field

from ai_scientist.bundled import bundled
from ai_scientist.offline.sources import source
from ai_scientist.records import Metric, Prediction, Scalar


class Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class StudyMetric(Part):
    name: str
    better: str
    label: str
    digits: int = 3

    @property
    def metric(self) -> Metric:
        return Metric.model_validate(
            {"name": self.name, "better": self.better, "label": self.label, "digits": self.digits}
        )


class Baseline(Part):
    name: str
    plan: str
    description: str


class Candidate(Part):
    change: str
    plan: str
    config: dict[str, Scalar] = Field(default_factory=dict)


class Removal(Part):
    change: str
    plan: str


class Mechanism(Part):
    """A part of a program: what it does, which settings it brings, and what taking it out or weakening it means."""

    label: str
    settings: list[str] = Field(default_factory=list)
    describe: str
    remove: Removal
    replace: Candidate | None = None
    queries: list[str] = Field(default_factory=list)


class Variant(Part):
    name: str
    change: str
    plan: str
    parts: list[str]
    config: dict[str, Scalar] = Field(default_factory=dict)


class Setting(Part):
    text: str
    default: Scalar


class Conditions(Part):
    axis: str
    values: dict[str, float]


class Study(Part):
    """One study, as its file states it."""

    slug: str
    title: str
    keywords: list[str]
    phrases: list[str]
    question: str
    hypothesis: str
    metric: StudyMetric
    secondary: list[StudyMetric] = Field(default_factory=list)
    datasets: dict[str, str]
    conditions: Conditions
    units: dict[str, str] = Field(default_factory=dict)
    predictions: list[Prediction]
    baseline: Baseline
    proposal: str
    tune: list[Candidate]
    parts: dict[str, Mechanism]
    explore: list[Variant]
    figures: list[dict[str, Any]] = Field(default_factory=list)
    method: list[str]
    limitations: list[str]
    risks: list[str] = Field(default_factory=list)
    settings: dict[str, Setting] = Field(default_factory=dict)
    queries: list[str] = Field(default_factory=list)

    def program(self, parts: Iterable[str]) -> str:
        """The program with these parts, whose order does not matter."""
        return compose(self.slug, frozenset(parts))

    def parts_of(self, program: str) -> tuple[str, ...] | None:
        """Which parts a program has, or None where it is none of this study's."""
        return parts_by_program(self.slug).get(program)

    def settings_of(self, parts: Iterable[str]) -> set[str]:
        """The settings that a program with these parts knows."""
        owned = {name for part in self.parts.values() for name in part.settings}
        return (set(self.settings) - owned) | {name for part in parts for name in self.parts[part].settings}


@cache
def studies() -> Mapping[str, Study]:
    """Every study that comes with us, by its slug."""
    files = sorted(bundled("templates", "experiments").glob("*/study.yaml"))
    return {file.parent.name: Study.model_validate(yaml.safe_load(file.read_text(encoding="utf-8"))) for file in files}


@cache
def compose(slug: str, parts: frozenset[str]) -> str:
    return source("experiments", f"{slug}/program.py.j2", parts=sorted(parts))


@cache
def parts_by_program(slug: str) -> Mapping[str, tuple[str, ...]]:
    """Every program that a study's parts make, to its parts. A handful of parts: at most a few dozen programs."""
    parts = studies()[slug].parts
    return {
        compose(slug, frozenset(chosen)): chosen
        for count in range(len(parts) + 1)
        for chosen in itertools.combinations(parts, count)
    }
