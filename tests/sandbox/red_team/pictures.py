"""A picture that is small in a file and large in memory."""

from __future__ import annotations

import functools
import struct
import zlib

_SIDE = 14_000
"""Dots, one byte each: 196 MB."""
_PASSES = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
"""Of an interlaced picture: first column and row, and the steps to the next ones."""


@functools.cache
def bomb() -> bytes:
    """A grey PNG in interlaced order, of which a reader needs all dots at once. About 200 kB."""
    left = 0
    for column, row, across, down in _PASSES:
        width, height = -(-(_SIDE - column) // across), -(-(_SIDE - row) // down)
        left += (width + 1) * height  # each row begins with a byte that names its filter
    packed, block = zlib.compressobj(9), bytes(1 << 20)
    parts = []
    while left > 0:
        parts.append(packed.compress(block[:left]))
        left -= len(block)
    head = struct.pack(">IIBBBBB", _SIDE, _SIDE, 8, 0, 0, 0, 1)
    dots = struct.pack(">IIB", 200_000, 200_000, 1)  # to the metre
    data = b"".join([*parts, packed.flush()])
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        _chunk(kind, text) for kind, text in ((b"IHDR", head), (b"pHYs", dots), (b"IDAT", data), (b"IEND", b""))
    )


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
