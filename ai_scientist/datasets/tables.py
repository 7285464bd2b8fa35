"""CSV and TSV files: how they are to be read, and what their columns hold.

Nothing about them is taken on trust: encoding, delimiter, header, decimal sign and the kinds of columns are found by looking, and
what is read is bounded in bytes, cells and field length, so that a packed file cannot unpack itself without end.
"""

from __future__ import annotations

import csv
import gzip
import io
import math
import re
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import BinaryIO, Literal

from ai_scientist.datasets.files import File, Unusable, shown
from ai_scientist.datasets.summary import Column, Table
from ai_scientist.errors import cause

BYTES = 64 << 20
"""Of a table that are read, unpacked."""
CELLS = 2_000_000
"""Of a table that are read."""
COLUMNS = 200
"""Columns that are described."""
LEVELS = 30
"""Distinct values up to which they are listed, and text is a category."""
COUNTED = 1_000
"""Distinct values up to which they are counted."""
LONGEST = 100
"""Characters of a level of a category; longer ones are free text."""
CLASSES = 20
"""Classes of a label at most."""
MISSING = frozenset(("", "na", "n/a", "nan", "null", "none", "?", "-", "inf", "+inf", "-inf"))
"""Fields that stand for nothing, in lower case. Programs of the offline model are given the same."""
GAPS = 5
"""Spellings of a missing value that are told."""
NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?")
LABELS = frozenset(
    "label labels class classes target targets y outcome category diagnosis species churn churned survived default is_fraud".split()
)
"""Names, in lower case, that a label column goes by."""


def describe_table(file: File) -> Table:
    """What the file holds.

    Raises:
        Unusable: it cannot be read, is no text, or is no table.
    """
    try:
        with unpacked(file) as raw:
            start = raw.read(1 << 16)
        marked = start[:2] in (b"\xff\xfe", b"\xfe\xff")
        for encoding in ("utf-16",) if marked else ("utf-8-sig", "cp1252", "latin-1"):
            try:
                return read(file, encoding, start.decode(encoding, errors="replace"))
            except UnicodeDecodeError:
                continue
    except (OSError, EOFError, zlib.error) as error:
        raise Unusable(f"{shown(file.path)} cannot be read ({cause(error)})") from None
    raise Unusable(f"{shown(file.path)} is no text in UTF-8, UTF-16 or Windows-1252")


def unpacked(file: File) -> BinaryIO | gzip.GzipFile:
    return gzip.GzipFile(file.place) if file.path.lower().endswith(".gz") else file.place.open("rb")


class Bounded(io.RawIOBase):
    """The first `BYTES` of a stream."""

    def __init__(self, stream: BinaryIO | gzip.GzipFile) -> None:
        self.stream, self.left, self.cut = stream, BYTES, False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:
        data = self.stream.read(min(len(buffer), self.left))
        if not data and not self.left:
            self.cut = bool(self.stream.read(1))
        self.left -= len(data)
        buffer[: len(data)] = data
        return len(data)


def read(file: File, encoding: str, start: str) -> Table:
    """`start`: the first characters. Raises Unusable; UnicodeDecodeError where the encoding is another."""
    if not start.strip("\ufeff \t\r\n"):
        raise Unusable(f"{shown(file.path)} is empty")
    if "\0" in start:
        raise Unusable(f"{shown(file.path)} is no text")
    delimiter = sniffed(start, tabs_first=file.ending == ".tsv")
    with unpacked(file) as raw:
        bounded = Bounded(raw)
        text = io.TextIOWrapper(io.BufferedReader(bounded), encoding=encoding, newline="")
        records = parsed(text, delimiter, file)
        first = list(islice(records, 100))
        if not first:
            raise Unusable(f"{shown(file.path)} is empty")
        width = len(first[0])
        header = has_header(first)
        decimal = decimal_of(first[header:], delimiter)
        names = named(first[0] if header else [""] * width)
        columns = [Seen(decimal) for _ in names]
        rows = ragged = complete = 0
        whole = True
        for record in chain(first[header:], records):
            if len(record) != width:
                ragged += 1
                continue
            if (rows + 1) * width > CELLS:
                whole = False
                break
            rows += 1
            held = sum(column.add(field) for column, field in zip(columns, record, strict=False))
            complete += held == len(columns)
        whole = whole and not bounded.cut
    if ragged > rows:
        raise Unusable(f"{shown(file.path)} is no table: most of its rows have more or fewer fields than the first")
    if not rows:
        raise Unusable(f"{shown(file.path)} has no rows")
    told = tuple(column.told(name) for column, name in zip(columns, names, strict=True))
    gaps = sum((column.gaps for column in columns), Counter[str]())
    return Table(
        file=file.path, part=file.part, encoding=encoding, delimiter=delimiter, decimal=decimal, header=header,
        rows=rows, whole=whole, ragged=ragged, width=width, columns=told,
        missing_as=tuple(sorted(gaps, key=lambda text: (-gaps[text], text))[:GAPS]), complete=complete,
        label=label_of(told) if width <= COLUMNS else None,
    )  # fmt: skip


