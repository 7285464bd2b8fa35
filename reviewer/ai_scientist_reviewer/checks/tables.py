"""What a table says of itself: bold, bounds, sums, and what stands behind a ±."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from statistics import median

from ai_scientist_reviewer.checks.base import Subject, UncheckableError, rule
from ai_scientist_reviewer.checks.within import at_cell, in_passage
from ai_scientist_reviewer.document import Table
from ai_scientist_reviewer.evidence.metrics import CHANGES, Direction, direction_of, impossible, is_share
from ai_scientist_reviewer.findings import Finding
from ai_scientist_reviewer.numbers import numbers_in
from ai_scientist_reviewer.paper import Paper
from ai_scientist_reviewer.tables import Entry, entries_of


def _tables(paper: Paper) -> tuple[Table, ...]:
    if not paper.data_tables:
        raise UncheckableError("no table was recognised")
    return paper.data_tables


@rule("bold-not-best")
def bold_not_best(subject: Subject) -> Iterator[Finding]:
    """Bold values that are not the best of their column, or of their row.

    Which way is better is told by arrows, by "higher is better", or by the metric's name. Where none says so, only a bold value
    that is neither the highest nor the lowest is reported. Best of a group of rows counts too. In a row that is bold as a whole, a value is doubted where most others are the best.
    """
    for table in _tables(subject.paper):
        entries = entries_of(table)
        bold = [entry for entry in entries if entry.cell.bold]
        if not bold or len(bold) > 0.6 * len(entries):
            continue
        ways = _ways(entries)
        wrong = {way: [entry for entry in bold if _is_wrong(entry, groups)] for way, groups in ways.items()}
        # Bold marks the best of each column, or of each block of it, or of each row: whichever it fits best.
        way = min(ways, key=lambda way: (len(wrong[way]), list(ways).index(way)))
        if way == "row" and len(wrong["column"]) <= max(1, _MOST_WRONG * len(bold)):
            way = "column"
        if len(wrong[way]) > max(1, _MOST_WRONG * len(bold)):
            continue  # it marks something else than the best
        unsure = len(bold) <= 2 and not all(wrong.values())
        whole = _bold_rows(entries)
        for entry in wrong[way]:
            row = [other for other in bold if other.cell.row == entry.cell.row]
            lit = entry.cell.row in whole
            if lit and sum(other in wrong[way] for other in row) > _MOST_WRONG * len(row):
                continue  # the authors' own row, whatever it holds
            best, direction = _best(entry, ways[way])
            if best is None:
                told = f"{entry.cell.text} is bold and is neither the highest nor the lowest of its {way.split()[0]}"
                told += "; which way is better the table does not say."
                yield _finding(subject.paper, table, entry, "warn", told)
            else:
                told = f"{entry.cell.text} is bold; {direction} is better here, and {best.cell.text} ({_row(best)}) is better."
                yield _finding(subject.paper, table, entry, "warn" if unsure or lit else "error", told)


def _finding(paper: Paper, table: Table, entry: Entry, severity: str, told: str) -> Finding:
    fix = "Set the best value in bold, or say in the caption what bold marks."
    found = at_cell(paper, table, entry.cell, "bold-not-best", "warn", f"{entry.place}: {told}", fix)
    return found.model_copy(update={"severity": severity})


def _row(entry: Entry) -> str:
    return " / ".join(entry.rows) or f"row {entry.cell.row + 1}"


Groups = dict[tuple[int, int], list[Entry]]
"""For each cell, the values among which it may be the best."""
_MOST_WRONG = 0.34
"""Share of the bold values that may be wrong: where more are, bold means something else."""


def _ways(entries: Sequence[Entry]) -> dict[str, Groups]:
    """Among what bold may mark the best: a column, the rows of a column under one label, a row of one metric."""
    depth = max(len(entry.rows) for entry in entries)
    ways = {"column": _grouped(entries, lambda entry: (entry.cell.column,))}
    for level in range(depth if depth > 1 else 0):
        blocks = _grouped(entries, lambda entry, at=level: (entry.cell.column, *entry.rows[at : at + 1]))
        # Of two values either is an extreme: they tell something only where it is known which is better.
        if all(len(blocks[entry.cell.row, entry.cell.column]) > 2 or _direction(entry) for entry in entries):
            ways[f"block {level}"] = blocks
    one_metric = len({(_direction(entry), entry.unit) for entry in entries}) == 1
    if one_metric and len({entry.cell.column for entry in entries}) > 2:
        ways["row"] = _grouped(entries, lambda entry: (entry.cell.row,))
    return ways


def _grouped(entries: Sequence[Entry], key: Callable[[Entry], tuple[object, ...]]) -> Groups:
    lines: dict[tuple[object, ...], list[Entry]] = defaultdict(list)
    for entry in entries:
        lines[key(entry)].append(entry)
    return {(entry.cell.row, entry.cell.column): line for line in lines.values() for entry in line}


def _is_wrong(entry: Entry, groups: Groups) -> bool:
    group = groups[(entry.cell.row, entry.cell.column)]
    values = [other.number.value for other in group]
    direction = _direction(entry)
    high, low = entry.number.value >= max(values), entry.number.value <= min(values)
    return not (high or low if direction is None else high if direction == "higher" else low)


def _best(entry: Entry, groups: Groups) -> tuple[Entry | None, Direction | None]:
    direction = _direction(entry)
    if direction is None:
        return None, None
    choose = max if direction == "higher" else min
    return choose(groups[(entry.cell.row, entry.cell.column)], key=lambda other: other.number.value), direction


def _direction(entry: Entry) -> Direction | None:
    return direction_of([*reversed(entry.columns), *reversed(entry.rows), entry.table.caption])


def _bold_rows(entries: Sequence[Entry]) -> frozenset[int]:
    rows: dict[int, list[bool]] = defaultdict(list)
    for entry in entries:
        rows[entry.cell.row].append(entry.cell.bold)
    whole = {row for row, marks in rows.items() if len(marks) > 1 and all(marks)}
    return frozenset(whole) if len(whole) == 1 else frozenset()


@rule("impossible-value")
def impossible_values(subject: Subject) -> Iterator[Finding]:
    """Values that their metric cannot have: an accuracy over 100%, a negative variance, a probability over 1."""
    paper = subject.paper
    for table in paper.data_tables:
        entries = entries_of(table)
        for entry in entries:
            label = " ".join((*entry.columns, *entry.rows))
            if CHANGES.search(table.caption):
                label = f"{label} change"
            why = impossible(entry.number.value, percent=entry.percent, label=label) or _out_of_line(entry, entries)
            if why:
                told = f"{entry.place}: {entry.cell.text}, but {why}."
                yield at_cell(
                    paper, table, entry.cell, "impossible-value", "error", told, "Look the value up in the results."
                )
    for passage in paper.passages:
        for written in numbers_in(passage.text):
            number = written.number
            start, end = passage.sentence_at(number.start)
            near = passage.text[max(start, number.start - 40) : number.start]
            label = (
                re.split(r"[,;:()]|\d", near)[-1] + passage.text[written.end : min(end, written.end + 12)].split(",")[0]
            )
            direct = re.search(r"(?:of|is|was|at|to|=|reach\w*|achiev\w*|obtain\w*)\s*$", near) or number.percent
            why = impossible(number.value, percent=number.percent, label=label) if direct else ""
            if why:
                told = f"{passage.text[number.start : written.end].strip()}, but {why}."
                yield in_passage(
                    paper,
                    passage,
                    number.start,
                    written.end,
                    "impossible-value",
                    "error",
                    told,
                    "Look the value up in the results.",
                )


def _out_of_line(entry: Entry, entries: Sequence[Entry]) -> str:
    """A share over 1 among shares that are written as fractions."""
    label = " ".join(entry.columns) or " ".join(entry.rows)
    same = [other.number.value for other in entries if other.columns == entry.columns and other is not entry]
    fractions = len(same) >= 2 and all(0 <= value <= 1 for value in same)
    if is_share(label) and not entry.percent and fractions and entry.number.value > 1:
        return "the other values of its column are shares of 1"
    percentages = len(same) >= 2 and all(1 < value <= 100 for value in same) and median(same) > 5
    if is_share(label) and percentages and entry.number.value > 100:
        return "the other values of its column are percentages"
    return ""


_COUNTED = re.compile(
    r"\bn\s*=\s*\d+|\b(?:\d+|two|three|four|five|six|seven|eight|nine|ten|twenty|thirty|fifty|hundred)\s+(?:\w+[\s-]){0,3}"
    r"(?:seeds?|runs?|trials?|folds?|repetitions?|repeats?|replicates?|replications?|initiali[sz]ations?|experiments?|participants?|subjects?|samples)\b"
    r"|\b\d+-fold\b|\bseeds?\s+(?:\d+\s*(?:,|to|–|-)|\{)",
    re.IGNORECASE,
)
_MEANT = re.compile(
    r"standard (?:deviation|error)|\bstd\b|\bstd\.|\bs\.?d\.?\b|\bstderr|\bs\.?e\.?m\.?\b|confidence interval|\b9[059]\s?\\?%|credible"
    r"|bootstrap|interquartile|\bmin(?:imum)? and max|inter-?quartile",
    re.IGNORECASE,
)


@rule("spread-undefined")
def undefined_spreads(subject: Subject) -> Iterator[Finding]:
    """Values with ± of which the paper says neither over how many runs they go nor what follows the ±."""
    paper = subject.paper
    told = "\n".join(passage.text for passage in paper.passages)
    heads = "\n".join(cell.text for table in paper.data_tables for cell in table.cells if cell.row < table.headings)
    counted, meant = _COUNTED.search(told), _MEANT.search(f"{told}\n{heads}")
    if counted and meant:
        return
    missing = [what for what, known in (("over how many runs", counted), ("what follows the ±", meant)) if not known]
    message = f"± is used, and the paper does not say {' nor '.join(missing)}."
    fix = "Say it in the caption: mean and standard deviation over n runs with different seeds."
    for table in paper.data_tables:
        for entry in entries_of(table):
            if entry.number.spread is not None:
                yield at_cell(paper, table, entry.cell, "spread-undefined", "warn", message, fix)
                return
    for passage in paper.passages:
        for written in numbers_in(passage.text):
            if written.number.spread is not None:
                yield in_passage(
                    paper, passage, written.number.start, written.end, "spread-undefined", "warn", message, fix
                )
                return


_WHOLE = re.compile(
    r"\b(?:share|proportion|distribution|composition|breakdown|percentage) (?:of|by|per|across)\b|\bbreakdown\b|\bcomposition\b",
    re.IGNORECASE,
)


@rule("percentages-sum")
def percentages_sum(subject: Subject) -> Iterator[Finding]:
    """Percentages that make up a whole and do not add up to 100.

    Applied to tables that say that they divide something (shares of, breakdown, composition), by column or by row.
    """
    for table in _tables(subject.paper):
        entries = entries_of(table)
        heads = " ".join(cell.text for cell in table.cells if cell.row < table.headings)
        if not _WHOLE.search(f"{table.caption} {heads}"):
            continue
        for by_row in (False, True):
            lines: dict[int, list[Entry]] = defaultdict(list)
            for entry in entries:
                total = re.search(
                    r"\b(?:total|sum|all|overall)\b", " ".join((*entry.rows, *entry.columns)), re.IGNORECASE
                )
                if entry.percent and not total:
                    lines[entry.cell.row if by_row else entry.cell.column].append(entry)
            sums = {key: sum(entry.number.value for entry in line) for key, line in lines.items() if len(line) > 2}
            close = [key for key, value in sums.items() if abs(value - 100) <= _tolerance(lines[key])]
            if len(close) < max(1, 0.5 * len(sums)):
                continue  # it does not divide this way
            for key, value in sums.items():
                if key not in close and abs(value - 100) < 30:
                    told = f"The percentages of the {'row' if by_row else 'column'} add up to {value:g}, not to 100."
                    entry = lines[key][0]
                    fix = "Look for the value that was mistyped, or say what is left out."
                    yield at_cell(subject.paper, table, entry.cell, "percentages-sum", "warn", told, fix)


def _tolerance(line: Sequence[Entry]) -> float:
    return sum(entry.number.slack for entry in line) + 1e-9
