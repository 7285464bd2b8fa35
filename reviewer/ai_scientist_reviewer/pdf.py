"""Reading and drawing PDF files with PDFium. Everything is bounded, and one thread at a time is inside the library."""

from __future__ import annotations

import ctypes
import math
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any

from ai_scientist_reviewer.document import MAX_GLYPHS, MAX_PAGES, MAX_PIXELS, READ_SECONDS, Box, Glyph, Page, PaperError

if TYPE_CHECKING:
    import numpy as np

_one_at_a_time = threading.RLock()  # PDFium is not thread-safe
_MAX_OBJECTS = 20_000
_ENDING = 4096
"""Bytes at the end of a file among which its end mark must stand."""


@dataclass(frozen=True)
class Content:
    pages: tuple[Page, ...]
    metadata: dict[str, str]
    attachments: tuple[str, ...]


def read(data: bytes, name: str) -> Content:
    """Pages with every character's place.

    Raises:
        PaperError: see `Paper.read`.
    """
    if b"%PDF-" not in data[:1024]:
        raise PaperError(f"{name} is not a PDF file.")
    if b"%%EOF" not in data[-_ENDING:]:
        raise PaperError(f"{name} is truncated: the end of the PDF is missing.")
    deadline = time.monotonic() + READ_SECONDS
    with opened(data, name) as document:
        count = len(document)
        if count == 0:
            raise PaperError(f"{name} has no pages.")
        if count > MAX_PAGES:
            raise PaperError(f"{name} has {count} pages; at most {MAX_PAGES} are read.")
        pages: list[Page] = []
        glyphs = 0
        for index in range(count):
            if time.monotonic() > deadline:
                raise PaperError(
                    f"{name} takes longer than {READ_SECONDS:.0f} s to read (stopped at page {index + 1})."
                )
            page = _read_page(document, index, name, MAX_GLYPHS - glyphs)
            glyphs += len(page.glyphs)
            pages.append(page)
        if not any(glyph.char.isalnum() for page in pages for glyph in page.glyphs):
            raise PaperError(f"{name} has no text layer (a scan?); run it through text recognition first.")
        metadata = {key: value for key, value in document.get_metadata_dict().items() if value}
        attachments = tuple(_attachment_names(document))
    return Content(tuple(pages), metadata, attachments)


def picture(data: bytes, number: int, dpi: float) -> bytes:
    """Page `number` (from 1) as a PNG file."""
    with opened(data, "the paper") as document:
        image = document[number - 1].render(scale=_scale(document[number - 1], dpi)).to_pil()
    file = BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


@contextmanager
def inked(data: bytes, name: str) -> Iterator[Callable[[int, float], tuple[np.ndarray, float]]]:
    """Lends a function from (page number, dpi) to the ink that the page's text leaves.

    That is: how much each pixel changes, in grey levels, when all text of the page is made invisible (float array,
    height x width), and the number of pixels per point. Text behind something, or of the colour of what is behind
    it, changes nothing.
    """
    with opened(data, name) as document:

        def ink(number: int, dpi: float) -> tuple[np.ndarray, float]:
            import numpy as np
            import pypdfium2.raw as raw

            page = document[number - 1]
            scale = _scale(page, dpi)
            shown = page.render(scale=scale).to_numpy().astype(np.float32)
            for text in page.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT], max_depth=8):
                raw.FPDFTextObj_SetTextRenderMode(text, raw.FPDF_TEXTRENDERMODE_INVISIBLE)
            bare = page.render(scale=scale).to_numpy().astype(np.float32)
            return np.abs(shown - bare).max(axis=2), scale

        yield ink


@contextmanager
def opened(data: bytes, name: str) -> Iterator[Any]:
    import pypdfium2

    with _one_at_a_time:
        try:
            document = pypdfium2.PdfDocument(data)
        except pypdfium2.PdfiumError as error:
            if "password" in str(error).lower() or "security" in str(error).lower():
                raise PaperError(f"{name} is encrypted; give a copy without a password.") from error
            raise PaperError(f"{name} is damaged and cannot be read as a PDF.") from error
        try:
            yield document
        except pypdfium2.PdfiumError as error:
            raise PaperError(f"{name} is damaged ({str(error).rstrip('.')}).") from error
        finally:
            document.close()


def _scale(page: Any, dpi: float) -> float:
    width, height = page.get_size()
    return min(dpi / 72, math.sqrt(MAX_PIXELS / max(1.0, width * height)))


def _attachment_names(document: Any) -> Iterator[str]:
    for index in range(min(document.count_attachments(), 100)):
        yield document.get_attachment(index).get_name()


