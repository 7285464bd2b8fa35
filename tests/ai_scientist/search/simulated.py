"""An executor whose clock is simulated: the real loop and the real worker run, and time is what they say they spend."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Collection
from concurrent.futures import Future

from ai_scientist.records import Experiment
from ai_scientist.search.executor import carry_out


class Clock:
    """Simulated seconds. What is spent within a job is the job's; outside, it passes for everyone."""

    def __init__(self) -> None:
        self.now = 0.0
        self.job: float | None = None

    def spend(self, seconds: float) -> None:
        if self.job is None:
            self.now += seconds
        else:
            self.job += seconds


class Simulated:
    """Does each job at once, and hands it out when its time has come."""

    def __init__(self, workers: int, clock: Clock) -> None:
        self.workers, self.clock = workers, clock
        self.spans: list[tuple[float, float]] = []
        """Start and end of each job, in order of starting."""
        self._running: list[tuple[float, int, Future[Experiment], Future[Experiment]]] = []

    def submit(self, job: Callable[[], Experiment]) -> Future[Experiment]:
        assert len(self._running) < self.workers
        done: Future[Experiment] = Future()
        self.clock.job = 0.0
        carry_out(job, done)
        end = self.clock.now + self.clock.job
        self.clock.job = None
        shown: Future[Experiment] = Future()
        self.spans.append((self.clock.now, end))
        heapq.heappush(self._running, (end, len(self.spans), done, shown))
        return shown

    def wait(self, futures: Collection[Future[Experiment]]) -> Collection[Future[Experiment]]:
        return [self._next()]

    def _next(self) -> Future[Experiment]:
        end, _, done, shown = heapq.heappop(self._running)
        self.clock.now = max(self.clock.now, end)
        error = done.exception()
        if error is None:
            shown.set_result(done.result())
        else:
            shown.set_exception(error)
        return shown


class Barrier(Simulated):
    """The rule that we do not have: nothing is handed out before all of a step are done."""

    def wait(self, futures: Collection[Future[Experiment]]) -> Collection[Future[Experiment]]:
        return [self._next() for _ in futures]
