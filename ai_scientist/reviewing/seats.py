"""Who sits on a panel: which model is which referee, who checks whose points, and who sums up."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from ai_scientist_reviewer.ports import Form
from ai_scientist_reviewer.ports import Prompt as ReviewerPrompt

from ai_scientist.config import Config
from ai_scientist.errors import ModelError
from ai_scientist.models.base import ChatModel
from ai_scientist.models.defaults import OFFLINE
from ai_scientist.records import Prompt, Role


def _go_on() -> None:
    """Nothing ends the review."""


@dataclass
class Filler:
    """A chat model as the reviewer wants it: something that fills in forms."""

    model: ChatModel
    name: str
    failed: ModelError | None = None
    """Why the model could not be used, the last time that it could not."""
    check: Callable[[], None] = _go_on
    """Asked before each form, and raises what ends the review: a model that answers at once would otherwise fill in all that is left."""

    def fill(self, prompt: ReviewerPrompt, form: type[Form], pictures: Sequence[bytes] = ()) -> Form:
        """The form, filled in.

        Raises:
            Stopped, BudgetSpent: as `check` and the model.
            ModelError: the model cannot be used.
        """
        self.check()
        asked = Prompt(name=prompt.name, values=dict(prompt.values), text=prompt.text)
        try:
            return self.model.fill(asked, form, pictures).value
        except ModelError as error:
            self.failed = error
            raise


@dataclass(frozen=True)
class Seating:
    """The names of the models on a panel."""

    referees: tuple[str, ...]
    checkers: tuple[str, ...]
    """Who checks each referee's points: another model where there is one."""
    chair: str
    same_as_writer: bool | None
    """Whether a referee is the model that wrote the paper; None: that is not known."""

    @property
    def all(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*self.referees, *self.checkers, self.chair)))


def seated(config: Config, roles: Mapping[Role, str], writer: str | None = None) -> Seating:
    """Who judges.

    Args:
        roles: the model of each role.
        writer: the model that wrote the paper, where it is a run's own. It does not judge its own work where there is a choice: among the
            models that are to be referees, or else among those that the run has for something else. A model that the user named for
            the role of referees stays all the same.
    """
    named = tuple(dict.fromkeys(config.review.models)) or (roles["referees"],)
    pool = tuple(name for name in named if name != writer) or named
    chosen = bool(config.review.models) or "referees" in config.models.roles
    if writer in pool and not chosen:
        # A model without rules judges in its place, and never the other way round.
        pool = tuple(dict.fromkeys(name for name in roles.values() if name not in (writer, OFFLINE))) or pool
    n = config.review.referees
    referees = tuple(pool[i % len(pool)] for i in range(n))
    checkers = tuple(_other(name, pool, i) for i, name in enumerate(referees))
    same = None if writer is None else writer in {*referees, *checkers, pool[0]}
    return Seating(referees, checkers, pool[0], same)


def _other(name: str, pool: Sequence[str], i: int) -> str:
    after = [pool[(i + step) % len(pool)] for step in range(1, len(pool) + 1)]
    return next((other for other in after if other != name), name)
