"""A measured number with its interval, and how intervals are had."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

Z = 1.959963984540054
"""Of a two-sided interval of 95%."""
RESAMPLES = 2000

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]
Measure = Callable[[Indices], Mapping[str, float]]
"""Numbers by name from a sample, given as indices into what was measured."""


class Estimate(BaseModel):
    """A number and the 95% interval around it. All are None where it cannot be told from what there is."""

    model_config = ConfigDict(frozen=True)

    value: float | None
    low: float | None = None
    high: float | None = None
    n: int
    """Of what it was measured on."""


def wilson(hits: int, n: int) -> Estimate:
    """A share, with Wilson's interval."""
    if n == 0:
        return Estimate(value=None, n=0)
    share, z2 = hits / n, Z * Z
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = Z / (1 + z2 / n) * math.sqrt(share * (1 - share) / n + z2 / (4 * n * n))
    return Estimate(value=share, low=max(0.0, middle - half), high=min(1.0, middle + half), n=n)


def mean(values: Sequence[float], seed: int = 0, resamples: int = RESAMPLES) -> Estimate:
    """A mean, with a percentile bootstrap interval; none for fewer than two values."""
    if not values:
        return Estimate(value=None, n=0)
    data = np.asarray(values, dtype=np.float64)
    if len(data) < 2:
        return Estimate(value=float(data[0]), n=1)
    drawn = np.random.default_rng(seed).integers(0, len(data), (resamples, len(data)))
    low, high = np.percentile(data[drawn].mean(axis=1), (2.5, 97.5))
    return Estimate(value=float(data.mean()), low=float(low), high=float(high), n=len(data))


def resampled(measure: Measure, strata: NDArray[np.bool_], seed: int, resamples: int = RESAMPLES) -> dict[str, Floats]:
    """What is measured on bootstrap samples drawn within each of the two strata. The same seed draws the same samples, so that
    differences are paired."""
    random = np.random.default_rng(seed)
    parts = [part for part in (np.flatnonzero(strata), np.flatnonzero(~strata)) if len(part)]
    drawn: dict[str, Floats] = {}
    for i in range(resamples):
        indices = np.concatenate([random.choice(part, len(part)) for part in parts])
        for name, value in measure(indices).items():
            drawn.setdefault(name, np.full(resamples, np.nan))[i] = value
    return drawn


def between(value: float, drawn: Floats, n: int) -> Estimate:
    """The percentile interval of bootstrap values; nothing where the number or too many of them are undefined."""
    known = drawn[np.isfinite(drawn)]
    if not math.isfinite(value):
        return Estimate(value=None, n=n)
    if len(known) < 0.9 * len(drawn):
        return Estimate(value=value, n=n)
    low, high = np.percentile(known, (2.5, 97.5))
    return Estimate(value=value, low=float(low), high=float(high), n=n)
