"""Where the phases get their models: opens what the configuration names, by role."""

from __future__ import annotations

import os
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from typing import get_args

from ai_scientist.config import Config, Models
from ai_scientist.errors import InputError, ModelError, Stopped
from ai_scientist.ledger import Ledger
from ai_scientist.models.base import ChatModel, Desk
from ai_scientist.models.defaults import OFFLINE, choose_default
from ai_scientist.models.hosted import HostedModel
from ai_scientist.models.prices import price_of, stated
from ai_scientist.models.recorded import Kept, Seat
from ai_scientist.models.replayed import REPLAY, open_replay, settled
from ai_scientist.models.stopping import Stoppable
from ai_scientist.records import Role
from ai_scientist.runs import RunDirectory

OPENAI_LIKE = {"openai", "ollama"}


class OpenDesk:
    """A model per role, each wrapped so that its calls are booked, kept and looked up."""

    def __init__(
        self,
        seats: Mapping[Role, Seat],
        run: RunDirectory,
        ledger: Ledger,
        *,
        attempts: int,
        sleep: Callable[[float], object] = time.sleep,
        others: Mapping[str, Seat] | None = None,
    ) -> None:
        """`others`: by name, models that no role has and that can be asked all the same."""
        self._seats, self._run, self._ledger = seats, run, ledger
        self._named = {**(others or {}), **{seat.model.name: seat for seat in seats.values()}}
        self._attempts, self._sleep = attempts, sleep
        self._asked: Counter[tuple[str, str]] = Counter()
        self._guard = threading.Lock()

    def model(self, role: str, scope: str) -> ChatModel:
        """See `base.Desk`. Within a scope calls come one after another, so that their order is the same each time."""
        return self._kept(self._seats[_role(role)], role, scope)

    def named(self, name: str, role: str, scope: str) -> ChatModel:
        """See `base.Desk`.

        Raises:
            ModelError: no model of that name was opened.
        """
        if name not in self._named:
            raise ModelError(f"The model {name} was not opened for this run: name it under models or review.models.")
        return self._kept(self._named[name], role, scope)

    def _kept(self, seat: Seat, role: str, scope: str) -> ChatModel:
        known = _role(role)

        def place() -> str:
            with self._guard:
                self._asked[scope, role] += 1
                return f"{scope}.{role}.{self._asked[scope, role]}"

        return Kept(
            seat,
            self._run,
            self._ledger,
            role=known,
            place=place,
            attempts=self._attempts,
            sleep=self._sleep,
        )


def _role(role: str) -> Role:
    known = next((r for r in get_args(Role) if r == role), None)
    if known is None:
        raise ValueError(f"there is no role {role!r}")
    return known


def open_desk(
    config: Config,
    run: RunDirectory,
    ledger: Ledger,
    offline: ChatModel | None,
    *,
    stop: threading.Event | None = None,
    environment: Mapping[str, str] | None = None,
) -> Desk:
    """The desk of a run.

    `offline`: the model that answers to that name. `stop`: once set, no model behind an API is waited for.

    Raises:
        ModelError: a model is unknown, its package is missing, or there is no key.
    """
    seats = open_seats(config.models, offline, stop=stop, environment=environment)
    others = open_others(config, offline, stop=stop, environment=environment)
    return OpenDesk(seats, run, ledger, attempts=config.models.attempts, sleep=_sleeping(stop), others=others)


def open_seats(
    models: Models,
    offline: ChatModel | None,
    *,
    stop: threading.Event | None = None,
    environment: Mapping[str, str] | None = None,
) -> dict[Role, Seat]:
    """The model of each role, opened and not yet asked anything.

    Raises:
        ModelError: a model is unknown, its package is missing, or there is no key.
    """
    environment = os.environ if environment is None else environment
    opened: dict[str, Seat] = {}
    seats: dict[Role, Seat] = {}
    for role, name in model_names(models, environment).items():
        if name not in opened:
            opened[name] = _seat(name, models, offline, environment, stop)
        seats[role] = opened[name]
    return seats


def open_others(
    config: Config,
    offline: ChatModel | None,
    *,
    stop: threading.Event | None = None,
    environment: Mapping[str, str] | None = None,
) -> dict[str, Seat]:
    """The models that referees are to be and that no role has, by name.

    Raises:
        ModelError: as `open_seats`.
    """
    environment = os.environ if environment is None else environment
    names = dict.fromkeys(
        name for name in config.review.models if name not in set(model_names(config.models, environment).values())
    )
    return {name: _seat(name, config.models, offline, environment, stop) for name in names}


def decided(models: Models) -> Models:
    """With `auto` decided, and replays named so that they are found again wherever the run is resumed from."""
    default = choose_default() if models.default == "auto" else models.default
    roles = {role: settled(name) for role, name in models.roles.items()}
    return models.model_copy(update={"default": settled(default), "roles": roles})


def check_prices(seats: Mapping[str, Seat] | Mapping[Role, Seat], money: float | None) -> None:
    """Raises InputError: money is limited, and nobody knows what a call costs."""
    for seat in seats.values() if money is not None else ():
        if seat.price is None:
            name = seat.model.name
            where = f", since it is reached at {seat.address}" if seat.address else ""
            raise InputError(
                f"What a call of {name} costs is not known{where}, so it cannot be held to a budget of ${money:g}. "
                f"State its price in US dollars for a million tokens (models.prices='{{{name}: {{input: 1, output: 5}}}}'), "
                "or limit tokens in its place (--budget tokens=N)."
            )


def model_names(models: Models, environment: Mapping[str, str] | None = None) -> dict[Role, str]:
    """The model of each role, `auto` resolved."""
    default = models.default
    if default == "auto":
        default = choose_default(environment)
    return {role: models.roles.get(role, default) for role in get_args(Role)}


def _seat(
    name: str, models: Models, offline: ChatModel | None, environment: Mapping[str, str], stop: threading.Event | None
) -> Seat:
    if name == OFFLINE:
        if offline is None:
            raise ModelError("The offline model is not there. Name another model with `--model provider:model`.")
        return Seat(offline)
    if name.startswith(REPLAY):
        return Seat(open_replay(name))
    base_url = _base_url(name, models, environment)
    model = HostedModel(
        name,
        base_url=base_url,
        temperature=models.temperature,
        max_output_tokens=models.max_output_tokens,
        timeout=models.timeout,
    )
    asked = model if stop is None else Stoppable(model, stop)
    price = stated(models.prices[name]) if name in models.prices else price_of(name, base_url)
    return Seat(asked, output=models.max_output_tokens, price=price, address=base_url)


def _base_url(name: str, models: Models, environment: Mapping[str, str]) -> str:
    """`models.base_url` is for OpenAI-compatible models where there are any, else for whatever is configured."""
    provider = name.partition(":")[0]
    providers = {n.partition(":")[0] for n in (models.default, *models.roles.values())}
    if models.base_url and (provider in OPENAI_LIKE or not providers & OPENAI_LIKE):
        return models.base_url
    if provider == "openai":
        return environment.get("OPENAI_BASE_URL") or environment.get("OPENAI_API_BASE") or ""
    return environment.get("ANTHROPIC_BASE_URL", "") if provider == "anthropic" else ""


def _sleeping(stop: threading.Event | None) -> Callable[[float], object]:
    if stop is None:
        return time.sleep

    def sleep(seconds: float) -> None:
        if stop.wait(seconds):
            raise Stopped("The run was stopped while it waited for a model.")

    return sleep
