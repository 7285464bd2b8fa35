"""Venues as data."""

from pathlib import Path

import pytest
from ai_scientist_reviewer.venues import VenueError, venue, venues


@pytest.mark.parametrize("name", venues())
def test_what_a_venue_asks_names_the_page_that_says_so(name: str) -> None:
    asked = venue(name)
    states = asked.pages or asked.sections or asked.width or asked.anonymous
    assert bool(states) == bool(asked.source and asked.read)


def test_the_known_ones() -> None:
    assert set(venues()) == {"article", "iclr", "icml", "neurips", "workshop"}
    assert (venue("icml").pages, venue("neurips").pages, venue("iclr").pages) == (8, 9, 9)


def test_a_venue_of_ones_own(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text("name: Mine\npages: 4\nsections: [limitations]\n")
    assert venue(str(file)).sections == ("limitations",)
    file.write_text("name: Mine\npage: 4\n")
    with pytest.raises(VenueError, match="page"):
        venue(str(file))
    with pytest.raises(VenueError, match="Known are article, iclr"):
        venue("nips")
    with pytest.raises(VenueError, match="cannot be opened"):
        venue(str(tmp_path / "none.yaml"))
