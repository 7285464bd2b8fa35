"""The pictures of a paper, from its source's files or from its pages: what they hold, how large they are printed, what is the same."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from io import BytesIO
from typing import TYPE_CHECKING

from ai_scientist_reviewer import vectors
from ai_scientist_reviewer.document import Box, PaperError
from ai_scientist_reviewer.paper import Paper
from ai_scientist_reviewer.pdfium import opened
from ai_scientist_reviewer.source import Mention, Source, Spot
from ai_scientist_reviewer.vectors import Area, Drawn

if TYPE_CHECKING:
    import numpy as np

LEAST_AREA = 72.0 * 72.0 * 0.8
"""Square points: what is smaller is a mark or a logo."""
_WIDTHS = {"in": 72.0, "cm": 28.35, "mm": 2.835, "pt": 1.0, "bp": 1.0, "em": 10.0}
_STYLES = {r"neurips|nips|iclr": 5.5, r"icml": 6.75}
"""Inches of a line of text, all columns together, by the name of the style."""
LINE = 6.5
"""Inches, where the style does not tell: as wide as a line may be."""
_MAX_PIXELS = 40_000_000
_SIDE = 48


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
    look: np.ndarray | None = None
    """A bitmap in grey, small."""
    number: str = ""
    """Of the figure that it stands in."""
    page: int | None = None
    box: Box | None = None
    spot: Spot | None = None


def pictures(paper: Paper) -> tuple[Picture, ...]:
    """As the pages show them, or else as the source names them."""
    if paper.source == "pdf":
        return tuple(_printed(paper))
    return tuple(_named(paper.latex)) if paper.latex is not None else ()


def _printed(paper: Paper) -> Iterator[Picture]:
    import pypdfium2.raw as raw

    figures = [figure for figure in paper.figures if figure.box is not None]
    with opened(paper.data, paper.name) as document:
        for page in paper.pages:
            here = [figure for figure in figures if figure.page == page.number]
            if not any((box.right - box.left) * (box.bottom - box.top) > LEAST_AREA for box in page.drawn):
                continue
            sheet = document[page.number - 1]
            for thing, matrix in vectors.objects(sheet):
                if raw.FPDFPageObj_GetType(thing) != raw.FPDF_PAGEOBJ_IMAGE:
                    continue
                area = vectors.bounds(thing, matrix)
                if area.width * area.height >= LEAST_AREA:
                    box = Box(area.left, page.height - area.top, area.right, page.height - area.bottom)
                    owner = next((f.number for f in here if f.box is not None and _holds(f.box, box)), "")
                    yield _bitmap_of_page(thing, box, owner, page.number)
            drawn = vectors.drawn_on(sheet) if here else None
            for figure in here:
                if drawn is not None and figure.box is not None and (part := _cut(drawn, figure.box, page.height)):
                    name = f"Figure {figure.number}"
                    width = (figure.box.right - figure.box.left) / 72
                    yield Picture(name, width, True, drawn=part, number=figure.number, page=page.number, box=figure.box)


def _bitmap_of_page(thing: object, box: Box, number: str, page: int) -> Picture:
    import ctypes

    import pypdfium2.raw as raw

    wide, high = ctypes.c_uint(), ctypes.c_uint()
    raw.FPDFImageObj_GetImagePixelSize(thing, wide, high)
    length = min(raw.FPDFImageObj_GetImageDataRaw(thing, None, 0), 64 * 1024 * 1024)
    buffer = (ctypes.c_ubyte * max(1, length))()
    raw.FPDFImageObj_GetImageDataRaw(thing, buffer, length)
    digest = hashlib.sha256(bytes(buffer)).hexdigest() if length else ""
    name = f"the picture of Figure {number}" if number else "a picture"
    width = (box.right - box.left) / 72
    return Picture(name, width, True, (wide.value, high.value), None, digest, None, number, page, box)


def _holds(outer: Box, inner: Box) -> bool:
    x, y = (inner.left + inner.right) / 2, (inner.top + inner.bottom) / 2
    return outer.left - 3 <= x <= outer.right + 3 and outer.top - 3 <= y <= outer.bottom + 3


def _cut(drawn: Drawn, box: Box, height: float) -> Drawn | None:
    """The part of a page within a box; None where nothing but bitmaps is drawn there."""
    area = Area(box.left - 1, height - box.bottom - 1, box.right + 1, height - box.top + 1)
    shapes = tuple(shape for shape in drawn.shapes if area.holds(shape.area.middle))
    texts = tuple(text for text in drawn.texts if area.holds(text.area.middle))
    images = tuple(image for image in drawn.images if area.holds(image.middle))
    if not shapes or not texts:
        return None
    return Drawn(area, texts, shapes, images)


def _named(source: Source) -> Iterator[Picture]:
    owners = [(graphic, one.number) for one in source.floats if one.kind == "Figure" for graphic in one.graphics]
    for mention in source.graphics:
        owner = next((pair for pair in owners if pair[0] == mention.key), None)
        if owner is not None:
            owners.remove(owner)
        data = source.pictures.get(mention.key)
        if data is not None:
            width, sure = _width(source, mention)
            number = owner[1] if owner else ""
            yield _of_file(Picture(mention.key, width, sure, number=number, spot=mention.spot), data)


def _of_file(plain: Picture, data: bytes) -> Picture:
    digest = hashlib.sha256(data).hexdigest()
    if data[:5] == b"%PDF-":
        try:
            return replace(plain, drawn=vectors.read(data), digest=digest)
        except PaperError:
            return replace(plain, digest=digest)
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(BytesIO(data), formats=["PNG", "JPEG"]) as image:
            if image.width * image.height > _MAX_PIXELS:
                return replace(plain, pixels=image.size, digest=digest)
            grey = image.convert("L")
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        return replace(plain, digest=digest)
    import numpy as np

    digest = hashlib.sha256(f"{grey.size}".encode() + grey.tobytes()).hexdigest()
    look = np.asarray(grey.resize((_SIDE, _SIDE), Image.Resampling.BOX), dtype=float)
    return replace(plain, pixels=grey.size, digest=digest, look=look)


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
