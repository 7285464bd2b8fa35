"""What passes between us and the process that reads a PDF: frames of JSON and of bare numbers, each with a bound.

The child has met a stranger's file, so nothing that it sends is trusted: sizes are checked before they are used, numbers are made
finite, characters valid; what does not fit ends the reading.
"""

from __future__ import annotations

import json
import math
import struct
from array import array
from collections.abc import Iterable, Sequence
from typing import IO, Any, NamedTuple, get_args

from ai_scientist_reviewer.document import Beside, BesideKind, Box, Glyph, Page

MAX_FRAME = 128 * 1024 * 1024
MAX_SIDE = 20_000.0
"""Points: of a page's side, and of how far off a page anything may lie."""
MOST_NOTES, LONGEST_NOTE = 2000, 100_000
_HEAD = struct.Struct("<cI")
_NONE = float("nan")


class WireError(Exception):
    """The other side does not keep to the form, or has ended."""


def send(stream: IO[bytes], kind: bytes, payload: bytes) -> None:
    stream.write(_HEAD.pack(kind, len(payload)))
    stream.write(payload)


def receive(stream: IO[bytes]) -> tuple[bytes, bytes]:
    """Kind and payload of the next frame.

    Raises:
        WireError: there is none, or it is too large.
    """
    kind, size = _HEAD.unpack(_exactly(stream, _HEAD.size))
    if size > MAX_FRAME:
        raise WireError(f"a frame of {size} bytes")
    return kind, _exactly(stream, size)


def _exactly(stream: IO[bytes], size: int) -> bytes:
    data = stream.read(size)
    if len(data) != size:
        raise WireError("the end")
    return data


def packed(head: Any, *numbers: array[Any]) -> bytes:
    told = json.dumps(head).encode()
    return struct.pack("<I", len(told)) + told + b"".join(part.tobytes() for part in numbers)


def unpacked(payload: bytes) -> tuple[Any, memoryview]:
    if len(payload) < 4:
        raise WireError("no head")
    (size,) = struct.unpack_from("<I", payload)
    try:
        return json.loads(payload[4 : 4 + size]), memoryview(payload)[4 + size :]
    except (ValueError, RecursionError) as error:
        raise WireError("a head that is no JSON") from error


def page_bytes(page: Page) -> bytes:
    styles: dict[tuple[str, int], int] = {}
    chars, boxes, sizes, kinds = array("I"), array("f"), array("f"), array("H")
    for glyph in page.glyphs:
        chars.append(ord(glyph.char))
        boxes.extend(glyph.box or (_NONE, _NONE, _NONE, _NONE))
        sizes.append(glyph.size)
        kinds.append(min(styles.setdefault((glyph.font, glyph.mode), len(styles)), 0xFFFF))
    drawn = array("f", [side for box in (*page.drawn, *page.pictures) for side in box])
    head = {
        "number": page.number,
        "size": [page.width, page.height],
        "glyphs": len(chars),
        "drawn": len(page.drawn),
        "pictures": len(page.pictures),
        "styles": list(styles)[: 0xFFFF + 1],
        "notes": page.notes,
    }
    return packed(head, chars, boxes, sizes, kinds, drawn)


