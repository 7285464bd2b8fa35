"""A user's table as the studies take it: which rows and columns are used, how they are divided, and sentences that say so."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ai_scientist.datasets.summary import Column, DataSummary, Table
from ai_scientist.datasets.tables import MISSING
from ai_scientist.errors import TopicRefused

ROWS = 2_000
"""Rows that are used at most, so that a program takes about as long as on the digits."""
FEWEST = 300
"""Rows below which a study would show nothing."""
OF_CLASS = 30
"""Rows below which a class is left out."""
FEATURES = 300
"""Numbers that a row may become."""
IDENTIFIER = re.compile(r"id|index|.*[_ -]id|unnamed: 0|row|row[_ ]?(?:number|names?|id)", re.IGNORECASE)
PLAIN = re.compile(r"[A-Za-z][A-Za-z_ -]{0,29}")
"""A column's name that may stand in the paper's text. Any other is not quoted there."""


@dataclass(frozen=True)
class Own:
    """What a program has to know of the user's table, and what a paper says of it. Computed from the summary alone."""

    name: str
    file: str
    test_file: str
    """The user's own test part; "" where the test rows are drawn from `file`."""
    encoding: str
    delimiter: str
    decimal: str
    header: bool
    width: int
    number_columns: tuple[tuple[int, str], ...]
    category_columns: tuple[tuple[int, tuple[str, ...]], ...]
    label: int
    label_name: str
    classes: tuple[str, ...]
    largest: int
    """Rows of the largest class, of `classed`."""
    classed: int
    """Rows of all classes that are kept, those of a test part of the user's aside."""
    rows: int
    """That can be used."""
    total: int
    """That there are."""
    gaps: bool
    """Whether a column that is used has missing values."""
    test: int
    validation: int
    training: int

    @property
    def used(self) -> int:
        return self.test + self.validation + self.training

    @property
    def features(self) -> int:
        """Numbers that a row becomes."""
        return len(self.number_columns) + sum(len(values) for _, values in self.category_columns)

    @property
    def packed(self) -> bool:
        return any(file.lower().endswith(".gz") for file in (self.file, self.test_file))

    @property
    def numbers(self) -> dict[int, str]:
        return dict(self.number_columns)

    @property
    def categories(self) -> dict[int, tuple[str, ...]]:
        return dict(self.category_columns)

    @property
    def missing(self) -> list[str]:
        return sorted(MISSING)

    @property
    def about(self) -> str:
        """The table, and how it is divided, in a few sentences."""
        kinds = (("numeric", self.number_columns), ("categorical", self.category_columns))
        used = " and ".join(f"{len(of)} {kind}" for kind, of in kinds if of)
        one = len(self.number_columns) + len(self.category_columns) == 1
        label = f'its label, "{self.label_name}",' if PLAIN.fullmatch(self.label_name) else "its label"
        said = [
            f"A table of {self.total:,} rows that the user gave; {used} column{' is' if one else 's are'} used, and {label} has "
            f"{len(self.classes)} classes, with {round(100 * self.largest / self.classed)}% of the rows in the largest."
        ]
        if self.rows < self.total:
            said.append(f"Rows without a label, or of a class with fewer than {OF_CLASS} rows, are left out.")
        if self.used < self.rows:
            said.append(f"A fixed draw of {self.used:,} rows is used.")
        rest = self.training + self.validation
        tested = "those of the user's own test part" if self.test_file else "the same in every run"
        said.append(
            f"Each seed divides {rest:,} of them into {self.training:,} for training and {self.validation:,} for validation; "
            f"the other {self.test:,} are the test rows, {tested}."
        )
        return " ".join(said)

    @property
    def prepared(self) -> str:
        """How columns become numbers, as sentences."""
        said = []
        if self.number_columns:
            said.append(
                "Each numeric column is centred and divided by its standard deviation, both over the training rows."
            )
        if self.number_columns and self.gaps:
            said.append("A missing number takes the mean of the training rows.")
        if self.category_columns:
            said.append(
                "A categorical column becomes one indicator for each of its values, all zero where it is missing."
            )
        return " ".join(said)

    @property
    def chosen(self) -> str:
        """Which columns there are beside those, as a sentence."""
        out = self.width - 1 - len(self.number_columns) - len(self.category_columns)
        if not out:
            return "All columns beside the label are used as features."
        return f"Not used {'is one column' if out == 1 else f'are {out} columns'}, for being constant, empty, free text or an identifier."


