"""PDF files, as far as a paper needs them. They are read by a process of its own (`reader`), never in ours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ai_scientist_reviewer.document import MAX_GLYPHS, MAX_PAGES, MAX_PIXELS, READ_SECONDS, Box, Page, PaperError
from ai_scientist_reviewer.reader.process import Bounds, child, told
from ai_scientist_reviewer.reader.shown import Shown, shown_of
from ai_scientist_reviewer.reader.wire import WireError, boxes_bytes, packed, page_of, texts_of

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
    bounds = _bounds()
    pages: list[Page] = []
    room = bounds.glyphs
    with child("read", data, name, bounds) as reader:
        try:
            while True:
                kind, payload = reader.frame(b"P", b"D")
                if kind == b"D":
                    break
                if len(pages) == bounds.pages:
                    raise WireError("more pages than it may")
                pages.append(page_of(payload, len(pages) + 1, room))
                room -= len(pages[-1].glyphs)
            document = told(payload, name)
            metadata = document.get("metadata")
            if not pages or not isinstance(metadata, dict):
                raise WireError("no pages")
            fields = dict(zip(texts_of(list(metadata)), texts_of(list(metadata.values())), strict=True))
            return Content(tuple(pages), fields, texts_of(document.get("attachments"), 100, 1000))
        except WireError as error:
            raise PaperError(f"{name} is damaged: what reads it answers out of form.") from error


def pictures(data: bytes, name: str, numbers: Sequence[int], dpi: float) -> list[bytes]:
    """Pages (numbers from 1) as PNG files.

    Raises:
        PaperError: they cannot be drawn within the bounds.
    """
    with child("pictures", data, name, _bounds(), numbers=list(numbers), dpi=dpi) as reader:
        return [reader.frame(b"G")[1] for _ in numbers]


def ink(data: bytes, name: str, pages: Sequence[Sequence[Box | None]], dpi: float) -> list[bytes]:
    """For each page from the first, and for each of the boxes on it: the ink that text leaves there, 0 to 255.

    See `reader.drawing.seen`.

    Raises:
        PaperError: they cannot be drawn within the bounds.
    """
    found: list[bytes] = []
    with child("seen", data, name, _bounds(), boxes_bytes(pages), dpi=dpi) as reader:
        for boxes in pages:
            levels = reader.frame(b"S")[1]
            if len(levels) != len(boxes):
                raise PaperError(f"{name} is damaged: what reads it answers out of form.")
            found.append(levels)
    return found


def figures(data: bytes, name: str, pages: Sequence[Sequence[Box | None]]) -> list[Shown]:
    """For each page from the first: its bitmaps, and what is drawn within each of these boxes.

    Raises:
        PaperError: they cannot be read within the bounds.
    """
    return _shown("figures", data, name, boxes_bytes(pages), len(pages))


def graphics(files: Sequence[bytes], name: str) -> list[Shown]:
    """What each of the graphics files (PDF, PNG, JPEG) of a paper shows.

    Raises:
        PaperError: they cannot be read within the bounds.
    """
    return _shown("files", b"".join(files), name, packed([len(file) for file in files]), len(files)) if files else []


def _shown(task: str, data: bytes, name: str, payload: bytes, count: int) -> list[Shown]:
    with child(task, data, name, _bounds(), payload) as reader:
        try:
            return [shown_of(reader.frame(b"F")[1]) for _ in range(count)]
        except WireError as error:
            raise PaperError(f"{name} is damaged: what reads it answers out of form.") from error


def _bounds() -> Bounds:
    return Bounds(MAX_PAGES, MAX_GLYPHS, READ_SECONDS, MAX_PIXELS)
