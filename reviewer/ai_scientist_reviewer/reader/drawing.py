"""Pages as pictures, and the ink that their text leaves."""

from __future__ import annotations

import math
from collections.abc import Iterator
from io import BytesIO
from typing import TYPE_CHECKING, Any

from ai_scientist_reviewer.document import Box
from ai_scientist_reviewer.pdfium import opened
from ai_scientist_reviewer.reader.wire import boxes_of

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
    """A frame S for each page: for each of its boxes, the ink that text leaves there, in grey levels (0 to 255).

    That is: how much some pixel changes when all text of the page is made invisible. Text behind something, or of the colour
    of what is behind it, changes nothing. Where there is no box, or it lies off the page, 255.
    """
    import numpy as np

    with opened(data, request["name"]) as document:
        for index, boxes in enumerate(boxes_of(payload)):
            if not any(boxes):
                yield b"S", bytes([255]) * len(boxes)
                continue
            page = document[index]
            scale = _scale(page, request["values"]["dpi"], request["bounds"]["pixels"])
            changes = np.ceil(_ink(page, scale)).astype(np.uint8)
            page.close()
            yield b"S", bytes(_strongest(changes, box, scale) for box in boxes)


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
