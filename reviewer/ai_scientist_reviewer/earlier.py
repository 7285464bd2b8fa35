"""What an earlier review asks of a new version: its own points, and those of reviews before it that were not resolved since."""

from __future__ import annotations

from typing import Literal, NamedTuple

from ai_scientist_reviewer.quotes import compact
from ai_scientist_reviewer.records import Review


class Earlier(NamedTuple):
    """A weakness that was pointed out before."""

    claim: str
    severity: Literal["major", "minor"]
    quote: str
    """From the version that it was raised against."""
    fix: str
    place: str = ""
    raised_in: str = ""
    """The file of that version, where it is an earlier one than the review is of."""


def points_of(review: Review) -> tuple[Earlier, ...]:
    """The review's points in their order, then what it left open of the reviews before it, unless its panel raised that again."""
    own = [Earlier(one.claim, one.severity, one.quote, one.fix, one.place) for one in review.points]
    again = {compact(quote) for one in review.points for quote in (one.quote, *(also.quote for also in one.also))}
    if review.since is None:
        return tuple(own)
    left = [
        Earlier(one.claim, one.severity, one.earlier_quote, one.fix, raised_in=one.raised_in or review.since.file)
        for one in review.since.points
        if one.status != "resolved" and compact(one.earlier_quote) not in again
    ]
    return (*own, *left)
