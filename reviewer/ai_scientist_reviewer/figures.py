"""The first look at a figure, without a model: what is plainly wrong with a picture whatever it shows.

Where the picture's PDF is there too, it tells more: texts with their places and sizes, and every line that is drawn.
"""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from itertools import combinations
from typing import TYPE_CHECKING

from ai_scientist_reviewer import layout, vectors
from ai_scientist_reviewer.colours import confused
from ai_scientist_reviewer.document import PaperError
from ai_scientist_reviewer.faults import Fault

if TYPE_CHECKING:
    import numpy as np

MAX_PIXELS = 40_000_000
SMALLEST = 160
"""Pixels of the shorter side."""
LEAST_DPI = 150.0
"""At print size."""
LEAST_WIDTH = 600
"""Pixels, where the print size is not known: four inches at `LEAST_DPI`."""
_INK = 24
"""Levels (0 to 255) in any channel by which a pixel differs from the background."""


def look(png: bytes, *, pdf: bytes | None = None, width_inches: float | None = None) -> tuple[Fault, ...]:
    """What is wrong with the picture; empty where nothing was found. A picture without a fault may still be a bad figure.

    `pdf`: the same figure as vectors. `width_inches`: its width in print, if known.
    """
    image = _pixels(png)
    if isinstance(image, Fault):
        return (image,)
    ink = _ink(image)
    faults = [*_size(image, width_inches)]
    if ink.mean() < 0.001:
        return (*faults, Fault("blank", "error", "The picture is blank or nearly so."))
    if pdf is None:
        return (*faults, *_empty_axes(ink), *_cut_off(ink), *_colours(image))
    try:
        return (*faults, *layout.faults_of(vectors.read(pdf), width_inches))
    except PaperError as error:
        return (*faults, Fault("unreadable", "error", f"The PDF of the picture cannot be read: {error}"))


def _pixels(png: bytes) -> np.ndarray | Fault:
    """Height x width x 3 levels on white, or why they cannot be had."""
    import numpy as np
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(BytesIO(png), formats=["PNG"]) as image:
            if image.width * image.height > MAX_PIXELS:
                return Fault("unreadable", "error", f"The picture has more than {MAX_PIXELS:,} pixels.")
            drawn = image.convert("RGBA")
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        return Fault("unreadable", "error", "The picture is not a PNG file that can be read.")
    white = Image.new("RGBA", drawn.size, "white")
    return np.asarray(Image.alpha_composite(white, drawn).convert("RGB"))


def _edges(image: np.ndarray) -> np.ndarray:
    import numpy as np

    return np.concatenate([image[0], image[-1], image[:, 0], image[:, -1]])


def _ink(image: np.ndarray) -> np.ndarray:
    """Which pixels are not background, the background being the commonest colour along the edges."""
    import numpy as np

    colours, counts = np.unique(_edges(image), axis=0, return_counts=True)
    background = colours[counts.argmax()].astype(np.int16)
    return (np.abs(image.astype(np.int16) - background) > _INK).any(axis=2)


def _size(image: np.ndarray, width_inches: float | None) -> Iterator[Fault]:
    height, width = image.shape[:2]
    if min(height, width) < SMALLEST:
        yield Fault("size", "error", f"The picture is only {width} x {height} pixels.")
    elif width_inches is not None and width / width_inches < LEAST_DPI:
        told = f"{width / width_inches:.0f} dots per inch at a print width of {width_inches:g} inches"
        yield Fault("resolution", "warn", f"{told}; at least {LEAST_DPI:.0f} are needed.")
    elif width_inches is None and width < LEAST_WIDTH:
        yield Fault("resolution", "warn", f"The picture is {width} pixels wide; at least {LEAST_WIDTH} are needed.")


def _empty_axes(ink: np.ndarray) -> Iterator[Fault]:
    """Axes with nothing between them. Only for a picture with one long line each way, as of a single plot."""
    height, width = ink.shape
    columns = (ink.mean(axis=0) > 0.5).nonzero()[0]
    rows = (ink.mean(axis=1) > 0.5).nonzero()[0]
    if not len(columns) or not len(rows):
        return
    left, right = int(columns[0]), int(columns[-1])
    top, bottom = int(rows[0]), int(rows[-1])
    if right - left < 0.2 * width:
        right = width - 1
    if bottom - top < 0.2 * height:
        top = 0
    # Ticks that point inwards and the width of the lines themselves.
    margin = max(4, round(0.015 * max(height, width)))
    inside = ink[top + margin : bottom - margin, left + margin : right - margin]
    if inside.size and inside.mean() < 0.0003:
        yield Fault("empty-axes", "error", "The axes hold no data.")


def _cut_off(ink: np.ndarray) -> Iterator[Fault]:
    sides = {"top": ink[0], "bottom": ink[-1], "left": ink[:, 0], "right": ink[:, -1]}
    if sum(side.sum() for side in sides.values()) > 0.5 * sum(side.size for side in sides.values()):
        return  # A photograph or a heat map fills its frame.
    touched = [name for name, side in sides.items() if side.sum() >= 2]
    if touched:
        where = " and ".join(touched)
        yield Fault("cut-off", "warn", f"Something is drawn up to the {where} edge and may be cut off.")


def _colours(image: np.ndarray) -> Iterator[Fault]:
    """Pairs of the picture's main colours that a colour-blind reader cannot tell apart."""
    pairs = [
        f"{_hex(one)} and {_hex(other)}" for other, one in combinations(_main_colours(image), 2) if confused(one, other)
    ]
    if pairs:
        listed = "; ".join(pairs[:4])
        yield Fault("colours", "warn", f"Colours that a colour-blind reader cannot tell apart: {listed}.")


def _main_colours(image: np.ndarray, most: int = 10) -> list[tuple[int, int, int]]:
    """Flat colours by area, without the mixtures that smoothing makes at edges; none for photographs and heat maps."""
    import numpy as np

    packed = image.reshape(-1, 3).astype(np.uint32) @ np.array([65536, 256, 1], dtype=np.uint32)
    values, counts = np.unique(packed, return_counts=True)
    order = counts.argsort()[::-1]
    common = [int(values[i]) for i in order[:60] if counts[i] >= max(30, 0.0002 * len(packed))]
    if counts[order[:24]].sum() < 0.75 * len(packed):
        return []
    kept: list[np.ndarray] = []
    for value in common:
        colour = np.array([value >> 16, value >> 8 & 255, value & 255], dtype=float)
        if not any(_between(colour, a, b) for a in kept for b in kept):
            kept.append(colour)
    return [(int(c[0]), int(c[1]), int(c[2])) for c in kept[:most]]


def _between(colour: np.ndarray, a: np.ndarray, b: np.ndarray) -> bool:
    """Whether a colour lies on the line between two others, or close to one of them."""
    import numpy as np

    along = b - a
    length = float(along @ along)
    share = float(np.clip((colour - a) @ along / length, 0, 1)) if length else 0.0
    return bool(np.linalg.norm(colour - (a + share * along)) < 16)


def _hex(colour: tuple[int, int, int]) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour)
