"""Pages as pictures, and the ink that their text leaves."""

from __future__ import annotations

import math
from collections.abc import Iterator
from io import BytesIO
from typing import TYPE_CHECKING, Any

from ai_scientist_reviewer.document import Box
from ai_scientist_reviewer.pdfium import opened
from ai_scientist_reviewer.reader import shapes
from ai_scientist_reviewer.reader.wire import placed_of

if TYPE_CHECKING:
    import numpy as np


def pictures(request: dict[str, Any], data: bytes, _: bytes) -> Iterator[tuple[bytes, bytes]]:
    """A frame G, a PNG file, for each page that `numbers` names."""
    values, most = request["values"], request["bounds"]["pixels"]
    with opened(data, request["name"]) as document:
        for number in values["numbers"]:
            page = document[number - 1]
            image = page.render(scale=_scale(page, values["dpi"], most)).to_pil()
            page.close()
            file = BytesIO()
            image.save(file, "PNG")
            yield b"G", file.getvalue()


def seen(request: dict[str, Any], data: bytes, payload: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Two frames for each page: S, the ink of each character, and L, its likeness to the letter that it is said to be.

    The ink (0 to 255): how much some pixel in the character's box changes when all text of the page is made invisible. Text
    behind something, or of the colour of what is behind it, changes nothing. 255 where there is no box, or none on the page.
    The likeness: see `shapes`.
    """
    import numpy as np

    values, most = request["values"], request["bounds"]["pixels"]
    with opened(data, request["name"]) as document:
        for index, (chars, boxes) in enumerate(placed_of(payload)):
            if not any(boxes):
                yield b"S", bytes([255]) * len(boxes)
                yield b"L", bytes(len(boxes))
                continue
            page = document[index]
            fine = _scale(page, shapes.DPI, most)
            likeness = shapes.judged(shapes.ink_of(page, fine), chars, boxes, fine)
            scale = _scale(page, values["dpi"], most)
            changes = np.ceil(_ink(page, scale)).astype(np.uint8)
            page.close()
            yield b"S", bytes(_strongest(changes, box, scale) for box in boxes)
            yield b"L", likeness


def _ink(page: Any, scale: float) -> np.ndarray:
    import numpy as np
    import pypdfium2.raw as raw

    shown = page.render(scale=scale).to_numpy().astype(np.int16)
    for text in page.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT], max_depth=8):
        raw.FPDFTextObj_SetTextRenderMode(text, raw.FPDF_TEXTRENDERMODE_INVISIBLE)
    bare = page.render(scale=scale).to_numpy().astype(np.int16)
    return np.abs(shown - bare).max(axis=2)


def _strongest(changes: np.ndarray, box: Box | None, scale: float) -> int:
    if box is None:
        return 255
    height, width = changes.shape
    x0, x1 = max(0, int(box.left * scale)), min(width, int(box.right * scale) + 2)
    y0, y1 = max(0, int(box.top * scale)), min(height, int(box.bottom * scale) + 2)
    spot = changes[y0:y1, x0:x1]
    return int(spot.max()) if spot.size else 255


def _scale(page: Any, dpi: float, most: int) -> float:
    """Pixels per point, so that the page has at most so many pixels."""
    width, height = page.get_size()
    return min(dpi / 72, math.sqrt(most / max(1.0, width * height)))
