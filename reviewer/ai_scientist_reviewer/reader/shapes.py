"""Whether a letter that the text layer names looks like that letter on the page.

A font can say "accept" and draw "reject". Each drawn letter is reduced to a small grid and held against the letters of
eight common faces, drawn by the same library. One letter proves nothing (faces differ): the caller looks at runs of them.
"""

from __future__ import annotations

import string
from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from ai_scientist_reviewer.document import Box
from ai_scientist_reviewer.pdfium import opened

if TYPE_CHECKING:
    import numpy as np

DPI = 160.0
LETTERS = string.ascii_letters + string.digits
UNJUDGED, ALIKE, OTHER = 0, 1, 2
MARGIN = 0.2
"""By which another letter must fit better than the one named."""
_FACES = ("Helvetica", "Helvetica-Bold", "Helvetica-Oblique", "Times-Roman", "Times-Bold", "Times-Italic", "Courier", "Courier-Bold")  # fmt: skip
_GRID = 12
_SQUEEZED = 0.25
"""What a letter e times as wide for its height as another loses in likeness."""
_LEAST_HEIGHT, _LEAST_WIDTH = 6.0, 1.2
"""Pixels: of what is smaller nothing can be said."""
_STRIP = 2
"""Pixels: the height of what is looked at above and below a letter."""
_FAINT = 0.08
"""Deviation (of black) below which a grid is one even patch, as of an l."""
_ALIKE = {"0": "o", "1": "l", "i": "l", "j": "l"}


def kind(letter: str) -> str:
    """Letters that faces draw alike are one kind; capitals count as their small letters."""
    small = letter.lower()
    return _ALIKE.get(small, small)


class Seen(NamedTuple):
    """Letters as drawn, one a row."""

    grids: np.ndarray
    """Mean-free, of length 1; all zero where a letter is one even patch."""
    widths: np.ndarray
    """Logarithm of width over height."""
    even: np.ndarray


class Faces(NamedTuple):
    seen: Seen
    kinds: np.ndarray
    """Of each row."""
    names: list[str]
    """Of the kinds."""


def judged(ink: np.ndarray, chars: Sequence[str], boxes: Sequence[Box | None], scale: float) -> bytes:
    """For each character of a page: UNJUDGED, ALIKE or OTHER. `ink`: as of `ink_of`, with `scale` pixels per point."""
    import numpy as np

    told = bytearray(len(chars))
    rows = [i for i, box in enumerate(boxes) if box is not None and chars[i] in LETTERS and _fit(box, scale)]
    shared = _shared([boxes[i] for i in rows])
    rows = [i for i in rows if boxes[i] not in shared]
    if not rows:
        return bytes(told)
    faces = _faces()
    seen = _seen(ink, np.array([boxes[i] for i in rows], dtype=np.float64) * scale)
    likeness = seen.grids @ faces.seen.grids.T
    apart = np.abs(seen.widths[:, None] - faces.seen.widths[None, :])
    likeness = np.where(seen.even[:, None] & faces.seen.even[None, :], 1.0, likeness) - _SQUEEZED * np.minimum(apart, 2)
    best = np.stack([likeness[:, faces.kinds == one].max(axis=1) for one in range(len(faces.names))], axis=1)
    named = best[np.arange(len(rows)), [faces.names.index(kind(chars[i])) for i in rows]]
    other = best.max(axis=1) - named >= MARGIN
    for i, differs in zip(rows, other, strict=True):
        told[i] = OTHER if differs else ALIKE
    return bytes(told)


def _fit(box: Box, scale: float) -> bool:
    width, height = (box.right - box.left) * scale, (box.bottom - box.top) * scale
    return height >= _LEAST_HEIGHT and width >= _LEAST_WIDTH and 0.03 < width / height < 2.5


def _shared(boxes: Sequence[Box | None]) -> set[Box | None]:
    """Places of several characters: one glyph drawn for them, a ligature, is none of them."""
    once: set[Box | None] = set()
    twice: set[Box | None] = set()
    for box in boxes:
        (twice if box in once else once).add(box)
    return twice


