"""What a referee, a checker and the area chair fill in. A venue's sheet is built from its form."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, create_model, model_validator

from ai_scientist_reviewer.forms.base import NOT_ASSESSED, Decision, Form, Scale


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


class Verdict(BaseModel):
    """Whether one weakness holds."""

    model_config = ConfigDict(json_schema_extra=whole)

    number: int = Field(description="The weakness's number as listed.")
    reason: str = Field(description="What in the paper confirms or refutes it, in one or two sentences.")
    answer: Literal["holds", "in part", "does not hold"] = Field(
        description="holds: as it is claimed; in part: some of what is claimed, and the rest is refuted or cannot be confirmed; "
        "does not hold: the paper refutes it, the quote does not support it, or it misreads the paper."
    )
    narrowed: str = Field(
        default="",
        description="With 'in part': the weakness as far as it holds, in one or two sentences that stand for themselves. Else empty.",
    )

    @model_validator(mode="before")
    @classmethod
    def _of_two_answers(cls, given: Any) -> Any:
        """Replies that were recorded when there were two answers say `holds`, true or false."""
        if isinstance(given, dict) and "answer" not in given and isinstance(given.get("holds"), bool):
            return {**given, "answer": "holds" if given["holds"] else "does not hold"}
        return given


class Verdicts(BaseModel):
    """One verdict for each weakness listed."""

    verdicts: list[Verdict]


class ChairSheet(BaseModel):
    """What the area chair writes."""

    model_config = ConfigDict(json_schema_extra=whole)

    summary: str = Field(description="The paper and the panel's view of it, one or two paragraphs.")
    agreement: list[str] = Field(default_factory=list, description="What the referees agree on.")
    disagreement: list[str] = Field(
        default_factory=list, description="Where they differ, naming them, and what each says of the paper."
    )
    same: list[list[int]] = Field(
        default_factory=list,
        description="Numbers of listed weaknesses that say the same thing, a list for each such group; empty where none do.",
    )
    weightiest: list[int] = Field(
        default_factory=list,
        description="Numbers of the major weaknesses that weigh most, at most five, the weightiest first.",
    )
    first_steps: list[str] = Field(
        default_factory=list, description="What the authors should do first, most important first."
    )
    decision: Decision = Field(default=NOT_ASSESSED)


@lru_cache(maxsize=32)
def _sheet(name: str, dumped: str) -> type[Sheet]:
    form = Form.model_validate_json(dumped)
    fields: dict[str, Any] = {scale.name: _score(scale) for scale in form.scales}
    told = f"Accept or Reject, in line with the scores; {NOT_ASSESSED!r} where that cannot be said."
    fields["decision"] = (Decision, Field(default=NOT_ASSESSED, description=told))
    return create_model(name, __base__=Sheet, __module__=__name__, **fields)


def sheet(form: Form) -> type[Sheet]:
    """The form as a model that a referee fills in: the words first, then each score (null: not assessed)."""
    name = "".join(word.capitalize() for word in re.split(r"[^A-Za-z0-9]+", form.name)) + "Sheet"
    return _sheet(name, form.model_dump_json())


def scores_of(form: Form, filled: Sheet) -> dict[str, int | None]:
    """The scores of a filled sheet, by name, in the form's order."""
    return {scale.name: getattr(filled, scale.name) for scale in form.scales}


def decision_of(filled: Sheet) -> Decision:
    return getattr(filled, "decision", NOT_ASSESSED)


def _score(scale: Scale) -> tuple[Any, Any]:
    words = "; ".join(f"{value} {said}" for value, said in scale.meaning.items())
    told = f"{scale.asks} {words}. null: it cannot be assessed from what was given."
    known = list(scale.meaning)

    def one_of(value: int) -> int:
        if value not in known:
            raise ValueError(f"it has to be one of {', '.join(map(str, known))}")
        return value

    def enumerated(schema: dict[str, Any]) -> None:
        schema["enum"] = known

    kind: Any = Annotated[int, AfterValidator(one_of), Field(json_schema_extra=enumerated)]
    return kind | None, Field(default=None, description=told)
