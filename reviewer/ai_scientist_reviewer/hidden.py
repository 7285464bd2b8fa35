"""What a paper carries that a reader does not see, looked for before any model sees a word of it, reported, and taken out.

What leaves no ink or looks like other letters is told by `unseen`; sentences that speak to reviewers by `instructions`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ai_scientist_reviewer.beside import carried
from ai_scientist_reviewer.document import Box, Glyph, Page
from ai_scientist_reviewer.findings import Finding, Severity
from ai_scientist_reviewer.instructions import INSTRUCTIONS, INVISIBLE, REMOVED, addressed_to_reviewers, speaks
from ai_scientist_reviewer.paper import Paper
from ai_scientist_reviewer.structure import prose, quote_around
from ai_scientist_reviewer.unseen import DRAWN_OTHERWISE, Reasons, marked, reasons

__all__ = ["CONCEALED", "INSTRUCTIONS", "Examined", "addressed_to_reviewers", "examine"]

CONCEALED: Mapping[str, str] = {
    "hidden-text": "Text that no reader can see was found here and taken out.",
    "text-not-as-shown": "The text layer says other letters here than the page shows; it was taken out.",
    "invisible-characters": "Invisible characters were found here and taken out.",
    "speaks-to-reviewers": "A sentence addressed to reviewers was taken out here.",
    "annotation": "The page carries an annotation, which is not shown.",
    "form-field": "The page carries a form field, whose value is not shown.",
    "bookmark": "A bookmark of the document is not shown.",
    "alternative-text": "The document carries alternative texts, which are not shown.",
    "replacement-text": "The document carries replacement texts, which are not shown.",
    "metadata": "The document's metadata are not shown.",
    "attachment": "The document carries an attached file, which is not shown.",
}
"""The rules of what was hidden, each with what a model may be told of it: the findings' own words quote it."""
LEAST_LETTERS = 3
"""A run of hidden text with fewer letters and digits is taken for an accident of typesetting."""
NEAR = 20.0
"""Points between letters of one line, at most."""


@dataclass(frozen=True)
class Examined:
    """A paper as it may be shown to a model, and what was found and taken out. Whatever makes a part of a prompt from a paper takes this."""

    paper: Paper
    """Its pages and, beside a PDF, its source's text. What is no text is as it was read: metadata, and `latex` with files and keys."""
    findings: tuple[Finding, ...]


def examine(paper: Paper) -> Examined:
    """Looks for what is hidden in the paper, and takes it out of its text.

    Raises:
        PaperError: the pages cannot be drawn within the bounds of reading.
    """
    findings: list[Finding] = []
    pages: list[Page] = []
    unseen = reasons(paper)
    for page in paper.pages:
        found, kept = _without_hidden(page, unseen.get(page.number, {}))
        addressed, kept = _without_instructions(kept)
        findings += [*found, *addressed]
        pages.append(kept)
    findings += [*carried(paper), *_unknown(paper)]
    return Examined(paper.with_pages(pages, _source(paper, pages)), tuple(findings))


def _source(paper: Paper, pages: Sequence[Page]) -> Page | None:
    """The source's text without what is hidden in it. Beside a PDF it is not told: of the PDF it was."""
    if paper.written is None or paper.source != "pdf":
        return pages[0] if paper.written is not None else None
    _, kept = _without_hidden(paper.written, marked(paper.written))
    return _without_instructions(kept)[1]


def _unknown(paper: Paper) -> Iterator[Finding]:
    """What this look cannot tell."""
    if paper.source != "pdf":
        told = "Could not be checked: source shows no ink. Colours, sizes and transparency are known as far as they are written out."
        yield Finding(rule="hidden-text", severity="info", message=told, checked=False)
    pages = [page.number for page in paper.pages if page.pictures]
    if pages:
        where = f"page {pages[0]}" if len(pages) == 1 else "pages " + ", ".join(map(str, pages[:20]))
        told = f"Could not be checked: words within pictures ({where}) are not in the text layer and were not read."
        yield Finding(rule="picture-text", severity="info", message=told, page=pages[0], checked=False)


def _without_hidden(page: Page, unseen: Reasons) -> tuple[list[Finding], Page]:
    findings: list[Finding] = []
    gone: set[int] = set()
    for run in _runs(page, unseen):
        text = prose("".join(page.glyphs[i].char for i in run))
        letters = sum(char.isalnum() for char in text)
        if letters < LEAST_LETTERS:
            continue
        gone.update(run)
        findings.append(_unseen_text(page, run, text, unseen[run[0]], letters))
    signs = [i for i, glyph in enumerate(page.glyphs) if INVISIBLE.match(glyph.char)]
    if signs:
        gone.update(signs)
        findings.append(_invisible(page, signs))
    kept = tuple(glyph for i, glyph in enumerate(page.glyphs) if i not in gone)
    # What a reader overlooks a model may make out. Behind a drawing there is nothing to make out, and the drawing is to be seen.
    faint = [page.glyphs[i].box for i in sorted(gone) if unseen.get(i) != DRAWN_OTHERWISE]
    bare = (box for box in faint if box is not None and not any(_meet(box, drawn) for drawn in page.drawn))
    return findings, replace(page, glyphs=kept, withheld=(*page.withheld, *_in_lines(bare))) if gone else page


