"""The prose's numbers beside the paper's own tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from ai_scientist_reviewer.evidence.arithmetic import within
from ai_scientist_reviewer.evidence.facts import Fact, Sheet, sheet_of_table
from ai_scientist_reviewer.evidence.holding import Found, Told, digits, hold, near_to, singled_out, states, taken
from ai_scientist_reviewer.evidence.statements import Statement, by_sentence, statements_of
from ai_scientist_reviewer.tables import entries_of

if TYPE_CHECKING:
    from ai_scientist_reviewer.document import Number
    from ai_scientist_reviewer.paper import Paper

_ROUGH = 0.08
"""Share by which a number that is said to be rough may differ from the cell."""
_FEWEST = 3
"""Values of a table that is held against."""


@dataclass(frozen=True)
class Mismatch:
    """A number of the prose that is not what the cell says to which its words point."""

    statement: Statement
    cell: Fact
    sure: bool
    """Its sentence names the cell's row and column, and the number looks like the cell's with a digit wrong or an older value."""
    what: Literal["value", "spread"] = "value"


@dataclass(frozen=True)
class Beside:
    """The statements of a paper, sentence by sentence, each with what the tables say of it."""

    sheets: tuple[Sheet, ...]
    sentences: tuple[tuple[tuple[Statement, Found], ...], ...]

    @classmethod
    def of(cls, paper: Paper) -> Beside:
        sheets = sheets_of(paper)
        sentences = [
            tuple((one, hold(one.number, one.told, sheets)) for one in sentence)
            for sentence in by_sentence(statements_of(paper))
        ]
        return cls(sheets, tuple(sentences))

    def mismatches(self) -> Iterator[Mismatch]:
        everywhere = [one for sentence in self.sentences for one, _ in sentence]
        for i, sentence in enumerate(self.sentences):
            before = (
                self.sentences[i - 1] if i and self.sentences[i - 1][0][0].passage is sentence[0][0].passage else ()
            )
            for one, found in sentence:
                if found.verdict == "matched" and (wrong := _other_spread(one, found, self.sheets)):
                    yield wrong
                if one.bound or self._stands(one, found):
                    continue
                others = [other for other, _ in sentence if other is not one]
                if within(one, others) or within(one, [*(other for other, _ in before), *others]):
                    continue
                wrong = self._mismatch(one, [(other.number, other.told) for other in others], everywhere)
                # "lower for Initial LR 1e-3 (607.77)": a setting's name may stand beside a value.
                if wrong is not None and (one.role != "setting" or wrong.sure):
                    yield wrong

    def _stands(self, one: Statement, found: Found) -> bool:
        """Whether some cell holds the number, or it follows from some."""
        return found.verdict != "unexplained" or any(
            states(one.number, one.told.cues, sheet.facts) for sheet in self.sheets
        )

    def _mismatch(
        self, one: Statement, others: Sequence[tuple[Number, Told]], everywhere: Sequence[Statement]
    ) -> Mismatch | None:
        if one.written.times or (one.number.percent and one.told.cues.change):
            return None
        about = one.told.cues.about
        for sheet in self.sheets:
            if one.called and not sheet.speaks_of(one.called):
                continue  # "p = 0.688" is none of its cells
            cells = singled_out(one.told, sheet)
            free = [fact for fact in cells.facts if not taken(fact, others, sheet)]
            misprints = [fact for fact in free if cells.whole and _misprint(one.number, fact)]
            close = [fact for fact in free if near_to(one.number, fact) or fact in misprints]
            if not close or len({fact.at for fact in free}) > 4:
                continue
            nearest = min(misprints or close, key=lambda fact: abs(fact.value - one.number.value))
            misprint = not about and _misprint(one.number, nearest)
            if about and abs(one.number.value / nearest.value - 1) < _ROUGH:
                continue
            repeated = sum(1 for other in everywhere if other.number.text == one.number.text and other is not one)
            if repeated > 1 or not (misprint or cells.whole):
                continue
            if digits(one.number) < 2 or (one.told.cues.change and not misprint):
                continue
            sure = cells.whole and misprint and len(free) == len(close)
            return Mismatch(one, nearest, sure)
        return None


def sheets_of(paper: Paper) -> tuple[Sheet, ...]:
    """The tables that prose may speak of: those with a caption, and with values enough."""
    return tuple(
        sheet_of_table(table, entries)
        for table in paper.data_tables
        if len(entries := entries_of(table)) >= _FEWEST and (table.number or table.caption)
    )


def _other_spread(one: Statement, found: Found, sheets: Sequence[Sheet]) -> Mismatch | None:
    """A number that is a cell's, with another ± than the cell's, or than that of the same value of the same name in another table."""
    spread, cell = one.number.spread, found.facts[0]
    if spread is None or found.how or found.against:
        return None
    told = [cell] if cell.spread is not None else [
        fact for sheet in sheets for fact in sheet.facts
        if fact.spread is not None and fact.value == cell.value and {*fact.at} & {*cell.at} - {""}
    ]  # fmt: skip

    def same(fact: Fact) -> bool:
        decimals = max(0, min(one.number.decimals, fact.decimals))
        return abs(spread - (fact.spread or 0.0)) <= 0.5 * 10.0**-decimals + 1e-9

    return None if not told or any(map(same, told)) else Mismatch(one, told[0], True, "spread")


def _misprint(number: Number, fact: Fact) -> bool:
    """Whether a number is a cell's value with a digit changed, lost, doubled or exchanged, or its point moved."""
    if number.value * fact.value <= 0:
        return False
    ratio = abs(number.value / fact.value)
    if any(abs(ratio / power - 1) < 1e-3 for power in (0.01, 0.1, 10.0, 100.0)):
        return True
    if number.decimals > fact.decimals:
        return False
    places, value = max(0, number.decimals), abs(fact.value)
    # A cell with more digits may have been rounded either way. One digit is no likeness: 0.461 without decimals is 0, and
    # 60 is 0 with a digit more.
    meant = {f"{value + shift:.{places}f}" for shift in (-fact.slack, 0.0, fact.slack)}
    return any(_one_off(f"{abs(number.value):.{places}f}", one) for one in meant if len(one.lstrip("0.")) > 1)


def _one_off(stated: str, meant: str) -> bool:
    if len(stated) == len(meant):
        differ = [i for i, (a, b) in enumerate(zip(stated, meant, strict=True)) if a != b]
        swapped = len(differ) == 2 and stated[differ[0]] == meant[differ[1]] and stated[differ[1]] == meant[differ[0]]
        return len(differ) == 1 or swapped
    long, short = sorted((stated, meant), key=len, reverse=True)
    return len(long) - len(short) == 1 and any(long[:i] + long[i + 1 :] == short for i in range(len(long)))
