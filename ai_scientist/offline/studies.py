"""The studies that the offline model knows: templates/experiments/<slug>/study.yaml and program.py.j2."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field

from ai_scientist.bundled import bundled
from ai_scientist.datasets.summary import DataSummary
from ai_scientist.errors import TopicRefused
from ai_scientist.offline.own import Own, own_table
from ai_scientist.offline.sources import source
from ai_scientist.records import FindingVerdict, Metric, Prediction, Scalar


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
    names: dict[str, str] = Field(default_factory=dict)
    """What stands on the axis in place of a number, where conditions are kinds and not amounts."""

    @property
    def ticks(self) -> dict[str, str]:
        return {dataset: self.names.get(dataset, f"{value:g}") for dataset, value in self.values.items()}


class Theme(Part):
    """A question to the literature, in one or several wordings, and where its answers belong."""

    lead: str = ""
    """The sentence that opens its paragraph of the related work."""
    place: Literal["related", "data", "statistics"] = "related"
    queries: list[str]


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
    background: str
    """Why anybody asks, in a sentence or two."""
    literature: list[Theme]
    outcomes: dict[FindingVerdict, str]
    """What each outcome of the primary prediction would mean."""
    examples: str = "images"
    """What its data sets consist of, as the paper calls them."""
    own_data: dict[str, Any] | None = None
    """What is different where the study is carried over to a user's table; None where it cannot be."""
    own: Own | None = None
    """The user's table that it was carried over to."""

    @property
    def queries(self) -> list[str]:
        return [query for theme in self.literature for query in theme.queries]

    def program(self, parts: Iterable[str]) -> str:
        """The program with these parts, whose order does not matter."""
        return compose(self.slug, frozenset(parts), self.own)

    def parts_of(self, program: str) -> tuple[str, ...] | None:
        """Which parts a program has, or None where it is none of this study's."""
        return parts_by_program(self.slug, self.own).get(program)

    def settings_of(self, parts: Iterable[str]) -> set[str]:
        """The settings that a program with these parts knows."""
        owned = {name for part in self.parts.values() for name in part.settings}
        return (set(self.settings) - owned) | {name for part in parts for name in self.parts[part].settings}


@cache
def studies() -> Mapping[str, Study]:
    """Every study that comes with us, by its slug."""
    files = sorted(bundled("templates", "experiments").glob("*/study.yaml"))
    return {file.parent.name: Study.model_validate(yaml.safe_load(file.read_text(encoding="utf-8"))) for file in files}


def study_of(values: Mapping[str, Any]) -> Study:
    """The study that a prompt's values are about, on the user's table where they hold one.

    Raises:
        TopicRefused: the study, or the table, cannot be carried over.
    """
    return on_data(studies()[values["idea"]["study"]], values.get("data", ()))


def on_data(study: Study, data: Sequence[Mapping[str, Any] | DataSummary]) -> Study:
    """The study as it is, or carried over to the user's table. Raises TopicRefused as `study_of`."""
    own = own_table(data)
    if own is None:
        return study
    if study.own_data is None:
        able = ", ".join(slug for slug, one in studies().items() if one.own_data is not None)
        raise TopicRefused(
            f"The offline model can study {study.slug} on its own data sets alone; on yours it can study: {able}. Name one of these as the "
            "topic, leave out --data, or set up another model with --model provider:name."
        )
    return carried(study.slug, own)


@cache
def carried(slug: str, own: Own) -> Study:
    """The study of that name on the user's table. Raises TopicRefused: it asks for numeric columns, and there are none."""
    stated = yaml.safe_load(study_file(slug).read_text(encoding="utf-8"))
    changes = stated.pop("own_data")
    if changes.pop("numeric", False) and not own.number_columns:
        raise TopicRefused(f"The study {slug} asks for numeric columns, and {own.name} has none; choose another study.")
    literature = [
        theme for theme in stated.pop("literature") if theme.get("place") != "data"
    ]  # those are on data of ours
    told = on_rows(laid_over(stated, changes), own)
    return Study.model_validate({**told, "literature": literature, "examples": "rows", "own": own})


def laid_over(stated: Any, changes: Any) -> Any:
    """Mappings are merged, null takes an entry away, anything else is replaced."""
    if not (isinstance(stated, dict) and isinstance(changes, dict)):
        return changes
    merged = {**stated, **{key: laid_over(stated.get(key), value) for key, value in changes.items()}}
    return {key: value for key, value in merged.items() if value is not None}


WORDS = (("an image", "a row"), ("An image", "A row"), ("images", "rows"), ("Images", "Rows"), ("image", "row"))


def on_rows(stated: Any, own: Own, under: str = "") -> Any:
    """The texts of a study, speaking of rows instead of images and of the user's table instead of the digits. `under`: the field."""
    if isinstance(stated, dict):
        named = under in ("datasets", "values", "names")  # there, keys are names of data sets
        return {on_rows(key, own) if named else key: on_rows(value, own, key) for key, value in stated.items()}
    if isinstance(stated, list):
        return [on_rows(value, own) for value in stated]
    if not isinstance(stated, str):
        return stated
    text = re.sub(DIGITS, own.name, stated)
    for word, instead in WORDS:
        text = re.sub(rf"\b{word}\b", instead, text)
    return re.sub(r"\{own\.(\w+)\}", lambda found: str(getattr(own, found[1])), text)


DIGITS = r"^digits(?=$|, )"
"""The built-in data set, as the name of a data set begins."""


def study_file(slug: str) -> Path:
    return bundled("templates", "experiments", slug) / "study.yaml"


@cache
def compose(slug: str, parts: frozenset[str], own: Own | None = None) -> str:
    return source("experiments", f"{slug}/program.py.j2", parts=sorted(parts), own=own)


@cache
def parts_by_program(slug: str, own: Own | None = None) -> Mapping[str, tuple[str, ...]]:
    """Every program that a study's parts make, to its parts. A handful of parts: at most a few dozen programs."""
    parts = (carried(slug, own) if own else studies()[slug]).parts
    return {
        compose(slug, frozenset(chosen), own): chosen
        for count in range(len(parts) + 1)
        for chosen in itertools.combinations(parts, count)
    }
