"""Text that comes from elsewhere than the paper (a work's abstract, a letter), as it may be shown to a model."""

from __future__ import annotations

import unicodedata

from ai_scientist_reviewer.hidden import addressed_to_reviewers

REMOVED = "[a sentence addressed to reviewers was removed here]"
_FARTHEST = 400
"""Characters that a sentence's bounds are looked for from a match."""
_UNSEEN = ("Cf", "Cc", "Co", "Cs", "Cn")
"""Categories of characters that no reader sees."""


def without_addresses(text: str) -> str:
    """Without characters that nobody sees, and with a note in place of each sentence that speaks to whoever judges."""
    plain = "".join(char for char in text if char in "\n\t" or unicodedata.category(char) not in _UNSEEN)
    spans = sorted(_sentence(plain, match.start(), match.end()) for match in addressed_to_reviewers(plain))
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
