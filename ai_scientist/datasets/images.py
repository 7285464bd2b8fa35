"""Images in a folder for each class, below train/ and test/ or not. Only the headers of some of them are read."""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Sequence

from ai_scientist.datasets.files import PARTS, File
from ai_scientist.datasets.summary import Images
from ai_scientist.datasets.tables import clean

ENDINGS = (".png", ".jpg", ".jpeg")
CLASSES = 100
"""Classes that are listed, of each part."""
LOOKED_AT = 200
"""Images, of each part, whose headers are read."""


def describe_images(files: Sequence[File]) -> tuple[Images, ...]:
    """What there is in each part. An image that lies in no folder is of the class ""."""
    parts: dict[str, list[File]] = {}
    for file in files:
        parts.setdefault(file.part, []).append(file)
    return tuple(described(parts[part]) for part in sorted(parts))


def described(files: Sequence[File]) -> Images:
    from PIL import Image, UnidentifiedImageError

    classes = Counter(class_of(file) for file in files)
    names = sorted(classes)
    sample = [files[place * len(files) // LOOKED_AT] for place in range(LOOKED_AT)] if len(files) > LOOKED_AT else files
    sizes: set[tuple[int, int]] = set()
    modes: Counter[str] = Counter()
    unreadable = 0
    for file in sample:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error", Image.DecompressionBombWarning)
                with Image.open(file.place, formats=("PNG", "JPEG")) as image:
                    sizes.add(image.size)
                    modes[image.mode] += 1
        except (OSError, SyntaxError, ValueError, UnidentifiedImageError, Image.DecompressionBombWarning,
                Image.DecompressionBombError):  # fmt: skip
            unreadable += 1
    ordered = sorted(sizes, key=lambda size: (size[0] * size[1], size))
    return Images(
        part=files[0].part,
        classes={name: classes[name] for name in names[:CLASSES]},
        more_classes=len(names[CLASSES:]),
        images=len(files),
        looked_at=len(sample),
        unreadable=unreadable,
        smallest=ordered[0] if ordered else None,
        largest=ordered[-1] if ordered else None,
        modes=dict(sorted(modes.items())),
    )


def class_of(file: File) -> str:
    """The folder that it lies in, below that of a part."""
    *folders, _ = file.path.split("/")
    if folders and folders[0].lower() in PARTS:
        folders = folders[1:]
    return clean("/".join(folders))
