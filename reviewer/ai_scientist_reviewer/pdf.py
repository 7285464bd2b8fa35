"""PDF files, as far as a paper needs them. They are read by a process of its own (`reader`), never in ours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from ai_scientist_reviewer.document import (
    MAX_GLYPHS,
    MAX_PAGES,
    MAX_PIXELS,
    READ_SECONDS,
    Beside,
    Box,
    Page,
    PaperError,
)
from ai_scientist_reviewer.reader.process import Bounds, child, told
from ai_scientist_reviewer.reader.shown import Shown, shown_of
from ai_scientist_reviewer.reader.wire import (
    Placed,
    WireError,
    beside_of,
    packed,
    page_of,
    placed_bytes,
    texts_of,
)

_ENDING = 4096
"""Bytes at the end of a file among which its end mark must stand."""
_SECONDS_A_PAGE = 0.5
"""More time to draw: a page takes a tenth of a second on an idle machine."""


@dataclass(frozen=True)
class Content:
    pages: tuple[Page, ...]
    metadata: dict[str, str]
    attachments: tuple[str, ...]
    beside: tuple[Beside, ...]


def read(data: bytes, name: str) -> Content:
    """Pages with every character's place.

    Raises:
        PaperError: see `Paper.read`.
    """
    if b"%PDF-" not in data[:1024]:
        raise PaperError(f"{name} is not a PDF file: give a PDF, LaTeX with the ending .tex, or a folder of LaTeX.")
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
            attachments = texts_of(document.get("attachments"), 100, 1000)
            return Content(tuple(pages), fields, attachments, beside_of(document.get("beside"), len(pages)))
        except WireError as error:
            raise PaperError(f"{name} is damaged: what reads it answers out of form.") from error


def pictures(
    data: bytes, name: str, numbers: Sequence[int], dpi: float, withheld: Sequence[Sequence[Box]] | None = None
) -> list[bytes]:
    """Pages (numbers from 1) as PNG files; with `withheld`, for each without annotations and with these boxes painted over.

    Raises:
        PaperError: they cannot be drawn within the bounds.
    """
    over = None if withheld is None else [[list(box) for box in boxes] for boxes in withheld]
    with child("pictures", data, name, _bounds(), packed(over), numbers=list(numbers), dpi=dpi) as reader:
        return [reader.frame(b"G")[1] for _ in numbers]


class Seen(NamedTuple):
    """What the page shows at each of its characters; see `reader.drawing.seen`."""

    ink: bytes
    """0 to 255: how much the text changes the page there."""
    likeness: bytes
    """`reader.shapes`: UNJUDGED, ALIKE or OTHER."""


def seen(data: bytes, name: str, pages: Sequence[Placed], dpi: float) -> list[Seen]:
    """For each page from the first: what it shows at these characters.

    Raises:
        PaperError: they cannot be drawn within the bounds.
    """
    found: list[Seen] = []
    bounds = replace(_bounds(), seconds=READ_SECONDS + _SECONDS_A_PAGE * len(pages))
    with child("seen", data, name, bounds, placed_bytes(pages), dpi=dpi) as reader:
        for page in pages:
            found.append(Seen(reader.frame(b"S")[1], reader.frame(b"L")[1]))
            if any(len(levels) != len(page.chars) for levels in found[-1]):
                raise PaperError(f"{name} is damaged: what reads it answers out of form.")
    return found


def figures(data: bytes, name: str, pages: Sequence[Sequence[Box]]) -> list[Shown]:
    """For each page from the first: its bitmaps, and what is drawn within each of these boxes.

    Raises:
        PaperError: they cannot be read within the bounds.
    """
    return _shown("figures", data, name, packed([[list(box) for box in page] for page in pages]), len(pages))


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
