"""What a paper carries that a reader does not see, and sentences that speak to whoever judges it. See `hidden`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from ai_scientist_reviewer.checks.base import Subject, rule
from ai_scientist_reviewer.findings import Finding

SUMMARIES: Mapping[str, str] = {
    "hidden-text": "Text that leaves no ink: of the paper's own colour, transparent, covered, off the page, too small to read.",
    "text-not-as-shown": "A text layer that says something else than the page shows.",
    "invisible-characters": "Zero-width, direction and tag characters, which may carry words that are not shown.",
    "speaks-to-reviewers": "A visible sentence that tells reviewers, or models, what to say of the paper.",
    "annotation": "Comments and other annotations of a PDF.",
    "form-field": "Fields of a form in a PDF.",
    "bookmark": "Bookmarks of a PDF that speak to reviewers.",
    "alternative-text": "Descriptions of pictures, which are read and not shown.",
    "replacement-text": "Text that is to be read in place of what is shown.",
    "metadata": "Metadata of a PDF that speak to reviewers.",
    "attachment": "Files that a PDF carries within it.",
    "picture-text": "Whether words stand in pictures, which nothing but an eye can read.",
}
"""By the ids that `hidden` gives its findings."""
_REFEREES = re.compile(r"\s*(?:It was|They were) kept from the referees\.|\s*Referees do not see (?:it|them)\.")


def _of(subject: Subject, name: str) -> Iterator[Finding]:
    for finding in subject.concealed:
        if finding.rule == name and not (name == "metadata" and finding.severity == "info"):
            # Here nobody is kept from anything: that is said of reviews.
            yield finding.model_copy(update={"message": _REFEREES.sub("", finding.message)})


def _register(name: str, told: str) -> None:
    def concealed(subject: Subject) -> Iterator[Finding]:
        return _of(subject, name)

    concealed.__doc__ = told
    rule(name)(concealed)


for _name, _told in SUMMARIES.items():
    _register(_name, _told)
