"""The first look at a figure, without a model: what is plainly wrong with a picture whatever it shows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import numpy as np

Kind = Literal["unreadable", "size", "blank", "empty-axes", "cut-off", "resolution", "colours"]

MAX_PIXELS = 40_000_000
SMALLEST = 160
"""Pixels of the shorter side."""
LEAST_DPI = 150.0
"""At print size."""
LEAST_WIDTH = 600
"""Pixels, where the print size is not known: four inches at `LEAST_DPI`."""
_INK = 24
"""Levels (0 to 255) in any channel by which a pixel differs from the background."""
_APART, _CONFUSED = 20.0, 9.0
"""CIELAB distances: colours that most readers tell apart, and that a reader cannot tell apart."""

# Machado, Oliveira and Fernandes (2009), deuteranopia at full severity, on linear RGB.
_DEUTERANOPIA = ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881))
_XYZ = ((0.4124564, 0.3575761, 0.1804375), (0.2126729, 0.7151522, 0.0721750), (0.0193339, 0.1191920, 0.9503041))


@dataclass(frozen=True)
class Fault:
    """Something wrong with a picture."""

    kind: Kind
    severity: Literal["error", "warn"]
    message: str


def look(png: bytes, *, width_inches: float | None = None) -> tuple[Fault, ...]:
    """What is wrong with the picture; empty where nothing was found.

    `width_inches` is its width in print, if known. A picture without a fault may still be a bad figure.
    """
    image = _pixels(png)
    if isinstance(image, Fault):
        return (image,)
    ink = _ink(image)
    faults = [*_size(image, width_inches)]
    if ink.mean() < 0.001:
        return (*faults, Fault("blank", "error", "The picture is blank or nearly so."))
    faults += [*_empty_axes(ink), *_cut_off(ink), *_colours(image)]
    return tuple(faults)


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
    """Pairs of the picture's main colours that a reader without green cones cannot tell apart."""
    import numpy as np

    colours = _main_colours(image)
    if len(colours) < 2:
        return
    linear = _linear(np.array(colours, dtype=float))
    seen = _lab(linear)
    simulated = _lab(np.clip(linear @ np.array(_DEUTERANOPIA).T, 0, 1))
    pairs = [
        f"{_hex(colours[i])} and {_hex(colours[j])}"
        for i in range(len(colours))
        for j in range(i)
        if np.linalg.norm(seen[i] - seen[j]) > _APART and np.linalg.norm(simulated[i] - simulated[j]) < _CONFUSED
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


def _linear(colours: np.ndarray) -> np.ndarray:
    """sRGB levels to linear light, 0 to 1."""
    import numpy as np

    part = colours / 255
    return np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)


def _lab(linear: np.ndarray) -> np.ndarray:
    """Linear RGB to CIELAB, white point D65."""
    import numpy as np

    xyz = linear @ np.array(_XYZ).T / np.array([0.95047, 1.0, 1.08883])
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.stack([116 * f[:, 1] - 16, 500 * (f[:, 0] - f[:, 1]), 200 * (f[:, 1] - f[:, 2])], axis=1)


def _hex(colour: tuple[int, int, int]) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour)
