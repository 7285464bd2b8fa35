"""What a paper carries that a reader does not see, and sentences that speak to whoever judges it. See `hidden`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ai_scientist_reviewer.checks.base import Subject, rule
from ai_scientist_reviewer.findings import Finding


@rule("hidden-text")
def hidden_text(subject: Subject) -> Iterator[Finding]:
    """Text that leaves no ink: of the paper's own colour, transparent, covered, off the page, too small to read."""
    return _of(subject, "hidden-text")


@rule("invisible-characters")
def invisible_characters(subject: Subject) -> Iterator[Finding]:
    """Zero-width, direction and tag characters, which may carry words that are not shown."""
    return _of(subject, "invisible-characters")


@rule("speaks-to-reviewers")
def instructions(subject: Subject) -> Iterator[Finding]:
    """A visible sentence that tells reviewers, or models, what to say of the paper."""
    return _of(subject, "speaks-to-reviewers")


@rule("annotation")
def notes(subject: Subject) -> Iterator[Finding]:
    """Comments and other annotations of a PDF."""
    return _of(subject, "annotation")


@rule("metadata")
def document_metadata(subject: Subject) -> Iterator[Finding]:
    """What the PDF's metadata say, and whether they speak to reviewers."""
    return _of(subject, "metadata")


@rule("attachment")
def attachments(subject: Subject) -> Iterator[Finding]:
    """Files that a PDF carries within it."""
    return _of(subject, "attachment")


_REFEREES = re.compile(r"\s*(?:It was|They were) kept from the referees\.|\s*Referees do not see (?:it|them)\.")


def _of(subject: Subject, name: str) -> Iterator[Finding]:
    for finding in subject.concealed:
        if finding.rule == name and not (name == "metadata" and finding.severity == "info"):
            # Here nobody is kept from anything: that is said of reviews.
            yield finding.model_copy(update={"message": _REFEREES.sub("", finding.message)})
