"""The numbers of a paper's prose with their place, their role, and the words that say what they are values of."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ai_scientist_reviewer.document import Number, Place
from ai_scientist_reviewer.evidence.cues import cues_of
from ai_scientist_reviewer.evidence.holding import Told
from ai_scientist_reviewer.evidence.labels import words
from ai_scientist_reviewer.numbers import HELD, Role, Written, numbers_in, role_of
from ai_scientist_reviewer.passages import Passage
from ai_scientist_reviewer.tables import entries_of

if TYPE_CHECKING:
    from ai_scientist_reviewer.paper import Paper


_BOUNDS = frozenset({"low", "lower", "high", "upper"})
MOST = 4_000
"""Numbers of a paper that are looked at; a paper has a few hundred."""
_SETUP = re.compile(
    r"set-?up|implementation|hyper-?parameters?|background|related|preliminar|problem|training (?:procedure|details)|"
    r"^(?:proposed )?(?:methods?|methodology|approach)$|notation|formalism|architecture|data ?sets?$",
    re.IGNORECASE,
)
"""Sections in which authors say what they chose."""
_FOUND = re.compile(
    r"\bfrom\s[\d.]+\s?\S{0,3}\sto\s[\d.]+[^.;]{0,12},\san?\s(?:\w+\s)?(?:reduction|decrease|drop|increase|rise|gain|improvement)\sof\b"
)
"""In a sentence that tells what came of it, in whatever section."""


@dataclass(frozen=True)
class Statement:
    """A number of the prose that may be held against tables and result files."""

    passage: Passage
    written: Written
    role: Role
    told: Told
    sentence: tuple[int, int]
    """Where in the passage."""

    @property
    def bound(self) -> bool:
        """One end of an interval in brackets: no cell states it."""
        return bool(self.told.close & _BOUNDS)

    @property
    def called(self) -> str:
        """What stands before its equals sign, as "adjusted p" in "adjusted p = 0.688"; "" where there is none."""
        equals = _CALLED.search(self.passage.text[self.sentence[0] : self.number.start])
        return equals[1] if equals else ""

    @property
    def number(self) -> Number:
        return self.written.number

    @property
    def quote(self) -> str:
        return self.passage.quote(self.number.start, self.written.end)

    @property
    def text(self) -> str:
        return self.passage.text[self.number.start : self.written.end].strip(" ,;")

    def place(self, paper: Paper) -> Place:
        return self.passage.place(paper, self.number.start, self.written.end)


def statements_of(paper: Paper) -> tuple[Statement, ...]:
    """All of them, in the paper's order."""
    names = _numbers_in_names(paper)
    found = (one for passage in paper.passages for one in _statements(passage, names))
    return tuple(itertools.islice(found, MOST))


def by_sentence(statements: Sequence[Statement]) -> Iterator[list[Statement]]:
    """Statements of one sentence together."""
    group: list[Statement] = []
    for one in statements:
        if group and (one.passage is not group[0].passage or one.sentence != group[0].sentence):
            yield group
            group = []
        group.append(one)
    if group:
        yield group


def _statements(passage: Passage, names: frozenset[str]) -> Iterator[Statement]:
    held: list[tuple[Written, Role, tuple[int, int]]] = []
    for written in numbers_in(passage.text):
        role = role_of(passage.text, written)
        if role in HELD:
            start, end = passage.sentence_at(written.number.start)
            chosen = role == "value" and _SETUP.search(passage.section) and not _FOUND.search(passage.text[start:end])
            if _named(passage.text, written, names) or chosen:
                role = "setting"
            held.append((written, role, passage.sentence_at(written.number.start)))
    around = frozenset(words(f"{passage.section}. {passage.lead} {passage.text} {passage.caption and 'caption'}"))
    for written, role, (start, end) in held:
        sentence = passage.text[start:end]
        shared = sum(1 for _, other, span in held if span == (start, end) and other != "setting") > 1
        cues = cues_of(sentence, written.number.start - start, written.end - start)
        close = frozenset(words(_phrase(passage.text, written, start, end)))
        told = Told(frozenset(words(sentence)), close, around, cues, written.times, shared)
        yield Statement(passage, written, role, told, (start, end))


