"""The numbers of a paper's result files, as far as the mutators have to know them: which value a table's cell stands for."""

from __future__ import annotations

import csv
import json
import statistics
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

MOST_BYTES = 8 * 2**20
"""Of one file."""


def read_values(folder: Path) -> tuple[float, ...]:
    """All numbers in the .json, .jsonl and .csv files below a folder, and mean and standard deviation over repeats: files of
    measurements of one kind whose configuration is the same."""
    found: list[float] = []
    repeats: dict[tuple[str, ...], list[float]] = defaultdict(list)
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() not in (".json", ".jsonl", ".csv") or path.stat().st_size > MOST_BYTES:
            continue
        text = path.read_text("utf-8", errors="replace")
        if path.suffix.lower() == ".csv":
            found += _numbers_of(list(csv.reader(text.splitlines())))
            continue
        try:
            rows = [json.loads(text)] if path.suffix == ".json" else [json.loads(line) for line in text.splitlines()]
        except ValueError:  # not JSON after all, or torn: nothing in it is known
            continue
        found += _numbers_of(rows)
        settings = next((json.dumps(row["values"], sort_keys=True) for row in rows if _is(row, "config")), "")
        for row in rows:
            if _is(row, "measurement"):
                key = (settings, *(str(row.get(name)) for name in ("metric", "dataset", "split", "step")))
                repeats[key].append(float(row["value"]))
    for values in repeats.values():
        if len(values) > 1:
            found += [statistics.fmean(values), statistics.stdev(values)]
    return tuple(dict.fromkeys(found))


def _is(row: Any, kind: str) -> bool:
    return isinstance(row, dict) and row.get("kind") == kind


def _numbers_of(node: Any) -> Iterator[float]:
    if isinstance(node, bool):
        return
    if isinstance(node, int | float):
        yield float(node)
    elif isinstance(node, str):
        try:
            yield float(node)
        except ValueError:  # a word
            return
    elif isinstance(node, dict):
        for one in node.values():
            yield from _numbers_of(one)
    elif isinstance(node, list):
        for one in node:
            yield from _numbers_of(one)
