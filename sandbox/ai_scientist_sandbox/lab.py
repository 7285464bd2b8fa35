"""What a program inside a sandbox sees of its laboratory. One file, no dependencies.

A program measures; it does not report:

    import lab
    settings = lab.config(learning_rate=0.1, epochs=20)      # defaults; the harness may override them
    rng = numpy.random.default_rng(lab.seed())               # a seed is counted only where it was asked for
    lab.measure("accuracy", 0.93, better="higher", dataset="digits", split="validation")
    if lab.confirming():                                     # the test split stays untouched until then
        lab.measure("accuracy", 0.92, better="higher", dataset="digits", split="test")
    rows = open(lab.data("churn") / "customers.csv")         # the user's own data, where there are any

`job.json` beside this file holds the seed, the overrides and whether this run confirms a finding. Everything goes to
`output/`: measurements.jsonl (one JSON object a line), arrays/<name>.npy, tables/<name>.json.

Without a `job.json` a program runs by hand (`python program.py`) with seed 0, its own defaults and nothing to confirm.
"""

from __future__ import annotations

import json
import math
import os
import re
import struct
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}")

_HERE = Path(__file__).resolve().parent
_directions: dict[str, str] = {}
_announced: set[str] = set()


class Settings(Mapping[str, Any]):
    """The settings in force, as attributes and as a mapping. Read-only."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self.__dict__["_values"] = dict(values)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):  # so that copy and pickle ask the class, not the settings
            raise AttributeError(name)
        try:
            return self.__dict__["_values"][name]
        except KeyError:
            raise AttributeError(f"there is no setting {name!r}; there are {', '.join(self)}") from None

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError("settings are read-only: they were recorded when lab.config was called")

    def __getitem__(self, name: str) -> Any:
        return self.__dict__["_values"][name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.__dict__["_values"])

    def __len__(self) -> int:
        return len(self.__dict__["_values"])

    def __repr__(self) -> str:
        return "Settings(" + ", ".join(f"{name}={value!r}" for name, value in self.items()) + ")"


def seed() -> int:
    """The seed of this run. Asking for it is what makes this run count as a run of that seed."""
    value = int(_job().get("seed", 0))
    if "seed" not in _announced:
        _announced.add("seed")
        _record({"kind": "seed", "seed": value})
    return value


def config(**defaults: Any) -> Settings:
    """The settings: these defaults, and over them what the harness set. Values are plain JSON values.

    Raises:
        ValueError: the harness set something that this program does not have, so the run would show nothing.
        TypeError: a default is not a plain value.
    """
    overrides = _job().get("config", {})
    unknown = sorted(set(overrides) - set(defaults))
    if unknown:
        there = ", ".join(sorted(defaults)) or "none"
        raise ValueError(f"asked to set {', '.join(unknown)}, but the settings of this program are: {there}")
    values = {**defaults, **overrides}
    _record({"kind": "config", "values": values})
    return Settings(values)


def confirming() -> bool:
    """Whether this run confirms a finding, and so may touch the test split."""
    return bool(_job().get("confirming", False))


def data(name: str) -> Path:
    """The folder of the data that the user gave under that name. It is there to be read; nothing can be written to it.

    Raises:
        FileNotFoundError: there are none of that name; says which there are.
    """
    place = _HERE / "data"
    there = sorted(folder.name for folder in place.iterdir()) if place.is_dir() else []
    if name not in there:
        raise FileNotFoundError(f"there are no data called {name!r}; there are: {', '.join(there) or 'none'}")
    return place / name


def measure(
    name: str, value: float, *, better: str, dataset: str, split: str = "validation", step: int | None = None
) -> None:
    """Record one measurement.

    A value that is not finite is recorded as missing. A measurement on the split "test" outside a confirming run is
    left out without a word, so that one program serves for both.

    Args:
        better: "higher" or "lower"; one metric keeps one direction.
        step: for a curve (an epoch, a level); without it, the measurement is a final one.

    Raises:
        ValueError: a bad name or direction, or a direction that changed.
    """
    for text in (name, dataset, split):
        if not isinstance(text, str) or not 0 < len(text) <= 100 or not text.isprintable():
            raise ValueError(f"a metric, data set or split is named by 1 to 100 printable characters, not {text!r}")
    if better not in ("higher", "lower"):
        raise ValueError(f'better is "higher" or "lower", not {better!r}')
    if _directions.setdefault(name, better) != better:
        raise ValueError(f"{name} was measured with better={_directions[name]!r} before; a metric keeps its direction")
    if split == "test" and not confirming():
        return
    number = float(value)
    line: dict[str, Any] = {"kind": "measurement", "metric": name, "value": number if math.isfinite(number) else None}
    line |= {"better": better, "dataset": dataset, "split": split, "step": None if step is None else int(step)}
    if not math.isfinite(number):
        line["not_finite"] = str(number)
    _record(line)


def array(name: str, values: Any) -> None:
    """Save numbers to draw from later, as output/arrays/<name>.npy: an ndarray, or (nested) lists of numbers.

    Raises:
        ValueError: a bad name, or lists of uneven length.
    """
    path = _file("arrays", name, ".npy")
    if hasattr(values, "__array__"):
        import numpy  # the program has it: it made the array

        with path.open("wb") as file:
            numpy.save(file, numpy.asarray(values), allow_pickle=False)
        return
    path.write_bytes(_npy(values))


def table(name: str, rows: list[dict[str, Any]]) -> None:
    """Save rows of plain values as output/tables/<name>.json.

    Raises:
        ValueError: a bad name.
    """
    plain = [{str(key): _plain(value) for key, value in row.items()} for row in rows]
    _file("tables", name, ".json").write_text(json.dumps(plain, allow_nan=False), encoding="utf-8")


def _job() -> dict[str, Any]:
    path = _HERE / "job.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


def _record(line: dict[str, Any]) -> None:
    """Append one line in one write, so that a program killed in the middle leaves whole lines."""
    text = json.dumps({key: _plain(value) for key, value in line.items()}, allow_nan=False) + "\n"
    folder = _HERE / "output"
    folder.mkdir(exist_ok=True)
    file = os.open(folder / "measurements.jsonl", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    try:
        os.write(file, text.encode("utf-8"))
    finally:
        os.close(file)


def _plain(value: Any) -> Any:
    """A JSON value: numpy's numbers become Python's, and what is not finite becomes missing."""
    if hasattr(value, "item") and not isinstance(value, (str, bytes)):
        value = value.item()
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if value is None or isinstance(value, (str, int)):
        return value
    raise TypeError(f"only plain values (text, numbers, lists, dicts) can be recorded, not {type(value).__name__}")


def _npy(values: Any) -> bytes:
    """Numbers in numpy's file format, version 1.0."""
    shape, numbers = _flatten(values)
    whole = all(isinstance(number, int) for number in numbers)
    kind, code = ("<i8", "q") if whole and numbers else ("<f8", "d")
    header = f"{{'descr': '{kind}', 'fortran_order': False, 'shape': {shape!r}, }}"
    header += " " * (-(len(header) + 11) % 64) + "\n"  # the format wants the data to start at a multiple of 64
    body = struct.pack(f"<{len(numbers)}{code}", *numbers)
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode("latin-1") + body


def _flatten(values: Any) -> tuple[tuple[int, ...], list[float]]:
    if not isinstance(values, (list, tuple)):
        number = values.item() if hasattr(values, "item") else values
        return (), [number if isinstance(number, (int, float)) else float(number)]
    parts = [_flatten(value) for value in values]
    if any(shape != parts[0][0] for shape, _ in parts):
        raise ValueError("an array has rows of one length")
    inner = parts[0][0] if parts else ()
    return (len(parts), *inner), [number for _, numbers in parts for number in numbers]


def _file(kind: str, name: str, suffix: str) -> Path:
    if not _NAME.fullmatch(name):
        raise ValueError(f"a name has letters, digits, '_', '-' and '.', and begins with no '.' or '-'; not {name!r}")
    folder = _HERE / "output" / kind
    folder.mkdir(parents=True, exist_ok=True)
    return folder / (name + suffix)
