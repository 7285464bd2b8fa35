"""What is said of data that a user gives: computed from the files, bounded, and the same each time for the same files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from ai_scientist.records import Record

Part = Literal["", "train", "validation", "test"]
"""Which part of the data a file is, where its name or its folder says so."""
ColumnKind = Literal["number", "category", "text", "empty"]


class Column(Record):
    """A column of a table. Names and levels are as the file has them: text from outside."""

    name: str
    kind: ColumnKind
    missing: int = 0
    distinct: int | None = None
    """None where there are more than are counted (`tables.COUNTED`)."""
    low: float | None = None
    high: float | None = None
    mean: float | None = None
    """Of numbers."""
    levels: Mapping[str, int] = {}
    """Value to how many rows have it, the most frequent first; {} where there are more than `tables.LEVELS`."""


class Table(Record):
    """A CSV or TSV file, and how it is to be read."""

    file: str
    part: Part = ""
    encoding: str
    delimiter: str
    decimal: Literal[".", ","] = "."
    header: bool
    """Whether the first row holds names. Without, columns are called "column 1" and so on."""
    rows: int
    """That were read, the header and ragged ones aside."""
    whole: bool = True
    """False where the file goes on after the rows that were read."""
    ragged: int = 0
    """Rows left out, since they have more or fewer fields than the first."""
    width: int
    """Columns in the file."""
    columns: tuple[Column, ...]
    """The first `tables.COLUMNS` of them."""
    missing_as: tuple[str, ...] = ()
    """How missing values are written in these columns, the most frequent first; "" is an empty field."""
    complete: int | None = None
    """Rows without a missing value in these columns."""
    label: int | None = None
    """Index of the column that looks like a class label."""


class Array(Record):
    """An array of an NPY file, or a member of an NPZ file."""

    file: str
    name: str = ""
    """Of the member."""
    part: Part = ""
    shape: tuple[int, ...]
    dtype: str
    low: float | None = None
    high: float | None = None
    missing: int = 0
    """Entries that are not finite."""
    classes: Mapping[str, int] = {}
    """Of a vector that looks like class labels: value to count."""


class Images(Record):
    """PNG and JPEG files in a folder for each class."""

    part: Part = ""
    classes: Mapping[str, int]
    """Class to how many images it has; the first `images.CLASSES` by name."""
    more_classes: int = 0
    images: int
    looked_at: int
    """Images, spread evenly, whose sizes and modes are told."""
    unreadable: int = 0
    """Of these."""
    smallest: tuple[int, int] | None = None
    largest: tuple[int, int] | None = None
    """Width and height in pixels, by area."""
    modes: Mapping[str, int] = {}
    """As Pillow calls them: "L" is grey, "RGB" colour."""


class DataSummary(Record):
    """A folder of data that the user gave under a name."""

    name: str
    sha256: str
    """Over the paths and the bytes of all its files."""
    files: int
    bytes: int
    tables: tuple[Table, ...] = ()
    arrays: tuple[Array, ...] = ()
    images: tuple[Images, ...] = ()
    more: int = 0
    """Tables and arrays that are there beside those above."""
    others: int = 0
    """Files of other kinds."""

    @property
    def gist(self) -> str:
        """What it is, in a few words that hold nothing but counts."""
        said = [
            f"a table of {table.rows:,}{'' if table.whole else ' and more'} rows and {table.width:,} columns"
            for table in self.tables
        ]
        said += [f"an array of shape {' x '.join(map(str, array.shape)) or 'scalar'}" for array in self.arrays]
        said += [f"{one.images:,} images in {len(one.classes) + one.more_classes:,} classes" for one in self.images]
        shown = said[:4] + ([f"{len(said) - 4 + self.more} more"] if len(said) > 4 or self.more else [])
        return f"{counted(self.files, 'file')}, {self.bytes:,} bytes: {', '.join(shown)}"


def counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
