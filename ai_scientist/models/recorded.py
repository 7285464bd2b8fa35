"""Booking and keeping: each request is reserved before, settled after, and its reply is on disk before it is used."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from ai_scientist.errors import ModelError
from ai_scientist.ledger import Ledger
from ai_scientist.models.base import ChatModel, F, Placed, Reply
from ai_scientist.models.faults import Passing, Unreadable
from ai_scientist.models.prices import Price, free
from ai_scientist.models.retrying import Retrying
from ai_scientist.records import Prompt, Role
from ai_scientist.runs import RunDirectory
from ai_scientist.runs.calls import Call
from ai_scientist.runs.events import CallFinished, CallLost, CallStarted

V = TypeVar("V")
PICTURE = 2_000
"""Tokens set aside for a picture."""
LETTERS = 3
"""Bytes of text that are set aside for as one token: fewer than a token has, to be on the safe side."""


@dataclass(frozen=True)
class Seat:
    """A model that sits at the desk, and what it may cost."""

    model: ChatModel
    output: int = 0
    """Tokens that a reply may have; 0 for a model that has none."""
    price: Price | None = free
    """None where it is unknown."""
    address: str = ""
    """Where it is reached, if that is not the provider's own address."""

    def at(self, id: str) -> Seat:
        """The seat for the call at one position, where that matters to its model."""
        return replace(self, model=self.model.at(id)) if isinstance(self.model, Placed) else self

    def aside(self, prompt: Prompt, form: type[BaseModel] | None, pictures: Sequence[bytes]) -> tuple[int, int]:
        """Tokens in and out to set aside."""
        if not self.output:
            return 0, 0
        schema = len(json.dumps(form.model_json_schema())) if form else 0
        return (len(prompt.text.encode()) + schema) // LETTERS + PICTURE * len(pictures) + 100, self.output


class Metered:
    """One call, booked: reserve, say that it starts, ask, keep, say that it ended, settle. Each try is booked anew."""

    def __init__(self, seat: Seat, run: RunDirectory, ledger: Ledger, *, id: str, role: Role, asked: str) -> None:
        self.name = seat.model.name
        self._seat, self._run, self._ledger = seat, run, ledger
        self._id, self._asked = id, asked
        self._role: Role = role

    def write(self, prompt: Prompt, pictures: Sequence[bytes] = ()) -> Reply[str]:
        return self._book(prompt, None, pictures, lambda: self._seat.model.write(prompt, pictures))

    def fill(self, prompt: Prompt, form: type[F], pictures: Sequence[bytes] = ()) -> Reply[F]:
        return self._book(prompt, form, pictures, lambda: self._seat.model.fill(prompt, form, pictures))

    def _book(
        self, prompt: Prompt, form: type[BaseModel] | None, pictures: Sequence[bytes], ask: Callable[[], Reply[Any]]
    ) -> Reply[Any]:
        aside = self._seat.aside(prompt, form, pictures)
        reserved = self._ledger.reserve(self._money(*aside), sum(aside), f"a call of {self.name}")
        booked, tokens = reserved.money, reserved.tokens
        try:
            self._run.append(CallStarted(id=self._id, role=self._role, model=self.name, money=booked, tokens=tokens))
            began = time.monotonic()
            try:
                reply = ask()
            except (Passing, Unreadable, ModelError) as fault:
                cost = _cost(fault)
                if cost is not None:
                    booked, tokens = self._money(*cost) if sum(cost) else 0.0, sum(cost)
                lost = CallLost(id=self._id, why=str(fault), money=booked, tokens=tokens, known=cost is not None)
                self._run.append(lost)
                raise
            except BaseException as fault:
                why = f"it was broken off ({type(fault).__name__})"
                self._run.append(CallLost(id=self._id, why=why, money=booked, tokens=tokens))
                raise
            seconds = round(time.monotonic() - began, 3)
            if reply.differs:
                self._run.degrade(
                    f"replies of {reply.model} were given to prompts that differ from the recorded ones",
                    "the prompts, or what they tell, have changed since; `ai-scientist show` says how many",
                )
            booked = self._money(reply.tokens_in, reply.tokens_out)
            tokens = reply.tokens_in + reply.tokens_out
            call = Call(
                id=self._id,
                role=self._role,
                prompt=prompt.name,
                values=prompt.values,
                text=prompt.text,
                form=form.__name__ if form else "",
                pictures=tuple(sha256(picture) for picture in pictures),
                asked=self._asked,
                reply=reply.value.model_dump(mode="json") if isinstance(reply.value, BaseModel) else reply.value,
                author=reply.author,
                model=reply.model,
                money=booked,
                tokens_in=reply.tokens_in,
                tokens_out=reply.tokens_out,
                seconds=seconds,
                differs=reply.differs,
            )
            self._run.write(self._run.call(self._id), call.model_dump_json(indent=1) + "\n")
            self._run.append(
                CallFinished(
                    id=self._id,
                    money=booked,
                    tokens_in=reply.tokens_in,
                    tokens_out=reply.tokens_out,
                    seconds=seconds,
                    differs=reply.differs,
                )
            )
        finally:
            self._ledger.settle(reserved, booked, tokens)
        return reply

    def _money(self, tokens_in: int, tokens_out: int) -> float | None:
        return self._seat.price(tokens_in, tokens_out) if self._seat.price else None


