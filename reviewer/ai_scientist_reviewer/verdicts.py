"""Each number of a paper held against the authors' result files: matched, derived, unexplained or contradicted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict

from ai_scientist_reviewer import alignment
from ai_scientist_reviewer.document import Number
from ai_scientist_reviewer.facts import Fact, Sheet, sheet_of_table, sheets_of_results
from ai_scientist_reviewer.arithmetic import within
from ai_scientist_reviewer.cues import Cues, cues_of
from ai_scientist_reviewer.holding import CHANCE, Found, Told, expected, hold, states
from ai_scientist_reviewer.labels import words
from ai_scientist_reviewer.numbers import Role
from ai_scientist_reviewer.results import Results
from ai_scientist_reviewer.statements import Statement, by_sentence, statements_of
from ai_scientist_reviewer.tables import Entry, entries_of

if TYPE_CHECKING:
    from ai_scientist_reviewer.paper import Paper

Word = Literal["matched", "derived", "unexplained", "contradicted"]
_WITNESSES = 3
"""Cells of a row and column that must follow a pattern before a cell is said to break it."""
_HALF = 0.35
"""A number found with at most this chance may be confirmed by one beside it."""
_RATE = 0.75
"""Share of a table's cells that must follow it."""


class Verdict(BaseModel):
    """What the result files say of one number of the paper."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: str
    """The number as written, with its ± and %."""
    verdict: Word
    part: Literal["table", "abstract", "text", "caption"]
    where: str
    """The table's row and column, or the section."""
    role: Role
    """`value` for a finding; settings and counts are held against the files too, but nobody is blamed for not filing them."""
    quote: str
    page: int | None = None
    box: tuple[float, float, float, float] | None = None
    file: str = ""
    line: int | None = None
    evidence: tuple[str, ...] = ()
    """Files and places with what stands there, as "run_2/final_info.json: circle / means / kl_divergence = 0.347165"."""
    how: str = ""
    """What was computed from the evidence, "" for a value as it stands."""
    expected: float | None = None
    """Of a contradicted number: what the files say."""
    chance: float | None = None
    """How likely a wrong number of the same form would have been found among the values that were looked at."""
    against: bool = False
    """The place of the evidence is not the one that the words name."""