def page_of(payload: bytes, number: int, most: int) -> Page:
    """The page that must be `number`, with at most so many characters.

    Raises:
        WireError: it is something else.
    """
    head, rest = unpacked(payload)
    try:
        count = _whole(head["glyphs"], most)
        drawings, pictures = _whole(head["drawn"], 1_000_000), _whole(head["pictures"], 10_000)
        width, height = (_side(side) for side in head["size"])
        styles = [(_text(font, 128), _whole(mode, 7)) for font, mode in head["styles"]]
        notes = tuple(_text(note, LONGEST_NOTE) for note in _list(head["notes"], MOST_NOTES))
        if head["number"] != number or len(rest) != count * 26 + (drawings + pictures) * 16:
            raise WireError("another page")
    except (KeyError, TypeError, ValueError) as error:
        raise WireError("a page that is none") from error
    chars, boxes, sizes, kinds, drawn = _arrays(rest, ("I", count), ("f", 4 * count), ("f", count), ("H", count), ("f", 4 * (drawings + pictures)))  # fmt: skip
    if count and max(kinds) >= len(styles):
        raise WireError("a style that is none")
    glyphs = tuple(
        Glyph(_char(chars[i]), _box(boxes[4 * i : 4 * i + 4]), _finite(sizes[i]), *styles[kinds[i]])
        for i in range(count)
    )
    boxes_of = [_box(drawn[4 * i : 4 * i + 4]) for i in range(drawings + pictures)]
    shapes, bitmaps = (tuple(box for box in part if box) for part in (boxes_of[:drawings], boxes_of[drawings:]))
    return Page(number, width, height, glyphs, shapes, notes, bitmaps)


def _arrays(data: memoryview, *parts: tuple[str, int]) -> list[array[Any]]:
    arrays, start = [], 0
    for code, count in parts:
        numbers = array(code)
        size = count * numbers.itemsize
        numbers.frombytes(data[start : start + size])
        arrays.append(numbers)
        start += size
    return arrays


class Placed(NamedTuple):
    """The characters of a page and where they stand."""

    chars: str
    boxes: Sequence[Box | None]


def placed_bytes(pages: Sequence[Placed]) -> bytes:
    chars, boxes = array("I"), array("f")
    for page in pages:
        chars.extend(map(ord, page.chars))
        for box in page.boxes:
            boxes.extend(box or (_NONE, _NONE, _NONE, _NONE))
    return packed([len(page.chars) for page in pages], chars, boxes)


def placed_of(payload: bytes) -> list[Placed]:
    counts, rest = unpacked(payload)
    chars, boxes = _arrays(rest, ("I", sum(counts)), ("f", 4 * sum(counts)))
    pages, start = [], 0
    for count in counts:
        places = [_box(boxes[4 * i : 4 * i + 4]) for i in range(start, start + count)]
        pages.append(Placed("".join(map(_char, chars[start : start + count])), places))
        start += count
    return pages


def _whole(value: object, most: int) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= most:
        return value
    raise WireError("a count that is none")


def _side(value: object) -> float:
    if isinstance(value, (int, float)) and 0 < value < MAX_SIDE:
        return float(value)
    raise WireError("a side that is none")


def _text(value: object, most: int) -> str:
    if isinstance(value, str):
        return value[:most].encode("utf-8", "replace").decode("utf-8")
    raise WireError("a text that is none")


def _list(value: object, most: int) -> list[Any]:
    if isinstance(value, list) and len(value) <= most:
        return value
    raise WireError("a list that is none")


def texts_of(value: object, most: int = MOST_NOTES, longest: int = LONGEST_NOTE) -> tuple[str, ...]:
    """Raises: WireError: it is no list of so many texts."""
    return tuple(_text(one, longest) for one in _list(value, most))


def beside_of(value: object, pages: int) -> tuple[Beside, ...]:
    """Raises: WireError: it is no list of what `Beside` holds."""
    found: list[Beside] = []
    for one in _list(value, MOST_NOTES):
        match one:
            case [kind, text, page] if kind in get_args(BesideKind):
                found.append(Beside(kind, _text(text, LONGEST_NOTE), None if page is None else _whole(page, pages)))
            case _:
                raise WireError("a text of no kind")
    return tuple(found)


def _char(code: int) -> str:
    return chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"


def _finite(value: float) -> float:
    return value if math.isfinite(value) and 0 <= value < MAX_SIDE else 0.0


def _box(sides: Iterable[float]) -> Box | None:
    box = Box(*(side if abs(side) < 10 * MAX_SIDE else _NONE for side in sides))
    return box if all(map(math.isfinite, box)) else None
