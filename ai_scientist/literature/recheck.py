"""Check the records of the shelf again, against the registries of their numbers and, for those without one, by title."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal

from ai_scientist.literature.base import Found, LiteratureSource
from ai_scientist.literature.check import Check, metadata
from ai_scientist.literature.identity import plain
from ai_scientist.records import Record, Reference

Outcome = Literal["agrees", "differs", "not found", "could not be reached"]
LATER = 3
"""Years by which a work may appear after its first version on arXiv."""


class Checked(Record):
    """What became of one record."""

    key: str
    outcome: Outcome
    why: str
    record: str
    """The record as it was checked, so that one that was changed is checked again."""


def recheck(
    references: Sequence[Reference],
    crossref: LiteratureSource,
    arxiv: LiteratureSource,
    others: Sequence[LiteratureSource],
    log: Path | None = None,
) -> Iterator[Checked]:
    """Each record's outcome, in order, as soon as it is known.

    `others`: asked by title for a record without a number. `log`: a file that each outcome is appended to; a record that it says
    agrees, and that has not changed since, is not asked for again.
    """
    done = agreed(log)
    for reference in references:
        stamp = fingerprint(reference)
        kept = done.get((reference.key, stamp))
        if kept is None:
            outcome, why = judge(reference, answers(reference, crossref, arxiv, others))
            kept = Checked(key=reference.key, outcome=outcome, why=why, record=stamp)
            if log is not None:
                with log.open("a", encoding="utf-8") as file:
                    file.write(kept.model_dump_json() + "\n")
        yield kept


def answers(
    reference: Reference, crossref: LiteratureSource, arxiv: LiteratureSource, others: Sequence[LiteratureSource]
) -> Iterator[tuple[str, Found]]:
    """What those say who know the record by its numbers, or else by its title; named with how they were asked."""
    if reference.doi:
        yield f"{crossref.name} by DOI", crossref.lookup(doi=reference.doi)
    if reference.arxiv:
        yield f"{arxiv.name} by number", arxiv.lookup(arxiv=reference.arxiv)
    if not reference.doi and not reference.arxiv:
        for source in others:
            found = source.lookup(title=reference.title)
            yield f"{source.name} by title", found
            if found.references:
                return


def judge(reference: Reference, answered: Iterator[tuple[str, Found]]) -> tuple[Outcome, str]:
    """A difference outweighs an outage, and an outage an agreement."""
    agree, differ, absent, silent = list[str](), list[str](), list[str](), list[str]()
    for name, answer in answered:
        if answer.verdict == "UNKNOWN":
            silent.append(f"{name}: {answer.why}")
        elif not answer.references:
            absent.append(f"{name}: no record")
        else:
            told = compared(reference, answer.references[0])
            (differ if told.verdict == "FAIL" else agree).append(f"{name}: {told.why}")
    by_title = not reference.doi and not reference.arxiv
    if differ:
        return "differs", "; ".join(differ)
    if agree and (by_title or not silent + absent):  # one who knows the title is enough, but every number has to hold
        return "agrees", "; ".join(agree)
    if absent and not silent:
        return "not found", "; ".join(absent)
    return "could not be reached", "; ".join((*silent, *absent)) or "nobody was asked"


def compared(reference: Reference, record: Reference) -> Check:
    """Title, authors, year and numbers. A registry may leave out a subtitle, and arXiv has the year of the first version."""
    changes: dict[str, object] = {}
    if record.source == "crossref" and plain(record.title) == plain(reference.title.partition(":")[0]):
        changes["title"] = reference.title
    preprint = reference.venue == "arXiv preprint"
    if record.source in ("arxiv", "semantic_scholar") and not preprint and 0 <= reference.year - record.year <= LATER:
        changes["year"] = reference.year
    return metadata(reference, record.model_copy(update=changes))


def agreed(log: Path | None) -> dict[tuple[str, str], Checked]:
    """The records that a log says agree. A line that cannot be read, a torn last one for instance, counts for nothing."""
    done: dict[tuple[str, str], Checked] = {}
    if log is None or not log.exists():
        return done
    for line in log.read_text(encoding="utf-8").splitlines():
        try:
            kept = Checked.model_validate_json(line)
        except ValueError:
            continue
        if kept.outcome == "agrees":
            done[kept.key, kept.record] = kept
    return done


def fingerprint(reference: Reference) -> str:
    """The fields that are compared, as one text."""
    fields = (reference.title, *reference.authors, str(reference.year), reference.doi, reference.arxiv)
    return json.dumps(fields, ensure_ascii=False)
