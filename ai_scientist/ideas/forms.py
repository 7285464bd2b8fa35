"""What a model fills in about an idea."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.json_schema import SkipJsonSchema

from ai_scientist.models.base import whole
from ai_scientist.records import Better, Idea, Metric, Prediction

Name = Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)


class Form(BaseModel):
    model_config = ConfigDict(frozen=True)


class MetricForm(Form):
    name: str = Name
    better: Better
    label: str = Field(max_length=60, description="as it stands within a sentence: accuracy")
    digits: int = Field(default=3, ge=0, le=6, description="decimals shown in the paper")


class PredictionForm(Form):
    metric: str
    dataset: str = Field(description="one of the data sets, or 'all' for the mean over them")
    direction: Better = Field(description="the proposed method's value relative to the tuned baseline's")
    at_least: float = Field(ge=0, description="the smallest difference that would matter, in the metric's unit")
    role: Literal["primary", "secondary"]
    text: str = Field(max_length=600, description="the prediction as a sentence, without measured numbers")


class DatasetForm(Form):
    name: str = Field(max_length=80, description="as programs pass it to lab.measure")
    about: str = Field(max_length=600, description="what it is, in a sentence; says so where it is generated")


class IdeaForm(Form):
    model_config = ConfigDict(json_schema_extra=whole)

    slug: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)
    title: str = Field(max_length=200, description="plain text")
    question: str = Field(max_length=1000)
    hypothesis: str = Field(max_length=1000)
    metric: MetricForm
    secondary: list[MetricForm] = Field(default_factory=list, max_length=4)
    datasets: list[DatasetForm] = Field(min_length=1, max_length=6)
    predictions: list[PredictionForm] = Field(min_length=1, max_length=6)
    baseline: str = Field(max_length=3000, description="a paragraph, precise enough to be programmed")
    proposal: str = Field(
        max_length=3000, description="a paragraph: what is changed, and by what mechanism it would help"
    )
    risks: list[str] = Field(default_factory=list, max_length=10)
    keywords: list[str] = Field(default_factory=list, max_length=12)
    queries: list[str] = Field(default_factory=list, max_length=12)
    study: SkipJsonSchema[str] = ""
    """Of the offline model, which builds on starting programs: no other is asked for it."""

    def faults(self) -> list[str]:
        """What does not fit together, each in a sentence."""
        names = [dataset.name for dataset in self.datasets]
        metrics = {metric.name for metric in (self.metric, *self.secondary)}
        found = []
        if len(set(names)) < len(names):
            found.append("Two data sets have the same name.")
        for prediction in self.predictions:
            if prediction.metric not in metrics:
                found.append(f"A prediction is about the metric '{prediction.metric}', which is not measured.")
            if prediction.dataset not in {*names, "all"}:
                found.append(f"A prediction is about the data set '{prediction.dataset}', which is not used.")
        if not any(prediction.role == "primary" for prediction in self.predictions):
            found.append("No prediction is the primary one.")
        return found

    def idea(self) -> Idea:
        return Idea(
            slug=self.slug,
            title=self.title,
            question=self.question,
            hypothesis=self.hypothesis,
            predictions=tuple(Prediction(**p.model_dump()) for p in self.predictions),
            metric=Metric(**self.metric.model_dump()),
            secondary=tuple(Metric(**m.model_dump()) for m in self.secondary),
            datasets={dataset.name: dataset.about for dataset in self.datasets},
            baseline=self.baseline,
            proposal=self.proposal,
            risks=tuple(self.risks),
            keywords=tuple(self.keywords),
            queries=tuple(self.queries),
            study=self.study,
        )
