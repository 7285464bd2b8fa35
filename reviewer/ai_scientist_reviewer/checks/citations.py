"""Whether cited works exist and are what the entry says: by the entry's own words, and by sources that keep records."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Iterator

from ai_scientist_reviewer.checks.base import Subject, UncheckableError, rule
from ai_scientist_reviewer.checks.places import unchecked
from ai_scientist_reviewer.checks.works import Work, at_work, plain_name
from ai_scientist_reviewer.findings import Finding, Severity
from ai_scientist_reviewer.ports import Looked

_SAME_TITLE = 0.85
"""Similarity (0 to 1) from which on two titles are taken for one."""
_LATE = 3
"""Years by which a work may be printed after its preprint."""
_ORDINALS = {
    r"(\d{1,2})(?:st|nd|rd|th) international conference on machine learning": 1983,
    r"(\d{1,2})(?:st|nd|rd|th) international conference on learning representations": 2012,
    r"advances in neural information processing systems,? (?:vol(?:ume|\.)? )?(\d{1,2})\b": 1987,
}
"""Venues that count themselves, each with the year to add."""


@rule("citation-unknown")
def unknown_works(subject: Subject) -> Iterator[Finding]:
    """A cited work that does not seem to exist: a DOI or an arXiv number that was never given, a title that nobody knows.

    Asks the sources that are given (`--online`). One that does not answer, or is not complete for works of that kind, leaves
    the citation "could not be checked".
    """
    unknown = Counter[str]()
    for work, answer in _answers(subject):
        if answer.verdict == "unknown":
            unknown[answer.why] += 1
        elif answer.verdict == "absent":
            message = f"This work was not found: {answer.why}."
            fix = "Look it up. If it exists, correct the entry; if not, take it out with what rests on it."
            yield at_work(subject.paper, work, "citation-unknown", "error", message, fix)
    for why, count in unknown.items():
        yield unchecked("citation-unknown", f"whether {count} of the cited works exist: {why}")


@rule("citation-metadata")
def wrong_metadata(subject: Subject) -> Iterator[Finding]:
    """Title, authors or year of an entry that differ from a source's record of the work. Asks the sources that are given."""
    for work, answer in _answers(subject):
        if answer.verdict != "found":
            continue
        wrong = tuple(_differences(work, answer))
        if wrong:
            other = any(name == "title" for name, _ in wrong) and any(name == "author" for name, _ in wrong)
            told = "; ".join(words for _, words in wrong)
            message = (
                f"{answer.source} has another work under this number: {told}."
                if other
                else f"{answer.source} says otherwise: {told}."
            )
            severity: Severity = "error" if other else "warn"
            yield at_work(
                subject.paper, work, "citation-metadata", severity, message, "Correct the entry by the record."
            )


@rule("citation-retracted")
def retracted_works(subject: Subject) -> Iterator[Finding]:
    """A cited work that was retracted. Asks the sources that are given."""
    for work, answer in _answers(subject):
        if answer.verdict == "found" and answer.retracted:
            message = f"This work was retracted, says {answer.source}."
            fix = "Say so where it is cited, or do without it."
            yield at_work(subject.paper, work, "citation-retracted", "error", message, fix)


def _answers(subject: Subject) -> tuple[tuple[Work, Looked], ...]:
    if subject.records is None:
        raise UncheckableError("nobody was asked whether the cited works exist")
    if not subject.works:
        raise UncheckableError("no reference list was recognised")
    return subject.answers


def _differences(work: Work, answer: Looked) -> Iterator[tuple[str, str]]:
    cited = work.cited
    if cited.title and answer.title and not _same_title(cited.title, answer.title):
        yield "title", f"the title is “{answer.title}”"
    first, record = (plain_name(names[0]).casefold() if names else "" for names in (cited.authors, answer.authors))
    among = {plain_name(name).casefold() for name in answer.authors}
    if first and record and first not in among:
        yield "author", f"the first author is {answer.authors[0]}"
    elif first and record and first != record:
        yield "order", f"the first author is {answer.authors[0]}, not {cited.authors[0]}"
    else:
        strangers = [name for name in cited.authors if among and plain_name(name).casefold() not in among]
        if strangers and 2 * len(strangers) >= len(cited.authors):
            yield "author", f"{strangers[0]} is not among the authors"
    posted = f"20{cited.arxiv[:2]}" if cited.arxiv else ""
    if cited.year and answer.year and cited.year != posted and not _same_year(cited.year, answer):
        yield "year", f"the year is {answer.year}, not {cited.year}"


def _same_title(one: str, other: str) -> bool:
    left, right = (re.sub(r"[\W_]+", " ", title.casefold()).strip() for title in (one, other))
    short, long = sorted((left, right), key=len)
    return long.startswith(short) or difflib.SequenceMatcher(None, left, right).ratio() >= _SAME_TITLE


def _same_year(cited: str, answer: Looked) -> bool:
    """A preprint's year may be that of the print, and the other way round."""
    years = int(cited) - int(answer.year)
    return -1 <= years <= _LATE if "arxiv" in answer.source.casefold() else abs(years) <= 1


@rule("reference-date")
def contradicted_dates(subject: Subject) -> Iterator[Finding]:
    """An entry whose year its own arXiv number, venue or key contradicts."""
    if not subject.works:
        raise UncheckableError("no reference list was recognised")
    for work in subject.works:
        for severity, message in _contradictions(work):
            yield at_work(subject.paper, work, "reference-date", severity, message, "Look the year up and correct it.")
            break


def _contradictions(work: Work) -> Iterator[tuple[Severity, str]]:
    """The strongest first."""
    if not work.cited.year:
        return
    year = int(work.cited.year)
    text, fields = work.cited.text, work.entry.fields if work.entry is not None else {}
    if work.cited.arxiv:
        posted = 2000 + int(work.cited.arxiv[:2])
        if year < posted:
            yield "error", f"The year is {year}, and arXiv number {work.cited.arxiv} was given in {posted}."
        elif year - posted > _LATE and re.search(r"arxiv preprint|^arxiv$", fields.get("journal", text), re.IGNORECASE):
            yield "warn", f"The year is {year}, and arXiv number {work.cited.arxiv} was given in {posted}."
    for pattern, before in _ORDINALS.items():
        held = re.search(pattern, text, re.IGNORECASE)
        if held and abs(year - before - int(held[1])) > 1:
            yield "warn", f"The year is {year}, and the venue ({held.group()}) was held in {before + int(held[1])}."
    venue = " ".join(fields.get(name, "") for name in ("booktitle", "journal", "url"))
    told = {int(found) for found in re.findall(r"(?<![\d.])((?:19|20)\d\d)(?![\d.])", venue)}
    if told and min(abs(year - one) for one in told) >= 1 and len(told) == 1:
        severity: Severity = "info" if min(abs(year - one) for one in told) == 1 else "warn"
        yield severity, f"The year is {year}, and the venue or address has {told.pop()}."
    if key := re.fullmatch(r"[A-Za-z:_-]+?((?:19|20)\d\d)[A-Za-z:_-]*\w?", work.key):
        late = year - int(key[1])
        if late:
            yield ("info" if 0 < late <= 2 else "warn"), f"The year is {year}, and the key says {key[1]} ({work.key})."
