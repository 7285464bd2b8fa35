"""What people said of findings on clean papers: whether each is true. A table that is kept beside the papers.

Tab-separated, with a heading line: `paper` (its name, or a pattern as `*label-noise*`), `rule`, `words` (the beginning of the finding's quote, or of its message where it has
no quote; `*` for every finding of that rule), `verdict` (true or false) and `note`.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from ai_scientist_reviewer.quotes import compact

COLUMNS = ("paper", "rule", "words", "verdict")


class LabelError(Exception):
    """The table of labels cannot be used. The message is one sentence for the person who gave it."""


@dataclass(frozen=True)
class Label:
    paper: str
    rule: str
    words: str
    true: bool
    note: str = ""


@dataclass(frozen=True)
class Labels:
    rows: tuple[Label, ...] = ()

    @classmethod
    def read(cls, path: Path) -> Labels:
        """Raises LabelError: the file cannot be read, or a line lacks something."""
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise LabelError(f"{path} cannot be read: {error}.") from None
        reader = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        if missing := [name for name in COLUMNS if name not in (reader.fieldnames or ())]:
            raise LabelError(f"{path.name} has no column '{missing[0]}'.")
        rows: list[Label] = []
        for number, row in enumerate(reader, start=2):
            if row["verdict"] not in ("true", "false"):
                raise LabelError(f"{path.name}, line {number}: the verdict is '{row['verdict']}', not true or false.")
            rows.append(Label(row["paper"], row["rule"], row["words"], row["verdict"] == "true", row.get("note") or ""))
        return cls(tuple(rows))

    @classmethod
    def joined(cls, tables: Iterable[Labels]) -> Labels:
        return cls(tuple(row for table in tables for row in table.rows))

    def verdict(self, paper: str, rule: str, quote: str, message: str) -> bool | None:
        """Whether the finding is true; None: nobody said."""
        said = compact(quote or message).casefold()
        for row in self.rows:
            if row.rule == rule and fnmatchcase(paper, row.paper):
                words = compact(row.words).casefold()
                if row.words == "*" or (words and said.startswith(words)):
                    return row.true
        return None