def _seen(ink: np.ndarray, boxes: np.ndarray) -> Seen:
    """Mean ink in each cell of a grid over each box (left, top, right, bottom in pixels), by sums over the page."""
    import numpy as np

    sums = _sums(ink)
    height, width = ink.shape
    steps = np.linspace(0, 1, _GRID + 1)
    left, top, right, bottom = boxes.T[:, :, None]
    xs = np.clip(left + (right - left) * steps, 0, width - 1e-6)
    ys = np.clip(top + (bottom - top) * steps, 0, height - 1e-6)
    x, y = xs.astype(int)[:, None, :], ys.astype(int)[:, :, None]
    fx, fy = xs[:, None, :] - x, ys[:, :, None] - y
    at = (  # between the sums of the four pixels around
        sums[y, x] * (1 - fy) * (1 - fx) + sums[y + 1, x] * fy * (1 - fx)
        + sums[y, x + 1] * (1 - fy) * fx + sums[y + 1, x + 1] * fy * fx
    )  # fmt: skip
    cells = at[:, 1:, 1:] - at[:, :-1, 1:] - at[:, 1:, :-1] + at[:, :-1, :-1]
    area = 255 * ((right - left) * (bottom - top) / _GRID**2)[:, :, None]
    grids = (cells / np.maximum(area, 1e-6)).reshape(len(boxes), -1)
    means = grids.mean(axis=1, keepdims=True)
    light = _around(sums, boxes) > np.maximum(means[:, 0], 0.3)  # a light letter on a dark ground
    grids = np.where(light[:, None], means - grids, grids - means)
    lengths = np.linalg.norm(grids, axis=1, keepdims=True)
    even = lengths[:, 0] < _FAINT * _GRID
    grids = np.where(even[:, None], 0.0, grids / np.maximum(lengths, 1e-9)).astype(np.float32)
    return Seen(grids, np.log((right - left) / (bottom - top))[:, 0], even)


def _sums(ink: np.ndarray) -> np.ndarray:
    """Sums over all that lies above and to the left."""
    import numpy as np

    sums = np.zeros((ink.shape[0] + 1, ink.shape[1] + 1), dtype=np.uint32)  # room for MAX_PIXELS of 255
    np.cumsum(ink, axis=1, dtype=np.uint32, out=sums[1:, 1:])
    for above, row in pairwise(sums):  # row by row is faster than along columns
        row += above
    return sums


def _around(sums: np.ndarray, boxes: np.ndarray) -> np.ndarray:
    """Mean ink in the two strips above and below each box, which hold nothing of its letter."""
    import numpy as np

    left, top, right, bottom = np.rint(boxes).astype(int).T
    left, right = np.clip(left, 0, sums.shape[1] - 2), np.clip(right, 1, sums.shape[1] - 1)
    right = np.maximum(right, left + 1)

    def strip(start: np.ndarray) -> np.ndarray:
        start = np.clip(start, 0, sums.shape[0] - 1 - _STRIP)
        end = start + _STRIP
        whole = sums[end, right] - sums[start, right] - (sums[end, left] - sums[start, left])
        return whole / (255 * _STRIP * (right - left))

    return np.minimum(strip(top - _STRIP - 1), strip(bottom + 1))


def ink_of(page: Any, scale: float) -> np.ndarray:
    """0 (paper) to 255 (black)."""
    drawn = page.render(scale=scale, grayscale=True).to_numpy()
    return 255 - drawn.reshape(drawn.shape[:2])


@cache
def _faces() -> Faces:
    """The letters of common faces as this library draws them: fonts that every PDF may use without carrying them."""
    import numpy as np

    from ai_scientist_reviewer.reader.pages import glyphs_of

    with opened(_specimen(), "specimen") as document:
        page = document[0]
        scale = DPI / 72
        glyphs = [glyph for glyph in glyphs_of(page) if glyph.box is not None and glyph.char in LETTERS]
        seen = _seen(ink_of(page, scale), np.array([glyph.box for glyph in glyphs], dtype=np.float64) * scale)
    names = sorted({kind(letter) for letter in LETTERS})
    return Faces(seen, np.array([names.index(kind(glyph.char)) for glyph in glyphs]), names)


def _specimen() -> bytes:
    """A page with every letter in every face, wide apart."""
    lines = [
        f"BT /F{row} 20 Tf {20 + 28 * column} {900 - 40 * row} Td ({letter}) Tj ET"
        for row in range(len(_FACES))
        for column, letter in enumerate(LETTERS)
    ]
    fonts = " ".join(f"/F{i} << /Type /Font /Subtype /Type1 /BaseFont /{face} >>" for i, face in enumerate(_FACES))
    content = "\n".join(lines)
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 1800 940] /Contents 4 0 R /Resources << /Font << {fonts} >> >> >>",
        f"<< /Length {len(content)} >>\nstream\n{content}\nendstream",
    ]
    data, starts = "%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        starts.append(len(data))
        data += f"{number} 0 obj\n{body}\nendobj\n"
    table = "".join(f"{start:010d} 00000 n \n" for start in starts)
    end = f"xref\n0 5\n0000000000 65535 f \n{table}trailer\n<< /Size 5 /Root 1 0 R >>\nstartxref\n{len(data)}\n%%EOF\n"
    return (data + end).encode("ascii")
