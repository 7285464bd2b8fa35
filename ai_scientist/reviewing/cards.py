"""Where reviewer cards lie, and what a review says of how far its models were measured. The one place that knows."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from ai_scientist_reviewer.bench.version import prompts_version
from ai_scientist_reviewer.cards import Card, find
from ai_scientist_reviewer.records import NOT_MEASURED

from ai_scientist.config import Config


def folders(config: Config) -> list[Path]:
    """The configuration's, then the user's own."""
    home = os.environ.get("XDG_CONFIG_HOME")
    own = (Path(home) if home else Path.home() / ".config") / "ai-scientist" / "cards"
    return [*(Path(folder).expanduser() for folder in config.review.cards), own]


def cards_of(models: Iterable[str], config: Config) -> dict[str, Card | None]:
    """The newest card of each model that was made with the prompts and forms of today; None where there is none."""
    places, version = folders(config), prompts_version()
    return {model: find(model, places, version) for model in dict.fromkeys(models)}


def measured(cards: Mapping[str, Card | None]) -> str:
    """In a sentence's part: what was measured, or that it was not."""
    missing = [model for model, card in cards.items() if card is None]
    if missing or not cards:
        return NOT_MEASURED if len(missing) == len(cards) else f"{NOT_MEASURED} for {', '.join(missing)}"
    told = [
        card.summary or f"measured {card.date or 'at an unknown date'}, see its card below"
        for card in cards.values()
        if card
    ]
    return "; ".join(dict.fromkeys(told))
