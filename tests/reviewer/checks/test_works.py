"""Names of authors as they are compared."""

import pytest
from ai_scientist_reviewer.checks.works import families


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("Traor'e, Cheik and Pauwels, Edouard", "Cheik Traor’e and Edouard Pauwels"),  # print has a curled apostrophe
        ("Łukasz Kaiser and Jon O'Neil", "Lukasz Kaiser and Jon O’Neil"),
    ],
)
def test_names_in_the_source_and_in_print_are_the_same(written: str, printed: str) -> None:
    assert families(written) == families(printed)
