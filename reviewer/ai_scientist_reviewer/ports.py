"""The one thing the reviewer needs from outside: a model that fills in a form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from pydantic import BaseModel

Form = TypeVar("Form", bound=BaseModel)


@dataclass(frozen=True)
class Prompt:
    """A request to a model: the file it was rendered from, what went into it, and the text."""

    name: str
    """The prompt's file under prompts/, without the ending: "referee", "verify_points", "area_chair"."""
    values: Mapping[str, Any] = field(default_factory=dict)
    """What was filled into the file. A rule-based model may answer from these instead of the text."""
    text: str = ""


class FormFiller(Protocol):
    """A model that fills in a form."""

    name: str
    """As it is to be shown beside a review: "openai:gpt-5", "offline"."""

    def fill(self, prompt: Prompt, form: type[Form], pictures: Sequence[bytes] = ()) -> Form:
        """The form, filled in. `pictures` are PNG files. Whatever it raises ends that referee's report, and is said."""
        ...
