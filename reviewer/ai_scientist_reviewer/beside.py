"""What a document carries beside its pages: annotations, form fields, bookmarks, texts for programs, metadata, attachments.

No model is shown any of it. What speaks to reviewers is an error; the rest is told, so that authors can leave it out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ai_scientist_reviewer.document import Beside
from ai_scientist_reviewer.findings import Finding, Severity
from ai_scientist_reviewer.instructions import speaks
from ai_scientist_reviewer.paper import Paper
from ai_scientist_reviewer.structure import prose

_NAMED = ("Author", "Title", "Subject", "Keywords")
_XMP_NAMED = ("dc:creator", "dc:title", "dc:description", "dc:subject", "pdf:Keywords")
_WORD = re.compile(r"[^\W\d_]{3,}")
_FOREIGN = 20
"""Letters of a text that is told because its words are not those of the pages."""
_MOST = 20
"""Findings of one kind; more of it is the same."""


def carried(paper: Paper) -> Iterator[Finding]:
    yield from _annotations(paper)
    yield from _metadata(paper)
    words = {word.casefold() for page in paper.pages for word in _WORD.findall(page.text)}
    told: dict[str, int] = {}
    for one in paper.beside:
        finding = _finding(one, words, set(paper.metadata.values()))
        if finding is not None:
            told[finding.rule] = told.get(finding.rule, 0) + (finding.severity != "error")
            if finding.severity == "error" or told[finding.rule] <= _MOST:
                yield finding
    for name in paper.attachments:
        message = f'The file "{name[:100]}" is attached. Referees do not see it.'
        severity: Severity = "error" if speaks(name) else "warn"
        yield Finding(rule="attachment", severity=severity, message=message, fix="Remove it before submission.")


def _annotations(paper: Paper) -> Iterator[Finding]:
    for page in paper.pages:
        for note in page.notes:
            if note.strip():
                addressed = speaks(note)
                told = " that speaks to reviewers" if addressed else ""
                message = f'An annotation{told} reads "{prose(note)[:200]}". Referees do not see it.'
                severity: Severity = "error" if addressed else "info"
                fix = "Remove annotations before submission."
                yield Finding(rule="annotation", severity=severity, message=message, page=page.number, fix=fix)


def _metadata(paper: Paper) -> Iterator[Finding]:
    for key, value in paper.metadata.items():
        if speaks(value):
            message = f'The document\'s metadata speak to reviewers ({key}: "{value[:200]}"). Referees do not see them.'
            yield Finding(rule="metadata", severity="error", message=message, fix=f"Empty the field {key}.")
        elif key in _NAMED:
            yield Finding(rule="metadata", severity="info", message=f'Metadata: {key} is "{value[:200]}".')


def _finding(one: Beside, words: set[str], known: set[str]) -> Finding | None:
    """None where there is nothing to tell: a heading that stands on a page too, a value that the metadata have as well."""
    said = prose(one.text)[:200]
    addressed = speaks(one.text)
    foreign = _foreign(one.text, words)
    rule, fix = one.kind.replace(" ", "-"), "Remove it before submission."
    severity: Severity = "error" if addressed else "info"
    match one.kind:
        case "XMP":
            tag, _, value = one.text.partition(": ")
            named = tag in _XMP_NAMED or foreign
            rule, fix = "metadata", f"Empty {tag} in the document's XMP metadata."
            message = f'XMP metadata: {tag} is "{prose(value)[:200]}".'
            if not addressed and (not named or value in known):
                return None
        case "replacement text":
            message = f'Programs are told to read "{said}" instead of what is drawn. Here, what is drawn was read.'
            severity = "error" if addressed else "warn"
            if not (addressed or foreign):
                return None
        case "bookmark":
            message = f'A bookmark reads "{said}", which stands on no page.'
            if not (addressed or foreign):
                return None
        case "annotation" | "form field" | "alternative text":
            message = f'{"An" if one.kind[0] == "a" else "A"} {one.kind} reads "{said}".'
    told = " It speaks to reviewers." if addressed else ""
    return Finding(
        rule=rule, severity=severity, message=f"{message}{told} Referees do not see it.", page=one.page, fix=fix
    )  # fmt: skip


def _foreign(text: str, words: set[str]) -> bool:
    """Whether it is a sentence whose words are mostly not on the pages, or in a script without word breaks."""
    own = [word.casefold() for word in _WORD.findall(text)]
    return sum(map(len, own)) >= _FOREIGN and sum(word in words for word in own) < 0.7 * len(own)
