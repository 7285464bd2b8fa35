"""What the words beside a number say of how it came about."""

from __future__ import annotations

import re
from typing import NamedTuple


class Cues(NamedTuple):
    mean: bool = False
    extreme: bool = False
    change: bool = False
    """It is said of a difference or a ratio."""
    down: bool = False
    up: bool = False
    about: bool = False
    """Said to be rounded."""
    spread: bool = False


_MEAN = re.compile(r"\b(?:averag\w*|mean|overall|across|in total)\b", re.IGNORECASE)
_EXTREME = re.compile(
    r"\b(?:best|lowest|highest|up to|at most|at least|max\w*|min\w*|peak\w*|largest|smallest|worst|rang\w+)\b",
    re.IGNORECASE,
)
DOWN = re.compile(
    r"\b(?:reduc\w*|decreas\w*|drop\w*|declin\w*|lower\w*|fell|falls?|fewer|degrad\w*|loses?|lost|sav(?:es?|ed|ings?)"
    r"|cuts?|cutting|shrink\w*|shr[au]nk)\b",
    re.IGNORECASE,
)
UP = re.compile(r"\b(?:increas\w*|rais\w*|rose|rises?|gr[eo]w\w*|gain\w*|higher|larger|longer)\b", re.IGNORECASE)
_CHANGE = re.compile(
    r"\b(?:improv\w*|outperform\w*|better|worse|faster|slower|less|more|speed-?ups?|accelerat\w*|differ\w*|gaps?|margin"
    r"|relative|times|factor|fold|points?|ratio|overhead|compared|over the|change\w*|boost\w*)\b",
    re.IGNORECASE,
)
_ABOUT = re.compile(
    r"(?:\b(?:approximately|about|around|roughly|nearly|almost|circa|some|ca\.|approx\.|over|more than|less than|under|below"
    r"|above|up to|close to)|[~∼≈<>≤≥])\s*$",
    re.IGNORECASE,
)
_AS_ROUGH = re.compile(
    r"\b(?:approximately|about|around|roughly)\s[^.;]{1,60}\b(?:vs\.?|versus|compared (?:to|with)|against|than)\s$",
    re.IGNORECASE,
)
"""The other side of a comparison whose first side is said to be rough."""
_SPREAD = re.compile(r"\b(?:standard deviations?|std|sd|stderr|standard errors?|s\.d\.|variance)\b", re.IGNORECASE)


def cues_of(sentence: str, start: int, end: int) -> Cues:
    """Of a number that stands from `start` to `end` in its sentence."""
    reach = 220 if "%" in sentence[start:end] else 90  # one verb may govern a list of percentages
    near = sentence[max(0, start - reach) : start] + " " + sentence[end : end + 60]
    down, up = bool(DOWN.search(near)), bool(UP.search(near))
    return Cues(
        mean=bool(_MEAN.search(sentence)),
        extreme=bool(_EXTREME.search(near)),
        change=down or up or bool(_CHANGE.search(near)),
        down=down and not up,
        up=up and not down,
        about=bool(_ABOUT.search(sentence[max(0, start - 16) : start]) or _AS_ROUGH.search(sentence[:start])),
        spread=bool(_SPREAD.search(near)),
    )