def parsed(lines: Iterable[str], delimiter: str, file: File) -> Iterator[list[str]]:
    """The records, blank lines left out."""
    reader = csv.reader(lines, delimiter=delimiter)
    try:
        yield from (record for record in reader if record)
    except csv.Error as error:
        raise Unusable(
            f"{shown(file.path)} cannot be read as a table near line {reader.line_num} ({error}); "
            "a quotation mark that is not closed may be the cause"
        ) from None


def sniffed(start: str, *, tabs_first: bool) -> str:
    """The delimiter by which most of the first rows have as many fields as the first of them."""
    signs = "\t,;|" if tabs_first else ",;\t|"
    best, most = signs[0], 0.0
    for sign in signs:
        try:
            records = [r for r in islice(csv.reader(io.StringIO(start, newline=""), delimiter=sign), 50) if r]
        except csv.Error:
            continue
        records = records[:-1] if len(records) > 2 else records  # the last may be cut off
        if records and len(records[0]) > 1:
            alike = sum(len(record) == len(records[0]) for record in records) / len(records)
            if alike > most:
                best, most = sign, alike
    return best


def is_missing(field: str) -> bool:
    return field.strip().lower() in MISSING


def number(field: str, decimal: str) -> float | None:
    """The finite number that a field is, or None."""
    text = field.strip()
    text = text.replace(",", ".") if decimal == "," else text
    if not NUMBER.fullmatch(text):
        return None
    value = float(text)
    return value if math.isfinite(value) else None


def has_header(records: Sequence[Sequence[str]]) -> bool:
    """Whether the first row is names: none of its fields is a number or missing, save blank ones beside names."""
    first = records[0]
    if any(number(field, ".") is not None or number(field, ",") is not None for field in first):
        return False
    return any(field.strip() for field in first)


def decimal_of(records: Sequence[Sequence[str]], delimiter: str) -> Literal[".", ","]:
    """A comma where numbers have commas and none has a point."""
    if delimiter == ",":
        return "."
    fields = [field.strip() for record in records for field in record]
    commas = any(re.fullmatch(r"[+-]?\d+,\d+", field) for field in fields)
    points = any(re.fullmatch(r"[+-]?\d*\.\d+", field) for field in fields)
    return "," if commas and not points else "."


def named(fields: Sequence[str]) -> list[str]:
    """A name for each column that is described: blank ones are numbered, repeated ones are told apart."""
    names: list[str] = []
    for place, field in enumerate(fields[:COLUMNS], start=1):
        name = clean(field) or f"column {place}"
        count, again = 2, name
        while again in names:
            count, again = count + 1, f"{name} ({count})"
        names.append(again)
    return names


def clean(text: str) -> str:
    """A name in one line of printable characters, bounded."""
    return " ".join("".join(c if c.isprintable() else " " for c in text[:400]).split())[:60]


class Seen:
    """What was seen of a column so far."""

    def __init__(self, decimal: str) -> None:
        self.decimal = decimal
        self.missing = self.filled = 0
        self.gaps: Counter[str] = Counter()
        self.numeric = self.plain = True
        self.low, self.high, self.total = math.inf, -math.inf, 0.0
        self.values: Counter[str] | None = Counter()

    def add(self, field: str) -> bool:
        """Take in a field; whether it holds a value."""
        text = field.strip()
        if text.lower() in MISSING:
            self.missing += 1
            self.gaps[text] += 1
            return False
        self.filled += 1
        if self.numeric:
            value = number(text, self.decimal)
            if value is None:
                self.numeric = False
            else:
                self.low, self.high = min(self.low, value), max(self.high, value)
                self.total += value
        self.plain = self.plain and len(text) <= LONGEST and text.isprintable()
        if self.values is not None:
            self.values[text[: LONGEST + 1]] += 1
            if len(self.values) > COUNTED:
                self.values = None
        return True

    def told(self, name: str) -> Column:
        if not self.filled:
            return Column(name=name, kind="empty", missing=self.missing, distinct=0)
        distinct = len(self.values) if self.values is not None else None
        few = self.values is not None and len(self.values) <= LEVELS and self.plain
        ranked = sorted(self.values.items(), key=lambda one: (-one[1], one[0])) if few and self.values else []
        bounds = (
            {"low": self.low, "high": self.high, "mean": self.total / self.filled} if math.isfinite(self.total) else {}
        )
        return Column(
            name=name,
            kind="number" if self.numeric else "category" if few else "text",
            missing=self.missing,
            distinct=distinct,
            levels=dict(ranked),
            **(bounds if self.numeric else {}),
        )


def is_label(column: Column) -> bool:
    """Whether a column could be a class label: a few levels, which are words or whole numbers, each in several rows."""
    if not 2 <= len(column.levels) <= CLASSES or sum(column.levels.values()) < 5 * len(column.levels):
        return False
    return column.kind == "category" or all(re.fullmatch(r"[+-]?\d+(?:\.0*)?", level) for level in column.levels)


def label_of(columns: Sequence[Column]) -> int | None:
    """The column that looks like a class label: by its name, else the last one."""
    candidates = [place for place, column in enumerate(columns) if is_label(column)]
    called = [place for place in candidates if columns[place].name.lower() in LABELS]
    return called[0] if called else len(columns) - 1 if len(columns) - 1 in candidates and len(columns) > 1 else None
