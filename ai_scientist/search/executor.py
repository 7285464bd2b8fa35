"""Where experiments run. Threads here; a cluster's engine, or a simulated clock, by the same protocol."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection
from concurrent.futures import FIRST_COMPLETED, Future, wait
from typing import Protocol

from ai_scientist.records import Experiment

POLL = 0.1
"""Seconds after which a wait returns empty-handed, so that a request to stop is seen."""


class Executor(Protocol):
    workers: int

    def submit(self, job: Callable[[], Experiment]) -> Future[Experiment]:
        """Start a job. Never more than `workers` at a time."""
        ...

    def wait(self, futures: Collection[Future[Experiment]]) -> Collection[Future[Experiment]]:
        """Those that are done, as soon as there is one; none when a short while passed without."""
        ...


class Threads:
    """A thread for each job: it waits for a model, then for a program in its sandbox.

    The threads do not keep the process alive: one that waits for a reply must not delay an end that was asked for.
    """

    def __init__(self, workers: int) -> None:
        self.workers = workers

    def submit(self, job: Callable[[], Experiment]) -> Future[Experiment]:
        future: Future[Experiment] = Future()
        threading.Thread(target=carry_out, args=(job, future), name="experiment", daemon=True).start()
        return future

    def wait(self, futures: Collection[Future[Experiment]]) -> Collection[Future[Experiment]]:
        return wait(futures, timeout=POLL, return_when=FIRST_COMPLETED).done


def carry_out(job: Callable[[], Experiment], future: Future[Experiment]) -> None:
    with Handed(future):
        future.set_result(job())


class Handed:
    """Whatever is raised within is handed on to whoever asks for the future's result, and is raised there."""

    def __init__(self, future: Future[Experiment]) -> None:
        self.future = future

    def __enter__(self) -> None:
        self.future.set_running_or_notify_cancel()

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> bool:
        if error is not None:
            self.future.set_exception(error)
        return True
