"""A model call as it is kept under calls/: everything that is needed to look it up again, and to check it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import Field

from ai_scientist.records import Author, Record, Role


class Call(Record):
    """One answered call. Written whole before its reply is used."""

    id: str
    role: Role
    prompt: str
    """The prompt's name."""
    values: Mapping[str, Any]
    text: str
    """As the model read it."""
    form: str
    """The name of the form that was filled in; "" for a text."""
    pictures: tuple[str, ...] = ()
    """SHA-256 of each."""
    asked: str
    """SHA-256 over prompt, text, form and pictures as they were asked for: the check when it is looked up again."""
    reply: Any
    """The text, or the form as plain JSON values."""
    author: Author
    model: str
    money: float | None = Field(ge=0)
    """US dollars; None where the price is unknown."""
    tokens_in: int
    tokens_out: int
    seconds: float
    differs: bool | None = None
    """Of a reply that was replayed: whether it was given to another prompt. None for any other reply."""
