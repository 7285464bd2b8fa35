"""What a review will cost, told before anything is spent: calls, tokens and, where prices are known, dollars."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from ai_scientist_reviewer.forms import Form, sheet
from ai_scientist_reviewer.paper import Paper
from ai_scientist_reviewer.pictures import MOST_PICTURES
from ai_scientist_reviewer.shown import MOST_CHARACTERS

from ai_scientist.config import Budget, Config
from ai_scientist.models.recorded import LETTERS, PICTURE, Seat
from ai_scientist.reviewing.seats import Seating

CHARACTERS = 3.6
"""Of a paper's text, for one token."""
SEEN = 1_600
"""Tokens of a page's picture, as providers count them, about."""
AROUND = 9_000
"""Characters of a prompt beside the paper: the instructions, the scales, the findings."""
WORK = 600
"""Characters of a related work."""
NUMBERS = 14_000
"""Characters of result files, at most."""
REPORT, CHECK, SUMMARY, FOLLOWED = 2_200, 900, 900, 2_500
"""Tokens of a reply, about: two to three times what panels answered by hand took, for hidden reasoning."""


@dataclass(frozen=True)
class Call:
    """One call of a review: of which model, and how long."""

    model: str
    tokens_in: int
    tokens_out: int
    most_in: int
    """What will be set aside for it."""


@dataclass(frozen=True)
class Estimate:
    papers: int
    calls: int
    tokens_in: int
    tokens_out: int
    money: float | None
    """US dollars, about; None where a price is unknown."""
    most: float | None
    """US dollars if every reply is as long as is allowed, retries aside; None where a price is unknown."""
    unknown: tuple[str, ...] = ()
    """The models whose price is unknown."""
    ask: bool = True
    """Whether somebody is to be asked: it may cost more than the configuration lets pass or than the budget holds, or nobody knows what
    it costs."""
    early: str = ""
    """That the budget will or can end it before it is done, in a sentence; "" where it is enough."""

    @property
    def free(self) -> bool:
        return self.most == 0

    def told(self) -> str:
        """In a sentence or two, and one more where the budget is not enough."""
        return f"{self._cost()} {self.early}".rstrip()

    def _cost(self) -> str:
        of = f"{self.papers} papers" if self.papers != 1 else "1 paper"
        size = f"about {self.calls} calls, {self.tokens_in:,} tokens in and {self.tokens_out:,} out"
        if self.unknown:
            return f"Reviewing {of}: {size}. The price of {', '.join(self.unknown)} is UNKNOWN."
        if self.free:
            return f"Reviewing {of}: {size}. It costs nothing."
        return f"Reviewing {of}: {size}; about ${self.money:.2f}, and at most ${self.most:.2f} where every reply is as long as it may be."


def calls(paper: Paper, config: Config, form: Form, seating: Seating) -> list[Call]:
    """The calls of a review of the paper, in no order."""
    review = config.review
    text = min(MOST_CHARACTERS, len(paper.text)) + AROUND
    pages = {caption.page for caption in paper.figures}
    pictures = min(
        MOST_PICTURES, len(pages) if paper.source == "pdf" else len(paper.latex.pictures) if paper.latex else 0
    )
    seen = text + (NUMBERS if review.results else 0)  # by those who check, too
    shown = seen + (review.works * WORK if review.related != "none" else 0)
    schema = len(json.dumps(sheet(form).model_json_schema()))

    def call(model: str, characters: float, tokens_out: int, seen: int) -> Call:
        about = round((characters + schema) / CHARACTERS) + SEEN * seen
        return Call(model, about, tokens_out, round((characters + schema) * 1.1 / LETTERS) + PICTURE * seen + 100)

    made: list[Call] = []
    for referee, checker in zip(seating.referees, seating.checkers, strict=True):
        made += [call(referee, shown, REPORT, pictures)]
        made += [call(referee, shown + CHARACTERS * REPORT, REPORT, pictures)] * review.reflect
        made += [call(checker, seen + CHARACTERS * CHECK, CHECK, pictures)]
    made.append(call(seating.chair, AROUND + len(seating.referees) * CHARACTERS * REPORT, SUMMARY, 0))
    if review.related == "auto":
        made.append(call(seating.referees[0], 3_000, 100, 0))
    if review.since:
        made.append(call(seating.referees[0], shown + CHARACTERS * FOLLOWED, FOLLOWED, pictures))
        made.append(call(seating.checkers[0], seen + CHARACTERS * FOLLOWED, CHECK, pictures))
    return made


def estimated(
    papers: int, made: Iterable[Call], seats: Mapping[str, Seat], ask_above: float, budget: Budget
) -> Estimate:
    """The calls at the prices of their models.

    Args:
        ask_above: US dollars below which nobody is asked.
        budget: what all of them are held to together.
    """
    listed = list(made)
    about = most = 0.0
    tokens_in = tokens_out = most_tokens = 0
    unknown: dict[str, None] = {}
    for call in listed:
        seat = seats[call.model]
        if not seat.output:  # rules: they have no tokens
            continue
        tokens_in, tokens_out = tokens_in + call.tokens_in, tokens_out + call.tokens_out
        most_tokens += call.most_in + seat.output
        if seat.price is None:
            unknown[call.model] = None
        else:
            about += seat.price(call.tokens_in, call.tokens_out)
            most += seat.price(call.most_in, seat.output)
    early = _early("tokens", budget.tokens, tokens_in + tokens_out, most_tokens)
    if unknown:
        return Estimate(papers, len(listed), tokens_in, tokens_out, None, None, tuple(unknown), early=early)
    early = _early("money", budget.money, about, most) or early
    ask = about > ask_above or bool(early)
    return Estimate(papers, len(listed), tokens_in, tokens_out, about, most, ask=ask, early=early)


def _early(kind: Literal["money", "tokens"], limit: float | None, about: float, most: float) -> str:
    """What is set aside for a call under way is as much as it may take, so that a budget can end a review that would take less."""
    if limit is None or most <= limit:
        return ""
    told = f"${limit:g}" if kind == "money" else f"{limit:,.0f} tokens"
    if about > limit:
        return f"The budget of {told} will end it before it is done: what came in by then is kept, and it can be resumed with a larger one."
    needed = f"${most:.2f}" if kind == "money" else f"{most:,.0f}"
    return f"The budget of {told} can end it before it is done, since up to {needed} is set aside."
