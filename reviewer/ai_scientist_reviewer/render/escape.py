"""Words from a paper or a model as words in Markdown: no markup of theirs takes effect."""

from __future__ import annotations

import re
from collections.abc import Iterable

_MARKUP = re.compile(r"([\\`*_\[\]<>#|&$~@])")
_LINK = re.compile(r"(?<=[A-Za-z0-9])(?=://)|(?<=\bwww)(?=\.)", re.IGNORECASE)
"""Where a bare address would begin to be a link."""


def plain(text: str) -> str:
    """On one line, everything that means something to Markdown escaped."""
    flat = re.sub(r"\s+", " ", text).strip()
    escaped = _LINK.sub(r"\\", _MARKUP.sub(r"\\\1", flat))
    escaped = re.sub(r"^([-+=])", r"\\\1", escaped)
    return re.sub(r"^(\d{1,9})([.)])(?=\s|$)", r"\1\\\2", escaped)


def listed(items: Iterable[str]) -> str:
    return "".join(f"- {plain(item)}\n" for item in items)


def shortened(text: str, most: int = 120) -> str:
    """At most that many characters, cut at a word."""
    return text if len(text) <= most else text[: most - 1].rsplit(" ", 1)[0] + " …"
