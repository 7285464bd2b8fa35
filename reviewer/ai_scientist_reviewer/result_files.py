"""Reading result files that nobody vouches for: every kind bounded, none executed."""

from __future__ import annotations

import csv
import io
import json
import math
import os
import re
import time
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from ai_scientist_reviewer import own_runs
from ai_scientist_reviewer.results import Value

MAX_FILES = 5_000
MAX_FILE_BYTES = 32 * 1024 * 1024
MAX_BYTES = 256 * 1024 * 1024
"""Of all files together."""
MAX_VALUES = 100_000
MAX_FILE_VALUES = 20_000
MAX_DEPTH = 24
MAX_SECONDS = 30.0
MAX_LISTED = 64
"""Elements of a list or an array that are kept one by one; of a longer one the first, last, lowest, highest and mean are."""
_SKIPPED = frozenset(
    {".git", ".venv", "venv", "node_modules", "__pycache__", ".ipynb_checkpoints", "site-packages", "wandb"}
)
_COORDINATES = re.compile(
    r"^(?:seeds?|epochs?|steps?|iter(?:ation)?s?|folds?|runs?|trials?|index|idx|id|round|year|n|k)$", re.IGNORECASE
)
_NAMING = (
    "id",
    "name",
    "label",
    "metric",
    "dataset",
    "data",
    "split",
    "model",
    "method",
    "variant",
    "task",
    "condition",
    "run",
)

Found = tuple[tuple[str, ...], float]


class Unreadable(Exception):
    """The file is not what its name says, or over a bound; the message says which."""


def read_folder(folder: Path) -> tuple[list[Value], dict[str, str]]:
    """The values below a folder, or in a file, and the files that were not read with the reason."""
    deadline = time.monotonic() + MAX_SECONDS
    values: list[Value] = []
    unread: dict[str, str] = {}
    total = 0
    base = folder if folder.is_dir() else folder.parent
    files = list(_files(folder)) if folder.is_dir() else [folder]
    if len(files) > MAX_FILES:
        unread["…"] = f"only {MAX_FILES:,} of {len(files):,} files are read"
        files = files[:MAX_FILES]
    own = own_runs.of_folder(base, files)
    for path in files:
        name = path.relative_to(base).as_posix()
        if name in own.covered:
            continue
        if time.monotonic() > deadline or len(values) >= MAX_VALUES or total >= MAX_BYTES:
            unread[name] = "the bound of values, bytes or seconds was reached before"
            continue
        try:
            data = _bytes(path)
            total += len(data)
            found = read_file(PurePosixPath(name), data)
        except Unreadable as why:
            unread[name] = str(why)
            continue
        if len(found) > MAX_FILE_VALUES:
            unread[name] = f"only {MAX_FILE_VALUES:,} of its {len(found):,} numbers are kept"
        parts = PurePosixPath(name).parts
        values += [Value((*parts, *at), value, name) for at, value in found[:MAX_FILE_VALUES]]
    values += own.values
    return values[:MAX_VALUES], unread


def _files(folder: Path) -> Iterator[Path]:
    """Files that may hold results, in a fixed order, none through a link out of the folder."""
    root = folder.resolve()
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in _SKIPPED and not name.startswith("."))
        for name in sorted(names):
            path = Path(place, name)
            if path.suffix.lower() in READERS and path.is_file() and path.resolve().is_relative_to(root):
                yield path


def _bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            raise Unreadable(f"it is larger than {MAX_FILE_BYTES // 1024**2} MiB")
        return path.read_bytes()
    except OSError as error:
        raise Unreadable(error.strerror or str(error)) from error


def read_file(name: PurePosixPath, data: bytes) -> list[Found]:
    """The numbers of one file, each with where in the file it stands.

    Raises:
        Unreadable: see there.
    """
    return list(READERS[name.suffix.lower()](data))