class Compared(BaseModel):
    """All numbers of a paper beside its result files."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    numbers: tuple[Verdict, ...]
    values: int
    """Numbers in the result files."""
    unread: dict[str, str] = {}

    @property
    def counts(self) -> Counter[Word]:
        return Counter(one.verdict for one in self.numbers)


def compare(paper: Paper, results: Results) -> Compared:
    """Every number of the paper's tables and prose with what the result files say of it, in the paper's order."""
    sheets = list(sheets_of_results(results.values))
    tables: list[Verdict] = []
    trusted: list[Sheet] = []
    aliases: set[tuple[str, str]] = set()
    aligned = [(table, entries_of(table)) for table in paper.data_tables]
    patterns = [alignment.align(entries, sheets) if entries else None for _, entries in aligned]
    for pattern in patterns:
        aliases.update(pattern.aliases if pattern else ())
    sheets = [replace(sheet, also=(*sheet.also, *sorted(aliases))) for sheet in sheets]
    for (table, entries), pattern in zip(aligned, patterns, strict=True):
        found = [_of_cell(entry, pattern.cells.get(i) if pattern else None, sheets) for i, entry in enumerate(entries)]
        tables += [verdict for verdicts in found for verdict in verdicts]
        known = [entry for entry, verdicts in zip(entries, found, strict=True) if verdicts[0].verdict in ("matched", "derived")]
        if known:
            trusted.append(sheet_of_table(table, known))
    prose: list[Verdict] = []
    before: list[Statement] = []
    for sentence in by_sentence(statements_of(paper)):
        before = before if before and before[0].passage is sentence[0].passage else []
        prose += _of_sentence(paper, sentence, before, sheets, trusted)
        before = sentence
    order = {"abstract": 0, "text": 1, "caption": 1, "table": 2}
    both = sorted([*prose, *tables], key=lambda one: (one.page or 0, order[one.part]))
    return Compared(numbers=tuple(both), values=len(results.values), unread=dict(results.unread))


def _of_cell(entry: Entry, aligned: alignment.Aligned | None, sheets: Sequence[Sheet]) -> list[Verdict]:
    """The verdict on a cell, and one on what follows its ±."""
    told = Told(_words(*entry.rows, *entry.columns), around=_words(entry.table.caption), cues=_cues_of_labels(entry))
    number = replace(entry.number, percent=entry.percent)
    place = {
        "part": "table", "where": entry.place, "role": "value", "quote": entry.cell.text, "page": entry.table.page,
        "box": entry.cell.box or entry.table.box, "file": entry.table.file, "line": entry.cell.line,
    }  # fmt: skip
    main: Fact | None = None
    if aligned is not None and aligned.fits:
        main = aligned.fits[0]
        word: Word = "derived" if main.how else "matched"
        first = Verdict(text=written(number), verdict=word, evidence=(_said(main),), how=main.how, chance=None, **place)
    else:
        found = hold(number, told, sheets)
        strong = aligned is not None and aligned.witnesses >= _WITNESSES and aligned.rate >= _RATE
        if strong and aligned is not None and not (found.facts and found.verdict != "unexplained" and _near(found.facts, aligned.facts)):
            main = aligned.facts[0]
            first = Verdict(
                text=written(number), verdict="contradicted", evidence=(_said(main),), expected=main.value, how=main.how, **place
            )
        else:
            main = found.facts[0] if found.verdict != "unexplained" else None
            first = _verdict(written(number), found, place)
            if strong and aligned is not None and found.verdict != "unexplained":
                first = first.model_copy(update={"against": True})
    if number.spread is None:
        return [first]
    return [first, _of_spread(number, main, told, sheets, place)]


def _near(facts: Sequence[Fact], wanted: Sequence[Fact]) -> bool:
    """Whether a fact stands where one that was expected does, but for one name."""
    return any(
        len(fact.at) == len(other.at) and sum(a != b for a, b in zip(fact.at, other.at, strict=True)) <= 1
        for fact in facts
        for other in wanted
    )


def _of_spread(number: Number, main: Fact | None, told: Told, sheets: Sequence[Sheet], place: dict) -> Verdict:
    """The verdict on what follows a number's ±, by the files' own errors or the runs behind the fact that the number states."""
    assert number.spread is not None
    spread = Number(f"±{number.spread:.{max(0, number.decimals)}f}", number.spread, number.decimals, number.start, number.percent)
    about = Told(told.here | {"sd", "stderr"}, around=told.around, cues=told.cues._replace(spread=True))
    if main is None:
        return _verdict(spread.text, hold(spread, about, sheets), place)
    stated = spreads_of(main, sheets)
    if fits := [fact for fact in stated if states(spread, about.cues, [fact])]:
        best = min(fits, key=lambda fact: len(fact.how))
        return Verdict(text=spread.text, verdict="derived" if best.how else "matched", evidence=(_said(best),), how=best.how, **place)
    if stated:
        near = min(stated, key=lambda fact: abs(fact.value - spread.value))
        return Verdict(
            text=spread.text, verdict="contradicted", evidence=tuple(map(_said, stated[:4])), expected=near.value, how=near.how, **place
        )
    return _verdict(spread.text, hold(spread, about, sheets), place)


def spreads_of(main: Fact, sheets: Sequence[Sheet]) -> list[Fact]:
    """The standard deviations and errors that the files give, or that follow from the single runs, of a mean's values.

    They are the facts whose place names what the mean's place names, in words, and nothing else of its kind.
    """
    wanted = frozenset(word for name in main.at for word in words(name)) - _MEAN
    found: list[Fact] = []
    for sheet in sheets:
        if sheet.source != "results":
            continue
        for fact in sheet.facts:
            own = frozenset(word for name in fact.at for word in words(name))
            if own & _SPREAD and wanted <= own and own - wanted <= _SPREAD | _MEAN | _PLAIN:
                found.append(fact)
        for fact in sheet.aggregates:
            if fact.kind == "spread" and sheet.repeats(fact.axis):
                own = frozenset(word for i, name in enumerate(fact.at) if i != fact.axis for word in words(name))
                if wanted - own <= _PLAIN and own - wanted <= _PLAIN | _MEAN:
                    found.append(fact)
    if main.kind == "mean" and main.axis >= 0:
        found += [fact for sheet in sheets for fact in sheet.aggregates if fact.at == main.at and fact.kind == "spread"]
    return found


_MEAN = frozenset(words("mean means average avg values"))
_SPREAD = frozenset(words("sd std stderr stderrs sem spread errors variance deviation standard"))
_PLAIN = frozenset(words("final info dict json raw runs all list values results over 2 3 means stderrs"))


def _of_sentence(
    paper: Paper,
    sentence: Sequence[Statement],
    before: Sequence[Statement],
    sheets: Sequence[Sheet],
    trusted: Sequence[Sheet],
) -> Iterator[Verdict]:
    """The verdicts on the numbers of a sentence; `before` are those of the sentence before it in the paragraph."""
    found = [_found(one, sheets, trusted) for one in sentence]
    found = [_with_neighbours(i, found) for i in range(len(found))]
    for i, (one, what) in enumerate(zip(sentence, found, strict=True)):
        spot = one.place(paper)
        place = {
            "part": one.passage.kind, "where": one.passage.caption or one.passage.section, "role": one.role, "quote": one.quote,
            "page": spot.page, "box": spot.box, "file": spot.file, "line": spot.line,
        }  # fmt: skip
        others = [other for j, other in enumerate(sentence) if j != i and found[j].verdict != "unexplained"]
        if what.verdict == "unexplained" and one.role != "setting" and (sums := within(one, others) or within(one, [*before, *others])):
            a, b, how = sums
            told = (f"“{a.text}” and “{b.text}” beside it",)
            yield Verdict(text=one.text, verdict="derived", evidence=told, how=how, **place)
            continue
        numbers = [other.number for other in sentence if other is not one]
        if what.verdict == "unexplained" and one.role == "value" and not one.told.cues.change and not one.written.times:
            if wrong := contradiction(one.number, one.told, sheets, numbers):
                yield Verdict(
                    text=one.text, verdict="contradicted", evidence=(_said(wrong),), expected=wrong.value, how=wrong.how, **place
                )
                continue
        yield _verdict(one.text, what, place)
        if one.number.spread is not None:
            yield _of_spread(one.number, what.facts[0] if what.facts else None, one.told, sheets, place)


def _found(one: Statement, sheets: Sequence[Sheet], trusted: Sequence[Sheet]) -> Found:
    if one.role == "setting":
        return Found("unexplained")
    first = hold(one.number, one.told, sheets)
    if first.verdict != "unexplained" or not trusted:
        return first
    second = hold(one.number, one.told, trusted)
    if second.verdict == "unexplained":
        return first if first.facts else second
    return replace(second, verdict="derived", how=f"{second.how or 'as stated'}, of cells that match the files")


def _with_neighbours(i: int, found: Sequence[Found]) -> Found:
    """A number that chance alone would have found, beside one of the sentence that comes from the same place but for a name."""
    one = found[i]
    if one.verdict != "unexplained" or len(one.facts) != 1 or one.chance > _HALF:
        return one
    for j, other in enumerate(found):
        if j != i and len(other.facts) == 1 and other.chance <= _HALF and _near(one.facts, other.facts) and one.facts != other.facts:
            both = one.chance * other.chance
            if both <= CHANCE:
                return replace(one, verdict="derived" if one.how else "matched", chance=both)
    return one


def contradiction(number: Number, told: Told, sheets: Sequence[Sheet], others: Sequence[Number]) -> Fact | None:
    """The value that the words single out and that the number is not; None where they single out none, or another's."""
    for sheet in sheets:
        facts = expected(told, sheet)
        if not 0 < len({fact.at for fact in facts}) <= 4:
            continue
        # What another number of the passage states is not what this one is about.
        free = [fact for fact in facts if not any(states(other, told.cues, [fact]) for other in others)]
        close = [fact for fact in free if _comparable(number, fact)]
        if close and len(free) == len(close):
            return min(close, key=lambda fact: abs(fact.value - number.value))
    return None


