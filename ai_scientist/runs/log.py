"""events.jsonl: one event a line, appended and fsynced. A line is what ends with a newline."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from pydantic import ValidationError

from ai_scientist.errors import RunDirectoryError
from ai_scientist.runs.events import AnyEvent, adapter
from ai_scientist.runs.storage import writing


class EventLog:
    """The log, open for appending. Not thread-safe: its owner holds a lock."""

    def __init__(self, file: Path, size: int) -> None:
        """`size`: bytes of whole lines. What lies beyond is a torn line, and is cut off."""
        self.file = file
        with writing(file):
            self._handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o666)
            self._cut(size)

    def append(self, event: AnyEvent) -> None:
        """Returns when the event is on disk. Where that fails, the log is as it was before.

        Raises:
            MachineError: the disk is full, or cannot be written.
        """
        line = event.model_dump_json().encode() + b"\n"
        with writing(self.file):
            if self._broken:
                self._cut(self._size)
            self._broken = True
            try:
                written = 0
                while written < len(line):
                    written += os.pwrite(self._handle, line[written:], self._size + written)
                os.fsync(self._handle)
            except OSError:
                self._cut(self._size)
                raise
            self._broken = False
            self._size += len(line)

    def close(self) -> None:
        os.close(self._handle)

    def _cut(self, size: int) -> None:
        os.ftruncate(self._handle, size)
        os.fsync(self._handle)
        self._size = size
        self._broken = False


def whole(data: bytes) -> int:
    """Bytes up to the end of the last line that is whole: ends with a newline and can be read as an event."""
    end = data.rfind(b"\n") + 1
    if not end:
        return 0
    last = data.rfind(b"\n", 0, end - 1) + 1
    try:
        adapter.validate_json(data[last:end])
    except ValidationError:
        return last
    return end


def events(data: bytes, file: Path) -> Iterator[AnyEvent]:
    """The events of whole lines, in order.

    Raises:
        RunDirectoryError: a line is damaged; names it.
    """
    read = adapter.validate_json
    for number, line in enumerate(data.split(b"\n")[:-1], start=1):
        try:
            yield read(line)
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            what = ".".join(str(step) for step in first["loc"]) or "the line"
            raise RunDirectoryError(
                f"The run directory is damaged: line {number} of {file} is no event ({what}: {first['msg']}). "
                "Restore the file from a copy; nothing was changed."
            ) from None
