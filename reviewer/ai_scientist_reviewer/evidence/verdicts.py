"""Each number of a paper held against the authors' result files: matched, derived, unexplained or contradicted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from ai_scientist_reviewer.evidence.alignment import align
from ai_scientist_reviewer.evidence.cells import of_cell
from ai_scientist_reviewer.evidence.facts import Fact, Sheet, sheet_of_table, sheets_of_results
from ai_scientist_reviewer.evidence.prose import Files, Trusted, of_sentence
from ai_scientist_reviewer.evidence.records import Compared, Verdict
from ai_scientist_reviewer.evidence.statements import Statement, by_sentence, statements_of
from ai_scientist_reviewer.results import Results
from ai_scientist_reviewer.tables import entries_of

if TYPE_CHECKING:
    from ai_scientist_reviewer.paper import Paper

_ORDER = {"abstract": 0, "text": 1, "caption": 1, "table": 2}


def compare(paper: Paper, results: Results) -> Compared:
    """Every number of the paper's tables and prose with what the result files say of it, in the paper's order.

    Tables come first: from where most cells of a row and column come follows where each must come from, and what the table calls the
    runs, data sets and metrics of the files. The prose is then held against cells that the files bear out, and against the files.
    """
    sheets = sheets_of_results(results.values)
    tables = [(table, entries_of(table)) for table in paper.data_tables]
    patterns = [align(entries, sheets) for _, entries in tables]
    aliases = sorted({alias for pattern in patterns if pattern is not None for alias in pattern.aliases})
    sheets = [replace(sheet, also=(*sheet.also, *aliases)) for sheet in sheets]
    numbers: list[Verdict] = []
    trusted: list[Sheet] = []
    origins: dict[int, Fact | None] = {}
    for (table, entries), pattern in zip(tables, patterns, strict=True):
        judged = [of_cell(entry, pattern.cells.get(i) if pattern else None, sheets) for i, entry in enumerate(entries)]
        numbers += [verdict for one in judged for verdict in one.verdicts]
        borne = [i for i, one in enumerate(judged) if one.holds]
        sheet = sheet_of_table(table, [entries[i] for i in borne])
        origins.update({id(fact): judged[i].fact for fact, i in zip(sheet.facts, borne, strict=True)})
        trusted += [sheet] if borne else []
    numbers += _of_prose(paper, Files(sheets, Trusted(trusted, origins)))
    numbers.sort(key=lambda one: (one.page or 0, _ORDER[one.part]))
    return Compared(numbers=tuple(numbers), values=len(results.values), unread=dict(results.unread))


def _of_prose(paper: Paper, files: Files) -> list[Verdict]:
    found: list[Verdict] = []
    before: Sequence[Statement] = ()
    for sentence in by_sentence(statements_of(paper)):
        if before and before[0].passage is not sentence[0].passage:
            before = ()
        found += of_sentence(paper, sentence, before, files)
        before = sentence
    return found
