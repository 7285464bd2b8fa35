"""What is filled in when a new version of a paper is held against an earlier review."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from ai_scientist_reviewer.forms.sheets import whole


class StatusNow(BaseModel):
    """What became of one earlier point."""

    number: int = Field(description="The point's number as listed.")
    reason: str = Field(description="What changed, or did not, in one or two sentences. Before the status.")
    quote: str = Field(
        default="",
        description="The words of the new version that show it, copied word for word: 8 to 40 words, no ellipsis. For a "
        "point that is not resolved, the passage that still has the fault.",
    )
    status: Literal["resolved", "partly", "not", "unclear"] = Field(
        description="resolved: the fault is gone; partly: a part of it is; not: it stands; unclear: this cannot be told."
    )


class NewThing(BaseModel):
    """Something new that bears on the assessment."""

    what: str = Field(description="What is new, in a sentence.")
    quote: str = Field(description="The words of the new version, copied word for word: 8 to 40 words, no ellipsis.")


class Said(BaseModel):
    """A claim of the response letter about the manuscript."""

    letter: str = Field(description="The letter's own words, copied word for word: 6 to 40 words, no ellipsis.")
    claim: str = Field(description="What the letter says was done, in a sentence.")
    reason: str = Field(description="Where the manuscript does it, or that it does not. Before the answer.")
    quote: str = Field(
        default="",
        description="The words of the manuscript that show it, copied word for word; empty where there are none.",
    )
    kept: Literal["kept", "partly", "not found"] = Field(
        description="Whether the manuscript does what the letter says."
    )


class FollowUpSheet(BaseModel):
    """A new version held against an earlier review."""

    model_config = ConfigDict(json_schema_extra=whole)

    points: list[StatusNow] = Field(default_factory=list, description="One for each earlier point.")
    changes: list[NewThing] = Field(
        default_factory=list, description="What else is new and bears on the assessment; at most eight."
    )
    promises: list[Said] = Field(
        default_factory=list,
        description="Each claim of the response letter about the manuscript; empty without a letter.",
    )


class Second(BaseModel):
    """What a second reading says of one statement."""

    number: int = Field(description="The statement's number as listed.")
    reason: str = Field(
        description="What in the new version confirms or refutes it, in one or two sentences. Before the answer."
    )
    answer: Literal["holds", "in part", "does not hold"] = Field(
        description="holds: it is as stated; in part: less is done than is stated; does not hold: nothing of it is done."
    )


class SecondReading(BaseModel):
    """One answer for each statement listed."""

    answers: list[Second]