def _json(data: bytes) -> Iterator[Found]:
    try:
        loaded = json.loads(data.decode("utf-8", "replace"), parse_constant=float, parse_int=_whole)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"it is no JSON ({str(error)[:80]})") from error
    yield from numbers_of(loaded)


def _whole(digits: str) -> float:
    return float(digits) if len(digits) < 300 else math.inf  # a whole number of a million digits takes its time


def _json_lines(data: bytes) -> Iterator[Found]:
    rows: list[Any] = []
    for line in data.decode("utf-8", "replace").splitlines():
        if not line.strip():
            continue
        try:
            rows.append(json.loads(line, parse_constant=float, parse_int=_whole))
        except (ValueError, RecursionError):
            continue  # a torn last line, a comment
        if len(rows) > MAX_FILE_VALUES:
            break
    if not rows:
        raise Unreadable("no line of it is JSON")
    yield from numbers_of(rows)


def numbers_of(thing: Any, at: tuple[str, ...] = ()) -> Iterator[Found]:
    """The numbers of a loaded JSON value with their places; objects of a list are named by what they say of themselves."""
    if isinstance(thing, bool) or thing is None:
        return
    if isinstance(thing, int | float):
        if math.isfinite(float(thing)):
            yield at, float(thing)
    elif len(at) >= MAX_DEPTH:
        return
    elif isinstance(thing, Mapping):
        for key, inner in thing.items():
            yield from numbers_of(inner, (*at, str(key)[:200]))
    elif isinstance(thing, Sequence) and not isinstance(thing, str):
        yield from _list(thing, at)


def _list(items: Sequence[Any], at: tuple[str, ...]) -> Iterator[Found]:
    plain = [float(item) for item in items if isinstance(item, int | float) and not isinstance(item, bool)]
    if len(plain) == len(items) and len(items) > MAX_LISTED:
        yield from ((((*at, name)), value) for name, value in summary(plain))
        return
    names = [_named(item) for item in items]
    unique = len(set(names)) == len(names) and all(names)
    for index, (item, name) in enumerate(zip(items, names, strict=True)):
        own = name if unique else (*name, f"[{index}]")
        yield from numbers_of(item, (*at, *own))


def _named(item: Any) -> tuple[str, ...]:
    """What an object of a list says of itself: its short texts, those of known names first."""
    if not isinstance(item, Mapping):
        return ()
    texts = {str(key): value for key, value in item.items() if isinstance(value, str) and 0 < len(value) <= 80}
    known = [texts[key] for key in _NAMING if key in texts]
    marks = [f"{key} {item[key]:g}" for key in item if _COORDINATES.match(str(key)) and _is_number(item[key])]
    return (*(known or list(texts.values())[:3]), *marks)


def _is_number(thing: Any) -> bool:
    return isinstance(thing, int | float) and not isinstance(thing, bool)


def summary(values: Sequence[float]) -> Iterator[tuple[str, float]]:
    """What is kept of a long list."""
    known = [value for value in values if math.isfinite(value)]
    if known:
        yield "first", known[0]
        yield "last", known[-1]
        yield "min", min(known)
        yield "max", max(known)
        yield "mean", math.fsum(known) / len(known)


