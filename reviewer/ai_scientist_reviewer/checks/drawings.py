"""The pictures of a paper, from its source's files or from its pages: what they hold, how large they are printed, what is the same."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from ai_scientist_reviewer import pdf
from ai_scientist_reviewer.document import Box
from ai_scientist_reviewer.paper import Paper
from ai_scientist_reviewer.source import Mention, Source, Spot
from ai_scientist_reviewer.vectors import Drawn

_WIDTHS = {"in": 72.0, "cm": 28.35, "mm": 2.835, "pt": 1.0, "bp": 1.0, "em": 10.0}
_STYLES = {r"neurips|nips|iclr": 5.5, r"icml": 6.75}
"""Inches of a line of text, all columns together, by the name of the style."""
LINE = 6.5
"""Inches, where the style does not tell: as wide as a line may be."""


@dataclass(frozen=True)
class Picture:
    name: str
    """The file's, or "Figure 2"."""
    width: float | None
    """Inches in print; None where it is not known."""
    sure: bool
    """Whether the width is, rather than being the most that it can be."""
    pixels: tuple[int, int] | None = None
    """Width and height of a bitmap; None for vectors."""
    drawn: Drawn | None = None
    """Of vectors."""
    digest: str = ""
    """Of a bitmap's content."""
    look: tuple[int, ...] = ()
    """A bitmap's grey levels, made small."""
    number: str = ""
    """Of the figure that it stands in."""
    page: int | None = None
    box: Box | None = None
    spot: Spot | None = None


def pictures(paper: Paper) -> tuple[Picture, ...]:
    """As the source names them, which says what is one file; else as the pages show them. The pages tell the width of either.

    Raises:
        PaperError: they cannot be read within the bounds.
    """
    printed = tuple(_printed(paper)) if paper.source == "pdf" else ()
    named = tuple(_named(paper.latex, paper.name)) if paper.latex is not None else ()
    if not named:
        return printed
    numbers = Counter(one.number for one in named)
    widths = {one.number: one.width for one in printed if numbers[one.number] == 1}
    wide = (replace(one, width=widths[one.number], sure=True) if one.number in widths else one for one in named)
    # A figure that LaTeX draws has no file.
    return (*wide, *(one for one in printed if one.drawn is not None and one.number not in numbers))


def _printed(paper: Paper) -> Iterator[Picture]:
    if not any(box for page in paper.pages for box in page.drawn):
        return
    figures = [
        [one for one in paper.figures if one.page == page.number and one.box is not None] for page in paper.pages
    ]
    asked = [[figure.box for figure in here if figure.box is not None] for here in figures]
    for page, here, shown in zip(paper.pages, figures, pdf.figures(paper.data, paper.name, asked), strict=True):
        for bitmap in shown.bitmaps:
            if bitmap.box is not None:
                box = bitmap.box
                owner = next((figure.number for figure in here if figure.box and _holds(figure.box, box)), "")
                yield Picture(
                    name=f"the picture of Figure {owner}" if owner else "a picture",
                    width=(box.right - box.left) / 72,
                    sure=True,
                    pixels=bitmap.pixels,
                    digest=bitmap.digest,
                    number=owner,
                    page=page.number,
                    box=box,
                )
        for figure, drawn in zip(here, shown.parts, strict=True):
            if drawn is not None and figure.box is not None:
                width = (figure.box.right - figure.box.left) / 72
                name = f"Figure {figure.number}"
                yield Picture(name, width, True, drawn=drawn, number=figure.number, page=page.number, box=figure.box)


def _holds(outer: Box, inner: Box) -> bool:
    x, y = (inner.left + inner.right) / 2, (inner.top + inner.bottom) / 2
    return outer.left - 3 <= x <= outer.right + 3 and outer.top - 3 <= y <= outer.bottom + 3


def _named(source: Source, name: str) -> Iterator[Picture]:
    there = {mention.key: source.pictures[mention.key] for mention in source.graphics if mention.key in source.pictures}
    shown = dict(zip(there, pdf.graphics(list(there.values()), name), strict=True))
    owners = [(graphic, one.number) for one in source.floats if one.kind == "Figure" for graphic in one.graphics]
    for mention in source.graphics:
        owner = next((pair for pair in owners if pair[0] == mention.key), None)
        if owner is not None:
            owners.remove(owner)
        if mention.key not in shown:
            continue
        of, (width, sure) = shown[mention.key], _width(source, mention)
        bitmap = of.bitmaps[0] if of.bitmaps else None
        yield Picture(
            name=mention.key,
            width=width,
            sure=sure,
            pixels=bitmap.pixels if bitmap else None,
            drawn=of.parts[0] if of.parts else None,
            digest=bitmap.digest if bitmap else of.digest,
            look=bitmap.look if bitmap else (),
            number=owner[1] if owner else "",
            spot=mention.spot,
        )


def _width(source: Source, mention: Mention) -> tuple[float | None, bool]:
    """Inches, and whether that is sure: of a share of a line whose length is not known, the most that it can be."""
    lines = source.files.get(mention.spot.file, "").splitlines()[mention.spot.line - 1 : mention.spot.line + 3]
    call = re.search(rf"\\{mention.command}\*?\s*\[([^\]]*)\]\s*\{{\s*{re.escape(mention.key)}", "\n".join(lines))
    given = re.search(r"\bwidth\s*=\s*(\d*\.?\d*)\s*\\?([a-zA-Z]+)", call[1]) if call else None
    if given is None:
        return None, False
    share = float(given[1]) if given[1] not in ("", ".") else 1.0
    if given[2] in _WIDTHS:
        return share * _WIDTHS[given[2]] / 72, True
    if given[2] not in ("textwidth", "linewidth", "columnwidth", "hsize"):
        return None, False
    names = " ".join(
        re.findall(r"\\(?:usepackage|documentclass)(?:\[[^\]]*\])?\{([^}]*)\}", source.files.get(source.main, ""))
    )
    line = next((inches for pattern, inches in _STYLES.items() if re.search(pattern, names)), None)
    return share * (line or LINE), line is not None and given[2] == "textwidth"
