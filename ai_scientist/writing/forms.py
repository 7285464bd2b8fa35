"""What a model fills in when it writes a paper: paragraphs in the paper's markup (`writing.markup`)."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from ai_scientist.records import Author, Manuscript, Section

Paragraphs = Annotated[list[str], Field(max_length=30, description="paragraphs in the paper's markup")]

HEADINGS = {
    "introduction": "Introduction",
    "related_work": "Related work",
    "method": "Method",
    "experiments": "Experimental setup",
    "results": "Results",
    "ablation": "Ablation",
    "limitations": "Discussion and limitations",
    "conclusion": "Conclusion",
}
"""A field of the form to the heading of its section, in order."""


class PaperForm(BaseModel):
    model_config = ConfigDict(frozen=True)

    title: str = Field(max_length=200, description="plain text, without a number that is not in the idea")
    abstract: Paragraphs = Field(min_length=1, description="one paragraph: question, method, result, what it means")
    introduction: Paragraphs = Field(min_length=1)
    related_work: Paragraphs = Field(description="empty where there are no references")
    method: Paragraphs = Field(min_length=1)
    experiments: Paragraphs = Field(min_length=1)
    results: Paragraphs = Field(min_length=1)
    ablation: Paragraphs = Field(description="empty where nothing was ablated")
    limitations: Paragraphs = Field(min_length=1)
    conclusion: Paragraphs = Field(min_length=1)


class MendForm(BaseModel):
    """The parts that are changed, whole; None for what stays as it is."""

    model_config = ConfigDict(frozen=True)

    title: str | None = None
    abstract: Paragraphs | None = None
    introduction: Paragraphs | None = None
    related_work: Paragraphs | None = None
    method: Paragraphs | None = None
    experiments: Paragraphs | None = None
    results: Paragraphs | None = None
    ablation: Paragraphs | None = None
    limitations: Paragraphs | None = None
    conclusion: Paragraphs | None = None


def manuscript(form: PaperForm, author: Author, model: str) -> Manuscript:
    """The paper that a form states. Parts without a paragraph are left out."""
    sections = [
        Section(heading=heading, paragraphs=tuple(text.strip() for text in getattr(form, field) if text.strip()))
        for field, heading in HEADINGS.items()
    ]
    return Manuscript(
        title=" ".join(form.title.split()),
        abstract="\n\n".join(text.strip() for text in form.abstract if text.strip()),
        sections=tuple(section for section in sections if section.paragraphs),
        author=author,
        model=model,
    )


def mended(before: Manuscript, form: MendForm) -> Manuscript:
    """The paper with the changed parts in place of theirs."""
    old: dict[str, list[str]] = {s.heading: list(s.paragraphs) for s in before.sections}
    parts = {field: getattr(form, field) for field in HEADINGS}
    merged = {field: old.get(HEADINGS[field], []) if part is None else part for field, part in parts.items()}
    whole = PaperForm.model_construct(
        title=form.title or before.title, abstract=form.abstract or [before.abstract], **merged
    )
    return manuscript(whole, before.author, before.model)
