"""What the reviewer needs from outside: a model that fills in a form, and sources that know which works exist."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, TypeVar

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


@dataclass(frozen=True)
class Cited:
    """A work as a paper's reference list names it. "" where the entry does not say."""

    text: str
    title: str = ""
    authors: tuple[str, ...] = ()
    """Family names."""
    year: str = ""
    doi: str = ""
    arxiv: str = ""


@dataclass(frozen=True)
class Looked:
    """What came of looking a cited work up."""

    verdict: Literal["found", "absent", "unknown"]
    """`unknown`: no source answered, or none is complete enough to say that there is no such work."""
    source: str = ""
    """Who answered: "Crossref"."""
    title: str = ""
    authors: tuple[str, ...] = ()
    """Family names, as the source has them."""
    year: str = ""
    retracted: bool = False
    why: str = ""
    """For people: what was asked and why the answer is what it is."""


class Records(Protocol):
    """Sources that know which works exist."""

    def look_up(self, cited: Sequence[Cited]) -> Sequence[Looked]:
        """One answer for each, in order. Raises nothing: an outage is `unknown`."""
        ...
