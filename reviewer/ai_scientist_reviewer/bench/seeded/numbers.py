"""Numbers that do not agree: with the paper's tables, with its result files, with each other."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator
from random import Random

from ai_scientist_reviewer.bench.seeded.base import (
    RESULTS,
    Edit,
    Seeded,
    inserted,
    mutator,
    paragraph_ends,
    shuffled,
    twin,
)
from ai_scientist_reviewer.bench.seeded.latex import Document, Number, Span
from ai_scientist_reviewer.bench.seeded.project import Project
from ai_scientist_reviewer.bench.seeded.table_facts import Fact, facts

_TABLE_NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")


def cell_numbers(document: Document) -> dict[str, list[Span]]:
    """Each number of the tables' cells as it stands, with its places."""
    found: dict[str, list[Span]] = {}
    for table in document.tables:
        for cell in table.cells:
            for match in _TABLE_NUMBER.finditer(document.text, cell.span.start, cell.span.end):
                found.setdefault(match[0], []).append(Span(match.start(), match.end()))
    return found


def altered(text: str, random: Random, taken: Iterable[float]) -> str:
    """The number with two digits exchanged or one replaced, as a slip of the pen would: off by a percent or more, by a
    factor of four at most, and further than two units of its last digit from every number that is taken. "": there is none."""
    value, decimals = float(text.replace(",", "")), len(text.partition(".")[2])
    near = 2.5 * 10.0**-decimals
    places = [i for i, char in enumerate(text) if char.isdigit()]
    tries: list[str] = []
    for i, j in itertools.pairwise(places):
        swapped = list(text)
        swapped[i], swapped[j] = text[j], text[i]
        tries.append("".join(swapped))
    tries += [text[:i] + digit + text[i + 1 :] for i in places for digit in "0123456789"]
    others = tuple(taken)
    for candidate in shuffled(dict.fromkeys(tries), random):
        new = float(candidate.replace(",", ""))
        led = candidate.startswith("0.") or not candidate.startswith("0")
        likely = abs(new - value) >= max(near, 0.01 * value) and value / 4 <= new <= value * 4
        if led and likely and all(abs(new - one) > near for one in others):
            return candidate
    return ""


def _taken(document: Document) -> list[float]:
    printed = document.numbers(Span(document.body.start, document.body.end))
    return [float(text.replace(",", "")) for text in cell_numbers(document)] + [number.value for number in printed]


def _telling(text: str) -> bool:
    """Whether a number is particular enough to be known again: decimals, or three digits."""
    return ("." in text and len(text.replace(".", "").lstrip("0")) >= 2) or len(text.replace(",", "").lstrip("0")) >= 3


def sentence_of(fact: Fact, random: Random) -> str:
    """A true sentence on a fact, numbers included."""
    a, b = fact.texts
    way = "lower" if float(a.replace(",", "")) < float(b.replace(",", "")) else "higher"
    where = f" in Table~\\ref{{{fact.table.label}}}" if fact.table.label else ""
    what = _name(fact.column) or "value"
    return random.choice((
        f"The {what} is {way} for {_name(fact.first_row)} ({a}) than for {_name(fact.second_row)} ({b}){where}.",
        f"With {a}, {_name(fact.first_row)} has a {way} {what} than {_name(fact.second_row)} with {b}{where}.",
    ))  # fmt: skip


def _name(text: str) -> str:
    return re.sub(r"([%&#_$])", r"\\\1", text).replace("±", "$\\pm$")


def told(project: Project, fact: Fact, random: Random) -> tuple[Project, Span, str] | None:
    """The project with a true sentence on the fact among its results, and where the sentence stands."""
    ends = paragraph_ends(project.document, *RESULTS)
    if not ends:
        return None
    sentence = sentence_of(fact, random)
    clean, start = inserted(project, random.choice(ends), sentence)
    return clean, Span(start, start + len(sentence)), sentence


@mutator("number-not-in-table", "number in its text that a table holds, and no table to tell of")
def number_in_text(project: Project, random: Random) -> Iterator[Seeded]:
    """A number of the text that stood in a table is misread. Then, in a sentence that was added and was true."""
    document = project.document
    cells, taken = cell_numbers(document), _taken(document)
    stated = [
        number
        for sentence in document.sentences
        for number in document.numbers(sentence)
        if number.text in cells and _telling(number.text) and not number.percent
    ]
    for number in shuffled(stated, random):
        yield from _misread(
            project, number.text, Span(number.start, number.end), taken, random, "the paper's own sentence"
        )
    for fact in facts(document, random):
        made = told(project, fact, random)
        if made is None or not all(map(_telling, fact.texts)):
            continue
        clean, span, _ = made
        at = clean.text.find(fact.texts[0], span.start)
        spot = Span(at, at + len(fact.texts[0]))
        yield from _misread(clean, fact.texts[0], spot, taken, random, "an added sentence")


