"""What a sentence claims of two numbers: which of them is greater, and whether that is better."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from ai_scientist_reviewer.evidence.metrics import Direction, direction_of
from ai_scientist_reviewer.evidence.statements import Statement

Relation = Literal["greater", "less"]

_UP = r"increas\w*|rais(?:es?|ed|ing)|rose|rises?|grew|grows?|climb\w*|jump\w*"
_DOWN = r"reduc\w*|decreas\w*|drop(?:s|ped|ping)?|declin\w*|lower(?:s|ed|ing)|fell|falls?|shr[aiu]nk\w*|cut(?:s|ting)?|diminish\w*"
_BETTER = r"improv\w*|outperform\w*|surpass\w*|exceed\w*|better|superior|beats?|gains?"
_WORSE = r"worsen\w*|degrad\w*|worse|inferior|underperform\w*|deteriorat\w*"
_GREATER = r"higher|greater|larger|longer|more"
_LESS = r"lower|smaller|shorter|less|fewer"
_NOT = re.compile(
    r"\b(?:not|no|neither|nor|without|rather than|instead of|cannot|n[’']t|whether|if|would|could|may|might|should)\b",
    re.IGNORECASE,
)
_BACKWARDS = re.compile(
    r"\b(?:compared (?:to|with)|vs\.?|versus|against|relative to|over|than|instead of|rather than|up from|down from)\b",
    re.IGNORECASE,
)


class Claimed(NamedTuple):
    """A claim that the second number is greater or less than the first, and the word that makes it."""

    first: Statement
    second: Statement
    relation: Relation
    word: str
    certain: bool
    """The sentence says it of these two and of nothing else."""
    how: str
    """For people: what the word means here."""

    @property
    def holds(self) -> bool:
        slack = self.first.number.slack + self.second.number.slack
        difference = self.second.number.value - self.first.number.value
        return difference > -slack + 1e-12 if self.relation == "greater" else difference < slack - 1e-12

    @property
    def refuted(self) -> bool:
        """Beyond what their rounding may hide."""
        difference = self.second.number.value - self.first.number.value
        return difference < 0 if self.relation == "greater" else difference > 0


def claims_in(sentence: Sequence[Statement], before: Sequence[Statement]) -> Iterator[Claimed]:
    """The claims of a sentence about pairs of its numbers, or of one of them and one of the sentence before."""
    values = [one for one in sentence if one.role != "setting" and not one.written.times]
    for i, a in enumerate(values):
        for b in values[i + 1 :]:
            if alike(a, b):
                yield from _of_pair(a, b, values)
    given = [one for one in sentence if not one.written.times]
    for a in given:
        # What stands in brackets by itself is compared with another of its kind, not with a setting in a method's name.
        after = [one for one in given if one.number.start > a.number.start and alike(a, one)]
        b = next((one for one in after if _alone(one) or not _alone(a)), None)
        if b is not None:
            yield from _outright(a, b)
    plain = [one for one in values if not one.number.percent]
    earlier = [one for one in before if one.role != "setting" and not one.number.percent and not one.written.times]
    if len(plain) == 1 and earlier and alike(earlier[-1], plain[0]):
        yield from _moved_to(earlier[-1], plain[0])


def _alone(one: Statement) -> bool:
    """Whether a number stands in brackets, and nothing with it."""
    text = one.passage.text
    return text[: one.number.start].endswith("(") and text[one.written.end :].startswith(")")


def alike(a: Statement, b: Statement) -> bool:
    """Whether two numbers may be values of one thing."""
    return (
        a.number.percent == b.number.percent
        and a.number.decimals == b.number.decimals
        and (a.number.spread is None) == (b.number.spread is None)
    )


def _of_pair(a: Statement, b: Statement, values: Sequence[Statement]) -> Iterator[Claimed]:
    text = a.passage.text
    start = a.sentence[0]
    between = text[a.written.end : b.number.start]
    lead = text[start : a.number.start]
    if any(a.number.start < other.number.start < b.number.start for other in values):
        return
    after = text[b.written.end : b.sentence[1]]
    yield from _from_to(a, b, lead, between, after)
    yield from _than(a, b, lead, between)
    yield from _beside(a, b, lead, between)
    if re.search(r"\bto\s+(?:just\s|only\s|about\s|approximately\s)?$", between):
        yield from _moved_to(a, b)


def _from_to(a: Statement, b: Statement, lead: str, between: str, after: str) -> Iterator[Claimed]:
    """ "reduced the loss from 0.354 to 0.345", "a 2.5% improvement (from 0.354 to 0.345)"."""
    if not re.fullmatch(r"\W*(?:[A-Za-z/%.]+\s){0,4}to\s+(?:just\s|only\s|about\s|approximately\s)?\W*", between):
        return
    if not re.search(r"\bfrom\s+(?:an?\s(?:average|mean)\sof\s|about\s|approximately\s)?\W*$", lead):
        return
    clause = re.split(r"[;]|,\s(?:and|while|but|whereas)\b|•", lead)[-1][-90:]
    yield from _moved(a, b, clause, certain=True)


def _moved_to(a: Statement, b: Statement) -> Iterator[Claimed]:
    """ "required 4720 steps, while negation reduced this to 1343"."""
    text = b.passage.text
    lead = text[b.sentence[0] : b.number.start]
    match = re.search(
        rf"\b(?P<word>{_UP}|{_DOWN})\s+(?:this|it|that|these|them)\s(?:further\s)?to\s+(?:just\s|only\s|about\s|approximately\s)?$",
        lead,
        re.IGNORECASE,
    )
    if match is not None and not _NOT.search(lead[-60:]):
        relation: Relation = "greater" if re.fullmatch(_UP, match["word"], re.IGNORECASE) else "less"
        yield Claimed(a, b, relation, match["word"], True, "")


def _moved(a: Statement, b: Statement, clause: str, *, certain: bool) -> Iterator[Claimed]:
    if _NOT.search(clause):
        return
    words = list(
        re.finditer(
            rf"\b(?:(?P<up>{_UP})|(?P<down>{_DOWN})|(?P<better>{_BETTER})|(?P<worse>{_WORSE}))\b", clause, re.IGNORECASE
        )
    )
    if not words:
        return
    word = words[-1]
    if word["up"] or word["down"]:
        others = {bool(other["up"]) for other in words if other["up"] or other["down"]}
        yield Claimed(a, b, "greater" if word["up"] else "less", word.group(), certain and len(others) == 1, "")
        return
    direction = _better(a, clause)
    if direction is not None:
        rises = (direction == "higher") == bool(word["better"])
        yield Claimed(a, b, "greater" if rises else "less", word.group(), certain, f"{direction} is better here")


def _better(one: Statement, clause: str) -> Direction | None:
    """Which way is better of what the clause is about, or its sentence, or what led up to it."""
    sentence = one.passage.text[one.sentence[0] : one.sentence[1]]
    texts = [clause, sentence, *reversed(re.split(r"(?<=[.:])\s", one.passage.lead)), one.passage.section]
    return direction_of(re.sub(rf"\b(?:{_BETTER}|{_WORSE})\b", " ", text, flags=re.IGNORECASE) for text in texts)


_EXAMPLE = re.compile(r"^\W*(?:For (?:instance|example)|Specifically|Notably|In particular|Indeed)\b")
_CERTAIN = re.compile(
    r"\b(?:outperform\w*|surpass\w*|underperform\w*|better|superior|worse|inferior|improves?|improved)\b", re.IGNORECASE
)


def _beside(a: Statement, b: Statement, lead: str, between: str) -> Iterator[Claimed]:
    """ "outperforms the baseline, with a loss of 1.465 compared to 1.466"; the claim may stand in the sentence before an example."""
    if not re.search(r"\b(?:compared (?:to|with)|versus|vs\.?|against)\b", between):
        return
    text, own = a.passage.text, True
    claim = lead
    if not _CERTAIN.search(claim) and _EXAMPLE.match(text[a.sentence[0] : a.sentence[1]]):
        earlier = [span for span in a.passage.sentences if span[1] <= a.sentence[0]]
        claim, own = (text[earlier[-1][0] : earlier[-1][1]] if earlier else ""), False
    words = _CERTAIN.findall(claim)
    if not words or _NOT.search(claim):
        return
    worse = {bool(re.match(r"underperform|worse|inferior", word, re.IGNORECASE)) for word in words}
    direction = _better(a, lead + between)
    if direction is not None and len(worse) == 1:
        first_is_greater = (direction == "higher") != worse.pop()
        yield Claimed(a, b, "less" if first_is_greater else "greater", words[-1], own, f"{direction} is better here")


def _than(a: Statement, b: Statement, lead: str, between: str) -> Iterator[Claimed]:
    """ "is higher for X (0.943) than for Y (0.910)"."""
    if not re.search(r"\bthan\b", between) or re.search(r"[;.]\s", between):
        return
    clause = re.split(r"[;]|,\s(?:and|while|but|whereas)\b|\.\s", lead)[-1]
    if _NOT.search(clause) or re.search(r"\bby\b[^,]*$", clause[-12:]):
        return
    words = list(
        re.finditer(
            rf"\b(?:(?P<greater>{_GREATER})|(?P<less>{_LESS})|(?P<better>better|superior)|(?P<worse>worse|inferior))\b",
            clause,
            re.IGNORECASE,
        )
    )
    if len(words) != 1:
        return
    word = words[0]
    if word["greater"] or word["less"]:
        relation: Relation = "less" if word["greater"] else "greater"
        yield Claimed(a, b, relation, f"{word.group()} … than", True, "")
        return
    direction = _better(a, clause)
    if direction is not None:
        first_is_greater = (direction == "higher") == bool(word["better"])
        yield Claimed(
            a,
            b,
            "less" if first_is_greater else "greater",
            f"{word.group()} … than",
            True,
            f"{direction} is better here",
        )


_IS = re.compile(
    rf"\b(?:is|are|was|were|remains?|stays?)\s(?:\w+ly\s|much\s|far\s|even\s)?(?P<word>{_GREATER}|{_LESS})\sthan\b(?!\s(?:twice|half|\w+\stimes)\b)"
)
_HAS = re.compile(
    rf"\b(?:has|have|had|shows?|reach(?:es)?|gives?|yields?|obtains?|achieves?)\san?\s(?:\w+ly\s|much\s|far\s|even\s)?"
    rf"(?P<word>{_GREATER}|{_LESS})\s(?:[^\s.;]+\s){{1,6}}?than\b"
)
_DENIED = re.compile(r"\b(?:not|no|neither|nor|cannot|whether|if|would|could|may|might|should)\b|n[’']t\b")
"""In small letters: "Without Dropout" and "No Warm-up" are names of variants."""
_BETWEEN = 160
"""Characters between two numbers that one claim may be of."""


def _outright(a: Statement, b: Statement) -> Iterator[Claimed]:
    """ "A (0.943) is higher than B (0.910)", "with 1367, A has a lower loss than B with 5160", whatever the numbers are of."""
    text = a.passage.text
    lead, between = text[a.sentence[0] : a.number.start], text[a.written.end : b.number.start]
    if len(between) > _BETWEEN or re.search(r"[;]|\.\s", between) or _DENIED.search(f"{lead[-60:]} {between}"):
        return
    if "setting" in (a.role, b.role) and _alone(a) and _alone(b):
        yield from _than(a, b, lead, between)
    words = [*_IS.finditer(between), *_HAS.finditer(between)]
    if len(words) != 1 or re.search(rf"\b(?:{_GREATER}|{_LESS})\b", lead):
        return
    word = words[0]
    relation: Relation = "less" if re.fullmatch(_GREATER, word["word"]) else "greater"
    certain = word.re is _IS or re.search(r"\b[Ww]ith\s$", lead) is not None
    yield Claimed(a, b, relation, f"{word['word']} … than", certain, "")


_CHANGE = re.compile(
    r"(?:\s|-)(?:\w+\s){0,2}?(?P<word>reductions?|decreases?|drops?|declines?|increases?|rises?|gains?|lower|higher|fewer|less|more|reduced|increased|decreased)\b",
    re.IGNORECASE,
)
_DOWN_WORDS = re.compile(r"reduc|decreas|drop|declin|lower|fewer|less", re.IGNORECASE)


def percentages_in(
    sentence: Sequence[Statement], before: Sequence[Statement]
) -> Iterator[tuple[Statement, Statement, Statement, bool]]:
    """A percentage of change with the two numbers that it must follow from, the earlier first, and whether it is said outright.

    Said outright is "from A to B", or that the sentence, with the one before it, has no other numbers of their kind.
    """
    changes = [one for one in sentence if is_change(one)]
    given = [one for one in sentence if not one.number.percent and not one.written.times]
    plain = [one for one in given if one.role != "setting"]
    earlier = [one for one in before if one.role != "setting" and not one.number.percent and not one.written.times]
    for change in changes:
        pairs = list(_explicit(given))
        nearest = [pair for pair in pairs if _belongs(change, pair, changes)]
        if len(nearest) == 1:
            yield change, *nearest[0], True
            continue
        if pairs or len(changes) > 1 or change.role != "value":
            continue
        pool = [one for one in plain if not one.number.percent]
        if len(pool) == 2 and alike(*pool):
            yield change, *_ordered(*pool), True
        elif len(pool) == 1 and len(earlier) == 1 and alike(earlier[0], pool[0]):
            yield change, earlier[0], pool[0], False


_MORE = r"(?:(?:up to|about|approximately|roughly|nearly|almost|over|more than|around|at least|only|just|a|an|the)\s+)*"
_CHANGES = (
    r"reductions?|decreases?|drops?|declines?|increases?|rises?|gains?|improvements?|changes?|difference|savings?"
    r"|speed-?ups?|degradation"
)
_CHANGED = r"reduc\w+|decreas\w+|dropp\w+|declin\w+|increas\w+|improv\w+|ris\w+|rose|fell|falls|grew|cut\w*|lower\w*|rais\w+|sav\w+"
_CHANGE_BEFORE = re.compile(rf"\b(?:by|(?:{_CHANGES})\s+(?:of|is|was)|(?:{_CHANGED}))\s+{_MORE}$", re.IGNORECASE)
_CHANGE_AFTER = re.compile(
    rf"^\s*(?:relative|absolute|average|overall|further)?\s*"
    rf"(?:{_CHANGES}|lower|higher|fewer|less|more|faster|slower|better|worse|smaller|larger)\b",
    re.IGNORECASE,
)
_LEVEL = re.compile(r"\b(?:to|from|at|is|was|are|were|reach\w*|achiev\w*|attain\w*|=|with|of)\s+$", re.IGNORECASE)


def is_change(one: Statement) -> bool:
    """Whether a percentage is said to be a change, and not what something is or comes to."""
    text = one.passage.text
    before, after = text[one.sentence[0] : one.number.start][-60:], text[one.written.end : one.sentence[1]][:40]
    return one.number.percent and bool(_CHANGE_BEFORE.search(before) or _CHANGE_AFTER.match(after))


def may_be_change(one: Statement) -> bool:
    """Whether a percentage is in a sentence on changes, and not plainly what something is or comes to."""
    before = one.passage.text[one.sentence[0] : one.number.start][-60:]
    return is_change(one) or (one.number.percent and one.told.cues.change and not _LEVEL.search(before))


def _explicit(plain: Sequence[Statement]) -> Iterator[tuple[Statement, Statement]]:
    for a, b in itertools.pairwise(plain):
        between = a.passage.text[a.written.end : b.number.start]
        lead = a.passage.text[a.sentence[0] : a.number.start]
        if (
            alike(a, b)
            and re.search(r"\bfrom\s+\W*$", lead)
            and re.fullmatch(r"\W*(?:[A-Za-z/%.]+\s){0,4}to\s+(?:just\s|only\s)?\W*", between)
        ):
            yield a, b


def _belongs(change: Statement, pair: tuple[Statement, Statement], changes: Sequence[Statement]) -> bool:
    """Whether no other percentage stands nearer to the pair."""

    def distance(one: Statement) -> int:
        return min(abs(one.number.start - pair[0].number.start), abs(one.number.start - pair[1].written.end))

    return change is min(changes, key=distance)


def _ordered(a: Statement, b: Statement) -> tuple[Statement, Statement]:
    """The earlier state first: what follows "compared to" is what there was before."""
    between = a.passage.text[a.written.end : b.number.start]
    return (b, a) if _BACKWARDS.search(between) else (a, b)


def said_of(change: Statement) -> Relation | None:
    """Whether a percentage is said to be a rise or a fall by the word behind it."""
    after = change.passage.text[change.written.end : change.sentence[1]][:40]
    match = _CHANGE.match(after)
    if match is None:
        return None
    return "less" if _DOWN_WORDS.match(match["word"]) else "greater"
