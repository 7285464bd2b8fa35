"""Reviewer cards: what was measured of a model as a reviewer. The one place that says where a card is looked for.

A card is a file card.json that `ai-scientist bench reviewer` writes. What is not known of it here is kept and shown as it is.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

LARGEST = 4 * 1024 * 1024
"""Bytes of a card's file."""
MOST = 500
"""Files looked at in a folder."""


class Card(BaseModel):
    """How a model did as a reviewer when it was measured. Read leniently: unknown fields are kept."""

    model_config = ConfigDict(frozen=True, extra="allow", use_attribute_docstrings=True)

    model: str
    """As in a review: "openai:gpt-5.5"."""
    date: str = ""
    """When it was measured, as 2026-11-26."""
    prompts: str = ""
    """Version of the prompts and forms that it was measured with; "": it does not say."""
    tracks: Mapping[str, Any] = Field(default_factory=dict)
    """What was measured, by track."""
    summary: str = ""
    """The card in a sentence or two."""

    def figures(self, most: int = 40) -> list[tuple[str, str]]:
        """What was measured as lines to show: a name and a value."""
        return [(name, value) for (name, value), _ in zip(_flat(self.tracks), range(most), strict=False)]


def find(model: str, folders: Iterable[Path], prompts: str = "") -> Card | None:
    """The newest card of that model in the folders: card.json, any other .json file, or card.json one folder down.

    `prompts`: the version that reviews are made with. A card of another version measured another reviewer, and is none.
    """
    found = [
        card
        for folder in folders
        for card in _cards(folder)
        if card.model == model and (not prompts or card.prompts in ("", prompts))
    ]
    return max(found, key=lambda card: card.date, default=None)


def _cards(folder: Path) -> Iterator[Card]:
    files = sorted((*folder.glob("*.json"), *folder.glob("*/card.json"))) if folder.is_dir() else []
    for file in files[:MOST]:
        try:
            if file.stat().st_size <= LARGEST:
                yield Card.model_validate(json.loads(file.read_text(encoding="utf-8")))
        except (OSError, ValueError, ValidationError):  # another file, or a damaged one: no card
            continue


def _flat(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _flat(inner, f"{name}, {key}" if name else str(key))
    elif isinstance(value, float):
        yield name, f"{value:.4g}"
    elif isinstance(value, str | int | bool):
        yield name, str(value)[:300]
    elif (
        isinstance(value, list | tuple) and all(isinstance(one, str | int | float) for one in value) and len(value) <= 6
    ):
        yield name, ", ".join(f"{one:.4g}" if isinstance(one, float) else str(one) for one in value)
