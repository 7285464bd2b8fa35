"""The event log: a torn tail is dropped, damage before it is named, a full disk leaves the log as it was."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from ai_scientist.errors import MachineError, RunDirectoryError
from ai_scientist.runs import log
from ai_scientist.runs.events import Degraded, RunStarted

FIRST = RunStarted(topic="t", model="offline").model_dump_json().encode() + b"\n"
SECOND = Degraded(what="ein Maß, “quoted”\nover lines", why="w").model_dump_json().encode() + b"\n"


@pytest.mark.parametrize("cut", range(1, len(SECOND)))
def test_wherever_the_last_line_is_torn_the_lines_before_it_stand(cut: int) -> None:
    data = FIRST + SECOND[:cut]
    assert log.whole(data) == len(FIRST)


def test_a_last_line_that_cannot_be_read_is_dropped_even_if_it_ends() -> None:
    assert log.whole(FIRST + b"\0\0\0\0\n") == len(FIRST)
    assert log.whole(FIRST + SECOND) == len(FIRST + SECOND)
    assert log.whole(b"") == 0


@pytest.mark.parametrize(
    "bad", [b"{}\n", b"\n", b"not json\n", SECOND.replace(b'"why"', b'"wny"'), b'{"kind": "moon"}\n']
)
def test_a_damaged_line_before_the_last_is_named(bad: bytes, tmp_path: Path) -> None:
    data = FIRST + bad + SECOND
    with pytest.raises(RunDirectoryError, match=r"line 2 of .*events\.jsonl"):
        list(log.events(data[: log.whole(data)], tmp_path / "events.jsonl"))


def test_a_full_disk_leaves_the_log_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "events.jsonl"
    written = log.EventLog(file, 0)
    written.append(RunStarted(topic="t", model="m"))
    before = file.read_bytes()
    pwrite = os.pwrite

    def half(handle: int, data: bytes, at: int) -> int:
        pwrite(handle, data[: len(data) // 2], at)
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "pwrite", half)
        with pytest.raises(
            MachineError, match=r"disk is full: .*events\.jsonl.*Nothing that was finished is lost.*resume"
        ):
            written.append(Degraded(what="a", why="b"))
    assert file.read_bytes() == before
    written.append(Degraded(what="after", why="space was freed"))
    written.close()
    assert [event.kind for event in log.events(file.read_bytes(), file)] == ["run_started", "degraded"]
