"""The reference list: what is cited and not listed, listed and not cited, listed twice, or contradicts itself."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ai_scientist_reviewer.checks.base import Subject, UncheckableError, rule
from ai_scientist_reviewer.checks.places import at_spot, quoted
from ai_scientist_reviewer.checks.works import Work, at_work, of_source, plain_name
from ai_scientist_reviewer.checks.written import written
from ai_scientist_reviewer.findings import Finding, Severity
from ai_scientist_reviewer.paper import Paper
from ai_scientist_reviewer.source import Source
from ai_scientist_reviewer.structure import prose, quote_around

_GROUP = re.compile(r"\[(\d{1,3}(?:\s*(?:,|;|[–-])\s*\d{1,3})*)\]")
_ALPHA = re.compile(r"\[([A-Z][\w+]{1,9})\]")
"""The label of an entry that is named by letters: [GKP88]."""
_AUTHOR_YEAR = re.compile(
    r"(?P<who>[A-Z][\w’'-]+(?:-[A-Z]\w+)?)"
    r"(?P<more>\s+et al\.?|\s+(?:and|&)\s+[A-Z][\w’'-]+)?"
    r",?\s*[(\[]?(?P<year>(?:19|20)\d\d)[a-z]?\b"
)


@rule("reference-uncited")
def uncited_references(subject: Subject) -> Iterator[Finding]:
    """Entries of the reference list that the text never cites. What a .bib file holds beyond that is not printed, and noted once."""
    paper = subject.paper
    if paper.latex is not None:
        yield from _uncited_entries(paper.latex)
        return
    body = prose(paper.body)
    labelled = _listed(paper)
    cited = _cited_numbers(body)
    for entry in paper.references:
        named = _ALPHA.match(entry.text)
        if labelled:
            used = entry.label in cited
        elif named:
            used = re.search(rf"\[[^\]]*{re.escape(named[1])}[^\]]*\]", body) is not None
        elif entry.surname and entry.year:
            used = re.search(rf"{re.escape(entry.surname)}.{{0,80}}?{entry.year}", body) is not None
        else:
            continue
        if not used:
            message = "This reference is listed and never cited."
            yield quoted(paper, "reference-uncited", "warn", message, prose(entry.text)[:160], "Cite it or drop it.")


def _uncited_entries(source: Source) -> Iterator[Finding]:
    cited = {use.key for use in source.citations}
    if not source.entries:
        raise UncheckableError("no bibliography was found")
    if "*" in cited:
        return
    idle = [entry for entry in source.entries if entry.key not in cited]
    for entry in idle:
        if entry.kind == "bibitem":
            message = f"{entry.key} is listed and never cited."
            yield at_spot(source, entry.spot, "reference-uncited", "warn", message, "Cite it or drop it.")
    kept = list(dict.fromkeys(entry.key for entry in idle if entry.kind != "bibitem"))
    if kept:
        spot = next(entry.spot for entry in idle if entry.key == kept[0])
        more = f" and {len(kept) - 5} more" if len(kept) > 5 else ""
        message = f"The bibliography holds {len(kept)} that are never cited: {', '.join(kept[:5])}{more}."
        yield at_spot(
            source, spot, "reference-uncited", "info", message, "They are not printed; nothing has to be done."
        )


@rule("citation-absent")
def absent_citations(subject: Subject) -> Iterator[Finding]:
    """Citations in print of works that the reference list does not hold. In the source, `unresolved-reference` finds them."""
    paper = subject.paper
    if paper.source != "pdf":
        return
    body = prose(paper.body)
    fix = "Add the reference, or correct the citation."
    if _listed(paper):
        labels = {entry.label for entry in paper.references}
        for number, quote in _cited_numbers(body).items():
            if number not in labels and 0 < int(number) <= 3 * len(labels):
                message = f"[{number}] is cited and not in the reference list."
                yield quoted(paper, "citation-absent", "error", message, quote, fix)
        return
    for match in _told(body):
        who = match["who"]
        if not any(who in entry.text for entry in paper.references):
            quote = quote_around(body, match.start(), match.end())
            message = f"{who} {match['year']} is cited and not in the reference list."
            yield quoted(paper, "citation-absent", "warn", message, quote, fix)


@rule("citation-mismatch")
def mismatched_citations(subject: Subject) -> Iterator[Finding]:
    """A citation whose author or year is not that of the entry it points to.

    In print: "Ho et al. (2021)" where the list has Ho of 2020 alone, or "Ho et al. [3]" where entry 3 is not by Ho. In the
    source: a name or a year written by hand beside a \\cite of something else.
    """
    paper = subject.paper
    if paper.latex is not None:
        yield from _beside_commands(paper, paper.latex)
        return
    body = prose(paper.body)
    fix = "Correct the text, or the entry."
    if _listed(paper):
        for match in re.finditer(r"([A-Z][\w’'-]+)(?:\s+et al\.?|\s+(?:and|&)\s+[A-Z][\w’'-]+)\s*\[(\d{1,3})\]", body):
            entry = next((entry for entry in paper.references if entry.label == match[2]), None)
            if entry is not None and not _names(match[1], entry.text):
                quote = quote_around(body, match.start(), match.end())
                message = f"[{match[2]}] is named as {match[1]}, who is not among its authors."
                yield quoted(paper, "citation-mismatch", "error", message, quote, fix)
        return
    listed = subject.works
    for match in _told(body):
        by = [work.cited for work in listed if _names(match["who"], " ".join(work.cited.authors[:1]))]
        if by and not any(match["year"] in cited.text for cited in by):
            years = ", ".join(sorted({cited.year for cited in by if cited.year}))
            quote = quote_around(body, match.start(), match.end())
            message = (
                f"{match['who']} is cited with the year {match['year']}; the reference list has {years or 'no year'}."
            )
            yield quoted(paper, "citation-mismatch", "error", message, quote, fix)


_HAND = re.compile(
    r"(?P<who>[A-Z][\w’'-]+)(?P<more>\s+et~?\s?al\.?|~?\s+(?:and|&|\\&)\s+[A-Z][\w’'-]+)?[\s~]*(?:\((?P<year>(?:19|20)\d\d)\))?[\s~,]*"
    r"\\(?P<command>cite|citep|citeyearpar|parencite)\*?(?:\[[^\]]*\])*\{(?P<keys>[^{}]+)\}"
)


def _beside_commands(paper: Paper, source: Source) -> Iterator[Finding]:
    entries = {work.key: work for work in of_source(source)}
    fix = "Correct the text, or the key."
    for line in written(source):
        for match in _HAND.finditer(line.text):
            meant = [entries[key.strip()] for key in match["keys"].split(",") if key.strip() in entries]
            if not meant or not (match["more"] or match["year"]):
                continue
            if match["more"] and not any(_names(match["who"], " ".join(work.cited.authors)) for work in meant):
                if any(work.cited.authors for work in meant):
                    message = f"{match['who']} stands beside a citation of {meant[0].key}, which is by {_by(meant[0])}."
                    yield at_spot(source, line.spot, "citation-mismatch", "error", message, fix, match.group())
            elif match["year"] and not any(match["year"] in work.cited.text for work in meant):
                message = f"{match['year']} stands beside a citation of {meant[0].key}, which is of {meant[0].cited.year or 'no year'}."
                yield at_spot(source, line.spot, "citation-mismatch", "error", message, fix, match.group())


def _by(work: Work) -> str:
    names = work.cited.authors
    return f"{names[0]} and others" if len(names) > 2 else " and ".join(names)


def _names(who: str, text: str) -> bool:
    return plain_name(who.replace("’s", "").replace("'s", "")).casefold() in plain_name(text).casefold()


def _told(body: str) -> Iterator[re.Match[str]]:
    """Each "Author et al., year" of the text, once."""
    seen: set[tuple[str, str]] = set()
    for match in _AUTHOR_YEAR.finditer(body):
        key = (match["who"].casefold(), match["year"])
        closed = body[match.end() : match.end() + 1] == ")"
        if match["more"] and (match["more"].strip().startswith("et al") or closed) and key not in seen:
            seen.add(key)
            yield match


@rule("duplicate-reference")
def duplicate_references(subject: Subject) -> Iterator[Finding]:
    """A work that the reference list holds twice, or a key that the bibliography defines twice."""
    paper = subject.paper
    listed = subject.works
    if not listed:
        raise UncheckableError("no reference list was recognised")
    if paper.latex is not None:
        yield from _repeated_keys(paper.latex)
    first: dict[str, Work] = {}
    for work in listed:
        title = plain_name(work.cited.title).casefold()
        twin = first.setdefault(title, work) if title else work
        if twin is not work and set(twin.cited.authors[:1]) == set(work.cited.authors[:1]):
            message = f"The reference list holds this work twice: “{work.cited.title}”."
            message = message if not work.key else f"{message[:-1]}, as {twin.key} and as {work.key}."
            yield at_work(paper, work, "duplicate-reference", "warn", message, "Cite it under one entry.")


def _repeated_keys(source: Source) -> Iterator[Finding]:
    cited = {use.key for use in source.citations}
    counted: dict[str, list[int]] = {}
    for index, entry in enumerate(source.entries):
        counted.setdefault(entry.key, []).append(index)
    alike = [key for key, places in counted.items() if len(places) > 1 and _same(source, places)]
    if alike:
        first = source.entries[counted[alike[0]][1]]
        message = f"Keys that the bibliography defines more than once, each time alike: {', '.join(alike)}."
        yield at_spot(source, first.spot, "duplicate-reference", "info", message, "Keep one of each.")
    for key, places in counted.items():
        if len(places) > 1 and key not in alike:
            severity: Severity = "error" if key in cited else "warn"
            message = f"The key {key} is defined {len(places)} times, and not alike."
            spot = source.entries[places[1]].spot
            yield at_spot(source, spot, "duplicate-reference", severity, message, "Keep the one that is meant.")


def _same(source: Source, places: Sequence[int]) -> bool:
    first = dict(source.entries[places[0]].fields)
    return all(dict(source.entries[place].fields) == first for place in places)


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
