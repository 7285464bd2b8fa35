"""Prose by its sentences, however the page broke them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from ai_scientist_reviewer.paper import Paper


def test_a_line_that_a_raised_character_broke_goes_on(
    write_pdf: Callable[..., Path], show_text: Callable[..., str]
) -> None:
    page = (
        show_text("The counts of both groups differ by a chi-square", x=72, y=700)
        + show_text("2", x=292, y=704, size=6)
        + show_text("(2) = 11.60, p = .297, so that they are not alike.", x=296, y=700)
        + show_text("(3) Another point is made here.", x=72, y=660)
    )
    first, second = Paper.read(write_pdf([page])).passages
    assert first.text.endswith("(2) = 11.60, p = .297, so that they are not alike.")
    assert second.text.startswith("(3)")
