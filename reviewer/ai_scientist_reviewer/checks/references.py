"""What points to something that is not there: cross-references, citations, files."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator

from ai_scientist_reviewer.checks.base import Subject, rule
from ai_scientist_reviewer.checks.places import at_line, at_spot, unchecked
from ai_scientist_reviewer.checks.written import everything, needed
from ai_scientist_reviewer.document import Line
from ai_scientist_reviewer.findings import Finding
from ai_scientist_reviewer.paper import Paper
from ai_scientist_reviewer.source import Source, Spot
from ai_scientist_reviewer.structure import quote_around

_BIBLIOGRAPHIES = frozenset(("bibliography", "addbibresource"))
_PACKAGES = frozenset(("usepackage", "RequirePackage", "documentclass", "LoadClass", "bibliographystyle"))
_MACRO = re.compile(r"[#\\]")
"""In a key that a macro puts together."""
_POINTER = (
    r"(?:Figures?|Figs?\.|Tables?|Tabs?\.|Sections?|Secs?\.|Equations?|Eqs?\.|Appendix|Algorithms?|Theorems?|Lemmas?)"
)
_UNRESOLVED = re.compile(
    rf"{_POINTER}\s*\(?\?\?|\[\s*\?(?:\s*[,;]\s*\?)*\s*\]|\(\s*\?\s*\)|(?<![\w?!])\?\?(?![\w?!])"
    r"|[(\[]\s*\?(?=\s*[,;]\s*(?:\d|pp?\.|\?|[A-Z][\w’'-]+,? (?:et al|\d{4})))|(?<=[\w.])[,;]\s*\?\s*[)\]]"  # one of several
)
"""What LaTeX prints for labels and keys that do not exist."""
_BOLD = re.compile(r"bold|black|heavy|medi|CMBX|CMSSBX|SFBX|(?:^|[-+])[\w ]*-B(?:$|[A-Z])", re.IGNORECASE)


@rule("unresolved-reference")
def unresolved_references(subject: Subject) -> Iterator[Finding]:
    """A cross-reference or citation that points to nothing: ?? or (?) in print, a missing label or key in the source."""
    told = False
    if subject.paper.latex is not None:
        for found in (*_without_label(subject.paper.latex), *_without_entry(subject.paper.latex)):
            told = told or found.checked
            yield found
    if subject.paper.source == "pdf" and not told:  # the marks in print are of the same, and say less
        yield from _question_marks(subject.paper)


def _question_marks(paper: Paper) -> Iterator[Finding]:
    """LaTeX prints ?? for a label that does not exist, and (?) or [?] for a key."""
    for line, before, after in _neighbours(paper):
        joined = f"{before} {line.text} {after}" if before else f"{line.text} {after}"
        offset = len(before) + 1 if before else 0
        for match in _UNRESOLVED.finditer(joined):
            if offset <= match.end() - 1 < offset + len(line.text):
                quote = quote_around(joined, match.start(), match.end())
                cites = "citation" if "??" not in match.group() else "cross-reference"
                message = f'"{match.group()}" is a {cites} that points to nothing.'
                yield at_line(line, "unresolved-reference", "error", message, _DEFINE, quote)
        spans = [(match.start() - offset, match.end() - offset) for match in _UNRESOLVED.finditer(joined)]
        for start, end in _bold_marks(paper, line):
            if len(joined.split()) > 4 and not any(a <= start < b for a, b in spans):
                quote = quote_around(joined, offset + start, offset + end)
                message = f'The bold "{line.text[start:end]}" is a citation or reference that points to nothing.'
                yield at_line(line, "unresolved-reference", "error", message, _DEFINE, quote)


_DEFINE = "Define the label or bibliography key, or correct its spelling."


def _bold_marks(paper: Paper, line: Line) -> Iterator[tuple[int, int]]:
    """Bold question marks amid text that is not, as LaTeX sets what it cannot resolve: "as ? found earlier"."""
    glyphs = paper.pages[line.page - 1].glyphs[line.start : line.start + len(line.text)]
    if "?" not in line.text or _BOLD.search(line.font) or "".join(glyph.char for glyph in glyphs) != line.text:
        return
    for match in re.finditer(r"\?+", line.text):
        beside = [
            *[glyph for glyph in glyphs[: match.start()] if not glyph.char.isspace()][-1:],
            *[glyph for glyph in glyphs[match.end() :] if not glyph.char.isspace()][:1],
        ]
        marks = glyphs[match.start() : match.end()]
        if all(_BOLD.search(glyph.font) for glyph in marks) and not any(_BOLD.search(glyph.font) for glyph in beside):
            yield match.start(), match.end()


def _neighbours(paper: Paper) -> Iterator[tuple[Line, str, str]]:
    """Each line with the text of the lines before and after it."""
    lines = paper.lines
    for i, line in enumerate(lines):
        before = lines[i - 1].text if i else ""
        yield line, before, lines[i + 1].text if i + 1 < len(lines) else ""


def _without_label(source: Source) -> Iterator[Finding]:
    read = everything(source)
    if "\\externaldocument" in read:
        yield unchecked("unresolved-reference", "labels of another document are used, which is not here")
        return
    known = {label.key for label in source.labels}
    known |= {
        key.strip() for key in re.findall(r"\blabel\s*=\s*\{?([^,\]}\s]+)", read)
    }  # as listings and frames take it
    for use in source.references:
        if use.key not in known and not _MACRO.search(use.key):
            message = f"\\{use.command}{{{use.key}}} points to a label that does not exist{_closest(use.key, known)}."
            fix = "Define the label, or correct its spelling."
            yield at_spot(source, use.spot, "unresolved-reference", "error", message, fix, use.key)


def _without_entry(source: Source) -> Iterator[Finding]:
    if any(mention.command in _BIBLIOGRAPHIES for mention in source.missing) and not source.entries:
        yield unchecked("unresolved-reference", "the file that the citations are looked up in is not here")
        return
    known = {entry.key for entry in source.entries}
    for use in source.citations:
        if use.key not in known and use.key != "*" and not _MACRO.search(use.key):
            message = (
                f"\\{use.command}{{{use.key}}} cites what the bibliography does not hold{_closest(use.key, known)}."
            )
            fix = "Add the entry, or correct the key."
            yield at_spot(source, use.spot, "unresolved-reference", "error", message, fix, use.key)


def _closest(key: str, known: set[str]) -> str:
    plain = {other.casefold(): other for other in known}
    near = difflib.get_close_matches(key.casefold(), plain, 1, 0.8)
    return f" ({plain[near[0]]} is there)" if near else ""


@rule("duplicate-label")
def duplicate_labels(subject: Subject) -> Iterator[Finding]:
    """A label that is defined twice: references to it may name the wrong thing."""
    source = needed(subject)
    used = {use.key for use in source.references}
    first: dict[str, Spot] = {}
    for label in source.labels:
        if _MACRO.search(label.key):
            continue
        if label.key in first:
            where = f"{first[label.key].file}:{first[label.key].line}"
            message = f"The label {label.key} is defined here and at {where}."
            severity = "error" if label.key in used else "warn"
            fix = "Give each its own, and check what refers to it."
            yield at_spot(source, label.spot, "duplicate-label", severity, message, fix, label.key)
        first.setdefault(label.key, label.spot)


@rule("missing-file")
def missing_files(subject: Subject) -> Iterator[Finding]:
    """A picture, a part of the text or a bibliography that the source names and that is not there."""
    source = needed(subject)
    away = set(source.outside)
    if away:
        yield unchecked("missing-file", f"{len(away)} files that are named by a path out of the folder")
    lost = [mention for mention in source.missing if mention in source.graphics]
    if len(lost) > 1 and not source.pictures and not away:
        names = ", ".join(dict.fromkeys(mention.key for mention in lost))
        message = f"None of the pictures is here: {names}."
        yield at_spot(source, lost[0].spot, "missing-file", "warn", message, "Add them to the folder.", lost[0].key)
    for gone in source.missing:
        if gone in away or gone.command in _PACKAGES or _MACRO.search(gone.key):
            continue  # style files come with TeX or the venue
        if gone in lost and len(lost) > 1 and not source.pictures:
            continue
        message = f"\\{gone.command}{{{gone.key}}}: there is no such file."
        # Where a PDF was made of it, the file is somewhere, and only this folder lacks it.
        severity = "warn" if subject.paper.source == "pdf" else "error"
        fix = "Add the file, or correct its name."
        yield at_spot(source, gone.spot, "missing-file", severity, message, fix, gone.key)
