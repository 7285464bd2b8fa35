"""Attacks on whoever reads what a job left."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from ai_scientist_sandbox import Measured, read_measurements

from tests.sandbox.red_team import walls
from tests.sandbox.red_team.attacks import LIMITS, Attack, Control, Proof, Trial, broke, left, lost_results

_FOLLOW = walls.supervisor(("follow_symlinks=False", "follow_symlinks=True"), ("os.O_NOFOLLOW | ", ""))
_MANY = replace(LIMITS, inodes=4096)


def _read(names: set[str], values: set[float], faults: int, seed: int | None) -> Proof:
    """What the harness reads of the measurements: these metrics and values, at least so many faults, that seed."""

    def holds(trial: Trial) -> bool:
        recorded = read_measurements(trial.results["measurements.jsonl"])
        read = {found.metric for found in recorded.measurements}, {found.value for found in recorded.measurements}
        return read == (names, values) and len(recorded.faults) >= faults and recorded.seed == seed

    return holds


def _few_words(trial: Trial) -> bool:
    return trial.completed is not None and 0 < len(trial.completed.left_out) <= 20


def _many_words(trial: Trial) -> bool:
    return trial.completed is not None and len(trial.completed.left_out) > 1000


def _trusting(record: dict[str, Any]) -> Measured:
    return Measured(**{name: record[name] for name in ("metric", "value", "better", "dataset", "split")})


def _lies(trial: Trial) -> bool:
    return "lie" in {found.metric for found in read_measurements(trial.results["measurements.jsonl"]).measurements}


def _reader_failed(trial: Trial) -> bool:
    try:
        read_measurements(trial.results["measurements.jsonl"])
    except RecursionError:
        return True
    return False


def _count(low: int, high: int) -> Proof:
    """How many measurements are read, faults aside."""
    return lambda trial: low <= len(read_measurements(trial.results["measurements.jsonl"]).measurements) <= high


def _nothing_else(trial: Trial) -> bool:
    return set(trial.results) == {"kept"}


def _followed(trial: Trial) -> bool:
    return b"job:x:1000" in trial.results.get("soft0", b"")


ATTACKS = (
    Attack(
        "links_out",
        "results",
        "the supervisor reads plain files, follows no link",
        Control("that it follows no link", lift=_FOLLOW, proof=_followed),
        kept=True,
        check=_nothing_else,
    ),
    Attack(
        "results_that_hang",
        "results",
        "the supervisor reads plain files, follows no link",
        Control(
            "that it reads plain files and waits for none",
            lift=walls.supervisor(("entry.is_file(follow_symlinks=False)", "True"), (" | os.O_NONBLOCK", "")),
            ours={"supervised.START": 6.0},
            proof=lost_results,
        ),
        kept=True,
        check=_nothing_else,
    ),
    Attack(
        "names_that_climb",
        "results",
        "plain names",
        Control(
            "the look at names", ours={"results.path_fault": lambda path: None}, proof=left("..\\..\\climbed", "a\nb")
        ),
        kept=True,
        check=_nothing_else,
    ),
    Attack(
        "results_without_end",
        "results",
        "caps on size and count",
        Control("the size of the disk, to 256 MiB", limits={"disk": 256 << 20}, proof=left("l")),
        kept=True,
        check=_nothing_else,
    ),
    Attack(
        "results_of_nothing",
        "results",
        "a short account of what is left out",
        Control("the length of that account", ours={"results.MOST_FAULTS": 10**6}, proof=_many_words),
        limits=_MANY,
        kept=True,
        check=_few_words,
    ),
    Attack(
        "results_that_are_locked",
        "results",
        "what cannot be read is a value",
        Control(
            "that it is a value and no exception",
            lift=walls.supervisor(("except OSError as", "except KeyError as")),
            proof=broke,
        ),
        kept=True,
        check=_nothing_else,
    ),
    Attack(
        "measurements_that_lie",
        "results",
        "each line is checked, within bounds of length, depth and number",
        Control("the check of a line's values", ours={"results._measured": _trusting}, proof=_lies),
        check=_read({"a"}, {1.0, 2.0}, faults=15, seed=None),
    ),
    Attack(
        "measurements_that_nest",
        "results",
        "each line is checked, within bounds of length, depth and number",
        Control("those bounds", ours={"results._parse": json.loads}, proof=_reader_failed),
        check=_count(1, 1),
    ),
    Attack(
        "measurements_without_end",
        "results",
        "each line is checked, within bounds of length, depth and number",
        Control(
            "that size and that number",
            ours={"results.MOST_BYTES": 1 << 30, "results.MOST_LINES": 10**9},
            proof=_count(150_000, 150_000),
        ),
        limits=replace(LIMITS, disk=24 << 20),
        check=_count(1, 100_000),
    ),
)
