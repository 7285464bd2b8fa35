"""One line of the benchmark table, and how repeats become one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import comb
from statistics import median


@dataclass(frozen=True)
class Row:
    """What `build/bench.json` holds per number. `of` makes one from repeats."""

    name: str
    """`group.what_unit`, as in `cli.help_seconds`."""
    value: float
    unit: str
    """`s`, `ms`, `ratio`, …"""
    reach: float | None
    """At most this; None where there is nothing to reach."""
    holds: bool | None
    n: int
    low: float
    high: float

    @classmethod
    def of(cls, name: str, repeats: Sequence[float], unit: str, reach: float | None = None) -> Row:
        """The median of the repeats, with its 95% interval (all that was seen, where they are fewer than six)."""
        value = median(repeats)
        low, high = interval(repeats)
        return cls(name, value, unit, reach, None if reach is None else value <= reach, len(repeats), low, high)


def interval(repeats: Sequence[float]) -> tuple[float, float]:
    """The 95% interval of the median by order statistics; it assumes no distribution."""
    ordered, n = sorted(repeats), len(repeats)
    below, outside = 0, 0.0
    while below < n // 2 and outside + comb(n, below) / 2**n <= 0.025:
        outside += comb(n, below) / 2**n
        below += 1
    edge = max(below - 1, 0)
    return ordered[edge], ordered[n - 1 - edge]
