"""Figures and tables: whether the text points to them, whether they are there, and whether their captions are theirs."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ai_scientist_reviewer.checks.base import Subject, UncheckableError, rule
from ai_scientist_reviewer.checks.places import at_spot, quoted
from ai_scientist_reviewer.document import Caption
from ai_scientist_reviewer.findings import Finding
from ai_scientist_reviewer.paper import Paper
from ai_scientist_reviewer.source import Source
from ai_scientist_reviewer.structure import prose, quote_around

_POINTER = re.compile(
    r"\b(Fig(?:ure|\.)?|Tab(?:le|\.)?)s?\.?\s*([A-Z]?\d{1,3})((?:\s*(?:,\s*and|,|and|&|to|[–-])\s*[A-Z]?\d{1,3}\b)*)"
)


@rule("figure-unreferenced")
def unreferenced_figures(subject: Subject) -> Iterator[Finding]:
    """Figures and tables that the text never points to."""
    paper = subject.paper
    pointed = _pointed(paper)
    fix = "Refer to it where its content matters, or leave it out."
    if paper.latex is not None and paper.latex.floats:
        yield from _without_reference(paper.latex, pointed, fix)
        return
    for caption in paper.captions:
        if caption.number != "??" and (caption.kind, caption.number) not in pointed:
            message = f"{caption.kind} {caption.number} is never referred to in the text."
            quote = f"{caption.kind} {caption.number}: {caption.text}"[:160]
            found = quoted(paper, "figure-unreferenced", "warn", message, quote, fix)
            yield found.model_copy(update={"page": caption.page, "box": caption.box or found.box})


def _without_reference(source: Source, pointed: dict[tuple[str, str], str], fix: str) -> Iterator[Finding]:
    used = {use.key for use in source.references}
    for one in source.floats:
        if not one.caption and not one.labels:
            continue  # a picture without a caption is a part of the text where it stands
        if not used & set(one.labels) and (one.kind, one.number) not in pointed:
            label = f" ({one.labels[0]})" if one.labels else ", which has no label,"
            message = f"{one.kind} {one.number}{label} is never referred to in the text."
            yield at_spot(source, one.spot, "figure-unreferenced", "warn", message, fix)


@rule("figure-missing")
def missing_figures(subject: Subject) -> Iterator[Finding]:
    """Figures and tables that the text points to and that are not there."""
    paper = subject.paper
    if not paper.captions:
        raise UncheckableError("no captions were recognised")
    there = {(caption.kind, caption.number) for caption in paper.captions}
    text = prose(paper.text)
    for (kind, number), quote in _pointed(paper).items():
        # A caption may begin within a line, after a figure's own words.
        captioned = re.search(rf"\b{kind[:3]}\w*\.?\s*{number}\s*[.:|]\s*[A-Z]", text)
        if (kind, number) not in there and captioned is None:
            message = f"The text points to {kind} {number}, for which no caption was found."
            yield quoted(paper, "figure-missing", "warn", message, quote, "Add it, or correct the number.")


def _pointed(paper: Paper) -> dict[tuple[str, str], str]:
    """(kind, number) of each figure and table that the text names outside the caption itself, with a quote."""
    pointed: dict[tuple[str, str], str] = {}
    text = prose(paper.text)
    for match in _POINTER.finditer(text):
        kind, after = "Table" if match[1].startswith("Tab") else "Figure", text[match.end() :]
        if re.match(r"\s*[:|]|\.\s+[A-Z]", after) and _is_caption(paper, kind, match[2], after):
            continue
        numbers = [match[2], *re.findall(r"[A-Z]?\d{1,3}", match[3])]
        if re.search(r"to|[–-]", match[3]) and numbers[0].isdigit() and numbers[-1].isdigit():
            numbers += [str(n) for n in range(int(numbers[0]), min(int(numbers[-1]), int(numbers[0]) + 50))]
        for number in numbers:
            pointed.setdefault((kind, number), quote_around(text, match.start(), match.end()))
    return pointed


def _is_caption(paper: Paper, kind: str, number: str, after: str) -> bool:
    def begins(caption: Caption) -> bool:
        return after.lstrip(":.| ").startswith(prose(caption.text)[:20])

    return any(c.kind == kind and c.number == number and begins(c) for c in paper.captions)