def _comparable(number: Number, fact: Fact) -> bool:
    """Of the same sign and size, as a number with a wrong digit or of another run would be."""
    value = fact.value * (100 if number.percent and not fact.percent and abs(fact.value) <= 1 else 1)
    return number.value * value > 0 and 0.5 <= number.value / value <= 2 and (number.decimals > 0) == (abs(value) < 1000 or number.decimals > 0)


def _words(*texts: str) -> frozenset[str]:
    return frozenset(word for text in texts for word in words(text))


def _cues_of_labels(entry: Entry) -> Cues:
    labels = " ".join((*entry.rows, *entry.columns))
    return cues_of(f"{labels} ", len(labels), len(labels) + 1)._replace(about=False)


def written(number: Number) -> str:
    spread = f" ± {number.spread:g}" if number.spread is not None else ""
    return f"{number.text}{spread}{'%' if number.percent else ''}"


def _said(fact: Fact) -> str:
    return f"{fact.where} = {fact.value:.6g}" if not fact.how else f"{fact.where}: {fact.how} = {fact.value:.6g}"


def _verdict(text: str, found: Found, place: dict) -> Verdict:
    if found.verdict == "unexplained":
        return Verdict(text=text, verdict="unexplained", chance=found.chance if found.facts else None, **place)
    return Verdict(
        text=text,
        verdict=found.verdict,
        evidence=tuple(map(_said, found.facts)),
        how=found.how,
        chance=found.chance,
        against=found.against,
        **place,
    )
