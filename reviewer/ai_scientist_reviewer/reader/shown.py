"""What the process that reads a PDF tells of its pictures. JSON both ways, checked against these records on our side."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from pydantic import TypeAdapter, ValidationError

from ai_scientist_reviewer.document import Box
from ai_scientist_reviewer.reader.wire import WireError
from ai_scientist_reviewer.vectors import Drawn

SIDE = 48
"""Of a bitmap's look, in pixels."""


@dataclass(frozen=True)
class Bitmap:
    pixels: tuple[int, int]
    """Width and height."""
    digest: str
    """Of its content."""
    box: Box | None = None
    """On the page, where it is on one."""
    look: tuple[int, ...] = ()
    """`SIDE` rows of as many grey levels, where it could be decoded."""


@dataclass(frozen=True)
class Shown:
    """A page, or a graphics file."""

    bitmaps: tuple[Bitmap, ...] = ()
    parts: tuple[Drawn | None, ...] = ()
    """What is drawn within each box that was asked about; None where nothing but bitmaps is. Of a file, the whole of it."""
    digest: str = ""
    """Of a file that neither could be told of."""


def shown_bytes(shown: Shown) -> bytes:
    return _form().dump_json(shown)


def shown_of(payload: bytes) -> Shown:
    """Raises: WireError: it is something else."""
    try:
        return _form().validate_json(payload)
    except ValidationError as error:
        raise WireError("pictures that are none") from error


@cache
def _form() -> TypeAdapter[Shown]:
    return TypeAdapter(Shown)  # takes a while to make, and a paper without figures has no need of it
