"""Cells made ahead: started containers that wait for a job. Each is used once, by one job.

What is kept ready follows use: of each kind as many as were in use at once. A kind is kept while its jobs run and `IDLE`
seconds longer. One thread makes and ends; it is there only while there is something to do. Where none is ready, whoever
asks makes one for himself, so a fault of the machine meets a job and never the thread.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import threading
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar

from .base import SandboxError

IDLE = 60.0
"""Seconds."""
MOST = 16
"""That wait at once, of all kinds; for more, those of the kind that was longest out of use go."""
_FAREWELL = 10.0
"""Seconds that the end of our process waits for what is just being made."""


class Waiting(Protocol):
    """What can be kept ready."""

    def fresh(self) -> bool:
        """Whether it still waits as it was made: alive, and not a word from it."""
        ...

    def end(self) -> object:
        """Leave nothing of it behind.

        Raises:
            SandboxError: the machine failed.
        """
        ...

    def forsake(self) -> None:
        """Let go of it in a process that it does not belong to."""
        ...


T = TypeVar("T", bound=Waiting)


@dataclass(eq=False)
class _Kind(Generic[T]):
    make: Callable[[], T]
    ready: list[T] = field(default_factory=list)
    """The oldest first."""
    used: int = 0
    """In use now."""
    most: int = 0
    """In use at once."""
    touched: float = 0.0
    """When one was last taken or given back."""
    making: bool = False
    awaited: int = 0
    """Who waits for what is being made."""
    failing: bool = False
    """Whether the last could not be made. Not tried again before the next is asked for."""

    def lacks(self) -> bool:
        return not self.failing and len(self.ready) < self.most

    def left(self, now: float) -> float:
        """Seconds until it is given up."""
        return IDLE if self.used else self.touched + IDLE - now


class Prepared(Generic[T]):
    """Used from any thread."""

    def __init__(self) -> None:
        self._begin()

    def _begin(self) -> None:
        self._process = os.getpid()
        self._changed = threading.Condition()
        self._kinds: dict[Hashable, _Kind[T]] = {}
        self._keeper: threading.Thread | None = None
        self._at: _Kind[T] | None = None
        """What the keeper is at."""

    def take(self, key: Hashable, make: Callable[[], T]) -> T:
        """One that was ready, or else a new one; the caller's own from then on. `key`: whatever tells one kind from another.

        Raises:
            SandboxError: as `make` does.
        """
        self._forsake_a_parents()
        with self._changed:
            kind = self._kinds.setdefault(key, _Kind(make))
            kind.make, kind.failing = make, False
            kind.used += 1
            kind.most = max(kind.most, kind.used)
            kind.touched = time.monotonic()
            taken, dead = self._ready_one(kind)
        for one in dead:
            _end(one)
        try:
            given = make() if taken is None else taken
        except BaseException:  # it goes on to the taker, Ctrl-C too; what he did not get is not in use
            self.leave(key)
            raise
        with self._changed:
            self._wake()  # not sooner: two that are made at once are both slow
        return given

    def leave(self, key: Hashable) -> None:
        """One that was taken is in use no more. Its taker has ended it."""
        self._forsake_a_parents()
        with self._changed:
            kind = self._kinds.get(key)
            if kind and kind.used:
                kind.used -= 1
                kind.touched = time.monotonic()
                self._changed.notify_all()

    def ready(self) -> int:
        """How many wait now."""
        with self._changed:
            return sum(len(kind.ready) for kind in self._kinds.values())

    def close(self) -> None:
        """End all that wait. What is in use goes on, and more may be taken: then it begins anew."""
        self._forsake_a_parents()
        with self._changed:
            kinds, self._kinds = list(self._kinds.values()), {}
            self._changed.notify_all()
        for kind in kinds:
            for one in kind.ready:
                _end(one)
        with self._changed:
            self._changed.wait_for(lambda: self._at not in kinds, _FAREWELL)

    def _ready_one(self, kind: _Kind[T]) -> tuple[T | None, list[T]]:
        """One that waits, and those found dead. Where one is being made that nobody else waits for, that is sooner here
        than one that is begun now."""
        dead: list[T] = []
        while True:
            while kind.ready:
                one = kind.ready.pop(0)
                if one.fresh():
                    return one, dead
                dead.append(one)
            if not kind.making or kind.awaited:
                return None, dead
            kind.awaited += 1
            self._changed.wait_for(lambda: kind.ready or not kind.making)
            kind.awaited -= 1

    def _wake(self) -> None:
        if self._keeper is None:
            # A daemon: a process that just ends, does; what waits ends with it. At an orderly end we are asked first, as
            # what is being made at that moment would be left behind.
            atexit.register(self.close)
            self._keeper = threading.Thread(target=self._keep, name="prepared", daemon=True)
            self._keeper.start()
        self._changed.notify_all()

    def _keep(self) -> None:
        try:
            while task := self._next():
                kind, over = task
                if over is None:
                    self._prepare(kind)
                else:
                    _end(over)
        except BaseException:  # somebody's mistake, which the thread prints; the next taker has another keeper
            with self._changed:
                self._no_keeper()
            raise

    def _next(self) -> tuple[_Kind[T], T | None] | None:
        """Wait for something to do. None: there is nothing left to keep, and the keeper is let go."""
        with self._changed:
            self._at = None
            self._changed.notify_all()
            while (task := self._task(time.monotonic())) is None:
                left = [kind.left(time.monotonic()) for kind in self._kinds.values()]
                if not left:
                    self._no_keeper()
                    return None
                self._changed.wait(max(0.0, min(left)))
            self._at, over = task
            self._at.making = over is None
            return task

    def _no_keeper(self) -> None:
        self._keeper, self._at = None, None
        atexit.unregister(self.close)
        self._changed.notify_all()

    def _task(self, now: float) -> tuple[_Kind[T], T | None] | None:
        """What to do next: a kind to make one of, or one of it to end. None: nothing now."""
        kinds = sorted(self._kinds.items(), key=lambda item: (item[1].used > 0, item[1].touched))
        for key, kind in kinds:
            if kind.left(now) <= 0:
                if kind.ready:
                    return kind, kind.ready.pop()
                del self._kinds[key]
        longest_out_of_use_first = [kind for _, kind in kinds if kind.left(now) > 0]
        lacking = next((kind for kind in reversed(longest_out_of_use_first) if kind.lacks()), None)
        if lacking is None or sum(len(kind.ready) for _, kind in kinds) < MOST:
            return lacking and (lacking, None)
        other = next(kind for kind in longest_out_of_use_first if kind.ready or kind is lacking)
        if other is lacking:
            return None
        other.most = 0  # it makes room, and does not ask for it back before it is used again
        return other, other.ready.pop()

    def _prepare(self, kind: _Kind[T]) -> None:
        made, wanted = None, False
        try:
            # Nobody asked for this one: who next needs one makes it himself, and is told what the matter is.
            with contextlib.suppress(SandboxError):
                made = kind.make()
        finally:
            with self._changed:
                kind.making, kind.failing = False, made is None
                wanted = any(kind is one for one in self._kinds.values())
                if made is not None and wanted:
                    kind.ready.append(made)
                self._changed.notify_all()
        if made is not None and not wanted:
            _end(made)

    def _forsake_a_parents(self) -> None:
        """In a forked child: what waits is its parent's, and so is the thread."""
        if self._process != os.getpid():
            for kind in self._kinds.values():
                for one in kind.ready:
                    one.forsake()
            self._begin()


def _end(one: Waiting) -> None:
    with contextlib.suppress(SandboxError):  # the engine went away, and this with it; nobody's job hangs on it
        one.end()
