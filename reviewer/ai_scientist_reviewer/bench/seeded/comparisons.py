"""Comparisons that say the opposite of their numbers, and bold that is not on the best."""

from __future__ import annotations

import re
from collections.abc import Iterator
from random import Random

from ai_scientist_reviewer.bench.seeded.base import Edit, Seeded, Where, mutator, shuffled, twin
from ai_scientist_reviewer.bench.seeded.latex import Cell, Document, Span, Table
from ai_scientist_reviewer.bench.seeded.numbers import told
from ai_scientist_reviewer.bench.seeded.project import MAIN, Project
from ai_scientist_reviewer.bench.seeded.table_facts import columns, facts, groups, heading, lower_is_better, row_label

_UP = "higher larger greater above increases increased increase increasing rises rose exceeds grew".split()
_DOWN = "lower smaller smaller below decreases decreased decrease decreasing falls fell undercuts shrank".split()
OPPOSITE = {
    **dict(zip(_UP, _DOWN, strict=True)),
    **dict(zip(_DOWN, _UP, strict=True)),
    "smaller": "larger",
    "reduction": "increase",
    "reduces": "increases",
    "reduced": "increased",
    "reducing": "increasing",
    "drops": "rises",
    "dropped": "rose",
    "drop": "rise",
    "rise": "drop",
}
"""A word for a direction to the word for the other."""
UPWARD = frozenset(_UP) | {"rise"}
_WORD = re.compile(r"\b(" + "|".join(OPPOSITE) + r")\b", re.I)


def stated(document: Document) -> list[Span]:
    """The words of direction whose sentence has the two numbers that bear them out."""
    found: list[Span] = []
    for sentence in document.sentences:
        numbers = [n for n in document.numbers(sentence) if not n.percent]
        for match in _WORD.finditer(document.prose, *sentence):
            upward = match[0].casefold() in UPWARD
            than = re.compile(r"\bthan\b").search(document.prose, match.end(), sentence.end)
            if than and match[0].casefold() in ("higher", "lower", "larger", "smaller", "greater"):
                left = next((n for n in numbers if match.end() <= n.start < than.start()), None)
                right = next((n for n in numbers if n.start >= than.end()), None)
                if left and right and left.value != right.value and (left.value > right.value) == upward:
                    found.append(Span(*match.span()))
                continue
            span = re.compile(r"\bfrom\b[^.;]*?\bto\b").search(document.prose, sentence.start, sentence.end)
            if span is None:
                continue
            first = next((n for n in numbers if n.start > span.start()), None)
            second = next((n for n in numbers if first is not None and n.start > first.end), None)
            near = abs(match.start() - span.start()) < 90
            if first and second and near and first.value != second.value and (second.value > first.value) == upward:
                found.append(Span(*match.span()))
    return found


@mutator("comparison-flipped", "comparison with its two numbers, and no table to tell of")
def flipped(project: Project, random: Random) -> Iterator[Seeded]:
    """A word that said which of two numbers is larger says the opposite."""
    for span in shuffled(stated(project.document), random):
        yield _flipped(project, span, "the paper's own sentence")
    for fact in facts(project.document, random):
        made = told(project, fact, random)
        if made is None:
            return
        clean, sentence, _ = made
        match = re.compile(r"\b(?:higher|lower)\b").search(clean.text, sentence.start, sentence.end)
        if match:
            yield _flipped(clean, Span(*match.span()), "an added sentence")


def _flipped(clean: Project, span: Span, variant: str) -> Seeded:
    word = clean.text[span.start : span.end]
    new = OPPOSITE[word.casefold()]
    new = new.capitalize() if word[0].isupper() else new
    changed = f"'{word}' became '{new}'; the two numbers stayed."
    return twin("comparison-flipped", clean, [Edit(*span, new)], changed, variant=variant)


@mutator("wrong-bold", "table whose columns say which way is better, with rows to compare")
def bold(project: Project, random: Random) -> Iterator[Seeded]:
    """The best of each column is set in bold; in one column, another value is."""
    document = project.document
    for table in shuffled(document.tables, random):
        best = _best(table)
        for column, others in shuffled(best, random):
            clean = project.with_text(_bolded(document, table, [cell for cell, _ in best]))
            other = random.choice(others)
            wrong = [cell for cell, _ in best if cell is not column] + [other]
            mutated = project.with_text(_bolded(document, table, wrong))
            changed = (
                f"In column '{heading(table, column.column)}', {other.text} ({row_label(table, other.row)}) is bold and "
                f"{column.text}, which is best, is not."
            )
            places = tuple(Where(MAIN, document.line(cell.span.start), cell.text) for cell in (other, column))
            yield Seeded("wrong-bold", "", clean, mutated, changed, places)


def _best(table: Table) -> list[tuple[Cell, list[Cell]]]:
    """The best cell of each group in each column whose direction is known, with the worse ones; none where two are best."""
    found: list[tuple[Cell, list[Cell]]] = []
    for column in columns(table):
        lower = lower_is_better(table, column)
        if lower is None:
            continue
        for group in groups(table, column):
            if len(group) < 2:
                continue
            ordered = sorted(group, key=lambda cell: cell.number or 0.0, reverse=not lower)
            if ordered[0].number != ordered[1].number:
                found.append((ordered[0], [cell for cell in ordered if cell.number != ordered[0].number]))
    return found


def _bolded(document: Document, table: Table, cells: list[Cell]) -> str:
    """The text with these cells of the table in bold, and no others."""
    text = document.text
    for cell in sorted((c for c in table.cells if c.number is not None), key=lambda c: -c.span.start):
        source = text[cell.span.start : cell.span.end]
        bare = re.sub(r"\\textbf\{([^{}]*)\}|\\bfseries\s*|\\mathbf\{([^{}]*)\}", lambda m: m[1] or m[2] or "", source)
        new = re.sub(r"\d[\d,.]*", lambda m: f"\\textbf{{{m[0]}}}", bare, count=1) if cell in cells else bare
        if new != source:
            text = text[: cell.span.start] + new + text[cell.span.end :]
    return text
