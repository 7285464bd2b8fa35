"""Asking one filler for one form. What it raises is recorded, but for the errors that end the review."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from pydantic import BaseModel

from ai_scientist_reviewer.ports import FormFiller, Prompt
from ai_scientist_reviewer.records import Failure

Filled = TypeVar("Filled", bound=BaseModel)
Step = Literal["report", "reflection", "check", "summary", "follow-up"]


@dataclass(frozen=True)
class Asking:
    stop_on: tuple[type[Exception], ...] = ()
    """Errors of a filler that end the review."""

    def ask(
        self,
        step: Step,
        filler: FormFiller,
        referee: int | None,
        prompt: Prompt,
        form: type[Filled],
        pictures: Sequence[bytes] = (),
    ) -> Filled | Failure:
        """The form filled in, or why it is not."""
        try:
            return _storable(filler.fill(prompt, form, pictures))
        except self.stop_on:
            raise
        except Exception as error:  # noqa: BLE001 - a filler may raise anything, and what it raises is recorded
            told = f"{type(error).__name__}: {error}"[:500]
            return Failure(step=step, author=filler.name, referee=referee, error=told)


_HALF = re.compile("[\ud800-\udfff]")
"""Half a character, which JSON may spell and no file can hold."""


def _storable(filled: Filled) -> Filled:
    """The form without what no file can hold."""
    whole = filled.model_dump()
    cleaned = _without_halves(whole)
    return filled if cleaned == whole else type(filled).model_validate(cleaned)


def _without_halves(value: Any) -> Any:
    if isinstance(value, str):
        return _HALF.sub("\ufffd", value)
    if isinstance(value, dict):
        return {key: _without_halves(inner) for key, inner in value.items()}
    return [_without_halves(inner) for inner in value] if isinstance(value, list) else value
