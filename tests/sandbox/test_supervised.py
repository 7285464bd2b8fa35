from __future__ import annotations

import threading

from ai_scientist_sandbox import Limits
from ai_scientist_sandbox.supervised import STOPPED, HeadAndTail, SupervisedSandbox
from hypothesis import given
from hypothesis import strategies as st


@given(st.lists(st.binary(max_size=300)), st.integers(0, 400))
def test_head_and_tail_keep_within_the_cap(parts: list[bytes], most: int) -> None:
    kept = HeadAndTail(most)
    for part in parts:
        kept.add(part)
    whole = b"".join(parts)
    text = kept.text()
    assert len(text.encode()) <= most and kept.total == len(whole)
    if len(whole.decode("utf-8", "replace").encode()) <= most:
        assert text == whole.decode("utf-8", "replace")


def test_the_middle_goes_and_it_is_said() -> None:
    kept = HeadAndTail(200)
    for number in range(1000):
        kept.add(b"%d " % number)
    assert kept.text().startswith("0 1 2 ") and kept.text().endswith(" 998 999 ") and "3890 bytes" in kept.text()


class Crowded:
    """A cell whose place becomes free when told, or never."""

    folder, filter = "/job", b""

    def __init__(self, stopped: threading.Event) -> None:
        self.environment, self.rlimits, self.links = dict[str, str](), dict[str, int](), dict[str, str]()
        self.stopped, self.asked = stopped, threading.Event()

    def start(self) -> None:
        self.asked.set()
        assert self.stopped.wait(10)

    def used(self) -> None: ...

    def remove(self) -> None: ...


def test_a_job_that_waits_for_its_place_can_be_stopped() -> None:
    stopped = threading.Event()
    cell = Crowded(stopped)
    with SupervisedSandbox(cell, Limits(), stopped) as sandbox:
        sandbox.stop()
        assert not stopped.is_set()  # before the run: nothing
        threading.Thread(target=lambda: cell.asked.wait(10) and sandbox.stop()).start()
        assert sandbox.run(["python"]) == STOPPED
