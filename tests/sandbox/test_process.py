from __future__ import annotations

from dataclasses import replace

import pytest
from ai_scientist_sandbox import ALL_LIMITS, MIB
from ai_scientist_sandbox.process import ProcessHost

from tests.sandbox.conformance import LIMITS, Contract, run
from tests.sandbox.test_bubblewrap import kill_an_owner, left_behind


@pytest.fixture(scope="module")
def host() -> ProcessHost:
    return ProcessHost()


class TestProcess(Contract):
    def test_it_says_what_it_does_not_hold(self, host: ProcessHost) -> None:
        held = host.holds()
        assert set(held) == ALL_LIMITS
        assert {limit for limit, why in held.items() if why is None} == {"wall", "output"}

    def test_one_process_may_not_take_more_than_the_memory(self, host: ProcessHost) -> None:
        done = run(host, "x = bytearray(900 << 20)", replace(LIMITS, memory=512 * MIB))
        assert (done.completed.ending, done.completed.status) == ("exited", 1) and "MemoryError" in done.output

    def test_one_file_may_not_be_larger_than_the_disk(self, host: ProcessHost) -> None:
        done = run(host, "f = open('a', 'wb')\nfor _ in range(64): f.write(bytes(1 << 20))")
        assert not done.completed.succeeded and "File too large" in done.output

    def test_nothing_outlives_our_own_death(self, host: ProcessHost) -> None:
        pid = kill_an_owner("process", "ProcessHost")
        ProcessHost()
        assert left_behind(pid) == []