def _in_lines(boxes: Iterable[Box]) -> Iterator[Box]:
    """Boxes of letters, in reading order, put together where they stand side by side."""
    line: Box | None = None
    for box in boxes:
        if line is not None and _beside(line, box):
            line = Box(line.left, min(line.top, box.top), max(line.right, box.right), max(line.bottom, box.bottom))
            continue
        if line is not None:
            yield line
        line = box
    if line is not None:
        yield line


def _beside(line: Box, box: Box) -> bool:
    level = box.top < line.bottom and line.top < box.bottom
    return level and line.left <= box.left < line.right + NEAR


def _meet(one: Box, other: Box) -> bool:
    return one.left < other.right and other.left < one.right and one.top < other.bottom and other.top < one.bottom


def _unseen_text(page: Page, run: list[int], text: str, why: str, letters: int) -> Finding:
    addressed = speaks(text)
    severity: Severity = "error" if addressed or letters >= 20 else "warn"
    told = ", and it speaks to reviewers" if addressed else ""
    rule, message = "hidden-text", f"Text that no reader can see ({why}, {letters} letters){told}."
    if why == DRAWN_OTHERWISE:
        rule, message = (
            "text-not-as-shown",
            f"The text layer says other words than the page shows ({letters} letters){told}.",
        )
    spot = page.glyphs[run[0]].spot
    return Finding(
        rule=rule,
        severity=severity,
        message=f"{message} It was kept from the referees.",
        page=page.number,
        box=Box.around(page.glyphs[i].box for i in run),
        file=spot.file if spot else "",
        line=spot.line if spot else None,
        quote=text[:300],
        fix="Remove it, or show it."
        if rule == "hidden-text"
        else "Embed fonts whose characters are those that they draw.",
    )


def _invisible(page: Page, signs: list[int]) -> Finding:
    tags = "".join(chr(ord(c) - 0xE0000) for c in (page.glyphs[i].char for i in signs) if 0xE0020 < ord(c) < 0xE0080)
    spot = page.glyphs[signs[0]].spot
    return Finding(
        rule="invisible-characters",
        severity="error" if tags else "warn",
        message=f"{len(signs)} zero-width, direction or tag characters"
        + (f', the tags spelling "{tags[:200]}".' if tags else ".")
        + " They were kept from the referees.",
        page=page.number,
        file=spot.file if spot else "",
        line=spot.line if spot else None,
        fix="Remove them.",
    )


def _runs(page: Page, unseen: Reasons) -> Iterator[list[int]]:
    """Hidden glyphs next to each other, but for white space, with the same reason."""
    run: list[int] = []
    for i in sorted(unseen):
        between = page.text[run[-1] + 1 : i] if run else ""
        if run and (between.strip() or unseen[i] != unseen[run[0]]):
            yield run
            run = []
        run += [*range(run[-1] + 1, i), i] if run else [i]
    if run:
        yield run


def _without_instructions(page: Page) -> tuple[list[Finding], Page]:
    """Visible sentences addressed to reviewers: reported, and replaced by a note."""
    text, places = _joined(page.text)
    found = [(*_sentence(text, match.start(), match.end()), match) for match in addressed_to_reviewers(text)]
    spans = _merged((places[start], places[end - 1] + 1, match) for start, end, match in found if end > start)
    findings: list[Finding] = []
    glyphs = list(page.glyphs)
    withheld = list(page.withheld)
    for start, end, match in reversed(spans):
        first = glyphs[start]
        withheld += _in_lines(glyph.box for glyph in glyphs[start:end] if glyph.box is not None)
        findings.append(
            Finding(
                rule="speaks-to-reviewers",
                severity="warn",
                message="A visible sentence that may be meant to steer the review. It was kept from the referees.",
                page=page.number,
                box=Box.around(glyph.box for glyph in page.glyphs[places[match.start()] : places[match.end() - 1] + 1]),
                file=first.spot.file if first.spot else "",
                line=first.spot.line if first.spot else None,
                quote=quote_around(text, match.start(), match.end()),
                fix="Remove it, unless the paper is about such sentences.",
            )
        )
        glyphs[start:end] = [Glyph(char, None, first.size, first.font, 0, first.spot) for char in REMOVED]
    return findings[::-1], replace(page, glyphs=tuple(glyphs), withheld=tuple(withheld)) if spans else page


_DIVIDED = re.compile(r"(?<=[^\W\d_])-\n(?=[^\W\d_])")


def _joined(text: str) -> tuple[str, list[int]]:
    """The text on one line, words divided at a line's end put together, and where each of its characters stood."""
    gone = {i for match in _DIVIDED.finditer(text) for i in range(*match.span())}
    places = [i for i in range(len(text)) if i not in gone]
    return "".join(text[i] for i in places).replace("\n", " "), places


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
