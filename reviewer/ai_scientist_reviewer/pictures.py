"""What a referee is shown of a paper's figures: pictures of the pages that hold them."""

from __future__ import annotations

from typing import NamedTuple

from ai_scientist_reviewer.paper import Paper

MOST_PICTURES = 8
"""Shown to a referee."""
DPI = 110


class Picture(NamedTuple):
    what: str
    """"page 3"."""
    png: bytes


def figures_shown(paper: Paper, most: int = MOST_PICTURES) -> tuple[tuple[Picture, ...], int]:
    """The pages with figures, in order, and how many more such pages there are than are shown. LaTeX source has none."""
    if paper.source != "pdf":
        return (), 0
    numbers = sorted({caption.page for caption in paper.figures})
    chosen = numbers[:most]
    drawn = paper.page_pictures(chosen, DPI) if chosen else []
    shown = tuple(Picture(f"page {number}", png) for number, png in zip(chosen, drawn, strict=True))
    return shown, len(numbers) - len(chosen)
