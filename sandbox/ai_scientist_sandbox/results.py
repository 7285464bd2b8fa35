"""Reading what a program left behind. Everything here is hostile until it has passed."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

MEASUREMENTS = "measurements.jsonl"
LONGEST_PATH = 255
DEEPEST_PATH = 9
MOST_BYTES = 16 * 1024 * 1024
"""Of measurements.jsonl."""
LONGEST_LINE = 64 * 1024
MOST_LINES = 100_000
MOST_FAULTS = 20
LONGEST_NAME = 100
LARGEST_STEP = 2**53


def path_fault(path: str) -> str | None:
    """Why a relative path is not one that may be laid or fetched; None where it may."""
    parts = path.split("/")
    if not path or len(path.encode("utf-8", "surrogateescape")) > LONGEST_PATH:
        return "is empty or too long"
    if path.startswith("/") or any(part in ("", ".", "..") for part in parts):
        return "climbs out or is not plain"
    if len(parts) > DEEPEST_PATH:
        return "is too deep"
    if not path.isprintable() or "\\" in path:  # surrogates, that is bytes that are not UTF-8, are not printable
        return "has characters that a name may not have"
    return None


class Collector:
    """Takes files as they come out of a sandbox and keeps what is within its caps."""

    def __init__(self, most_bytes: int, most_files: int) -> None:
        self._room, self._places = most_bytes, most_files
        self._files: dict[str, bytearray] = {}
        self._current: bytearray | None = None
        self.faults: list[str] = []
        """What was left out and why, at most MOST_FAULTS, fit to print."""

    def begin(self, path: bytes) -> None:
        """A file of this path follows; a path that may not be is left out, with its data."""
        name = path.decode("utf-8", "surrogateescape")
        fault = path_fault(name)
        if fault is None and name in self._files:
            fault = "came twice"
        if fault is None and len(self._files) >= self._places:
            fault = "one file too many"
        self._current = None
        if fault is None:
            self._current = self._files[name] = bytearray()
        else:
            self._say(f"{name}: {fault}")

    def add(self, data: bytes) -> None:
        """More of the file that was begun."""
        if self._current is None:
            return
        if len(data) > self._room:
            name = next(name for name, kept in self._files.items() if kept is self._current)
            self._room += len(self._files.pop(name))
            self._current = None
            self._say(f"{name}: too large")
            return
        self._room -= len(data)
        self._current += data

    def leave_out(self, what: bytes) -> None:
        """Something was left out before it came here: its path and why."""
        self._say(what.decode("utf-8", "replace"))

    def _say(self, fault: str) -> None:
        if len(self.faults) < MOST_FAULTS:
            text = fault if len(fault) <= 2 * LONGEST_PATH else fault[:LONGEST_PATH] + " ... " + fault[-LONGEST_PATH:]
            self.faults.append("".join(letter if letter.isprintable() else "?" for letter in text))

    def files(self) -> dict[str, bytes]:
        """What was kept, by path."""
        return {name: bytes(data) for name, data in sorted(self._files.items())}


@dataclass(frozen=True)
class Measured:
    """One measurement as a program recorded it."""

    metric: str
    value: float | None
    """None: missing (the program measured something that is not finite)."""
    better: Literal["higher", "lower"]
    dataset: str
    split: str
    step: int | None = None
    """Position on a curve; None for a final measurement."""


@dataclass(frozen=True)
class Recorded:
    """All that a program recorded and that is well formed."""

    measurements: tuple[Measured, ...] = ()
    seed: int | None = None
    """The seed that the program asked for; None where it never asked, so that the run is not one of any seed."""
    config: Mapping[str, Any] = field(default_factory=dict)
    """The settings in force."""
    faults: tuple[str, ...] = ()
    """What was wrong with the rest, by line; at most MOST_FAULTS."""

    @property
    def settings(self) -> dict[str, bool | int | float | str]:
        """The settings in force that are single values."""
        return {name: value for name, value in self.config.items() if isinstance(value, bool | int | float | str)}


class _FaultError(Exception):
    pass


def read_measurements(data: bytes) -> Recorded:
    """Read measurements.jsonl as hostile: what is valid, and what is wrong with the rest. Never raises."""
    measurements: list[Measured] = []
    faults: list[str] = []
    directions: dict[str, str] = {}
    seeds: list[int] = []
    config: dict[str, Any] = {}
    if len(data) > MOST_BYTES:
        faults.append(f"larger than {MOST_BYTES} bytes; the rest was not read")
        data = data[: data.rfind(b"\n", 0, MOST_BYTES) + 1]
    lines = data.split(b"\n", MOST_LINES)
    if len(lines) > MOST_LINES:
        if lines.pop():
            faults.append(f"more than {MOST_LINES} lines; the rest was not read")
    elif lines.pop():
        faults.append(f"line {len(lines) + 1}: not finished")  # a program was killed in the middle of it
    for number, line in enumerate(lines, 1):
        try:
            record = _parse(line)
            match record.get("kind"):
                case "measurement":
                    found = _measured(record)
                    if directions.setdefault(found.metric, found.better) != found.better:
                        raise _FaultError("the metric changed its direction")
                    measurements.append(found)
                case "seed":
                    seeds.append(_whole(record, "seed"))
                    if len(set(seeds)) > 1:
                        raise _FaultError("a second seed")
                case "config":
                    config.update(_settings(record))
                case _:
                    raise _FaultError("of no known kind")
        except _FaultError as fault:
            if len(faults) < MOST_FAULTS:
                faults.append(f"line {number}: {fault}")
    seed = seeds[0] if len(set(seeds)) == 1 else None  # two seeds are the seed of nothing
    return Recorded(tuple(measurements), seed, config, tuple(faults))


def _parse(line: bytes) -> dict[str, Any]:
    if len(line) > LONGEST_LINE:
        raise _FaultError("too long")
    try:
        record = json.loads(line.decode("utf-8"), object_pairs_hook=_once, parse_constant=_no_constant)
    except (UnicodeDecodeError, ValueError, RecursionError):
        raise _FaultError("not JSON") from None
    if not isinstance(record, dict):
        raise _FaultError("not an object")
    return record


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _FaultError("one name twice in an object")
    return found


def _no_constant(name: str) -> float:
    raise _FaultError(f"{name} is no number")


def _measured(record: dict[str, Any]) -> Measured:
    value = record.get("value")
    if isinstance(value, bool) or not isinstance(value, int | float | None):
        raise _FaultError("the value is no number")
    try:
        value = None if value is None else float(value)
    except OverflowError:
        raise _FaultError("the value is too large") from None
    if value is not None and not math.isfinite(value):  # 1e999 is JSON and infinite
        raise _FaultError("the value is not finite")
    better = record.get("better")
    if better not in ("higher", "lower"):
        raise _FaultError("better is neither higher nor lower")
    step = None if record.get("step") is None else _whole(record, "step")
    return Measured(_name(record, "metric"), value, better, _name(record, "dataset"), _name(record, "split"), step)


def _name(record: dict[str, Any], key: str) -> str:
    value = record.get(key)
    if not isinstance(value, str) or not 0 < len(value) <= LONGEST_NAME or not value.isprintable():
        raise _FaultError(f"{key} is no name")
    return value


def _whole(record: dict[str, Any], key: str) -> int:
    value = record.get(key)
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > LARGEST_STEP:
        raise _FaultError(f"{key} is no whole number")
    return value


def _settings(record: dict[str, Any]) -> dict[str, Any]:
    values = record.get("values")
    if not isinstance(values, dict) or len(values) > 1000:
        raise _FaultError("settings are no object")
    if any(not 0 < len(name) <= LONGEST_NAME or not name.isprintable() for name in values) or not _finite(values, 8):
        raise _FaultError("a setting is not plain")
    return values


def _finite(value: Any, depth: int) -> bool:
    if isinstance(value, float):
        return math.isfinite(value)
    if isinstance(value, dict | list):
        items = value.values() if isinstance(value, dict) else value
        return depth > 0 and all(_finite(item, depth - 1) for item in items)
    return not isinstance(value, str) or len(value) <= 10_000
