"""NPY and NPZ files: shapes and types from their headers, ranges where they are small. Nothing is ever unpickled."""

from __future__ import annotations

import io
import math
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO, TYPE_CHECKING, Any

from ai_scientist.datasets.files import File, Unusable, shown
from ai_scientist.datasets.summary import Array
from ai_scientist.datasets.tables import clean
from ai_scientist.errors import cause

if TYPE_CHECKING:
    import numpy

SMALL = 64 << 20
"""Bytes of an array up to which its range is told."""
MEMBERS = 100
"""Of an NPZ file that are described."""
CLASSES = 100


def describe_arrays(file: File) -> Iterator[Array]:
    """The array of an NPY file, or those of an NPZ file.

    Raises:
        Unusable: it cannot be read, is damaged, or holds pickled objects.
    """
    try:
        if file.ending == ".npy":
            with file.place.open("rb") as stream:
                yield described(stream, file.size, file, "")
            return
        with zipfile.ZipFile(file.place) as archive:
            for info in sorted(archive.infolist(), key=lambda info: info.filename)[:MEMBERS]:
                if info.filename.endswith(".npy"):
                    with archive.open(info) as stream:
                        yield described(stream, info.file_size, file, clean(info.filename.removesuffix(".npy")))
    except (OSError, EOFError, ValueError, zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError) as error:
        raise Unusable(f"{shown(file.path)} is no array that can be read ({cause(error)[:120]})") from None


def described(stream: IO[bytes], size: int, file: File, name: str) -> Array:
    """`size`: bytes that it says it has, its header included. Raises Unusable, ValueError."""
    import numpy

    shape, dtype = header(stream)
    what = f"{shown(file.path)}{f', array {name!r},' if name else ''}"
    if dtype.hasobject:
        raise Unusable(f"{what} holds pickled objects, which are never read; save plain numbers or text")
    length = math.prod(shape) * dtype.itemsize
    if length > size:
        raise Unusable(f"{what} is cut short: its header promises {length:,} bytes")
    told: dict[str, Any] = {
        "file": file.path,
        "name": name,
        "part": file.part,
        "shape": shape,
        "dtype": str(dtype)[:60],
    }
    if not 0 < length <= SMALL or dtype.kind not in "biufU":
        return Array(**told)
    data = stream.read(length)
    if len(data) < length:
        raise Unusable(f"{what} is cut short")
    values = numpy.frombuffer(io.BytesIO(data).getbuffer(), dtype=dtype)
    if dtype.kind != "U":
        finite = values[numpy.isfinite(values)]
        told["missing"] = int(values.size - finite.size)
        if finite.size:
            told |= {"low": float(finite.min()), "high": float(finite.max())}
    if len(shape) == 1 and dtype.kind in "biuU":
        levels, counts = numpy.unique(values, return_counts=True)
        if 2 <= len(levels) <= CLASSES:
            told["classes"] = {clean(str(level)): int(count) for level, count in zip(levels, counts, strict=True)}
    return Array(**told)


def header(stream: IO[bytes]) -> tuple[tuple[int, ...], numpy.dtype]:
    """Shape and type. Raises ValueError where it is no header of numpy's."""
    from numpy.lib import format as npy

    version = npy.read_magic(stream)
    readers = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}
    if version not in readers:
        raise ValueError(f"format {version[0]}.{version[1]} is not known")
    shape, _, dtype = readers[version](stream)
    return tuple(int(length) for length in shape), dtype
