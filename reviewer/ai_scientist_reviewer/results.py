"""The authors' own result files, as values that a number in the paper can be held against."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple


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
