"""Sections that a paper should have, and whether they are there and hold something."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator

from ai_scientist_reviewer.checks.base import Subject, UncheckableError, rule
from ai_scientist_reviewer.checks.places import quoted
from ai_scientist_reviewer.document import Section
from ai_scientist_reviewer.findings import Finding, Severity
from ai_scientist_reviewer.paper import Paper
from ai_scientist_reviewer.structure import prose, quote_around

_USUAL = {
    "an abstract": r"abstract|summary",
    "an introduction": r"introduction|motivation|overview",
    "results": r"result|experiments?$|experiment(s|al) (and|&|eval)|evaluation|empirical|finding|analys|case stud|theor|proof|ablation",
    "a conclusion": r"conclu|discussion|summary|outlook|future work|closing",
}
"""What every paper has, by words of the headings that may hold it."""
_OFTEN = {
    "related work": r"related|prior|previous|literature|state of the art|introduction and background",
    "a method": r"method|approach|model|algorithm|framework|architecture|theor|propos|formulation|design|system|technique|problem",
    "how experiments were made": r"set-?up|settings?|experiment|protocol|implementation|data|procedure|materials|training",
}
"""What most papers have under such headings, and some under others."""
_LONG = 7
"""Headings of the first level from which on a paper is taken to give each of these one of its own."""
_ASKED = {
    "limitations": r"limitation|threats? to validity",
    "ethics statement": r"ethic",
    "reproducibility statement": r"reproducib",
    "impact statement": r"impact",
    "checklist": r"checklist",
}
"""What venues ask for, by words of the headings that may hold it; of any other, its own words."""


_OWN = re.compile(
    r"\blimitations?\s(?:of\s(?:our|this|the\s(?:present|current|proposed))\s[^.]{0,60}?\s)?(?:is|are|was|were|includes?|arises?|remains?)\b"
    r"|\b(?:our|this)\s[^.]{0,60}?\b(?:is|are|was|were)\s(?:\w+ly\s)?limited\s(?:to|by|in)\b"
    r"|\b(?:our|this|the proposed)\s[^.]{0,60}?\bha(?:s|ve)\s(?:\w+\s){0,2}limitations?\b"
    r"|\bwe\s(?:are|were)\s(?:\w+ly\s)?limited\s(?:to|by|in)\b|\bthreats?\sto\svalidity\b|\bour\s(?:\w+\s)?limitations?\b",
    re.IGNORECASE,
)
"""What a work says of its own limits; others' are named in every introduction."""


@rule("missing-limitations")
def missing_limitations(subject: Subject) -> Iterator[Finding]:
    """Nothing is said about this work's limitations, or not under a heading.

    Where they are told under another heading, that is a warning if the venue has a call for papers (it limits the pages), and else a note.
    """
    paper = _with_headings(subject)
    if any("limitation" in section.title.casefold() for section in paper.sections):
        return
    body = prose(paper.body)
    told, named = _OWN.search(body), re.search(r"\blimitations?\b", body, re.IGNORECASE)
    if told:
        quote = quote_around(body, told.start(), told.end())
        message = "Limitations are told but have no section of their own."
        severity: Severity = "warn" if subject.venue is not None and subject.venue.pages is not None else "info"
        yield quoted(paper, "missing-limitations", severity, message, quote, "Give them a heading; venues ask for it.")
    else:
        message = (
            "Limitations are spoken of, and none of this work's is told."
            if named
            else "Nothing is said about limitations."
        )
        quote = quote_around(body, named.start(), named.end()) if named else ""
        fix = "Say where the findings may not hold, under a heading."
        yield quoted(paper, "missing-limitations", "warn", message, quote, fix)


@rule("missing-section")
def missing_sections(subject: Subject) -> Iterator[Finding]:
    """A section that every paper has (abstract, introduction, results, conclusion), or that the venue asks for.

    Of what may stand under a heading of its own (related work, a method, a setup), the lack is only noted.
    """
    paper = _with_headings(subject)
    titles = [section.title.casefold() for section in paper.sections]
    if len(titles) < 3:
        raise UncheckableError("too few headings were recognised")
    fix = "Add the section, or say in a heading what it holds."
    for name, words in _USUAL.items():
        if not any(re.search(words, title) for title in titles):
            yield quoted(paper, "missing-section", "warn", f"No heading announces {name}.", "", fix)
    top = [section.title.casefold() for section in paper.sections if "." not in section.number]
    gone = [name for name, words in _OFTEN.items() if not any(re.search(words, title) for title in top)]
    if gone and len(top) >= _LONG:
        yield quoted(paper, "missing-section", "info", f"No heading announces {', '.join(gone)}.", "", fix)
    for name in subject.venue.sections if subject.venue else ():
        words = _ASKED.get(name.casefold(), re.escape(name.casefold()))
        if not any(re.search(words, title) for title in titles):
            message = f"{subject.venue.name if subject.venue else ''} asks for a section on {name}, and there is none."
            yield quoted(paper, "missing-section", "error", message, "", "Add it; see the venue's instructions.")