def _read_page(document: Any, index: int, name: str, room: int) -> Page:
    import pypdfium2.raw as raw

    page = document[index]
    width, height = page.get_size()
    if not (0 < width < 20_000 and 0 < height < 20_000):
        raise PaperError(f"{name}: page {index + 1} has an impossible size.")
    text = page.get_textpage()
    try:
        count = raw.FPDFText_CountChars(text)
        if count > room:
            raise PaperError(f"{name} has more than {MAX_GLYPHS:,} characters.")
        place = _placing(page, width, height)
        glyphs = tuple(_glyphs(text, count, place))
        drawn = tuple(_drawn(page, place))
        return Page(index + 1, width, height, glyphs, drawn, tuple(_notes(page)))
    finally:
        text.close()
        page.close()


def _placing(page: Any, width: float, height: float) -> Callable[[float, float, float, float], Box]:
    """From the PDF's coordinates (turned or cropped pages included) to points from the shown page's top left."""
    import pypdfium2.raw as raw

    fine = 100
    x, y = ctypes.c_int(), ctypes.c_int()

    def corner(px: float, py: float) -> tuple[float, float]:
        raw.FPDF_PageToDevice(page, 0, 0, round(width * fine), round(height * fine), 0, px, py, x, y)
        return x.value / fine, y.value / fine

    (ox, oy), (ax, ay), (bx, by) = corner(0, 0), corner(1000, 0), corner(0, 1000)

    def place(left: float, bottom: float, right: float, top: float) -> Box:
        xs = [ox + (ax - ox) * px / 1000 + (bx - ox) * py / 1000 for px, py in ((left, bottom), (right, top))]
        ys = [oy + (ay - oy) * px / 1000 + (by - oy) * py / 1000 for px, py in ((left, bottom), (right, top))]
        return Box(min(xs), min(ys), max(xs), max(ys))

    return place


def _glyphs(text: Any, count: int, place: Callable[[float, float, float, float], Box]) -> Iterator[Glyph]:
    import pypdfium2.raw as raw

    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    matrix = raw.FS_MATRIX()
    styles: dict[int, tuple[str, int]] = {}
    high = 0
    for i in range(count):
        code = raw.FPDFText_GetUnicode(text, i)
        if 0xD800 <= code < 0xDC00:
            high = code
            continue
        if 0xDC00 <= code < 0xE000:
            code = 0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00) if high else 0xFFFD
        high = 0
        generated = raw.FPDFText_IsGenerated(text, i) == 1
        hyphen = raw.FPDFText_IsHyphen(text, i) == 1
        char = "-" if hyphen or code in (0x2, 0xFFFE) else chr(code)
        if char == "\r" or code == 0:
            continue
        box, size, font, mode = None, 0.0, "", 0
        if not generated and raw.FPDFText_GetCharBox(text, i, left, right, bottom, top):
            box = place(left.value, bottom.value, right.value, top.value)
            raw.FPDFText_GetMatrix(text, i, matrix)
            size = abs(raw.FPDFText_GetFontSize(text, i)) * math.hypot(matrix.c, matrix.d)
            font, mode = _style(raw.FPDFText_GetTextObject(text, i), styles)
        yield Glyph(char, box, size, font, mode)
        if hyphen:
            yield Glyph("\n", None, 0.0, "", 0)


def _style(text_object: Any, known: dict[int, tuple[str, int]]) -> tuple[str, int]:
    import pypdfium2.raw as raw

    address = ctypes.cast(text_object, ctypes.c_void_p).value or 0
    if address == 0:
        return "", 0
    if address not in known:
        buffer = ctypes.create_string_buffer(128)
        raw.FPDFFont_GetBaseFontName(raw.FPDFTextObj_GetFont(text_object), buffer, 128)
        known[address] = buffer.value.decode("utf-8", "replace"), raw.FPDFTextObj_GetTextRenderMode(text_object)
    return known[address]


def _drawn(page: Any, place: Callable[[float, float, float, float], Box]) -> Iterator[Box]:
    import pypdfium2.raw as raw

    kinds = [raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_SHADING, raw.FPDF_PAGEOBJ_FORM]
    for count, thing in enumerate(page.get_objects(filter=kinds, max_depth=1)):
        if count > _MAX_OBJECTS:
            return
        yield place(*thing.get_bounds())


def _notes(page: Any) -> Iterator[str]:
    import pypdfium2.raw as raw

    for index in range(min(raw.FPDFPage_GetAnnotCount(page), 2000)):
        note = raw.FPDFPage_GetAnnot(page, index)
        if not note:
            continue
        size = raw.FPDFAnnot_GetStringValue(note, b"Contents", None, 0)
        if 2 < size < 100_000:
            buffer = (ctypes.c_ushort * (size // 2))()
            raw.FPDFAnnot_GetStringValue(note, b"Contents", buffer, size)
            yield bytes(buffer).decode("utf-16-le", "replace").rstrip("\0")
        raw.FPDFPage_CloseAnnot(note)
