"""Numbers of the text against the tables and against each other."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ai_scientist_reviewer.checks.base import Subject, UncheckableError, rule
from ai_scientist_reviewer.checks.places import unchecked
from ai_scientist_reviewer.checks.within import in_passage
from ai_scientist_reviewer.evidence.beside import Mismatch
from ai_scientist_reviewer.evidence.claims import claims_in, may_be_change, percentages_in, said_of
from ai_scientist_reviewer.evidence.holding import changes_along, fits, precision
from ai_scientist_reviewer.evidence.rankings import rankings_of
from ai_scientist_reviewer.evidence.statements import MOST, Statement
from ai_scientist_reviewer.evidence.superlatives import superlatives_of
from ai_scientist_reviewer.findings import Finding, Severity
from ai_scientist_reviewer.numbers import numbers_in

Sentences = Sequence[tuple[Sequence[Statement], Sequence[Statement]]]


def _sentences(subject: Subject) -> Sentences:
    """The numbers of each sentence, and those of the one before it in its paragraph."""
    sentences = [[one for one, _ in sentence] for sentence in subject.beside.sentences]
    if not sentences:
        raise UncheckableError("no numbers were found in the text")
    before = [[], *sentences]
    return [
        (sentence, prior if prior and prior[0].passage is sentence[0].passage else [])
        for sentence, prior in zip(sentences, before, strict=False)
    ]


def _at(subject: Subject, one: Statement, rule: str, severity: Severity, message: str, fix: str) -> Finding:
    return in_passage(subject.paper, one.passage, one.number.start, one.written.end, rule, severity, message, fix)


@rule("number-mismatch")
def mismatched_numbers(subject: Subject) -> Iterator[Finding]:
    """Numbers of the text that are not what the table says of the same metric, data set and method.

    A number that stands in some table, or follows from values of one row or column, is let be. Reported is one whose words name a row and a
    column and that differs from the cell; an error where it also looks like the cell's value with a digit changed.
    """
    if not subject.beside.sheets:
        raise UncheckableError("no table with a caption and three values or more was recognised")
    if sum(map(len, subject.beside.sentences)) >= MOST:
        yield unchecked(
            "number-mismatch", f"the paper has more than {MOST:,} numbers; those after them were not looked at"
        )
    for wrong in subject.beside.mismatches():
        yield _at(
            subject,
            wrong.statement,
            "number-mismatch",
            "error" if wrong.sure else "warn",
            _told(wrong),
            "Correct the text or the table.",
        )


def _told(wrong: Mismatch) -> str:
    cell = f"{wrong.cell.value:.{max(0, wrong.cell.decimals)}f}"
    if wrong.what == "spread":
        return f"The text says {wrong.statement.text}; {wrong.cell.where} says {cell} ± {wrong.cell.spread:g}."
    return f"The text says {wrong.statement.text}; {wrong.cell.where} says {cell}."


@rule("abstract-number")
def abstract_numbers(subject: Subject) -> Iterator[Finding]:
    """Numbers of the abstract that stand nowhere else in the paper and follow from no table."""
    passages = subject.paper.passages
    if not any(passage.kind == "abstract" for passage in passages):
        raise UncheckableError("no abstract was recognised")
    elsewhere = {
        (round(written.number.value, 12), written.number.percent)
        for passage in passages
        if passage.kind != "abstract"
        for written in numbers_in(passage.text)
    }
    for sentence in subject.beside.sentences:
        for one, found in sentence:
            known = {(round(one.number.value, 12), percent) for percent in (True, False)} & elsewhere
            cells = any(
                fits(one.number.value, fact.value, one.number.slack)
                for sheet in subject.beside.sheets
                for fact in sheet.facts
            )
            if (
                one.passage.kind != "abstract"
                or known
                or cells
                or found.verdict != "unexplained"
                or len(one.number.text) < 2
            ):
                continue
            message = f"{one.text} stands in the abstract and nowhere else, and follows from no table."
            severity: Severity = "warn" if one.role == "value" else "info"
            yield _at(
                subject, one, "abstract-number", severity, message, "Say in the body where the number comes from."
            )


@rule("percentage-change")
def wrong_percentages(subject: Subject) -> Iterator[Finding]:
    """Percentages of change that do not follow from the two numbers beside them, or are off by ten from what the tables give.

    Both numbers may be rounded. Where a sentence says "from A to B", or has no other numbers of their kind, the percentage must be the
    change between them, by either of them, or their difference in points.
    """
    for sentence, before in _sentences(subject):
        done: list[Statement] = []
        for change, a, b, outright in percentages_in(sentence, before):
            done.append(change)
            if any(_follows(change, value, wide) for value, wide in _changes(a, b)):
                continue
            value, _ = next(iter(_changes(a, b)))
            ten = _off_by_ten(change, value)
            message = f"From {a.text} to {b.text} the change is {value:.3g}%, not {change.text}{' (off by ten)' if ten else ''}."
            yield _at(
                subject,
                change,
                "percentage-change",
                "error" if outright or ten else "warn",
                message,
                "Compute it again from the two numbers.",
            )
        for change in sentence:
            if change not in done and change.role == "value" and may_be_change(change):
                yield from _against_tables(subject, change)


def _changes(a: Statement, b: Statement) -> Iterator[tuple[float, float]]:
    """The change between two numbers in percent by the first and by the second, and in points, each with its slack."""
    x, y = a.number.value, b.number.value
    for base, other, one, two in ((x, y, a, b), (y, x, b, a)):
        if base:
            yield (
                100 * abs(other - base) / abs(base),
                100 * (two.number.slack + one.number.slack * abs(other / base)) / abs(base),
            )
    if max(abs(x), abs(y)) <= 1:
        yield 100 * abs(y - x), 100 * (a.number.slack + b.number.slack)
    if min(abs(x), abs(y)):
        yield 100 * max(abs(x / y), abs(y / x)), 1.0  # "to 61% of it"
        yield 100 * min(abs(x / y), abs(y / x)), 1.0


def _follows(change: Statement, value: float, wide: float) -> bool:
    _, slack = precision(change.number, change.told.cues)
    # A percentage may be cut off as well as rounded.
    return fits(abs(change.number.value), value, 2 * slack + wide)


def _off_by_ten(change: Statement, value: float) -> bool:
    stated, slack = abs(change.number.value), 1.2 * change.number.slack
    return any(fits(stated, other, slack) for other in (value - 10, value + 10, value / 10, value * 10) if other > 0)


def _against_tables(subject: Subject, change: Statement) -> Iterator[Finding]:
    """A percentage that no change along a row or column gives, while one that differs from it by ten is among them."""
    found = {id(one): what for sentence in subject.beside.sentences for one, what in sentence}[id(change)]
    if found.verdict != "unexplained" or found.facts:
        return
    stands = [
        other for sentence in subject.beside.sentences for other, _ in sentence
        if other is not change and other.number.percent and other.number.value == change.number.value and other.passage.kind != "abstract"
    ]  # fmt: skip
    near = [
        (value, fact) for sheet in subject.beside.sheets for value, fact in changes_along(change.number, change.told, sheet)
        if _off_by_ten(change, value)
    ]  # fmt: skip
    values = {round(value, 6) for value, _ in near}
    if near and len(values) == 1:
        value, (a, b) = near[0]
        message = (
            f"{change.text}: the tables give {value:.3g}% ({a.where}: {a.value:g}; {b.where}: {b.value:g}); off by ten?"
        )
        yield _at(
            subject,
            change,
            "percentage-change",
            "warn" if stands else "error",
            message,
            "Compute it again from the table.",
        )


@rule("comparison-flipped")
def flipped_comparisons(subject: Subject) -> Iterator[Finding]:
    """Comparisons that say the opposite of their numbers: "reduced from 0.345 to 0.354", "higher (0.91) than (0.94)".

    Better and worse are read by the metric's name; where that does not say which way is better, they are let be.
    """
    for sentence, before in _sentences(subject):
        for claim in claims_in(sentence, before):
            if claim.refuted:
                means = f" ({claim.how})" if claim.how else ""
                message = f"“{claim.word}” is said of {claim.first.text} and {claim.second.text}, which go the other way{means}."
                yield _at(
                    subject,
                    claim.second,
                    "comparison-flipped",
                    "error" if claim.certain else "warn",
                    message,
                    "Correct the word or the numbers.",
                )
        for change, a, b, _ in percentages_in(sentence, before):
            said = said_of(change)
            rises = b.number.value > a.number.value
            if said is not None and a.number.value != b.number.value and rises != (said == "greater"):
                message = f"{change.text} is said to be a {'rise' if said == 'greater' else 'fall'}; from {a.text} to {b.text} it is the other way."
                yield _at(subject, change, "comparison-flipped", "error", message, "Correct the word or the numbers.")


@rule("ranking-unsupported")
def unsupported_rankings(subject: Subject) -> Iterator[Finding]:
    """Sentences that rank methods against what a table says of them: "A outperforms B" where every cell says otherwise.

    Applied where the sentence names two rows (or columns) of a table and what is measured, and which way is better is known. Where it
    speaks of all data sets and only some cells disagree, it is a warning; so are "B performed best for C" and "all of them outperform B".
    """
    if not subject.beside.sheets:
        raise UncheckableError("no table with a caption and three values or more was recognised")
    for passage in subject.paper.passages:
        if passage.kind == "caption":
            continue
        for start, end in passage.sentences:
            sheets = subject.beside.sheets
            pairwise = list(rankings_of(passage, start, end, sheets))
            for ranking in (*pairwise, *superlatives_of(passage, start, end, sheets)):
                if not ranking.against:
                    continue
                if ranking.support and not ranking.everywhere:
                    continue
                a, b = ranking.against[0]
                others = f" and {len(ranking.against) - 1} more pairs" if len(ranking.against) > 1 else ""
                message = f"“{ranking.word}”: {a.where} is {a.value:g}, {b.where} is {b.value:g}{others}; {ranking.better} is better here."
                denied = ranking in pairwise and not ranking.support and len(ranking.against) > 1
                severity: Severity = "error" if denied else "warn"
                yield in_passage(
                    subject.paper,
                    passage,
                    ranking.start,
                    ranking.end,
                    "ranking-unsupported",
                    severity,
                    message,
                    "Say what the table shows.",
                )


_COUNT = re.compile(
    r"\b(?P<part>\d{1,3}(?:,\d{3})+|\d{1,6})\s*(?:out of|of the|of|/)\s*(?P<whole>\d{1,3}(?:,\d{3})+|\d{1,6})\b(?P<between>[^.;%()\d]{0,40})\(\s*(?P<percent>\d{1,3}(?:\.\d+)?)\s?%"
)


@rule("percentage-count")
def percentages_of_counts(subject: Subject) -> Iterator[Finding]:
    """Percentages that do not follow from the counts beside them: "37 of 40 (85%)"."""
    for passage in subject.paper.passages:
        for match in _COUNT.finditer(passage.text):
            part, whole = (float(match[name].replace(",", "")) for name in ("part", "whole"))
            stated = match["percent"]
            unit = 10.0 ** -len(stated.partition(".")[2])
            if whole and part <= whole and abs(100 * part / whole - float(stated)) > unit:
                message = f"{match['part']} of {match['whole']} are {100 * part / whole:.3g}%, not {stated}%."
                yield in_passage(
                    subject.paper,
                    passage,
                    match.start(),
                    match.end(),
                    "percentage-count",
                    "error",
                    message,
                    "Count and compute again.",
                )


_CONTEXT = 4
"""Words on either side by which two sentences are taken to say the same."""


@rule("number-inconsistent")
def inconsistent_numbers(subject: Subject) -> Iterator[Finding]:
    """The same words with another number elsewhere in the paper."""
    places: dict[tuple[str, ...], list[Statement]] = {}
    for sentence, _ in _sentences(subject):
        for one in sentence:
            key = _context(one) if one.role == "value" else None
            if key is not None:
                places.setdefault(key, []).append(one)
    for found in places.values():
        values = {one.number.value for one in found}
        if len(found) < 3 or len(values) != 2 or len({one.number.decimals for one in found}) > 1:
            continue  # of two, nobody knows which is right, and both may be
        rare = min(values, key=lambda value: sum(one.number.value == value for one in found))
        if sum(one.number.value == rare for one in found) > 1:
            continue
        odd, usual = (
            next(one for one in found if one.number.value == rare),
            next(one for one in found if one.number.value != rare),
        )
        message = f"{odd.text} stands here; in the same words elsewhere it is {usual.text} (“{usual.quote[:80]}”)."
        yield _at(subject, odd, "number-inconsistent", "warn", message, "Make them agree.")


def _context(one: Statement) -> tuple[str, ...] | None:
    """The words around a number, others' numbers masked; None where there are too few to mean one thing."""
    text = one.passage.text
    before = re.findall(
        r"[A-Za-z][A-Za-z-]+|[#\d]", re.sub(r"\d[\d.,]*", "#", text[one.sentence[0] : one.number.start])
    )[-_CONTEXT:]
    after = re.findall(r"[A-Za-z][A-Za-z-]+|[#\d]", re.sub(r"\d[\d.,]*", "#", text[one.written.end : one.sentence[1]]))[
        :_CONTEXT
    ]
    words = [word.casefold() for word in (*before, "_", *after)]
    telling = [word for word in words if len(word) > 3]
    return tuple(words) if len(before) >= 3 and len(after) >= 2 and len(telling) >= 5 else None
