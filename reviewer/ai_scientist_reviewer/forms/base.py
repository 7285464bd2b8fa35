"""What a venue's review form is made of. A form is data: it is read from a file and kept in each review."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

NOT_ASSESSED = "not assessed"
Decision = Literal["Accept", "Reject", "not assessed"]

WORDS = ("summary", "strengths", "weaknesses", "questions", "limitations", "ethical_concerns", "decision")
"""The fields that every sheet has. No score may be called so."""


class FormError(Exception):
    """There is no such form, or its file is not one. The message is one sentence for the person who named it."""


class Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class Scale(Part):
    """One score of a form."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")
    """As a field: `soundness`."""
    asks: str = Field(min_length=1, max_length=1000)
    """The question that the score answers."""
    meaning: Mapping[int, str]
    """What each value says. Only these values can be given."""

    @field_validator("meaning")
    @classmethod
    def _ordered(cls, meaning: Mapping[int, str]) -> Mapping[int, str]:
        if not 2 <= len(meaning) <= 101:
            raise ValueError("a scale needs at least two values, each with its words")
        if empty := [value for value, words in meaning.items() if not words.strip()]:
            raise ValueError(f"the value {empty[0]} has no words")
        return dict(sorted(meaning.items()))

    @field_validator("name")
    @classmethod
    def _own_name(cls, name: str) -> str:
        if name in WORDS:
            raise ValueError(f"'{name}' is a field of every form already")
        return name

    @property
    def low(self) -> int:
        return min(self.meaning)

    @property
    def high(self) -> int:
        return max(self.meaning)

    @property
    def title(self) -> str:
        return self.name.replace("_", " ").capitalize()

    def words(self, value: float) -> str:
        """Of the nearest value; of both where two are as near."""
        near = min(abs(known - value) for known in self.meaning)
        words = [self.meaning[known] for known in sorted(self.meaning) if abs(known - value) == near]
        return words[0] if len(words) == 1 else f"between “{words[0]}” and “{words[1]}”"


class Form(Part):
    """A venue's form."""

    name: str = Field(pattern=r"^[a-z][a-z0-9-]{0,39}$")
    venue: str = Field(min_length=1, max_length=100)
    """As referees are told: "ICLR 2026"."""
    source: str = ""
    """The page that the scales were read from, in words of our own."""
    read: str = ""
    """When, as 2026-11."""
    about: str = Field(default="", max_length=4000)
    """What the venue asks its referees to weigh, in a few sentences. Goes into the prompt."""
    scales: tuple[Scale, ...] = Field(min_length=1, max_length=30)
    """In the order in which they are to be given."""
    overall: str = ""
    """The scale that is the recommendation; "" where the form has none."""
    accept: int | None = None
    """The lowest value of `overall` whose words speak for acceptance; None where the venue does not say."""
    anchors: tuple[str, ...] = ()
    """What is known of how the venue's scores come out, each a sentence with its source. Goes into the prompt."""
    defects: str = ""
    """The scale that defects of presentation bear on: all that a referee without a model can score."""
    checks: str = ""
    """The venue whose rules for submissions the checks apply, by its name under venues/; "" for none."""

    @model_validator(mode="after")
    def _consistent(self) -> Form:
        names = [scale.name for scale in self.scales]
        if twice := next((name for name in names if names.count(name) > 1), None):
            raise ValueError(f"two scales are called '{twice}'")
        for field in ("overall", "defects"):
            if (named := getattr(self, field)) and named not in names:
                raise ValueError(f"'{field}' names the scale '{named}', and there is none of that name")
        if self.accept is not None and (not self.overall or self.accept not in self.scale(self.overall).meaning):
            raise ValueError("'accept' has to be a value of the scale that 'overall' names")
        return self

    def scale(self, name: str) -> Scale:
        return next(scale for scale in self.scales if scale.name == name)
