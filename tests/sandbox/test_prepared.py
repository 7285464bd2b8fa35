"""What is kept ready, without an engine; that a container is one job's alone is in `test_docker.py`."""

from __future__ import annotations

import itertools
import os
import threading
import time
from collections import Counter
from collections.abc import Iterator

import pytest
from ai_scientist_sandbox import SandboxError, prepared
from ai_scientist_sandbox.prepared import Prepared

from tests.sandbox.engines import until


class Thing:
    def __init__(self, number: int) -> None:
        self.number, self.alive, self.ended, self.forsaken = number, True, 0, False

    def fresh(self) -> bool:
        return self.alive

    def end(self) -> None:
        self.ended += 1

    def forsake(self) -> None:
        self.forsaken = True


class Maker:
    """Makes things, slowly, and may be told to fail."""

    def __init__(self, seconds: float = 0.0) -> None:
        self.seconds, self.failing = seconds, False
        self.made: list[Thing] = []
        self.guard = threading.Lock()
        self.numbers = itertools.count()

    def __call__(self) -> Thing:
        time.sleep(self.seconds)
        if self.failing:
            raise SandboxError("no engine")
        with self.guard:
            self.made.append(Thing(next(self.numbers)))
            return self.made[-1]

    def waiting(self) -> int:
        return len([one for one in self.made if not one.ended])


@pytest.fixture
def ready() -> Iterator[Prepared[Thing]]:
    one: Prepared[Thing] = Prepared()
    yield one
    one.close()


def keepers() -> set[threading.Thread]:
    return {thread for thread in threading.enumerate() if thread.name == "prepared"}


def test_the_next_is_ready_and_none_is_given_twice(ready: Prepared[Thing]) -> None:
    make = Maker(0.01)
    given: list[int] = []

    def worker() -> None:
        for _ in range(50):
            one = ready.take("kind", make)
            given.append(one.number)
            one.end()
            ready.leave("kind")

    threads = [threading.Thread(target=worker) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(given) == 200 and max(Counter(given).values()) == 1
    assert until(lambda: ready.ready() == 4)  # as many as were in use at once
    ready.close()
    assert ready.ready() == 0 and {one.ended for one in make.made} == {1}


def test_kinds_are_not_mixed(ready: Prepared[Thing]) -> None:
    large, small = Maker(), Maker()
    ready.take("large", large)
    assert until(lambda: ready.ready() == 1)
    assert ready.take("small", small) in small.made
    assert until(lambda: ready.ready() == 2)
    assert ready.take("large", large) in large.made


def test_one_that_died_while_it_waited_is_not_given(ready: Prepared[Thing]) -> None:
    make = Maker()
    ready.take("kind", make)
    assert until(lambda: ready.ready() == 1)
    dead = make.made[-1]
    dead.alive = False
    assert ready.take("kind", make) is not dead and dead.ended == 1


def test_whoever_comes_while_one_is_made_waits_for_that_one(ready: Prepared[Thing]) -> None:
    make = Maker(0.4)
    ready.take("kind", make)
    ready.leave("kind")
    time.sleep(0.2)  # half made
    begun = time.monotonic()
    ready.take("kind", make)
    assert time.monotonic() - begun < 0.35 and [one.number for one in make.made] == [0, 1]


def test_a_fault_meets_the_next_taker_and_is_over_when_it_is(ready: Prepared[Thing]) -> None:
    make = Maker()
    ready.take("kind", make)
    ready.leave("kind")
    assert until(lambda: ready.ready() == 1)
    make.failing = True
    ready.take("kind", make)  # the one that was there
    with pytest.raises(SandboxError, match="no engine"):
        ready.take("kind", make)
    make.failing = False
    ready.take("kind", make)
    assert until(lambda: ready.ready() >= 1)


def test_a_mistake_in_making_leaves_nobody_waiting(ready: Prepared[Thing], monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[object] = []
    monkeypatch.setattr(threading, "excepthook", seen.append)
    first, make = [True], Maker()

    def mistaken() -> Thing:
        if first.pop() if first else False:
            return make()
        time.sleep(0.2)
        raise ZeroDivisionError

    ready.take("kind", mistaken)
    with pytest.raises(ZeroDivisionError):
        ready.take("kind", mistaken)
    assert until(lambda: seen)
    ready.take("other", make)
    assert until(lambda: ready.ready() == 1)  # there is a keeper again


def test_what_is_out_of_use_goes_and_the_thread_with_it(
    ready: Prepared[Thing], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prepared, "IDLE", 0.3)
    make, others = Maker(), keepers()
    ready.take("kind", make)
    assert until(lambda: ready.ready() == 1)
    time.sleep(0.5)
    assert ready.ready() == 1  # its kind is still in use
    ready.leave("kind")
    assert until(lambda: ready.ready() == 0 and keepers() <= others, 3)
    assert make.made[-1].ended == 1


def test_many_kinds_make_room_for_each_other(ready: Prepared[Thing], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prepared, "MOST", 3)
    makers = [Maker() for _ in range(8)]
    for number, make in enumerate(makers):
        ready.take(number, make).end()
        ready.leave(number)
        assert until(lambda make=make: make.waiting() == 1)
        assert ready.ready() <= 3
    assert until(lambda: [make.waiting() for make in makers] == [0] * 5 + [1] * 3)


def test_closing_while_one_is_made_leaves_nothing(ready: Prepared[Thing]) -> None:
    make = Maker(0.3)
    one = ready.take("kind", make)
    time.sleep(0.1)
    ready.close()
    one.end()
    assert len(make.made) == 2 and make.waiting() == 0
    ready.take("kind", make)  # it may be used again
    assert until(lambda: ready.ready() == 1)


def test_a_forked_child_takes_nothing_of_its_parents(ready: Prepared[Thing]) -> None:
    make = Maker()
    ready.take("kind", make)
    assert until(lambda: ready.ready() == 1)
    waiting = make.made[-1]
    child = os.fork()
    if child == 0:
        taken = ready.take("kind", make)
        os._exit(0 if taken is not waiting and waiting.forsaken and not waiting.ended else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert ready.take("kind", make) is waiting
