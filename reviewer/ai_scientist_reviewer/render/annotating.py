"""A program of its own, which writes the notes it reads from standard input into a copy of a PDF.

`python -m ai_scientist_reviewer.render.annotating IN.pdf OUT.pdf < notes.json`. The PDF may be anybody's, so it holds itself to limits
before it opens it. It ends with 0, or with 1 and a sentence.
"""

from __future__ import annotations

import json
import resource
import sys
from pathlib import Path
from typing import Any

CPU = 60
"""Seconds."""
MEMORY = 2 * 1024**3
LARGEST = 256 * 1024**2
"""Bytes of what is written."""
_SIGN = 20.0
"""Points across of a sign at the page's edge."""


def main(arguments: list[str]) -> int:
    for limit, most in (
        (resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CPU, CPU), (resource.RLIMIT_FSIZE, LARGEST), (resource.RLIMIT_CORE, 0)
    ):  # fmt: skip
        resource.setrlimit(limit, (most, most))

    from pypdf import PdfReader, PdfWriter
    from pypdf.errors import PyPdfError

    source, target = (Path(argument) for argument in arguments)
    notes = json.load(sys.stdin)
    try:
        reader = PdfReader(source)
        if reader.is_encrypted and not reader.decrypt(""):
            raise ValueError("it needs a password")
        writer = PdfWriter(clone_from=reader)
        signs: dict[int, int] = {}
        for note in notes:
            place = note["page"] - 1
            if 0 <= place < len(writer.pages):
                _add(writer, place, note, signs)
        with target.open("wb") as file:
            writer.write(file)
    # Whatever is wrong with the file: the parser meets it as these.
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError, NotImplementedError, OverflowError,
            AssertionError, ImportError, UnicodeError, MemoryError, OSError) as error:  # fmt: skip
        sys.stderr.write(f"{type(error).__name__}: {error}"[:300])
        return 1
    return 0


def _add(writer: Any, place: int, note: dict[str, Any], signs: dict[int, int]) -> None:
    """A highlight over the note's boxes with a window that tells its text, or a sign where it has none."""
    from pypdf.annotations import Highlight, Popup, Text
    from pypdf.generic import ArrayObject, FloatObject, NameObject, TextStringObject

    page = writer.pages[place]
    frame = _Frame(page)
    if note["boxes"]:
        quads = [frame.quad(*box) for box in note["boxes"]]
        flat = [value for quad in quads for value in quad]
        rect = (min(flat[::2]), min(flat[1::2]), max(flat[::2]), max(flat[1::2]))
        points = ArrayObject([FloatObject(round(value, 3)) for value in flat])
        made: Any = Highlight(rect=rect, quad_points=points, highlight_color=note["colour"], printing=True)
    else:
        step = signs[place] = signs.get(place, -1) + 1
        corner = frame.quad(
            4 + 24 * (step // 30), 6 + 24 * (step % 30), 4 + 24 * (step // 30) + _SIGN, 26 + 24 * (step % 30)
        )
        rect = (min(corner[::2]), min(corner[1::2]), max(corner[::2]), max(corner[1::2]))
        made = Text(rect=rect, text="")
        made[NameObject("/Name")] = NameObject("/Comment")
        made[NameObject("/C")] = ArrayObject([FloatObject(int(note["colour"][i : i + 2], 16) / 255) for i in (0, 2, 4)])
    # Strings of the PDF, not streams or names: nothing in them can be anything but text.
    for key, value in (
        ("/Contents", note["text"]),
        ("/T", note["author"]),
        ("/Subj", note["subject"]),
        ("/NM", note["name"]),
    ):
        made[NameObject(key)] = TextStringObject(value)
    added = writer.add_annotation(place, made)
    window = Popup(rect=(rect[2], rect[3] - 120, rect[2] + 220, rect[3]), parent=added)
    added[NameObject("/Popup")] = writer.add_annotation(place, window).indirect_reference


class _Frame:
    """From points of the page as shown (from its top left) to the coordinates of the PDF, turned and cropped pages included."""

    def __init__(self, page: Any) -> None:
        crop, media = page.cropbox, page.mediabox
        self.left, self.bottom = max(float(crop.left), float(media.left)), max(float(crop.bottom), float(media.bottom))
        self.right, self.top = min(float(crop.right), float(media.right)), min(float(crop.top), float(media.top))
        self.turned = int(page.rotation) % 360

    def point(self, x: float, y: float) -> tuple[float, float]:
        match self.turned:
            case 90:
                return self.left + y, self.bottom + x
            case 180:
                return self.right - x, self.bottom + y
            case 270:
                return self.right - y, self.top - x
            case _:
                return self.left + x, self.top - y

    def quad(self, left: float, top: float, right: float, bottom: float) -> list[float]:
        """The corners as viewers take them: upper left, upper right, lower left, lower right, as the text is read."""
        corners = ((left, top), (right, top), (left, bottom), (right, bottom))
        return [value for corner in corners for value in self.point(*corner)]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
