"""The pictures of pages, and of graphics files: bitmaps with their size, and what vectors draw."""

from __future__ import annotations

import ctypes
import hashlib
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from ai_scientist_reviewer import vectors
from ai_scientist_reviewer.document import Box, PaperError
from ai_scientist_reviewer.pdfium import opened
from ai_scientist_reviewer.reader.shown import SIDE, Bitmap, Shown, shown_bytes
from ai_scientist_reviewer.reader.wire import unpacked
from ai_scientist_reviewer.vectors import Area, Drawn

LEAST_AREA = 72.0 * 72.0 * 0.8
"""Square points: what is smaller is a mark or a logo."""
_MAX_PIXELS = 40_000_000
_MAX_DATA = 64 * 1024 * 1024
_MOST_BITMAPS = 500
"""Of one page."""


def figures(request: dict[str, Any], data: bytes, payload: bytes) -> Iterator[tuple[bytes, bytes]]:
    """A frame F for each page: its bitmaps, and what is drawn within each of the boxes that were sent."""
    with opened(data, request["name"]) as document:
        for index, boxes in enumerate(unpacked(payload)[0]):
            page = document[index]
            bitmaps = tuple(_bitmaps(page))
            drawn = vectors.drawn_on(page) if boxes else None
            height = page.get_height()
            page.close()
            parts = tuple(_cut(drawn, Box(*box), height) if drawn else None for box in boxes)
            yield b"F", shown_bytes(Shown(bitmaps, parts))


def files(request: dict[str, Any], data: bytes, payload: bytes) -> Iterator[tuple[bytes, bytes]]:
    """A frame F for each graphics file; they come one after another, with their sizes as the payload's head."""
    start = 0
    for size in unpacked(payload)[0]:
        yield b"F", shown_bytes(_file(data[start : start + size]))
        start += size


def _bitmaps(page: Any) -> Iterator[Bitmap]:
    import pypdfium2.raw as raw

    height, count = page.get_height(), 0
    for thing, matrix in vectors.objects(page):
        if raw.FPDFPageObj_GetType(thing) != raw.FPDF_PAGEOBJ_IMAGE:
            continue
        area = vectors.bounds(thing, matrix)
        if area.width * area.height < LEAST_AREA:
            continue
        count += 1
        if count > _MOST_BITMAPS:
            return
        wide, high = ctypes.c_uint(), ctypes.c_uint()
        raw.FPDFImageObj_GetImagePixelSize(thing, wide, high)
        length = min(raw.FPDFImageObj_GetImageDataRaw(thing, None, 0), _MAX_DATA)
        buffer = (ctypes.c_ubyte * max(1, length))()
        raw.FPDFImageObj_GetImageDataRaw(thing, buffer, length)
        digest = hashlib.sha256(bytes(buffer)).hexdigest() if length else ""
        box = Box(area.left, height - area.top, area.right, height - area.bottom)
        yield Bitmap((wide.value, high.value), digest, box)


def _cut(drawn: Drawn, box: Box, height: float) -> Drawn | None:
    area = Area(box.left - 1, height - box.bottom - 1, box.right + 1, height - box.top + 1)
    shapes = tuple(shape for shape in drawn.shapes if area.holds(shape.area.middle))
    texts = tuple(text for text in drawn.texts if area.holds(text.area.middle))
    images = tuple(image for image in drawn.images if area.holds(image.middle))
    return Drawn(area, texts, shapes, images) if shapes and texts else None


def _file(data: bytes) -> Shown:
    digest = hashlib.sha256(data).hexdigest()
    if data[:5] == b"%PDF-":
        try:
            return Shown(parts=(vectors.read(data),), digest=digest)
        except PaperError:
            return Shown(digest=digest)
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(BytesIO(data), formats=["PNG", "JPEG"]) as image:
            if image.width * image.height > _MAX_PIXELS:
                return Shown((Bitmap(image.size, digest),))
            grey = image.convert("L")
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        return Shown(digest=digest)
    look = grey.resize((SIDE, SIDE), Image.Resampling.BOX).tobytes()
    content = hashlib.sha256(f"{grey.size}".encode() + grey.tobytes()).hexdigest()
    return Shown((Bitmap(grey.size, content, None, tuple(look)),))