def own_table(data: Sequence[Mapping[str, Any] | DataSummary]) -> Own | None:
    """The user's table, or None where the user gave no data.

    Raises:
        TopicRefused: they are none that the studies can take; says why.
    """
    summaries = [one if isinstance(one, DataSummary) else DataSummary.model_validate(one) for one in data]
    if not summaries:
        return None
    if len(summaries) > 1:
        raise refused("takes one table, and these are several data sets; give one of them")
    (one,) = summaries
    table, tested = tables_of(one)
    if table.width > len(table.columns) or not table.whole:
        size = f"{table.width:,} columns" if table.whole else f"more than {table.rows:,} rows"
        raise refused(f"cannot take {one.name}, which has {size}; give a part of it")
    if table.label is None:
        raise refused(
            f"has only studies of classification, and no column of {one.name} looks like a class label (2 to 20 values; by its name, "
            "or the last one); name it in the topic, as in 'label: COLUMN'"
        )
    return measured(one.name, table, tested)


def refused(why: str) -> TopicRefused:
    return TopicRefused(f"The offline model {why}, or set up another model with --model provider:name.")


def tables_of(one: DataSummary) -> tuple[Table, Table | None]:
    """The table to learn from and, where the user has divided it already, the one to test on.

    Raises:
        TopicRefused: there is none, or there are several.
    """
    if not one.tables:
        raise refused(f"studies tables, and {one.name} has none (CSV or TSV); give a table")
    if len(one.tables) == 1 and not one.more:
        return one.tables[0], None
    parts = {table.part: table for table in one.tables}
    train, test = parts.get("train"), parts.get("test")
    if len(one.tables) > 2 or one.more or train is None or test is None:
        raise refused(
            f"takes one table, or one for training and one for testing, and {one.name} holds others; give one"
        )
    alike = [c.name for c in train.columns] == [c.name for c in test.columns] and train.label == test.label
    how = [(t.encoding, t.delimiter, t.decimal, t.header) for t in (train, test)]
    same = how[0] == how[1] and all(t.kind == c.kind for c, t in zip(train.columns, test.columns, strict=False))
    return train, test if alike and same and train.label is not None else None


def measured(name: str, table: Table, tested: Table | None) -> Own:
    """Raises TopicRefused: too few rows, classes or columns are left."""
    assert table.label is not None
    label = table.columns[table.label]
    counts = {level: count for level, count in label.levels.items() if count >= OF_CLASS}
    rows, most = sum(counts.values()), ROWS
    given = 0
    if tested is not None:
        given = sum(count for level, count in tested.columns[table.label].levels.items() if level in counts)
        most = ROWS - ROWS // 3
    if len(counts) < 2 or rows < FEWEST or (tested is not None and given < FEWEST // 3):
        raise refused(
            f"needs {FEWEST} rows and two classes of {OF_CLASS} or more; in {name} there are {rows:,} rows of {len(counts)} such classes; "
            "give a larger table"
        )
    used = min(rows, most)
    test = min(given, ROWS // 3) if tested is not None else used // 3
    rest = used if tested is not None else used - test
    features = [(place, column) for place, column in enumerate(table.columns) if place != table.label]
    numbers = [
        (place, c) for place, c in features if c.kind == "number" and c.distinct != 1 and not identifies(c, table)
    ]
    categories = [(place, c) for place, c in features if c.kind == "category" and len(c.levels) > 1]
    width = len(numbers) + sum(len(c.levels) for _, c in categories)
    if not 0 < width <= FEATURES:
        raise refused(
            f"takes tables whose columns make 1 to {FEATURES} features, and those of {name} make {width}; choose columns"
        )
    return Own(
        name=name,
        file=table.file,
        test_file=tested.file if tested is not None else "",
        encoding=table.encoding,
        delimiter=table.delimiter,
        decimal=table.decimal,
        header=table.header,
        width=table.width,
        number_columns=tuple((place, c.name) for place, c in numbers),
        category_columns=tuple((place, tuple(sorted(c.levels))) for place, c in categories),
        label=table.label,
        label_name=label.name if table.header else "",
        classes=tuple(sorted(counts)),
        largest=max(counts.values()),
        classed=rows,
        rows=rows + given,
        total=table.rows + (tested.rows if tested is not None else 0),
        gaps=any(c.missing for _, c in numbers) or tested is not None,
        test=test,
        validation=rest // 4,
        training=rest - rest // 4,
    )


def identifies(column: Column, table: Table) -> bool:
    """Whether a column of numbers only counts the rows or names them."""
    unlike = column.distinct is None or column.distinct == table.rows
    return unlike and IDENTIFIER.fullmatch(column.name) is not None
