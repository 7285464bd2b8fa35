"""Paper and form as values for prompts: what JSON can hold, so that a prompt can be recorded and replayed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ai_scientist_reviewer.findings import Finding
from ai_scientist_reviewer.forms import Form
from ai_scientist_reviewer.hidden import CONCEALED
from ai_scientist_reviewer.paper import Paper

MOST_CHARACTERS = 240_000
"""Of the paper's text in a prompt."""


def paper_shown(paper: Paper, most: int = MOST_CHARACTERS) -> tuple[dict[str, Any], int]:
    """The paper as values, and how many characters at its end did not fit.

    `{title, abstract, pages: [{number, text}], sections: [{number, title, page, text}], captions: [{kind, number, page,
    text}], references: [text]}`.
    """
    pages: list[dict[str, Any]] = []
    room, left_out = most, 0
    for page in paper.pages:
        text = "\n".join(line.text for line in paper.lines if line.page == page.number)
        pages.append({"number": page.number, "text": text[:room]})
        left_out += max(0, len(text) - room)
        room -= min(room, len(text))
    sections = [{"number": s.number, "title": s.title, "page": s.page, "text": s.text} for s in paper.sections]
    captions = [{"kind": c.kind, "number": c.number, "page": c.page, "text": c.text} for c in paper.captions]
    return {
        "title": paper.title,
        "abstract": paper.abstract,
        "pages": pages,
        "sections": sections,
        "captions": captions,
        "references": [reference.text for reference in paper.references],
    }, left_out


def findings_shown(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """The findings as values. Of what was hidden, only that there was something: its words go to no model."""
    shown: list[dict[str, Any]] = []
    for finding in findings:
        if finding.rule in CONCEALED and finding.checked:
            neutral = {"message": CONCEALED[finding.rule], "quote": "", "fix": ""}
            finding = finding.model_copy(update=neutral)
        shown.append(finding.model_dump(mode="json"))
    return shown


def scales_shown(form: Form) -> list[dict[str, Any]]:
    """The form's scales as values; the words under each value by its decimal string."""
    return [
        {
            "name": scale.name,
            "low": scale.low,
            "high": scale.high,
            "asks": scale.asks,
            "meaning": {str(value): scale.meaning[value] for value in sorted(scale.meaning)},
        }
        for scale in form.scales
    ]
