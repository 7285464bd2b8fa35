"""What is new in a text and what is gone, sentence by sentence, whatever way either was set in type."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

from ai_scientist_reviewer.quotes import compact
from ai_scientist_reviewer.structure import prose, sentences

ALIKE = 0.9
"""Similarity (0 to 1) from which on two sentences with the same numbers are one."""
SHORTEST = 12
"""Letters and digits of a sentence that is told."""
MOST_PAIRS = 40_000
"""Sentences of one text times those of the other that are compared letter by letter."""
_CITED = re.compile(r"\[[\d, ?-]+\]|\((?:[^()]{0,80}?,\s*)?(?:19|20)\d\d[a-z]?(?:;[^()]{0,120})?\)|\(\?\)|\bet al\.")
"""Citations, which are set otherwise by every style."""
_REFERENCES = re.compile(r"^\s*(?:\d+\s+)?(?:references|bibliography)\s*$", re.IGNORECASE | re.MULTILINE)
_HEADING = re.compile(
    r"^\s*(?:\d{1,2}(?:\.\d{1,2}){0,3}|[A-Z](?:\.\d{1,2}){0,2})\.?\s+[A-Z][^.!?\n]{2,80}$", re.MULTILINE
)


def compared(earlier: str, now: str) -> tuple[list[str], list[str]]:
    """The sentences that only the new text has, and those that only the earlier one had, in order. Reference lists are left out."""
    before, after = _sentences(earlier), _sentences(now)
    new = {key: one for key, one in after.items() if key not in before}
    gone = {key: one for key, one in before.items() if key not in after}
    if len(new) * len(gone) <= MOST_PAIRS:
        for key in list(new):
            twin = next((other for other in gone if _same(key, other)), None)
            if twin is not None:
                del new[key], gone[twin]
    return list(new.values()), list(gone.values())


def _sentences(text: str) -> dict[str, str]:
    """By their letters and digits in lower case, citations aside."""
    end = _REFERENCES.search(text)
    body = _HEADING.sub(lambda match: f"{match[0]}.", text[: end.start()] if end else text)
    keyed = ((re.sub(r"\W", "", compact(_CITED.sub(" ", one)).casefold()), one) for one in sentences(prose(body)))
    return {key: one for key, one in keyed if len(key) >= SHORTEST}


def _same(one: str, other: str) -> bool:
    if re.findall(r"\d+", one) != re.findall(r"\d+", other):
        return False  # a number is what a new version is about
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return matcher.real_quick_ratio() >= ALIKE and matcher.quick_ratio() >= ALIKE and matcher.ratio() >= ALIKE
