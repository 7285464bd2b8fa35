"""A model that nobody waits for once the run is asked to stop: a reply may be minutes away, and Ctrl-C is now."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future

from ai_scientist.errors import Stopped
from ai_scientist.models.base import ChatModel, F, Reply, T
from ai_scientist.records import Prompt

GLANCE = 0.05
"""Seconds between two looks at whether the run is to stop."""


class Stoppable:
    """Asks on a thread of its own, and leaves it behind when `stop` is set. What it was asked is then booked as lost."""

    def __init__(self, inner: ChatModel, stop: threading.Event) -> None:
        self.name = inner.name
        self._inner, self._stop = inner, stop

    def write(self, prompt: Prompt, pictures: Sequence[bytes] = ()) -> Reply[str]:
        """As the model; and raises Stopped."""
        return self._unless_stopped(lambda: self._inner.write(prompt, pictures))

    def fill(self, prompt: Prompt, form: type[F], pictures: Sequence[bytes] = ()) -> Reply[F]:
        """As the model; and raises Stopped."""
        return self._unless_stopped(lambda: self._inner.fill(prompt, form, pictures))

    def _unless_stopped(self, ask: Callable[[], Reply[T]]) -> Reply[T]:
        answer: Future[Reply[T]] = Future()

        def work() -> None:
            try:
                answer.set_result(ask())
            except Exception as error:  # noqa: BLE001  raised where the answer is waited for
                answer.set_exception(error)

        threading.Thread(target=work, name=f"asking {self.name}", daemon=True).start()
        while True:
            try:
                return answer.result(timeout=GLANCE)
            except TimeoutError:
                if answer.done():  # the fault may be the model's own, or its answer may just have come
                    return answer.result()
                if self._stop.is_set():
                    raise Stopped(f"The run was stopped while {self.name} was being asked.") from None
