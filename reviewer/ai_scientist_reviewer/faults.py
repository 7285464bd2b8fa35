"""What a first look at a figure may find."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "unreadable", "size", "blank", "empty-axes", "cut-off", "resolution", "colours",
    "overlap", "text-size", "unnamed-axis", "hidden-data", "legend",
]  # fmt: skip


@dataclass(frozen=True)
class Fault:
    """Something wrong with a picture."""

    kind: Kind
    severity: Literal["error", "warn"]
    message: str
