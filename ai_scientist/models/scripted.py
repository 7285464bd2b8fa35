"""A model whose answers are written beforehand: the double that tests use in a hosted model's place."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ValidationError

from ai_scientist.errors import ModelError
from ai_scientist.models.base import F, Reply
from ai_scientist.models.faults import Unreadable, describe
from ai_scientist.records import Author, Prompt

Script = Callable[[str, Mapping[str, Any]], Any]


class ScriptedModel:
    """Answers from a function of a prompt's name and values, or from a queue in order of asking.

    An answer is a text, a form or the mapping that fills one in; an exception is raised instead (`Passing`,
    `Unreadable`, `ModelError`, …).
    """

    def __init__(
        self,
        script: Script | Iterable[Any],
        *,
        name: str = "scripted",
        author: Author = "model",
        tokens: tuple[int, int] = (0, 0),
    ) -> None:
        """`tokens`: in and out, that each reply says it took."""
        self.name = name
        self.asked: list[Prompt] = []
        """Every prompt, in order."""
        self.pictures: list[int] = []
        """How many pictures came with each."""
        self._author: Author = author
        self._tokens = tokens
        self._function = script if callable(script) else None
        self._queue = iter(()) if callable(script) else iter(script)
        self._guard = threading.Lock()

    def write(self, prompt: Prompt, pictures: Sequence[bytes] = ()) -> Reply[str]:
        answer = self._answer(prompt, pictures)
        if not isinstance(answer, str):
            raise TypeError(f"the script answers {prompt.name} with {type(answer).__name__}, and a text is asked for")
        return self._reply(answer)

    def fill(self, prompt: Prompt, form: type[F], pictures: Sequence[bytes] = ()) -> Reply[F]:
        answer = self._answer(prompt, pictures)
        if isinstance(answer, BaseModel):
            answer = answer.model_dump()
        try:
            return self._reply(form.model_validate(answer))
        except ValidationError as error:
            raise Unreadable(describe(error), str(answer), self._tokens) from None

    def _answer(self, prompt: Prompt, pictures: Sequence[bytes]) -> Any:
        with self._guard:
            self.asked.append(prompt)
            self.pictures.append(len(pictures))
            answer = None if self._function else next(self._queue, NOTHING)
        if self._function:
            answer = self._function(prompt.name, prompt.values)
        if answer is NOTHING:
            raise ModelError(f"The script of {self.name} is at its end, and {prompt.name} is asked.")
        if isinstance(answer, BaseException):
            raise answer
        return answer

    def _reply(self, value: Any) -> Reply[Any]:
        return Reply(value, author=self._author, model=self.name, tokens_in=self._tokens[0], tokens_out=self._tokens[1])


NOTHING = object()