def _misread(
    clean: Project, text: str, spot: Span, taken: Iterable[float], random: Random, variant: str
) -> Iterator[Seeded]:
    if new := altered(text, random, taken):
        changed = f"{text}, as a table has it, became {new}."
        yield twin("number-not-in-table", clean, [Edit(*spot, new)], changed, variant=variant)


@mutator("number-not-in-results", "number in a table that its result files hold")
def number_in_table(project: Project, random: Random) -> Iterator[Seeded]:
    """A number of a table and its repetitions in the text are changed together, so that only the result files differ."""
    document = project.document
    grounded = [
        (text, spans)
        for text, spans in cell_numbers(document).items()
        if _telling(text) and len(spans) == 1 and any(_rounds_to(value, text) for value in project.values)
    ]
    taken = [*_taken(document), *project.values]
    for text, spans in shuffled(grounded, random):
        new = altered(text, random, taken)
        copies = [n for s in document.sentences for n in document.numbers(s) if n.text == text and not n.percent]
        if not new:
            continue
        edits = [Edit(*span, new) for span in spans] + [Edit(n.start, n.end, new) for n in copies]
        changed = f"{text}, as the result files have it, became {new} in the table and wherever the text repeats it."
        # A reader sees the number alone in a cell: what stands beside it is the row.
        yield twin("number-not-in-results", project, edits, changed, words=[new] * len(edits))


def _rounds_to(value: float, text: str) -> bool:
    decimals = len(text.partition(".")[2])
    return abs(value - float(text.replace(",", ""))) <= 0.5 * 10.0**-decimals + 1e-12


_CHANGING = re.compile(r"reduc|decreas|increas|improv|gain|drop|lower|higher|faster|slower|speed", re.I)


@mutator("percentage-off", "percentage that follows from two of its numbers, and no table to tell of")
def percentage(project: Project, random: Random) -> Iterator[Seeded]:
    """A percentage that followed from two numbers beside it is ten points off, or ten times too large."""
    document = project.document
    derived: list[Number] = []
    for sentence in document.sentences:
        numbers = document.numbers(sentence)
        shares = [n for n in numbers if n.percent]
        values = [n for n in numbers if not n.percent and n.value]
        if not _CHANGING.search(document.prose[sentence.start : sentence.end]):
            continue
        for share in shares:
            pairs = ((a, b) for i, a in enumerate(values) for b in values[i + 1 :])
            if any(_follows(share.value, share.decimals, a.value, b.value) for a, b in pairs):
                derived.append(share)
    for share in shuffled(derived, random):
        yield from _ten_off(project, share.text, Span(share.start, share.end), random, "the paper's own sentence")
    for fact in facts(document, random):
        ends = paragraph_ends(document, *RESULTS)
        a, b = fact.texts
        before, after = float(a.replace(",", "")), float(b.replace(",", ""))
        share = f"{abs(after - before) / before * 100:.1f}"
        if not ends or not 1.0 <= float(share) <= 80.0:
            continue
        way = "a reduction" if after < before else "an increase"
        what = _name(fact.column) or "value"
        lead = f"From {_name(fact.first_row)} to {_name(fact.second_row)} the {what} goes from {a} to {b}, {way} of "
        clean, start = inserted(project, random.choice(ends), f"{lead}{share}\\%.")
        spot = Span(start + len(lead), start + len(lead) + len(share))
        yield from _ten_off(clean, share, spot, random, "an added sentence")


def _follows(share: float, decimals: int, a: float, b: float) -> bool:
    slack = 0.5 * 10.0**-decimals + 1e-9
    return any(abs(abs(x - y) / x * 100 - share) <= slack for x, y in ((a, b), (b, a)))


def _ten_off(clean: Project, share: str, spot: Span, random: Random, variant: str) -> Iterator[Seeded]:
    value, decimals = float(share), len(share.partition(".")[2])
    how = random.choice(("points", "times")) if value < 10 else "points"
    new = f"{value * 10 if how == 'times' else value + (10 if value < 60 else -10):.{decimals}f}"
    changed = f"{share}%, which followed from two numbers beside it, became {new}%."
    yield twin("percentage-off", clean, [Edit(*spot, new)], changed, variant=variant)
