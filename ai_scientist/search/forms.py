"""What a model fills in during the search. Bounded, so that no reply outgrows a prompt."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from ai_scientist.models.base import whole
from ai_scientist.records import Scalar

PROGRAM_LENGTH = 60_000
"""Characters of a program at most."""


Sentence = Annotated[str, Field(min_length=1, max_length=500)]
Label = Annotated[str, Field(min_length=1, max_length=200)]


class Form(BaseModel):
    model_config = ConfigDict(frozen=True, allow_inf_nan=False)


class StageForm(Form):
    model_config = ConfigDict(json_schema_extra=whole)

    goals: list[Sentence] = Field(
        min_length=1,
        max_length=8,
        description="What this round is to reach, each as a sentence that measurements can decide.",
    )
    directions: list[Label] = Field(
        default_factory=list,
        max_length=64,
        description="Concrete things to try, one per experiment, in the order to try them; each a short label. "
        "What is not listed is not tried.",
    )


class ProgramForm(Form):
    change: str = Field(
        min_length=1, max_length=120, description="What this program is, in a few words: its label in tables."
    )
    plan: str = Field(min_length=1, max_length=1_500, description="What is tried and why, in a sentence or two.")
    program: str = Field(
        min_length=1, max_length=PROGRAM_LENGTH, description="The whole of program.py, as plain Python without a fence."
    )
    config: dict[str, Scalar] = Field(
        default_factory=dict, description="Overrides of the defaults in lab.config; usually empty."
    )


class Edit(Form):
    find: str = Field(
        min_length=1,
        max_length=20_000,
        description="Lines of the parent's program, copied exactly; they occur once in it.",
    )
    replace: str = Field(max_length=20_000, description="What stands in their place.")


class PatchForm(Form):
    change: str = Field(min_length=1, max_length=120, description="A label in tables, in a few words, as asked for.")
    plan: str = Field(min_length=1, max_length=1_500, description="What is tried and why, in a sentence or two.")
    config: dict[str, Scalar | None] = Field(
        default_factory=dict,
        description="Settings to override, laid over the parent's overrides. null takes one of the parent's away.",
    )
    edits: list[Edit] = Field(
        default_factory=list,
        max_length=64,
        description="Replacements, applied one after another to the parent's program.",
    )
    program: str | None = Field(
        default=None, max_length=PROGRAM_LENGTH, description="The whole new program, where that is shorter than edits."
    )


class JudgementForm(Form):
    model_config = ConfigDict(json_schema_extra=whole)

    met: bool = Field(description="Whether the goals were met, by the table.")
    why: str = Field(max_length=1_500, description="What the table shows, in two or three sentences.")
    again: bool = Field(default=False, description="Whether another round of this stage is worth its experiments.")
    goals: list[Sentence] = Field(default_factory=list, max_length=8, description="If so, what that round is to reach.")
