"""Data that a user gives: folders of tables, arrays or images, described by what is computed from them, and hashed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from ai_scientist.datasets.files import File, Unusable, fingerprint, listed
from ai_scientist.datasets.summary import Array, Column, DataSummary, Images, Table
from ai_scientist.errors import InputError

__all__ = ["Array", "Column", "DataSummary", "Images", "Table", "changed", "describe", "described", "located"]

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")
TABLES = (".csv", ".tsv")
ARRAYS = (".npy", ".npz")
DESCRIBED = 20
"""Tables, and arrays, that are described one by one."""
HINT = re.compile(
    r"\blabel(?:\s+column)?\s*[:=]\s*(?:\"([^\"\n]+)\"|'([^'\n]+)'|([^\s,;]+?)\.?(?=[\s,;]|$))", re.IGNORECASE
)
"""How a topic names the label column."""
KINDS = "CSV or TSV files (.gz too), NPZ or NPY arrays, or PNG or JPEG images in a folder for each class"


def located(data: Mapping[str, str]) -> dict[str, str]:
    """Names to folders, as they are found again from anywhere.

    Raises:
        InputError: a name is not plain, or two are alike; there is no such folder.
    """
    seen: set[str] = set()
    found = {}
    for name, folder in data.items():
        if not NAME.fullmatch(name):
            raise InputError(
                f"Data cannot be called {name[:60]!r}: a name has at most 40 letters, digits, '-' and '_', as in churn=./churn."
            )
        if name.lower() in seen:
            raise InputError(f"Two data sets are called '{name}': give each its own name.")
        seen.add(name.lower())
        place = Path(folder).expanduser()
        if place.is_file():
            raise InputError(
                f"The data '{name}' are a file, {folder}: programs see a folder and everything in it, so put the file into a "
                f"folder of its own and give that."
            )
        if not folder or not place.is_dir():
            raise InputError(f"The data '{name}' are not there: there is no folder {folder or '(blank)'}.")
        found[name] = str(place.resolve())
    return found


def described(data: Mapping[str, str], topic: str = "") -> tuple[DataSummary, ...]:
    """A summary for each of the data. Where the topic names the label column ("label: COLUMN"), that is the one, if it can be.

    Raises:
        InputError: as `describe`.
    """
    return tuple(labelled(describe(name, Path(folder)), topic) for name, folder in data.items())


def labelled(summary: DataSummary, topic: str) -> DataSummary:
    from ai_scientist.datasets.tables import is_label

    named = HINT.search(topic)
    if named is None:
        return summary
    wanted = next(name for name in named.groups() if name).lower()

    def told(table: Table) -> Table:
        places = [place for place, column in enumerate(table.columns) if column.name.lower() == wanted]
        return table.model_copy(update={"label": places[0]}) if places and is_label(table.columns[places[0]]) else table

    return summary.model_copy(update={"tables": tuple(told(table) for table in summary.tables)})


def describe(name: str, folder: Path) -> DataSummary:
    """What the folder holds: computed, bounded, and the same each time for the same files.

    Raises:
        InputError: it cannot be read, is empty or too large, holds nothing of a kind that is known, or a file of it is damaged.
    """
    try:
        files = listed(folder)
        if not files:
            raise Unusable(f"the folder is empty; it is to hold {KINDS}")
        return summary(name, files)
    except Unusable as fault:
        raise InputError(f"The data '{name}' cannot be used: {fault}.") from None


def summary(name: str, files: Sequence[File]) -> DataSummary:
    from ai_scientist.datasets.arrays import describe_arrays
    from ai_scientist.datasets.images import ENDINGS, describe_images
    from ai_scientist.datasets.tables import describe_table

    tables = [file for file in files if file.ending in TABLES]
    arrays = [file for file in files if file.ending in ARRAYS]
    images = [file for file in files if file.ending in ENDINGS]
    if not (tables or arrays or images):
        raise Unusable(f"there is nothing of a known kind in it; it is to hold {KINDS}")
    told = describe_images(images) if images else ()
    if told and not (tables or arrays) and all(one.unreadable == one.looked_at for one in told):
        raise Unusable("none of its images can be read as PNG or JPEG")
    found = [array for file in arrays[:DESCRIBED] for array in describe_arrays(file)]
    return DataSummary(
        name=name,
        sha256=fingerprint(files),
        files=len(files),
        bytes=sum(file.size for file in files),
        tables=tuple(describe_table(file) for file in tables[:DESCRIBED]),
        arrays=tuple(found[:DESCRIBED]),
        images=told,
        more=len(tables[DESCRIBED:]) + len(arrays[DESCRIBED:]) + len(found[DESCRIBED:]),
        others=len(files) - len(tables) - len(arrays) - len(images),
    )


def changed(name: str, folder: Path, sha256: str) -> str:
    """Why the folder is not what had that hash, in a sentence; "" where it is."""
    if not folder.is_dir():
        return f"The data '{name}' are gone: there is no folder {folder} any more."
    try:
        now = fingerprint(listed(folder))
    except Unusable as fault:
        return f"The data '{name}' cannot be used any more: {fault}."
    if now != sha256:
        return f"The data '{name}' have changed: {folder} has the SHA-256 {now[:12]}…, and the run was begun on {sha256[:12]}…."
    return ""
