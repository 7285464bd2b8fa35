"""The seam of the models: two verbs, and what comes back. A model is a model, whoever answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar, runtime_checkable

from pydantic import BaseModel

from ai_scientist.datasets.summary import DataSummary
from ai_scientist.records import Author, Prompt

F = TypeVar("F", bound=BaseModel)
T = TypeVar("T", covariant=True)


def whole(schema: dict[str, Any]) -> None:
    """For a form's `json_schema_extra`: ask for every field, also for those that may be missing when a reply is read.
    Models skip what is optional."""
    schema["required"] = list(schema["properties"])


@dataclass(frozen=True)
class Reply(Generic[T]):
    """What a model answered."""

    value: T
    author: Author
    """`ours`: rules in this program answered; `model`: anything else."""
    model: str
    """As the title page names it: "offline", "openai:gpt-5"."""
    tokens_in: int = 0
    tokens_out: int = 0
    differs: bool | None = None
    """Of a reply that is replayed: whether it was given to another prompt. None for any other reply."""


class ChatModel(Protocol):
    """A model that writes text and fills in forms."""

    name: str

    def write(self, prompt: Prompt, pictures: Sequence[bytes] = ()) -> Reply[str]:
        """A text.

        Raises:
            ModelError: the model cannot be used, or did not answer within the bounds.
            BudgetSpent: the call would pass a limit.
        """
        ...

    def fill(self, prompt: Prompt, form: type[F], pictures: Sequence[bytes] = ()) -> Reply[F]:
        """The form, filled in. `pictures` are PNG files."""
        ...


@runtime_checkable
class Placed(Protocol):
    """A model whose answer depends on which call it is."""

    def at(self, id: str) -> ChatModel:
        """The model for the call at that position: `<scope>.<role>.<ordinal>`."""
        ...


@runtime_checkable
class Bounded(Protocol):
    """A model that does not take every topic."""

    def takes(self, topic: str, data: Sequence[DataSummary] = ()) -> None:
        """Raises TopicRefused: the topic, or the topic with the user's data, lies outside what it knows."""
        ...


class Desk(Protocol):
    """Where the phases get their models: by role, and by what the call is for."""

    def model(self, role: str, scope: str) -> ChatModel:
        """The model for a role. Its calls are booked, kept under calls/ as `<scope>.<role>.<ordinal>`, and looked up
        there first: a reply that is already on disk is not asked for again."""
        ...

    def named(self, name: str, role: str, scope: str) -> ChatModel:
        """The same for a model by its name, one of those that the configuration names."""
        ...