def _phrase(text: str, written: Written, start: int, end: int) -> str:
    """What a number is given for in so many words: "72% for subtraction", "enwik8 (0.9488)"; "" where it is not."""
    before, after = text[start : written.number.start], text[written.end : end]
    if listed := _listed(before, text[written.number.start : written.end], after):
        return listed
    if re.search(r"\[\s*$", before) and re.match(r"\s*[,;–]\s*[−–-]?[\d.]+\s*%?\]", after):
        return "low lower interval"
    if re.search(r"\[[−–\d.%\s-]+[,;–]\s*$", before) and re.match(r"\s*\]", after):
        return "high upper interval"
    if equals := _CALLED.search(before):
        return equals[1]
    if re.match(r"\s*(?:steps|epochs|points?|seconds|s|ms)?\s*(?:for|on|in|with|using|from|at|by)\b", after):
        return re.split(r"[,;)(]|\d(?:\.\d+)?\s?%?\s|\.\s", after)[0][:80]
    if re.search(r"\(\s*$", before):
        return re.split(r"[,;:(]|\band\b|\d\)", before[: before.rindex("(")])[-1][-80:]
    if owner := re.search(r"\b([\w-]+(?:\s[\w-]+)?)[’']s\s(?:\w+\s(?:of\s)?)?$", before):
        return owner[1]
    return ""


_CALLED = re.compile(r"([A-Za-z][\w\s-]{0,28})\s*[=:]\s*[<>]?\s*$")
_ONE = r"[−–-]?\d+(?:,\d{3})*(?:\.\d+)?\s?%?"
_RUN = re.compile(rf"(?:{_ONE}\s*(?:,\s*and\s|,\s*|\s+and\s+))+{_ONE}")


def _listed(before: str, number: str, after: str) -> str:
    """The name that goes with a number of "1.49, 0.95, and 0.91 for A, B, and C"."""
    whole, at = before + number + after, len(before)
    for run in _RUN.finditer(whole):
        if not run.start() <= at < run.end():
            continue
        numbers = [match.start() + run.start() for match in re.finditer(_ONE, run.group())]
        names = re.match(r"\s*(?:\w+\s)?(?:for|on|in|with|using|at)\s+(?:the\s)?([^.;()]+)", whole[run.end() :])
        if names is None or len(numbers) < 2:
            return ""
        # The list ends with what follows its "and".
        ended = re.match(r"(.*?(?:,\s*and\s|\sand\s)[^,]*)", names[1])
        items = [
            item.strip() for item in re.split(r",\s*and\s|,|\sand\s", ended[1] if ended else names[1]) if item.strip()
        ]
        place = max(i for i, start in enumerate(numbers) if start <= at)
        return items[place] if len(items) == len(numbers) else ""
    return ""


def _numbers_in_names(paper: Paper) -> frozenset[str]:
    """Numbers that are part of what a table calls a row, a column or itself: "Combined (15%)", "Steps to 99% accuracy".

    One that is no percentage goes with the word before or behind it: "ratio 40", "10 components".
    """
    names: set[str] = set()
    for table in paper.data_tables:
        labels = {label for entry in entries_of(table) for label in (*entry.rows, *entry.columns)}
        for label in labels:
            names.update(_percentages(label))
            names.update(tied for written in numbers_in(label) for tied in _tied(label, written))
        names.update(_percentages(table.caption))
    return frozenset(names)


def _tied(text: str, written: Written) -> Iterator[str]:
    """A number with the word before it, and with the one behind it."""
    number = written.number
    if number.percent or number.spread is not None:
        return
    if before := re.search(r"([A-Za-z]{3,})\s$", text[: number.start]):
        yield f"{before[1].casefold()} {number.text}"
    if after := re.match(r"\s([A-Za-z]{3,})", text[number.start + len(number.text) :]):
        yield f"{number.text} {after[1].casefold()}"


def _percentages(text: str) -> list[str]:
    return [token.replace(" ", "") for token in re.findall(r"\d+(?:\.\d+)?\s?%", text)]


def _named(text: str, written: Written, names: frozenset[str]) -> bool:
    number = written.number
    if any(tied in names for tied in _tied(text, written)):
        return True
    if not number.percent or f"{number.text}%" not in names:
        return False
    after = text[written.end : written.end + 24]
    return not re.match(
        r"\s*(?:\w+\s)?(?:reduction|improvement|increase|decrease|gain|faster|slower|better|higher|lower)", after
    )