def _table(data: bytes, delimiter: str) -> Iterator[Found]:
    text = data.decode("utf-8-sig", "replace")
    if "\0" in text:
        raise Unreadable("it is no text")
    csv.field_size_limit(1_000_000)
    try:
        rows = [row for row in csv.reader(io.StringIO(text), delimiter=delimiter) if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise Unreadable(f"it is no table ({error})") from error
    if len(rows) < 2:
        raise Unreadable("it has no rows")
    heads = [cell.strip()[:200] or f"column {i + 1}" for i, cell in enumerate(rows[0])]
    if all(_float(cell) is not None for cell in rows[0] if cell.strip()):
        heads = [f"column {i + 1}" for i in range(len(rows[0]))]
    else:
        rows = rows[1:]
    if len(heads) > 2_000:
        raise Unreadable("it has more than 2,000 columns")
    labels = [i for i in range(len(heads)) if _labels(heads[i], [row[i] for row in rows if i < len(row)])]
    if len(rows) > 500 and all(_COORDINATES.match(heads[i]) for i in labels):
        # A curve: its single points are not what a paper states.
        for i, head in enumerate(heads):
            column = [value for row in rows if i < len(row) and (value := _float(row[i])) is not None]
            if i not in labels:
                yield from (((head, name), value) for name, value in summary(column))
        return
    names = [tuple(_label(heads[i], row[i]) for i in labels if i < len(row) and row[i].strip()) for row in rows]
    unique = len(set(names)) == len(names)
    for index, (row, name) in enumerate(zip(rows, names, strict=True)):
        for i, head in enumerate(heads[: len(row)]):
            if i not in labels and (value := _float(row[i])) is not None:
                yield (*name, *(() if unique and name else (f"[{index}]",)), head), value


def _labels(head: str, cells: Sequence[str]) -> bool:
    """Whether a column names rows: words, or counts of a known kind."""
    given = [cell for cell in cells if cell.strip()]
    words = sum(1 for cell in given if _float(cell) is None)
    return bool(given) and (words > 0.5 * len(given) or bool(_COORDINATES.match(head)))


def _label(head: str, cell: str) -> str:
    return f"{head} {cell.strip()}" if _float(cell) is not None else cell.strip()[:200]


def _float(cell: str) -> float | None:
    try:
        value = float(cell.strip().rstrip("%").replace(",", "") if len(cell) < 60 else "")
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _npy(data: bytes) -> Iterator[Found]:
    yield from _array(io.BytesIO(data), len(data))


def _npz(data: bytes) -> Iterator[Found]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            if len(members) > 1_000 or sum(member.file_size for member in members) > MAX_FILE_BYTES:
                raise Unreadable("its arrays are too large when unpacked")
            for member in members:
                name = member.filename.removesuffix(".npy")[:200]
                with archive.open(member) as file:
                    unpacked = file.read(MAX_FILE_BYTES + 1)
                if len(unpacked) > MAX_FILE_BYTES:
                    raise Unreadable("its arrays are too large when unpacked")
                yield from (((name, *at), value) for at, value in _array(io.BytesIO(unpacked), len(unpacked)))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise Unreadable(f"it is no archive of arrays ({str(error)[:80]})") from error


def _array(file: io.BytesIO, size: int) -> Iterator[Found]:
    import numpy as np
    from numpy.lib import format as layout

    try:
        version = layout.read_magic(file)
        shape, _, kind = layout.read_array_header_1_0(file) if version == (1, 0) else layout.read_array_header_2_0(file)
        if kind.hasobject or kind.kind not in "fiu" or math.prod(shape) * kind.itemsize > size:
            raise Unreadable("it holds no plain numbers")
        file.seek(0)
        array = np.load(file, allow_pickle=False).astype(float)
    except (ValueError, TypeError, OverflowError, EOFError, SyntaxError, MemoryError) as error:
        raise Unreadable(f"it is no array ({str(error)[:80]})") from error
    flat = array.ravel()
    if flat.size <= MAX_LISTED and array.ndim <= 2:
        for index, value in np.ndenumerate(array):
            if math.isfinite(value):
                yield tuple(f"[{i}]" for i in index), float(value)
    else:
        yield from (((name,), value) for name, value in summary([float(value) for value in flat[:1_000_000]]))


READERS: Mapping[str, Callable[[bytes], Iterator[Found]]] = {
    ".json": _json,
    ".jsonl": _json_lines,
    ".ndjson": _json_lines,
    ".csv": lambda data: _table(data, ","),
    ".tsv": lambda data: _table(data, "\t"),
    ".npy": _npy,
    ".npz": _npz,
}
"""By the file's ending."""
