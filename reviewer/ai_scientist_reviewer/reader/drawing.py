"""Pages as pictures, and the ink that their text leaves."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Any

from ai_scientist_reviewer.document import Box
from ai_scientist_reviewer.pdfium import opened
from ai_scientist_reviewer.reader import shapes
from ai_scientist_reviewer.reader.wire import placed_of, unpacked

if TYPE_CHECKING:
    import numpy as np
    from PIL import Image


def pictures(request: dict[str, Any], data: bytes, payload: bytes) -> Iterator[tuple[bytes, bytes]]:
    """A frame G, a PNG file, for each page that `numbers` names.

    The payload: null, or for each page the boxes to paint over; then annotations, which are no part of the text, are left out.
    """
    values, most = request["values"], request["bounds"]["pixels"]
    withheld: list[list[tuple[float, ...]]] | None = unpacked(payload)[0]
    with opened(data, request["name"]) as document:
        for n, number in enumerate(values["numbers"]):
            page = document[number - 1]
            scale = _scale(page, values["dpi"], most)
            image = page.render(scale=scale, draw_annots=withheld is None).to_pil()
            page.close()
            _paint_over(image, withheld[n] if withheld else (), scale)
            file = BytesIO()
            image.save(file, "PNG")
            yield b"G", file.getvalue()


def _paint_over(image: Image.Image, boxes: Sequence[Sequence[float]], scale: float) -> None:
    """Grey, so that it is seen that something is gone, and a point more to each side than the letters take."""
    from PIL import ImageDraw

    brush = ImageDraw.Draw(image)
    for left, top, right, bottom in boxes:
        brush.rectangle([value * scale for value in (left - 1, top - 1, right + 1, bottom + 1)], fill="#c0c0c0")


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
