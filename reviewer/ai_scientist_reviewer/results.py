"""The authors' own result files, as values that a number in the paper can be held against."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple


class ResultsError(Exception):
    """The folder cannot be read. The message is one sentence for the person who gave it."""


class Value(NamedTuple):
    """One number of a result file."""

    path: tuple[str, ...]
    """Where it stands: ("run_2", "final_info.json", "circle", "means", "kl_divergence")."""
    value: float
    file: str
    """Path below the folder that was given."""


@dataclass(frozen=True)
class Results:
    """All numbers below a folder."""

    values: tuple[Value, ...]
    unread: Mapping[str, str] = field(default_factory=dict)
    """Files that were not read, and why."""

    @classmethod
    def read(cls, folder: Path) -> Results:
        """The numbers of the JSON, JSON Lines, CSV, TSV, NPY and NPZ files below a folder, or of one such file.

        A run of ours, or its bundle, is read as what it is: claims, and measurements by variant and seed. Files are taken as
        hostile: bounded in number, size, depth and time, links that lead out of the folder are not followed, and nothing in them
        is executed. What is over a bound or cannot be read is in `unread`.

        Raises:
            ResultsError: there is no such folder or file.
        """
        from ai_scientist_reviewer.result_files import read_folder

        folder = Path(folder)
        if not folder.exists():
            raise ResultsError(f"There is no folder or file {folder}.")
        values, unread = read_folder(folder)
        return cls(tuple(values), unread)
