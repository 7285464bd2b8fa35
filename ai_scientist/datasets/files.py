"""The files of a folder of data: which there are, what they hash to, and what keeps them from being used."""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from ai_scientist.datasets.summary import Part
from ai_scientist.errors import cause

MOST = 100_000
"""Files of a folder at most."""
LARGEST = 4 * 2**30
"""Bytes of a folder at most: they are hashed at the start of every sitting."""
CHUNK = 1 << 20
PARTS: dict[str, Part] = {
    "train": "train", "training": "train", "val": "validation", "valid": "validation", "validation": "validation",
    "dev": "validation", "test": "test", "testing": "test",
}  # fmt: skip


class Unusable(Exception):
    """Why data cannot be used, as the end of a sentence that names them."""


@dataclass(frozen=True)
class File:
    path: str
    """Within the folder, with "/" between."""
    place: Path
    size: int

    @property
    def ending(self) -> str:
        name = self.path.lower()
        packed = name.endswith((".csv.gz", ".tsv.gz"))
        return PurePosixPath(name.removesuffix(".gz") if packed else name).suffix

    @property
    def part(self) -> Part:
        """By the topmost folder, or, of a file that lies in none, by a word of its name."""
        first, _, rest = self.path.lower().partition("/")
        if rest:
            return PARTS.get(first, "")
        found: list[Part] = [PARTS[word] for word in re.split(r"[^a-z]+", first.partition(".")[0]) if word in PARTS]
        return found[0] if found else ""


def listed(folder: Path) -> list[File]:
    """Every file below the folder, by path.

    Raises:
        Unusable: a link leads out of it, something is no plain file or cannot be read, or there is too much.
    """
    found, size = [], 0
    for file in _walk(folder, folder.resolve(), ""):
        found.append(file)
        size += file.size
        if len(found) > MOST:
            raise Unusable(f"it holds more than {MOST:,} files; give a smaller part")
        if size > LARGEST:
            raise Unusable(f"it holds more than {LARGEST >> 30} GiB; give a smaller part")
    return sorted(found, key=lambda file: file.path)


def _walk(folder: Path, root: Path, inside: str) -> Iterator[File]:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        raise Unusable(f"{inside or 'it'} cannot be read ({cause(error)})") from None
    for entry in entries:
        path = f"{inside}{entry.name}"
        try:
            if entry.is_symlink() and not Path(entry.path).resolve(strict=True).is_relative_to(root):
                raise Unusable(f"{shown(path)} is a link that leads out of it; put the file itself there")
            if entry.is_symlink() and entry.is_dir():
                raise Unusable(f"{shown(path)} is a link to a folder; put the folder itself there")
            if entry.is_dir():
                yield from _walk(Path(entry.path), root, f"{path}/")
                continue
            status = entry.stat()
        except (OSError, RuntimeError) as error:  # a link that leads nowhere, or round in a circle
            raise Unusable(f"{shown(path)} cannot be read ({cause(error)})") from None
        if not stat.S_ISREG(status.st_mode):
            raise Unusable(f"{shown(path)} is no plain file")
        yield File(path, Path(entry.path), status.st_size)


def fingerprint(files: Sequence[File]) -> str:
    """SHA-256 over the paths and the bytes of the files, as a hexadecimal number.

    Raises:
        Unusable: one cannot be read.
    """
    whole = hashlib.sha256()
    for file in files:
        own = hashlib.sha256()
        try:
            with file.place.open("rb") as handle:
                while chunk := handle.read(CHUNK):
                    own.update(chunk)
        except OSError as error:
            raise Unusable(f"{shown(file.path)} cannot be read ({cause(error)})") from None
        whole.update(os.fsencode(file.path) + b"\0" + own.digest())
    return whole.hexdigest()


def shown(path: str) -> str:
    """A file's name as a sentence may hold it."""
    return repr("".join(c if c.isprintable() else "?" for c in path)[:120])
