"""Asks again: what may pass is waited out, within a bound; a reply that cannot be read is shown its fault."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence

from ai_scientist.errors import ModelError
from ai_scientist.models.base import ChatModel, F, Reply, T
from ai_scientist.models.faults import Passing, Unreadable
from ai_scientist.prompts import quoted
from ai_scientist.records import Prompt

FIRST = 1.0
LONGEST = 60.0
"""Seconds: the first pause is at most FIRST, each further one at most twice the last, and none longer than LONGEST."""
PATIENCE = 300.0
"""Seconds that a server may ask to wait. Longer than this, the run stops and says so."""


class Retrying:
    """A model that is asked again. `attempts` bounds the tries of each kind; the SDKs' own retries are off."""

    def __init__(
        self,
        inner: ChatModel,
        attempts: int,
        *,
        sleep: Callable[[float], object] = time.sleep,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        """`sleep` may raise to break off. `jitter`: from 0 to 1, the share of a pause that is waited."""
        self.name = inner.name
        self._inner = inner
        self._attempts = attempts
        self._sleep = sleep
        self._jitter = jitter

    def write(self, prompt: Prompt, pictures: Sequence[bytes] = ()) -> Reply[str]:
        return self._until_answered(prompt, lambda asked: self._inner.write(asked, pictures))

    def fill(self, prompt: Prompt, form: type[F], pictures: Sequence[bytes] = ()) -> Reply[F]:
        return self._until_answered(prompt, lambda asked: self._inner.fill(asked, form, pictures))

    def _until_answered(self, prompt: Prompt, ask: Callable[[Prompt], Reply[T]]) -> Reply[T]:
        failed = unread = 0
        asked = prompt
        while True:
            try:
                return ask(asked)
            except Passing as fault:
                failed += 1
                self._wait(fault, failed)
            except Unreadable as fault:
                unread += 1
                if unread >= self._attempts:
                    raise ModelError(
                        f"{self.name} gave no usable reply to '{prompt.name}' in {unread} tries: {fault}. "
                        f"Choose another model for this role, or {fault.remedy}."
                    ) from fault
                asked = mended(prompt, fault)

    def _wait(self, fault: Passing, failed: int) -> None:
        if failed >= self._attempts:
            raise ModelError(
                f"{fault}, {failed} times in a row. Check the connection and the service, then resume the run."
            ) from fault
        if fault.after is not None and fault.after > PATIENCE:
            raise ModelError(f"{fault}, and asks to wait {fault.after:.0f} s. Resume the run later.") from fault
        pause = min(LONGEST, FIRST * 2 ** (failed - 1)) * self._jitter()
        self._sleep(pause if fault.after is None else fault.after + FIRST * self._jitter())


def mended(prompt: Prompt, fault: Unreadable, most: int = 4_000) -> Prompt:
    """The prompt, with the reply that could not be read and what is wrong with it."""
    told = f"Your last reply could not be used: {fault}.\nIt was:\n{quoted(fault.said[:most])}\nAnswer again, whole."
    return prompt.model_copy(update={"text": f"{prompt.text}\n\n{told}"})
