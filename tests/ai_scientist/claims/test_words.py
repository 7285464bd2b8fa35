"""Numbers and clauses as they are written."""

from __future__ import annotations

import pytest

from ai_scientist.claims import words


@pytest.mark.parametrize(
    ("low", "high", "digits"),
    [(-0.003, 0.002, 3), (-0.0012, -0.0009, 4), (0.00101, 0.00104, 5), (0.5, 0.5, 3), (1.0, 1.0 + 1e-12, 6)],
)
def test_an_interval_is_written_so_that_its_ends_differ(low: float, high: float, digits: int) -> None:
    assert words.telling(low, high, 3) == digits
