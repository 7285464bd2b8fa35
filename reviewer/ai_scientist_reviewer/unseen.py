"""Which characters of a PDF's text layer a reader does not see, or sees as others, and why.

The ink test: each page is drawn twice, once with its text made invisible. A character around which nothing changes leaves no
ink, whatever the trick: the paper's own colour, transparency, rendering mode 3, a layer that is off, a box or a picture over it.
Text too small to read or off the page is found by its place. What leaves ink is held against the shape of the letter that it
is said to be.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from ai_scientist_reviewer import pdf
from ai_scientist_reviewer.document import Glyph, Page
from ai_scientist_reviewer.paper import Paper
from ai_scientist_reviewer.reader.shapes import OTHER, UNJUDGED
from ai_scientist_reviewer.reader.wire import Placed

LEAST_CONTRAST = 20
"""Grey levels (0 to 255) that a visible character changes at least one of its pixels by."""
LEAST_HEIGHT = 1.2
"""Points: letters lower and narrower than this cannot be read on paper."""
SMALL = 2.6
"""Points: a sentence in a font of at most this size is not for readers, though a number on an axis may be."""
SENTENCE = 30
"""Letters."""
JUDGED = 20
"""Letters that a run must have before its shapes tell anything."""
DIFFERING = 0.55
"""Share of them that look like other letters; on clean papers no run of so many letters comes near it."""
DRAWN_OTHERWISE = "drawn as other letters"
_DPI = 110
_WORD = re.compile(r"\S+")

Reasons = Mapping[int, str]
"""Glyph index to why that character cannot be seen."""


def reasons(paper: Paper) -> dict[int, Reasons]:
    """By page number.

    Raises:
        PaperError: the pages cannot be drawn within the bounds.
    """
    if paper.source != "pdf":
        return {page.number: marked(page) for page in paper.pages}
    placed = [Placed(page.text, [glyph.box for glyph in page.glyphs]) for page in paper.pages]
    found: dict[int, dict[int, str]] = {}
    for page, seen in zip(paper.pages, pdf.seen(paper.data, paper.name, placed, _DPI), strict=True):
        unseen = dict(_unseen(page, seen.ink))
        found[page.number] = dict(_otherwise(page, seen.likeness, unseen)) | unseen
    _spare_watermarks(paper, found)
    return dict(found)


def marked(page: Page) -> Reasons:
    """Of LaTeX source: what was found when it was read."""
    return {i: f"{glyph.font} in the source" for i, glyph in enumerate(page.glyphs) if glyph.mode == 3}


def _spare_watermarks(paper: Paper, found: dict[int, dict[int, str]]) -> None:
    """A watermark that a figure covers on one page is plain to see at the same place of another."""
    shown = {_spot(page, i) for page in paper.pages for i in _solid(page) if i not in found.get(page.number, {})}
    for page in paper.pages:
        unseen = found.get(page.number, {})
        for match in _WORD.finditer(page.text):
            span = range(match.start(), match.end())
            if all(i in unseen and unseen[i] != DRAWN_OTHERWISE and _spot(page, i) in shown for i in span):
                for i in span:
                    del unseen[i]


def _solid(page: Page) -> Iterator[int]:
    return (i for i, glyph in enumerate(page.glyphs) if glyph.box is not None)


def _spot(page: Page, i: int) -> tuple[str, int, int]:
    """The character and its place to two points."""
    glyph = page.glyphs[i]
    return (glyph.char, round(glyph.box.left / 2), round(glyph.box.top / 2)) if glyph.box else (glyph.char, -1, -1)


def _unseen(page: Page, ink: bytes) -> Iterator[tuple[int, str]]:
    """Whole words of which most letters cannot be seen, by glyph index."""
    small = sum(glyph.char.isalpha() and 0 < glyph.size <= SMALL for glyph in page.glyphs) >= SENTENCE
    for match in _WORD.finditer(page.text):
        telling: list[str] = []
        for i in range(match.start(), match.end()):
            if page.glyphs[i].char.isalnum():
                telling.append(_why(page.glyphs[i], page, ink[i], small))
        bad = [why for why in telling if why]
        if bad and len(bad) * 2 > len(telling):
            yield from ((i, max(set(bad), key=bad.count)) for i in range(match.start(), match.end()))


def _why(glyph: Glyph, page: Page, ink: int, small: bool) -> str:
    """Why this letter cannot be seen, "" if it can."""
    if glyph.mode in (3, 7):
        return "drawn in invisible mode"
    if glyph.box is None:
        return ""
    left, top, right, bottom = glyph.box
    if not (0 <= (left + right) / 2 <= page.width and 0 <= (top + bottom) / 2 <= page.height):
        return "off the page"
    if 0 < max(right - left, bottom - top) < LEAST_HEIGHT or (small and 0 < glyph.size <= SMALL):
        return "too small to read"
    return "without ink" if ink < LEAST_CONTRAST else ""


def _otherwise(page: Page, likeness: bytes, unseen: Reasons) -> Iterator[tuple[int, str]]:
    """Runs of words whose letters look like others, and all words in a font that draws others: a single word proves nothing."""
    words = [match.span() for match in _WORD.finditer(page.text)]
    told = [
        [likeness[i] == OTHER for i in range(*word) if likeness[i] != UNJUDGED and i not in unseen] for word in words
    ]
    level = [_level(page, *word) for word in words]
    fonts: dict[str, list[bool]] = {}
    for word, letters, straight in zip(words, told, level, strict=True):
        fonts.setdefault(page.glyphs[word[0]].font, []).extend(letters if straight else [])
    lying = {font for font, letters in fonts.items() if _differs(letters)}
    bad = {n for n, word in enumerate(words) if page.glyphs[word[0]].font in lying and level[n]}
    for first in range(len(words)):
        run: list[bool] = []
        last = first
        while last < len(words) and len(run) < JUDGED:
            run += told[last] if level[last] else []
            last += 1
        if _differs(run):
            bad.update(word for word in range(first, last) if 4 * sum(told[word]) >= len(told[word]))
    for word in bad:
        yield from ((i, DRAWN_OTHERWISE) for i in range(*words[word]))


def _differs(letters: list[bool]) -> bool:
    return len(letters) >= JUDGED and sum(letters) >= DIFFERING * len(letters)


def _level(page: Page, start: int, end: int) -> bool:
    """Whether a word runs from left to right, as the letters that it is held against do."""
    boxes = [glyph.box for glyph in page.glyphs[start:end] if glyph.box is not None]
    if len(boxes) < 2:
        return True
    across = boxes[-1].left + boxes[-1].right - boxes[0].left - boxes[0].right
    down = boxes[-1].top + boxes[-1].bottom - boxes[0].top - boxes[0].bottom
    return across > 0 and abs(down) < 0.25 * across + 0.6 * page.glyphs[start].size
