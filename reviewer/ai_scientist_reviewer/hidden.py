"""What a paper carries that a reader does not see, looked for before any model sees a word of it.

The ink test: each page is drawn twice, once with its text made invisible. A character around which nothing changes
leaves no ink, whatever the trick: the paper's own colour, transparency, rendering mode 3, a box or a picture over it.
Text too small to read or off the page is found by its place. All of it is taken out of the text that goes on.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ai_scientist_reviewer import pdf
from ai_scientist_reviewer.document import Box, Glyph, Page
from ai_scientist_reviewer.findings import Finding, Severity
from ai_scientist_reviewer.paper import Paper
from ai_scientist_reviewer.structure import prose, quote_around

CONCEALED: Mapping[str, str] = {
    "hidden-text": "Text that no reader can see was found here and taken out.",
    "invisible-characters": "Invisible characters were found here and taken out.",
    "speaks-to-reviewers": "A sentence addressed to reviewers was taken out here.",
    "annotation": "The page carries an annotation, which is not shown.",
    "metadata": "The document's metadata are not shown.",
    "attachment": "The document carries an attached file, which is not shown.",
}
"""This module's rules, each with what a model may be told of it: the findings' own words quote what was hidden."""
LEAST_CONTRAST = 20
"""Grey levels (0 to 255) that a visible character changes at least one of its pixels by."""
LEAST_HEIGHT = 1.2
"""Points: letters lower and narrower than this cannot be read on paper."""
LEAST_LETTERS = 3
"""A run of hidden text with fewer letters and digits is taken for an accident of typesetting."""
_DPI = 110
_REMOVED = "[a sentence addressed to reviewers was removed here]"

_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\U000e0000-\U000e007f]")

INSTRUCTIONS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\b(ignore|disregard|forget|override)\b.{0,30}\b(previous|prior|above|earlier|other|all|your)\b.{0,30}"
        r"\b(instruction|prompt|guideline|direction)s?",
        r"\b(give|write|provide|produce|output|submit|generate)\b.{0,30}\b(positive|favou?rable|glowing|strong)\b"
        r".{0,20}\breviews?\b",
        r"\b(do not|don't|never|avoid)\b.{0,30}\b(mention|highlight|discuss|report|list|point out|raise|say)\w*\b"
        r".{0,40}\b(negatives?|weakness\w*|limitations?|flaws?|criticisms?|anything negative)\b",
        r"\b(recommend|suggest|vote for|decide on)\b.{0,20}\b(strong )?accept(ance|ing)?\b",
        r"\b(rate|score|grade|give)\b.{0,20}\b(this|the) (paper|manuscript|submission|work)\b.{0,40}"
        r"\b(10|highest|maximum|strong accept|full marks|top)\b",
        r"\b(AI|LLM|large language model|language model|automated)[- ]?(based )?(peer )?(reviewers?|referees?)\b.{0,60}"
        r"\b(must|should|shall|please|note|attention)\b",
        r"\b(if you are|as|to|attention|note to)\b.{0,12}\b(an? |the |all )?(AI|LLM|(large )?language model)s?"
        r"[- ]?(based )?(reviewers?|referees?|review(ing)?)\b",
        r"\b(reviewers?|referees?|LLMs?|language models?)\b.{0,15}\b(must|should|are instructed to|shall)\b.{0,20}"
        r"\b(accept|recommend|praise|score|rate|assign)\b",
        r"<\|?(im_start|im_end|system|endoftext)\|?>|\[/?INST\]|<</?SYS>>",
    )
)
"""Sentences that speak to whoever judges the paper. A paper may discuss such sentences: a finding is no verdict."""


@dataclass(frozen=True)
class Examined:
    """A paper as it may be shown to a model, and what was found and taken out."""

    paper: Paper
    findings: tuple[Finding, ...]


def examine(paper: Paper) -> Examined:
    """Looks for what is hidden in the paper, and takes it out of its text."""
    findings: list[Finding] = []
    pages: list[Page] = []
    reasons = _reasons(paper)
    for page in paper.pages:
        found, kept = _without_hidden(page, reasons.get(page.number, {}))
        addressed, kept = _without_instructions(kept)
        findings += [*found, *addressed, *_in_notes(page)]
        pages.append(kept)
    findings += _in_metadata(paper)
    if paper.source != "pdf":
        unseen = "Could not be checked: source shows no ink, so what a reader will not see is known from the PDF only."
        findings.append(Finding(rule="hidden-text", severity="info", message=unseen, checked=False))
    return Examined(paper.with_pages(pages), tuple(findings))


def addressed_to_reviewers(text: str) -> Iterator[re.Match[str]]:
    """Where the text speaks to whoever judges it."""
    for pattern in INSTRUCTIONS:
        yield from pattern.finditer(text)


def _reasons(paper: Paper) -> dict[int, dict[int, str]]:
    """Page number to glyph index to why that character cannot be seen."""
    if paper.source != "pdf":
        return {}
    hidden: dict[int, dict[int, str]] = {}
    levels = pdf.ink(paper.data, paper.name, [[glyph.box for glyph in page.glyphs] for page in paper.pages], _DPI)
    for page, ink in zip(paper.pages, levels, strict=True):
        hidden[page.number] = dict(_unseen(page, ink))
    # A watermark that a figure covers on one page is plain to see at the same place of another.
    shown = {_spot(page, i) for page in paper.pages for i in _solid(page) if i not in hidden.get(page.number, {})}
    for page in paper.pages:
        unseen = hidden.get(page.number, {})
        for match in re.finditer(r"\S+", page.text):
            if all(i in unseen and _spot(page, i) in shown for i in range(match.start(), match.end())):
                for i in range(match.start(), match.end()):
                    del unseen[i]
    return hidden


def _solid(page: Page) -> Iterator[int]:
    return (i for i, glyph in enumerate(page.glyphs) if glyph.box is not None)


def _spot(page: Page, i: int) -> tuple[str, int, int]:
    """The character and its place to two points."""
    glyph = page.glyphs[i]
    return (glyph.char, round(glyph.box.left / 2), round(glyph.box.top / 2)) if glyph.box else (glyph.char, -1, -1)


def _unseen(page: Page, ink: bytes) -> Iterator[tuple[int, str]]:
    """Whole words of which most letters cannot be seen, by glyph index."""
    for match in re.finditer(r"\S+", page.text):
        telling: list[str] = []
        for i in range(match.start(), match.end()):
            if page.glyphs[i].char.isalnum():
                telling.append(_why(page.glyphs[i], page, ink[i]))
        bad = [why for why in telling if why]
        if bad and len(bad) * 2 > len(telling):
            yield from ((i, max(set(bad), key=bad.count)) for i in range(match.start(), match.end()))


def _why(glyph: Glyph, page: Page, ink: int) -> str:
    """Why this letter cannot be seen, "" if it can."""
    if glyph.mode in (3, 7):
        return "drawn in invisible mode"
    if glyph.box is None:
        return ""
    left, top, right, bottom = glyph.box
    if not (0 <= (left + right) / 2 <= page.width and 0 <= (top + bottom) / 2 <= page.height):
        return "off the page"
    if 0 < max(right - left, bottom - top) < LEAST_HEIGHT:
        return "too small to read"
    return "without ink" if ink < LEAST_CONTRAST else ""


def _without_hidden(page: Page, reasons: Mapping[int, str]) -> tuple[list[Finding], Page]:
    findings: list[Finding] = []
    gone: set[int] = set()
    for run in _runs(page, reasons):
        text = prose("".join(page.glyphs[i].char for i in run))
        letters = sum(char.isalnum() for char in text)
        if letters < LEAST_LETTERS:
            continue
        gone.update(run)
        speaks = next(addressed_to_reviewers(text), None) is not None
        why = reasons[run[0]]
        severity: Severity = "error" if speaks or letters >= 20 else "warn"
        told = ", and it speaks to reviewers" if speaks else ""
        box = Box.around(page.glyphs[i].box for i in run)
        findings.append(
            Finding(
                rule="hidden-text",
                severity=severity,
                message=f"Text that no reader can see ({why}, {letters} letters){told}. It was kept from the referees.",
                page=page.number,
                box=box,
                quote=text[:300],
                fix="Remove it, or show it.",
            )
        )
    signs = [i for i, glyph in enumerate(page.glyphs) if _INVISIBLE.match(glyph.char)]
    if signs:
        gone.update(signs)
        tags = "".join(chr(ord(c) - 0xE0000) for c in (page.glyphs[i].char for i in signs) if ord(c) > 0xE0020)
        findings.append(
            Finding(
                rule="invisible-characters",
                severity="error" if tags else "warn",
                message=f"{len(signs)} zero-width, direction or tag characters"
                + (f', the tags spelling "{tags[:200]}".' if tags else ".")
                + " They were kept from the referees.",
                page=page.number,
                fix="Remove them.",
            )
        )
    kept = tuple(glyph for i, glyph in enumerate(page.glyphs) if i not in gone)
    return findings, replace(page, glyphs=kept) if gone else page


def _runs(page: Page, reasons: Mapping[int, str]) -> Iterator[list[int]]:
    """Hidden glyphs next to each other, but for white space, with the same reason."""
    run: list[int] = []
    for i in sorted(reasons):
        between = page.text[run[-1] + 1 : i] if run else ""
        if run and (between.strip() or reasons[i] != reasons[run[0]]):
            yield run
            run = []
        run += [*range(run[-1] + 1, i), i] if run else [i]
    if run:
        yield run


def _without_instructions(page: Page) -> tuple[list[Finding], Page]:
    """Visible sentences addressed to reviewers: reported, and replaced by a note."""
    text = page.text.replace("\n", " ")
    spans = _merged((*_sentence(text, match.start(), match.end()), match) for match in addressed_to_reviewers(text))
    findings: list[Finding] = []
    glyphs = list(page.glyphs)
    for start, end, match in reversed(spans):
        box = Box.around(glyph.box for glyph in page.glyphs[match.start() : match.end()])
        findings.append(
            Finding(
                rule="speaks-to-reviewers",
                severity="warn",
                message="A visible sentence that may be meant to steer the review. It was kept from the referees.",
                page=page.number,
                box=box,
                quote=quote_around(text, match.start(), match.end()),
                fix="Remove it, unless the paper is about such sentences.",
            )
        )
        glyphs[start:end] = [Glyph(char, None, glyphs[start].size, glyphs[start].font, 0) for char in _REMOVED]
    return findings[::-1], replace(page, glyphs=tuple(glyphs)) if spans else page


def _sentence(text: str, start: int, end: int, most: int = 400) -> tuple[int, int]:
    """The bounds of the sentence around a match, no further than `most` characters away."""
    before = max(text.rfind(stop, max(0, start - most), start) for stop in (". ", "! ", "? ", ": "))
    after = [at for stop in (". ", "! ", "? ") if (at := text.find(stop, max(start, end - 1), end + most)) >= 0]
    return (before + 2 if before >= 0 else start), (min(after) + 1 if after else end)


def _merged(spans: Iterable[tuple[int, int, re.Match[str]]]) -> list[tuple[int, int, re.Match[str]]]:
    merged: list[tuple[int, int, re.Match[str]]] = []
    for start, end, match in sorted(spans, key=lambda span: span[:2]):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]), merged[-1][2])
        else:
            merged.append((start, end, match))
    return merged


def _in_notes(page: Page) -> Iterator[Finding]:
    for note in page.notes:
        speaks = next(addressed_to_reviewers(note), None) is not None
        if note.strip():
            yield Finding(
                rule="annotation",
                severity="error" if speaks else "info",
                message="An annotation"
                + (" that speaks to reviewers" if speaks else "")
                + f' reads "{prose(note)[:200]}". Referees do not see it.',
                page=page.number,
                fix="Remove annotations before submission.",
            )


def _in_metadata(paper: Paper) -> Iterator[Finding]:
    named: Sequence[str] = ("Author", "Title", "Subject", "Keywords")
    for key, value in paper.metadata.items():
        if next(addressed_to_reviewers(value), None) is not None:
            message = f'The document\'s metadata speak to reviewers ({key}: "{value[:200]}"). Referees do not see them.'
            yield Finding(rule="metadata", severity="error", message=message, fix=f"Empty the field {key}.")
        elif key in named:
            yield Finding(rule="metadata", severity="info", message=f'Metadata: {key} is "{value[:200]}".')
    for name in paper.attachments:
        message = f'The file "{name[:100]}" is attached. Referees do not see it.'
        yield Finding(rule="attachment", severity="warn", message=message, fix="Remove it before submission.")