@rule("section-absent")
def absent_sections(subject: Subject) -> Iterator[Finding]:
    """The text points to a section that is not there: by its number, or by its name."""
    paper = _with_headings(subject)
    numbers = {section.number for section in paper.sections if section.number}
    titles = " / ".join(section.title.casefold() for section in paper.sections)
    body = prose(paper.text)
    told: set[str] = set()
    fix = "Put the section back, or correct what points to it."
    if len(numbers) >= 3:
        for match in re.finditer(
            r"\b(?:Sections?|Secs?\.|Appendix|App\.|§)\s*((?:\d{1,2}|[A-H])(?:\.\d{1,2}){0,2})(?![\w.]*\d|[a-z])", body
        ):
            number = match[1]
            top = number.split(".")[0]
            known = number in numbers or any(other.startswith(f"{number}.") for other in numbers)
            if not known and number not in told and _tellable(top, numbers) and not _of_another(body, match.end()):
                told.add(number)
                quote = quote_around(body, match.start(), match.end())
                message = f"The text points to {match.group()}, and no such section was found."
                yield quoted(paper, "section-absent", "warn", message, quote, fix)
    for match in re.finditer(
        r"\b(?:in|see|our|the) (?:our |the )?((?:[A-Z][a-z]+ ){0,3}[A-Z][a-z]+) [Ss]ection\b", body
    ):
        name = match[1].casefold()
        if name not in told and not any(word[:6] in titles for word in name.split() if len(word) > 3):
            told.add(name)
            quote = quote_around(body, match.start(), match.end())
            message = f"The text points to a section called {match[1]}, and no heading says so."
            yield quoted(paper, "section-absent", "warn", message, quote, fix)
    yield from _gaps(paper)


def _tellable(top: str, numbers: set[str]) -> bool:
    """Whether numbers of that kind were recognised at all: letters of appendices, figures of sections."""
    return any(other[0].isdigit() == top[0].isdigit() for other in numbers)


def _of_another(body: str, end: int) -> bool:
    """Whether the section is one of a cited work, "Section 3 of Smith et al.", or a line of a table of contents."""
    after = body[end : end + 100]
    cited = re.match(r"\s*(?:of|in)\s+(?:\[|[A-Z(]|their|that|the (?:paper|book|original))", after)
    return cited is not None or re.match(r"[^.]{0,3}\.?[^.]{0,80}(?:\. ){3}", after) is not None


def _gaps(paper: Paper) -> Iterator[Finding]:
    """Numbers that are left out between two sections of the first level."""
    firsts = [section for section in paper.sections if section.number.isdigit()]
    for before, after in itertools.pairwise(firsts):
        if int(after.number) > int(before.number) + 1:
            message = f"Section {after.number} follows section {before.number}."
            heading = f"{after.number} {after.title}"
            yield quoted(paper, "section-absent", "info", message, heading, "See whether a section got lost.")


@rule("empty-section")
def empty_sections(subject: Subject) -> Iterator[Finding]:
    """A heading with nothing under it."""
    paper = _with_headings(subject)
    times = Counter(section.number for section in paper.sections if section.number)
    for section, after in zip(paper.sections, [*paper.sections[1:], None], strict=True):
        if section.text.strip() or (after is not None and _below(after, section)):
            continue
        if times[section.number] > 1:
            continue  # it stands in a table of contents, too
        if section.title.casefold() in (
            "references",
            "bibliography",
            "appendix",
            "appendices",
        ) or section.title.casefold().startswith("supplement"):
            continue
        message = f"There is nothing under the heading “{section.title}”."
        heading = f"{section.number} {section.title}".strip()
        yield quoted(paper, "empty-section", "warn", message, heading, "Write it, or remove the heading.")


def _below(section: Section, heading: Section) -> bool:
    """Whether it is a part of that heading's section, as far as the numbers tell."""
    return (
        section.number.startswith(f"{heading.number}.")
        if heading.number
        else bool(section.number) and "." in section.number
    )


def _with_headings(subject: Subject) -> Paper:
    if not subject.paper.sections:
        raise UncheckableError("no headings were recognised")
    return subject.paper
