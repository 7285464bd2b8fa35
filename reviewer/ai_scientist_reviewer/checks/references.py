"""Cross-references, citations and the reference list."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ai_scientist_reviewer.checks.base import Subject, UncheckableError, rule
from ai_scientist_reviewer.checks.places import at_line, quoted
from ai_scientist_reviewer.document import Line
from ai_scientist_reviewer.findings import Finding
from ai_scientist_reviewer.paper import Paper
from ai_scientist_reviewer.structure import prose, quote_around

_POINTER = (
    r"(?:Figures?|Figs?\.|Tables?|Tabs?\.|Sections?|Secs?\.|Equations?|Eqs?\.|Appendix|Algorithms?|Theorems?|Lemmas?)"
)
_UNRESOLVED = re.compile(rf"{_POINTER}\s*\(?\?\?|\[\s*\?(?:\s*[,;]\s*\?)*\s*\]|\(\s*\?\s*\)|(?<![\w?!])\?\?(?![\w?!])")


@rule("unresolved-reference")
def unresolved_references(subject: Subject) -> Iterator[Finding]:
    """LaTeX prints ?? and (?) where a label or a citation key does not exist."""
    paper = subject.paper
    for line, before, after in _neighbours(paper):
        joined = f"{before} {line.text} {after}" if before else f"{line.text} {after}"
        offset = len(before) + 1 if before else 0
        for match in _UNRESOLVED.finditer(joined):
            if offset <= match.end() - 1 < offset + len(line.text):
                quote = quote_around(joined, match.start(), match.end())
                cites = "citation" if "??" not in match.group() else "cross-reference"
                message = f'"{match.group()}" is a {cites} that points to nothing.'
                fix = "Define the label or bibliography key, or correct its spelling."
                yield at_line(line, "unresolved-reference", "error", message, fix).model_copy(update={"quote": quote})


def _neighbours(paper: Paper) -> Iterator[tuple[Line, str, str]]:
    """Each line with the text of the lines before and after it."""
    lines = paper.lines
    for i, line in enumerate(lines):
        before = lines[i - 1].text if i else ""
        yield line, before, lines[i + 1].text if i + 1 < len(lines) else ""


_GROUP = re.compile(r"\[(\d{1,3}(?:\s*(?:,|;|[–-])\s*\d{1,3})*)\]")
_AUTHOR_YEAR = re.compile(
    r"(?P<who>[A-Z][\w’'-]+(?:-[A-Z]\w+)?)"
    r"(?P<more>\s+et al\.?|\s+(?:and|&)\s+[A-Z][\w’'-]+)?"
    r",?\s*[(\[]?(?P<year>(?:19|20)\d\d)[a-z]?\b"
)


@rule("reference-uncited")
def uncited_references(subject: Subject) -> Iterator[Finding]:
    """Entries of the reference list that the text never cites."""
    paper = subject.paper
    body = prose(paper.body)
    labelled = _listed(paper)
    cited = _cited_numbers(body)
    for entry in paper.references:
        if labelled:
            used = entry.label in cited
        elif entry.surname and entry.year:
            used = re.search(rf"{re.escape(entry.surname)}.{{0,80}}?{entry.year}", body) is not None
        else:
            continue
        if not used:
            message = "This reference is listed and never cited."
            yield quoted(paper, "reference-uncited", "warn", message, prose(entry.text)[:160], "Cite it or drop it.")


@rule("citation-absent")
def absent_citations(subject: Subject) -> Iterator[Finding]:
    """Citations of works that the reference list does not hold."""
    paper = subject.paper
    body = prose(paper.body)
    fix = "Add the reference, or correct the citation."
    if _listed(paper):
        labels = {entry.label for entry in paper.references}
        for number, quote in _cited_numbers(body).items():
            if number not in labels and 0 < int(number) <= 3 * len(labels):
                message = f"[{number}] is cited and not in the reference list."
                yield quoted(paper, "citation-absent", "error", message, quote, fix)
        return
    known = {(entry.surname.casefold(), entry.year) for entry in paper.references}
    seen: set[tuple[str, str]] = set()
    for match in _AUTHOR_YEAR.finditer(body):
        key = (match["who"].casefold(), match["year"])
        cites = match["more"] and (
            match["more"].strip().startswith("et al") or body[match.end() : match.end() + 1] == ")"
        )
        if cites and key not in known and key not in seen and not any(match["who"] in e.text for e in paper.references):
            seen.add(key)
            quote = quote_around(body, match.start(), match.end())
            message = f"{match['who']} {match['year']} is cited and not in the reference list."
            yield quoted(paper, "citation-absent", "warn", message, quote, fix)


def _listed(paper: Paper) -> bool:
    """Whether the reference list is numbered."""
    if not paper.references:
        raise UncheckableError("no reference list was recognised")
    return all(entry.label for entry in paper.references)


def _cited_numbers(body: str) -> dict[str, str]:
    """Number to a quote of where it is first cited, ranges written out."""
    cited: dict[str, str] = {}
    for match in _GROUP.finditer(body):
        for part in re.split(r"[,;]", match[1]):
            ends = [int(number) for number in re.findall(r"\d+", part)]
            for number in range(ends[0], min(ends[-1], ends[0] + 50) + 1):
                cited.setdefault(str(number), quote_around(body, match.start(), match.end()))
    return cited
