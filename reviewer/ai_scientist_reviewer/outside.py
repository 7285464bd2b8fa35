"""Text that comes from elsewhere than the paper's pages (a work's abstract, a letter, the keys of a result file), as it may be shown to a model."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from ai_scientist_reviewer.instructions import REMOVED, addressed_to_reviewers

_FARTHEST = 400
"""Characters that a sentence's bounds are looked for from a match."""
_LINE_END = re.compile(r"(?<!\n)\n(?!\n)")
_UNSEEN = ("Cf", "Cc", "Co", "Cs", "Cn")
"""Categories of characters that no reader sees."""


def without_addresses(text: str) -> str:
    """Without characters that nobody sees, and with a note in place of each sentence that speaks to whoever judges."""
    plain = "".join(char for char in text if char in "\n\t" or unicodedata.category(char) not in _UNSEEN)
    joined = _LINE_END.sub(" ", plain)  # a sentence runs over a line's end, and not over an empty line
    spans = sorted(_sentence(plain, match.start(), match.end()) for match in addressed_to_reviewers(joined))
    kept: list[str] = []
    place = 0
    for start, end in spans:
        if start >= place:
            kept += [plain[place:start], REMOVED]
        place = max(place, end)
    return "".join((*kept, plain[place:]))


def _sentence(text: str, start: int, end: int) -> tuple[int, int]:
    """The bounds of the sentence around a match, or of its line."""
    before = [text.rfind(stop, max(0, start - _FARTHEST), start) + len(stop) for stop in (". ", "! ", "? ", "\n")
              if text.rfind(stop, max(0, start - _FARTHEST), start) >= 0]  # fmt: skip
    after = [
        at + 1 for stop in (".", "!", "?", "\n") if (at := text.find(stop, max(start, end - 1), end + _FARTHEST)) >= 0
    ]
    return max(before, default=start), min(after, default=end)


def all_without_addresses(value: Any) -> Any:
    """The same of every text, keys included, within what JSON can hold."""
    if isinstance(value, str):
        return without_addresses(value)
    if isinstance(value, Mapping):
        return {without_addresses(str(key)): all_without_addresses(inner) for key, inner in value.items()}
    return [all_without_addresses(inner) for inner in value] if isinstance(value, Sequence) else value
