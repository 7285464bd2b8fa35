"""One ledger for money, tokens and hours: reserved before, settled after, what is in flight included."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ai_scientist.config import Budget
from ai_scientist.errors import BudgetSpent
from ai_scientist.runs import RunDirectory, Spent
from ai_scientist.runs.layout import resuming


def in_force(run: RunDirectory) -> Budget:
    """The budget that the run is held to: the configuration's, or what the user resumed it with."""
    limits = run.progress.limits
    return Budget(money=limits.money, tokens=limits.tokens, hours=limits.hours) if limits else run.config.budget


@dataclass(frozen=True)
class Reservation:
    """What is set aside for a call under way."""

    money: float | None
    """US dollars; None where the price is unknown."""
    tokens: int


class Ledger:
    """Holds a run to its budget. Safe to use from several threads."""

    def __init__(
        self,
        budget: Budget,
        spent: Spent | None = None,
        worked: Callable[[], float] | None = None,
        path: Path | None = None,
    ) -> None:
        """
        Args:
            spent: what the run has used up to now (`Progress.spent`); it is copied, not followed.
            worked: of a ledger that several runs share: the wall-clock seconds that they have worked together up to now.
            path: of the run, or of the batch of reviews, that goes on once it is resumed with a larger limit.
        """
        self.budget = budget
        self._path = path
        self._worked = worked
        self._money = spent.money if spent else 0.0
        self._tokens = spent.tokens if spent else 0
        self._unpriced = spent.unpriced if spent else 0
        self._money_aside = 0.0
        self._tokens_aside = 0
        self._guard = threading.Lock()

    def reserve(self, money: float | None, tokens: int, what: str = "the next model call") -> Reservation:
        """Set aside what a call may cost at most.

        Raises:
            BudgetSpent: it would pass a limit, or its price is unknown while money is limited.
        """
        with self._guard:
            self._hold_to_money(money, what)
            limit = self.budget.tokens
            if limit is not None and self._tokens + self._tokens_aside + tokens > limit:
                raise BudgetSpent(
                    f"The budget of {limit:,} tokens is spent: {self._tokens:,} used, {self._tokens_aside:,} set aside "
                    f"for calls under way, and {what} may take {tokens:,}. {self._go_on('tokens')}"
                )
            self._money_aside += money or 0.0
            self._tokens_aside += tokens
        return Reservation(money=money, tokens=tokens)

    def settle(self, reservation: Reservation, money: float | None, tokens: int) -> None:
        """Book what a call cost (`money` None: its price is unknown) and free what was set aside."""
        with self._guard:
            self._money_aside = max(0.0, self._money_aside - (reservation.money or 0.0))
            self._tokens_aside -= reservation.tokens
            self._tokens += tokens
            if money is None:
                self._unpriced += 1
            else:
                self._money += money

    def check_hours(self, seconds: float) -> None:
        """`seconds`: wall-clock that a run has worked, over all sittings. Of a ledger that is shared its own count holds.

        Raises:
            BudgetSpent: the hours are over.
        """
        limit = self.budget.hours
        seconds = self._worked() if self._worked else seconds
        if limit is not None and seconds >= limit * 3600:
            raise BudgetSpent(
                f"The budget of {limit:g} hours is spent: {seconds / 3600:.2f} worked. {self._go_on('hours')}"
            )

    def _hold_to_money(self, money: float | None, what: str) -> None:
        limit = self.budget.money
        if limit is None:
            return
        if money is None or self._unpriced:
            which = f"The price of {what}" if money is None else "The price of calls that this run has made"
            raise BudgetSpent(
                f"{which} is UNKNOWN, so that it cannot be held to the budget of ${limit:g}. Choose a model with a "
                f"known price, or go on with a limit on tokens: `{self._resuming}--budget money=null,tokens=N`."
            )
        if self._money + self._money_aside + money > limit:
            raise BudgetSpent(
                f"The budget of ${limit:g} is spent: ${self._money:.4f} used, ${self._money_aside:.4f} set aside for "
                f"calls under way, and {what} may cost ${money:.4f}. {self._go_on('money')}"
            )

    def _go_on(self, limit: str) -> str:
        return f"What was done is kept: go on with `{self._resuming}--budget {limit}=N`, with a larger N."

    @property
    def _resuming(self) -> str:
        return f"{resuming(self._path)} " if self._path is not None else ""
