"""A PDF's characters with their places, and all that it carries beside its pages."""

from __future__ import annotations

import ctypes
import json
import math
import time
from collections.abc import Callable, Iterator
from typing import Any

from ai_scientist_reviewer.document import Beside, Box, Glyph, Page, PaperError
from ai_scientist_reviewer.pdfium import opened
from ai_scientist_reviewer.reader import beside
from ai_scientist_reviewer.reader.wire import MAX_SIDE, MOST_NOTES, page_bytes

MOST_WITHIN = 5_000
"""Objects of one form that are looked through."""
MAX_OBJECTS = 20_000
"""Drawings of a page whose places are told."""
LEAST_PICTURE = (60.0, 8.0)
"""Points: the least width and height of a bitmap that may hold a few words."""


def read(request: dict[str, Any], data: bytes, _: bytes) -> Iterator[tuple[bytes, bytes]]:
    """A frame P for each page, then D with what is told of the document."""
    name, bounds = request["name"], request["bounds"]
    deadline = time.monotonic() + bounds["seconds"]
    with opened(data, name) as document:
        count = len(document)
        if count == 0:
            raise PaperError(f"{name} has no pages.")
        if count > bounds["pages"]:
            raise PaperError(f"{name} has {count} pages; at most {bounds['pages']} are read.")
        room, letters = bounds["glyphs"], False
        carried: list[Beside] = []
        for index in range(count):
            if time.monotonic() > deadline:
                seconds = bounds["seconds"]
                raise PaperError(f"{name} takes longer than {seconds:.0f} s to read (stopped at page {index + 1}).")
            page = _page(document, index, name, room, bounds["glyphs"], carried)
            room -= len(page.glyphs)
            letters = letters or any(glyph.char.isalnum() for glyph in page.glyphs)
            yield b"P", page_bytes(page)
        if not letters:
            raise PaperError(f"{name} has no text layer (a scan?); run it through text recognition first.")
        metadata = {key: value for key, value in document.get_metadata_dict().items() if value}
        attachments = [document.get_attachment(i).get_name() for i in range(min(document.count_attachments(), 100))]
        carried += [*beside.bookmarks(document), *beside.xmp(data)]
        told = {"metadata": metadata, "attachments": attachments, "beside": carried[:MOST_NOTES]}
        yield b"D", json.dumps(told).encode()


def _page(document: Any, index: int, name: str, room: int, most: int, carried: list[Beside]) -> Page:
    import pypdfium2.raw as raw

    page = document[index]
    width, height = page.get_size()
    if not (0 < width < MAX_SIDE and 0 < height < MAX_SIDE):
        raise PaperError(f"{name}: page {index + 1} has an impossible size.")
    carried += [
        *beside.replacements(page, index + 1), *beside.structure(page, index + 1), *beside.fields(page, index + 1)
    ]  # fmt: skip
    text = page.get_textpage()
    try:
        count = raw.FPDFText_CountChars(text)
        if count > room:
            raise PaperError(f"{name} has more than {most:,} characters.")
        place = placing(page, width, height)
        glyphs = tuple(_glyphs(text, count, place))
        drawn = tuple(_drawn(page, place))
        return Page(index + 1, width, height, glyphs, drawn, tuple(beside.notes(page)), tuple(_pictures(page, place)))
    finally:
        text.close()
        page.close()


def glyphs_of(page: Any) -> list[Glyph]:
    """The characters of a page that is open."""
    import pypdfium2.raw as raw

    text = page.get_textpage()
    try:
        return list(_glyphs(text, raw.FPDFText_CountChars(text), placing(page, *page.get_size())))
    finally:
        text.close()


def placing(page: Any, width: float, height: float) -> Callable[[float, float, float, float], Box]:
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
        if count > MAX_OBJECTS:
            return
        yield place(*(_shown(thing) or thing.get_bounds()))


def _shown(form: Any) -> tuple[float, float, float, float] | None:
    """Where a form shows something: left, bottom, right, top, what its clips hide left out. A plot's curves may run on far beyond its axes.

    None for what is no form, holds too much to look through, or shows nothing.
    """
    import pypdfium2.raw as raw

    count = raw.FPDFFormObj_CountObjects(form) if form.type == raw.FPDF_PAGEOBJ_FORM else 0
    if not 0 < count <= MOST_WITHIN:
        return None
    boxes: list[tuple[float, float, float, float]] = []
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    for i in range(count):
        thing = raw.FPDFFormObj_GetObject(form, i)
        if raw.FPDFPageObj_GetBounds(thing, left, bottom, right, top):
            box = left.value, bottom.value, right.value, top.value
            for clip in _clips(thing):
                box = max(box[0], clip[0]), max(box[1], clip[1]), min(box[2], clip[2]), min(box[3], clip[3])
            if box[0] <= box[2] and box[1] <= box[3]:
                boxes.append(box)
    if not boxes:
        return None
    whole = min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes)
    corners = [form.get_matrix().on_point(x, y) for x in (whole[0], whole[2]) for y in (whole[1], whole[3])]
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    return min(xs), min(ys), max(xs), max(ys)


def _clips(thing: Any) -> Iterator[tuple[float, float, float, float]]:
    """The boxes of an object's clip paths, in its own coordinates."""
    import pypdfium2.raw as raw

    path = raw.FPDFPageObj_GetClipPath(thing)
    x, y = ctypes.c_float(), ctypes.c_float()
    for i in range(max(0, raw.FPDFClipPath_CountPaths(path)) if path else 0):
        points: list[tuple[float, float]] = []
        for j in range(min(MOST_WITHIN, raw.FPDFClipPath_CountPathSegments(path, i))):
            segment = raw.FPDFClipPath_GetPathSegment(path, i, j)
            if segment and raw.FPDFPathSegment_GetPoint(segment, x, y):
                points.append((x.value, y.value))
        if points:
            xs, ys = [px for px, _ in points], [py for _, py in points]
            yield min(xs), min(ys), max(xs), max(ys)


def _pictures(page: Any, place: Callable[[float, float, float, float], Box]) -> Iterator[Box]:
    import pypdfium2.raw as raw

    for count, thing in enumerate(page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=1)):
        box = place(*thing.get_bounds())
        if box.right - box.left >= LEAST_PICTURE[0] and box.bottom - box.top >= LEAST_PICTURE[1]:
            yield box
        if count > MOST_NOTES:
            return
