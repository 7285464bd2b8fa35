"""What a model fills in when it writes a paper: paragraphs in the paper's markup (`writing.markup`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
    abstract: Paragraphs = Field(
        min_length=1, description="one paragraph, as the only entry: question, method, result, what it means"
    )
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
    return assemble(form.title, form.abstract, {field: getattr(form, field) for field in HEADINGS}, author, model)


def mended(before: Manuscript, form: MendForm) -> Manuscript:
    """The paper with the changed parts in place of theirs."""
    old = {section.heading: section.paragraphs for section in before.sections}
    changed = {field: getattr(form, field) for field in HEADINGS}
    parts = {field: old.get(HEADINGS[field], ()) if part is None else part for field, part in changed.items()}
    title, abstract = form.title or before.title, form.abstract or [before.abstract]
    return assemble(title, abstract, parts, before.author, before.model)


def assemble(
    title: str, abstract: Sequence[str], parts: Mapping[str, Sequence[str]], author: Author, model: str
) -> Manuscript:
    kept = {field: tuple(text.strip() for text in parts[field] if text.strip()) for field in HEADINGS}
    return Manuscript(
        title=" ".join(title.split()),
        abstract="\n\n".join(text.strip() for text in abstract if text.strip()),
        sections=tuple(Section(heading=HEADINGS[field], paragraphs=texts) for field, texts in kept.items() if texts),
        author=author,
        model=model,
    )
