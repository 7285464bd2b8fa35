"""A venue's review form, as data: its scales with their words, and the sheet that a referee fills in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, create_model

NOT_ASSESSED = "not assessed"
Decision = Literal["Accept", "Reject", "not assessed"]


@dataclass(frozen=True)
class Scale:
    """One score of a form."""

    name: str
    """As a field: `soundness`."""
    low: int
    high: int
    asks: str
    """The question that the score answers."""
    meaning: Mapping[int, str]
    """What each value says."""


@dataclass(frozen=True)
class Form:
    """A venue's form."""

    name: str
    venue: str
    scales: tuple[Scale, ...]

    def scale(self, name: str) -> Scale:
        return next(scale for scale in self.scales if scale.name == name)

    def sheet(self) -> type[Sheet]:
        """The form as a model that a referee fills in: the words first, then each score (null: not assessed)."""
        return _sheet(self.name)

    def scores(self, sheet: Sheet) -> dict[str, int | None]:
        """The scores of a filled sheet, by name, in the form's order."""
        return {scale.name: getattr(sheet, scale.name) for scale in self.scales}

    def decision(self, sheet: Sheet) -> Decision:
        return getattr(sheet, "decision", NOT_ASSESSED)


class Point(BaseModel):
    """One weakness."""

    model_config = ConfigDict(frozen=True)

    claim: str = Field(description="What is wrong or missing, in one or two sentences.")
    quote: str = Field(
        description="The passage it is about, copied word for word from the paper: 8 to 40 words, no ellipsis."
    )
    place: str = Field(default="", description="Section, figure, table or page.")
    severity: Literal["major", "minor"] = Field(description="major: a conclusion of the paper depends on it.")
    fix: str = Field(default="", description="The smallest thing that the authors could do about it.")


def whole(schema: dict[str, Any]) -> None:
    """Ask for every field, also for those that may be missing when a reply is read: models skip what is optional."""
    schema["required"] = list(schema["properties"])


class Sheet(BaseModel):
    """The words of a report; a venue's sheet adds scores and decision, so that they come last, after the thinking."""

    model_config = ConfigDict(json_schema_extra=whole)

    summary: str = Field(description="What the paper asks, does and finds, fairly and in the referee's own words.")
    strengths: list[str] = Field(default_factory=list, description="What is good, each with the evidence for it.")
    weaknesses: list[Point] = Field(default_factory=list, description="What is wrong or missing. May be empty.")
    questions: list[str] = Field(
        default_factory=list, description="Questions whose answer could change the assessment."
    )
    limitations: list[str] = Field(
        default_factory=list, description="Limitations and societal effects, and whether the authors address them."
    )
    ethical_concerns: bool = Field(default=False, description="true where an ethics reviewer has to look at the paper.")


_QUALITY = {1: "low", 2: "medium", 3: "high", 4: "very high"}
_GRADE = {1: "poor", 2: "fair", 3: "good", 4: "excellent"}

NEURIPS = Form(
    "neurips",
    "NeurIPS",
    (
        Scale("originality", 1, 4, "Are the tasks, methods or findings new, and is it clear how?", _QUALITY),
        Scale("quality", 1, 4, "Is the work technically sound and complete, and honest about what it shows?", _QUALITY),
        Scale("clarity", 1, 4, "Is it clearly written, and could an expert reproduce it?", _QUALITY),
        Scale("significance", 1, 4, "Will others build on the results?", _QUALITY),
        Scale("soundness", 1, 4, "Are the claims supported by adequate methods and evidence?", _GRADE),
        Scale("presentation", 1, 4, "How good are writing, figures and the place given among earlier work?", _GRADE),
        Scale("contribution", 1, 4, "How much does it add for this community?", _GRADE),
        Scale(
            "overall",
            1,
            10,
            "The assessment as a whole.",
            {
                10: "award quality",
                9: "very strong accept",
                8: "strong accept",
                7: "accept",
                6: "weak accept",
                5: "borderline accept",
                4: "borderline reject",
                3: "reject",
                2: "strong reject",
                1: "very strong reject",
            },
        ),
        Scale(
            "confidence",
            1,
            5,
            "How sure is the referee of the above?",
            {
                5: "certain; knows the literature and checked the details",
                4: "confident, not certain; some part may be misunderstood",
                3: "fairly confident; details were not checked carefully",
                2: "willing to defend it, but central parts may be misunderstood",
                1: "an educated guess",
            },
        ),
    ),
)

FORMS: Mapping[str, Form] = {form.name: form for form in (NEURIPS,)}


def form(name: str) -> Form:
    """The form of that name.

    Raises:
        KeyError: there is none; names those that there are.
    """
    if name not in FORMS:
        raise KeyError(f"There is no review form {name!r}; there are: {', '.join(FORMS)}.")
    return FORMS[name]


@cache
def _sheet(name: str) -> type[Sheet]:
    fields: dict[str, Any] = {}
    for scale in form(name).scales:
        words = "; ".join(f"{value} {scale.meaning[value]}" for value in sorted(scale.meaning))
        told = f"{scale.asks} {scale.low} to {scale.high}: {words}. null: it cannot be assessed from what was given."
        fields[scale.name] = (int | None, Field(default=None, ge=scale.low, le=scale.high, description=told))
    told = f"Accept or Reject, in line with the scores; {NOT_ASSESSED!r} where that cannot be said."
    fields["decision"] = (Decision, Field(default=NOT_ASSESSED, description=told))
    return create_model(f"{form(name).venue}Sheet", __base__=Sheet, __module__=__name__, **fields)


class Verdict(BaseModel):
    """Whether one weakness holds."""

    number: int = Field(description="The weakness's number as listed.")
    reason: str = Field(description="What in the paper confirms or refutes it, in one or two sentences.")
    holds: bool = Field(
        description="false: the paper refutes it, the quote does not support it, or it misreads the paper."
    )


class Verdicts(BaseModel):
    """One verdict for each weakness listed."""

    verdicts: list[Verdict]


class ChairSheet(BaseModel):
    """What the area chair writes."""

    model_config = ConfigDict(json_schema_extra=whole)

    summary: str = Field(description="The paper and the panel's view of it, one or two paragraphs.")
    agreement: list[str] = Field(default_factory=list, description="What the referees agree on.")
    disagreement: list[str] = Field(
        default_factory=list, description="Where they differ, naming them, and what the paper says."
    )
    first_steps: list[str] = Field(
        default_factory=list, description="What the authors should do first, most important first."
    )
    decision: Decision = Field(default="not assessed")