class Kept:
    """A model whose replies are kept: one that is already on disk is given back, and not asked for again.

    The n-th call of a role in a scope is `<scope>.<role>.<n>`. The prompt's hash is a check: where the reply kept under
    that id answers another prompt, the run says so (a degradation) and the model is asked again, under
    `<scope>.<role>.<n>.2`, and so on; later positions are not shifted by it.
    """

    def __init__(
        self,
        seat: Seat,
        run: RunDirectory,
        ledger: Ledger,
        *,
        role: Role,
        place: Callable[[], str],
        attempts: int,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        """`place`: gives the id of the next call."""
        self.name = seat.model.name
        self._seat, self._run, self._ledger = seat, run, ledger
        self._role: Role = role
        self._place, self._attempts, self._sleep = place, attempts, sleep

    def write(self, prompt: Prompt, pictures: Sequence[bytes] = ()) -> Reply[str]:
        def read(kept: Call) -> str | None:
            return kept.reply if isinstance(kept.reply, str) else None

        return self._answer(fingerprint(prompt, "", pictures), read, lambda model: model.write(prompt, pictures))

    def fill(self, prompt: Prompt, form: type[F], pictures: Sequence[bytes] = ()) -> Reply[F]:
        def read(kept: Call) -> F | None:
            try:
                return form.model_validate(kept.reply)
            except ValidationError:  # the form itself has changed since
                return None

        asked = fingerprint(prompt, form.__name__, pictures)
        return self._answer(asked, read, lambda model: model.fill(prompt, form, pictures))

    def _answer(self, asked: str, read: Callable[[Call], V | None], ask: Callable[[ChatModel], Reply[V]]) -> Reply[V]:
        first = self._place()
        places = ids(first)
        id = next(places)
        while (kept := self._run.read_call(id)) is not None:
            if kept.asked == asked and (value := read(kept)) is not None:
                return _reply(kept, value)
            id = next(places)
        if id != first:
            self._run.degrade(f"The model was asked again at {first}", "the reply kept there answers another prompt")
        return ask(self._asking(first, id, asked))

    def _asking(self, first: str, id: str, asked: str) -> ChatModel:
        metered = Metered(self._seat.at(first), self._run, self._ledger, id=id, role=self._role, asked=asked)
        return Retrying(metered, self._attempts, sleep=self._sleep)


def ids(first: str) -> Iterator[str]:
    """The ids under which replies to the call at one position may be kept, in order of asking."""
    yield first
    yield from (f"{first}.{again}" for again in count(2))


def fingerprint(prompt: Prompt, form: str, pictures: Sequence[bytes]) -> str:
    """SHA-256 of everything that a reply depends on, the model aside."""
    asked = [prompt.name, prompt.values, prompt.text, form, [sha256(picture) for picture in pictures]]
    return sha256(json.dumps(asked, sort_keys=True, default=dict).encode())


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _cost(fault: Exception) -> tuple[int, int] | None:
    """Tokens in and out that a failed request cost; None where that is not known."""
    if isinstance(fault, Unreadable):
        return fault.tokens
    refused = isinstance(fault, ModelError) or (isinstance(fault, Passing) and fault.free)
    return (0, 0) if refused else None


def _reply(kept: Call, value: V) -> Reply[V]:
    return Reply(value, author=kept.author, model=kept.model, tokens_in=kept.tokens_in, tokens_out=kept.tokens_out)
