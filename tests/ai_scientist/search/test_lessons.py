from __future__ import annotations

import pytest

from ai_scientist.search.lessons import ENDED, gist


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        (
            f"Traceback …\nValueError: Input X contains NaN.\nThis model does not accept it.\nSee the manual.\n{ENDED} 1.",
            "ValueError: Input X contains NaN.",
        ),
        (f"fitting\nout of patience\n{ENDED} 3.", "out of patience"),
        (f"{ENDED} 1.", f"{ENDED} 1."),
        ("", ""),
    ],
)
def test_the_line_that_says_most_of_a_failure(fault: str, says: str) -> None:
    assert gist(fault) == says
