"""What a referee is shown of a paper's figures: pictures of the pages that hold them, or, of LaTeX source, the figures' files."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import NamedTuple

from ai_scientist_reviewer import pdf
from ai_scientist_reviewer.document import MAX_PIXELS, PaperError
from ai_scientist_reviewer.hidden import Examined
from ai_scientist_reviewer.source import Source

MOST_PICTURES = 8
"""Shown to a referee."""
DPI = 110
WIDEST = 1400
"""Pixels of a figure's file as it is shown, on the longer side."""


class Picture(NamedTuple):
    what: str
    """ "page 3", "Figure 2"."""
    png: bytes


def figures_shown(examined: Examined, most: int = MOST_PICTURES) -> tuple[tuple[Picture, ...], int]:
    """The pages with figures, or the figures, in order; and how many more there are than are shown.

    Raises:
        PaperError: the pages cannot be drawn within the bounds.
    """
    paper = examined.paper
    if paper.source != "pdf":
        return _of_source(paper.latex, most) if paper.latex is not None else ((), 0)
    numbers = sorted({caption.page for caption in paper.figures})
    chosen = numbers[:most]
    drawn = paper.page_pictures_for_models(chosen, DPI) if chosen else []
    shown = tuple(Picture(f"page {number}", png) for number, png in zip(chosen, drawn, strict=True))
    return shown, len(numbers) - len(chosen)


def _of_source(source: Source, most: int) -> tuple[tuple[Picture, ...], int]:
    """The files that figures include, each once. One that cannot be drawn is passed over: the checks tell of it."""
    named = list(dict.fromkeys(_named(source)))
    shown: list[Picture] = []
    for what, name in named:
        if len(shown) == most:
            break
        png = _png(source.pictures[name])
        if png is not None:
            shown.append(Picture(what, png))
    return tuple(shown), max(0, len(named) - len(shown))


def _named(source: Source) -> Iterator[tuple[str, str]]:
    for one in source.floats:
        if one.kind != "Figure":
            continue
        # The number is counted, and all the same it is from a file: nothing but a number goes into the prompt.
        what = f"Figure {one.number}" if one.number.replace(".", "").isalnum() and len(one.number) <= 6 else "a figure"
        parts = [name for name in one.graphics if name in source.pictures]
        yield from ((f"{what}, part {i}" if len(parts) > 1 else what, name) for i, name in enumerate(parts, start=1))


def _png(data: bytes) -> bytes | None:
    """The file as a PNG of a size that can be shown; None where it is no picture, or too large a one."""
    from PIL import Image, UnidentifiedImageError

    if data[:5] == b"%PDF-":
        try:
            return pdf.pictures(data, "a figure", [1], DPI, [()])[0]
        except PaperError:
            return None
    try:
        with Image.open(BytesIO(data), formats=["PNG", "JPEG"]) as image:
            if image.width * image.height > 4 * MAX_PIXELS:
                return None
            small = image.convert("RGB")
            small.thumbnail((WIDEST, WIDEST))
            file = BytesIO()
            small.save(file, "PNG")
            return file.getvalue()
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError, SyntaxError):  # of a bad file
        return None
