"""Which colours merge: for readers without red or green cones, and in grey."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

_APART, _CONFUSED = 20.0, 9.0
"""CIELAB distances: colours that most readers tell apart, and that a reader cannot tell apart."""
_GREY = 2.5
"""Of lightness (0 to 100) alone."""

# Machado, Oliveira and Fernandes (2009), at full severity, on linear RGB.
_DEUTERANOPIA = ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881))
_PROTANOPIA = ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998))
_XYZ = ((0.4124564, 0.3575761, 0.1804375), (0.2126729, 0.7151522, 0.0721750), (0.0193339, 0.1191920, 0.9503041))


def confused(one: Sequence[float], other: Sequence[float]) -> str:
    """Who cannot tell two colours (sRGB levels) apart that others can: "deuteranopia", "protanopia", or "" for nobody."""
    import numpy as np

    linear = _linear(np.array([one, other], dtype=float))
    if _distance(_lab(linear)) <= _APART:
        return ""
    for name, matrix in (("deuteranopia", _DEUTERANOPIA), ("protanopia", _PROTANOPIA)):
        if _distance(_lab(np.clip(linear @ np.array(matrix).T, 0, 1))) < _CONFUSED:
            return name
    return ""


def alike_in_grey(one: Sequence[float], other: Sequence[float]) -> bool:
    """Whether two colours that differ are printed as the same grey."""
    import numpy as np

    lab = _lab(_linear(np.array([one, other], dtype=float)))
    return _distance(lab) > _APART and abs(float(lab[0, 0] - lab[1, 0])) < _GREY


def _distance(lab: np.ndarray) -> float:
    import numpy as np

    return float(np.linalg.norm(lab[0] - lab[1]))


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
