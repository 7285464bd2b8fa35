"""Lines, headings, captions and references, told from characters and where they stand. Rules of thumb, no model."""

from __future__ import annotations

import re
import statistics
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from ai_scientist_reviewer.document import Box, Caption, Glyph, Line, Page, Reference, Section
from ai_scientist_reviewer.headings import CAPTION, LAST, NAMED, TITLE, body_style, heading_of, headings

__all__ = ["body_style", "heading_of", "headings", "prose", "quote_around", "sentences"]

_CAPTION = re.compile(r"(?P<kind>Figure|Fig\.|Table)\s*(?P<number>[A-Z]?\d{1,3}|\?\?)\s*[:.|]\s*(?P<text>.*)")
_MARKER = re.compile(r"\[(?P<label>\d{1,3})\]\s*|(?P<dotted>\d{1,3})\.\s+(?=[A-Z])")


def lines_of(page: Page) -> Iterator[Line]:
    start = 0
    for end in [
        *(i for i, glyph in enumerate(page.glyphs) if glyph.char == "\n" or _jumps(page.glyphs, i)),
        len(page.glyphs),
    ]:
        glyphs = page.glyphs[start:end]
        text = "".join(glyph.char for glyph in glyphs)
        written = [glyph for glyph in glyphs if not glyph.char.isspace()]
        solid = [glyph for glyph in written if glyph.box is not None or glyph.spot is not None]
        if text.strip():
            size = statistics.median(glyph.size for glyph in solid) if solid else 0.0
            font = Counter(glyph.font for glyph in solid).most_common(1)[0][0] if solid else ""
            box = Box.around(glyph.box for glyph in solid)
            spot = next((glyph.spot for glyph in written), None)
            yield Line(text.rstrip(), page.number, start, size, font, box, spot)
        start = end + 1


_JUMP = 1.5
"""Sizes of a letter that lie between two lines, where the text layer has but a space: after a figure's last word, its caption."""


def _jumps(glyphs: Sequence[Glyph], i: int) -> bool:
    """Whether a space that is not drawn stands between words of two lines."""
    if glyphs[i].char != " " or glyphs[i].box is not None or not 0 < i < len(glyphs) - 1:
        return False
    before, after = glyphs[i - 1], glyphs[i + 1]
    if before.box is None or after.box is None:
        return False
    apart = max(after.box.top - before.box.bottom, before.box.top - after.box.bottom)
    return apart > _JUMP * max(before.size, after.size)


def body_lines(pages: Sequence[Page]) -> Iterator[Line]:
    """All lines but page numbers and what most pages repeat at the same height."""
    times = Counter(key for page in pages for key in {_head_key(line) for line in lines_of(page)} if key is not None)
    for page in pages:
        for line in lines_of(page):
            key = _head_key(line)
            repeated = key is not None and times[key] >= max(3, 0.6 * len(pages))
            if not (repeated or _is_page_number(line, page) or _is_running_head(line, page)):
                yield line


def _head_key(line: Line) -> tuple[str, int] | None:
    return (line.text.strip(), round(line.box.top / 4)) if line.box is not None else None


def _is_page_number(line: Line, page: Page) -> bool:
    if line.box is None or not re.fullmatch(r"\W*\d{1,4}\W*", line.text):
        return False
    return line.box.top > 0.9 * page.height or line.box.bottom < 0.08 * page.height


def _is_running_head(line: Line, page: Page) -> bool:
    """A page's number beside the authors' or the paper's name at the very top."""
    if line.box is None or page.number == 1 or line.box.bottom > 0.17 * page.height:
        return False
    text = line.text.strip()
    names = re.sub(r"^\d{1,4}\s+|\s+\d{1,4}$", "", text)
    return names != text and names.isupper() and not any(
        glyph.box is not None and glyph.box.bottom < line.box.top for glyph in page.glyphs
    )  # fmt: skip


def title_of(lines: Sequence[Line]) -> str:
    first = [line for line in lines if line.page == 1 and line.box is not None]
    if not first:
        marked = [line.text.strip() for line in lines if line.font == TITLE]
        return next((text for text in (*marked, *(line.text.strip() for line in lines))), "")
    top = first[: max(12, len(first) // 3)]
    largest = max((line.size for line in top if sum(char.isalpha() for char in line.text) >= 4), default=0.0)
    parts: list[str] = []
    for line in top:
        if line.size > 0.85 * largest and not NAMED.fullmatch(line.text.strip()):
            parts.append(line.text.strip())
        elif parts:
            break
    return re.sub(r"(?<=\w)- (?=\w)", "", " ".join(parts[:4]))


def sections_of(lines: Sequence[Line]) -> Iterator[Section]:
    found = headings(lines)
    starts = [*found, len(lines)]
    for start, end in pairwise(starts):
        heading = found[start]
        text = [line.text for line in lines[start + heading.lines : end]]
        text = [heading.rest, *text] if heading.rest else text
        yield Section(heading.title, heading.number, lines[start].page, "\n".join(text))


def body_of(lines: Sequence[Line]) -> str:
    """The text before the heading of the reference list."""
    end = next((i for i, one in headings(lines).items() if one.title.casefold() in LAST), len(lines))
    return "\n".join(line.text for line in lines[:end])


def captions_of(lines: Sequence[Line], pages: Sequence[Page]) -> Iterator[Caption]:
    for i, line in enumerate(lines):
        match = _CAPTION.match(line.text.strip())
        if match is None or (line.spot is not None and line.font != CAPTION) or _in_a_sentence(lines, i, match):
            continue
        kind = "Table" if match["kind"] == "Table" else "Figure"
        more = _same_block(lines, i, pages[line.page - 1], table=kind == "Table")
        text = prose("\n".join([match["text"], *(one.text.strip() for one in more)]))
        box = _drawing_at(line, pages[line.page - 1]) if kind == "Figure" else None
        yield Caption(kind, match["number"], text, line.page, box)


def _in_a_sentence(lines: Sequence[Line], i: int, match: re.Match[str]) -> bool:
    """Whether "Figure 1." at a line's start ends a sentence that begins above."""
    line, above = lines[i], lines[i - 1] if i else None
    if line.box is None or ":" in line.text[: match.start("text")] or above is None or above.box is None:
        return False
    close = above.page == line.page and -line.size < line.box.top - above.box.bottom < 0.6 * line.size
    alike = abs(above.size - line.size) < 0.3 and abs(above.box.left - line.box.left) < 3 * line.size
    return close and alike and not above.text.rstrip().endswith((".", "!", "?", ":"))


def _same_block(lines: Sequence[Line], i: int, page: Page, *, table: bool, most: int = 12) -> Iterator[Line]:
    """The lines that follow line `i` without a gap, in its size, on its page."""
    for before, line in zip(lines[i : i + most], lines[i + 1 : i + 1 + most], strict=False):
        if line.page != before.page or line.box is None or before.box is None or _CAPTION.match(line.text.strip()):
            return
        if table and (before.text.rstrip().endswith(".") or _in_columns(line, page)):
            return  # the table itself follows
        if line.box.top - before.box.bottom > 0.8 * before.size or abs(line.size - before.size) > 0.6:
            return
        yield line


def _in_columns(line: Line, page: Page) -> bool:
    """Whether wide gaps part the words of a line, as they do the cells of a table's row."""
    boxes = [glyph.box for glyph in page.glyphs[line.start : line.start + len(line.text)] if glyph.box is not None]
    return any(after.left - before.right > 1.3 * line.size for before, after in pairwise(boxes))


def _drawing_at(line: Line, page: Page) -> Box | None:
    """The drawings between the caption and the next text above it."""
    if line.box is None:
        return None
    roof = 0.0
    for other in lines_of(page):
        wide = other.box is not None and len(other.text) > 60 and other.box.bottom < line.box.top - 40
        if wide and other.box is not None:
            roof = max(roof, other.box.bottom)
    inside = [
        box
        for box in page.drawn
        if box.bottom <= line.box.top + 6
        and box.top >= roof - 6
        and box.bottom - box.top > 2
        and box.right - box.left > 2
    ]
    return Box.around(inside)


def references_of(lines: Sequence[Line]) -> Iterator[Reference]:
    found = headings(lines)
    starts = [*found, len(lines)]
    listed: list[Line] = []
    for start, end in pairwise(starts):
        if found[start].title.casefold() in LAST:
            listed = list(lines[start + 1 : end])
        elif listed and _MARKER.match(lines[start].text):  # "1. Author …" looks like a heading
            listed += lines[start:end]
        elif listed:
            break
    entries = list(_without_floats(listed))
    for entry in _by_marker(entries) or _by_indent(entries):
        yield _reference(entry)


def _without_floats(lines: Sequence[Line]) -> Iterator[Line]:
    """Lines of a reference list but for figures and tables that LaTeX put among the entries or on pages behind them."""
    captions = [line for line in lines if line.box is not None and _CAPTION.match(line.text.strip())]
    dated = {line.page for line in lines if line not in captions and re.search(r"\b(?:19|20)\d\d", line.text)}
    above: Line | None = None
    for line in lines:
        if line.page not in dated and any(caption.page == line.page for caption in captions):
            continue
        if line in captions or (above is not None and _goes_on(above, line)):
            above = line
            continue
        above = None
        yield line


def _goes_on(above: Line, line: Line) -> bool:
    """Whether a line stands under another without a gap, in its size, on its page."""
    if line.page != above.page or line.box is None or above.box is None:
        return False
    return line.box.top - above.box.bottom <= 0.8 * above.size and abs(line.size - above.size) <= 0.6


def _by_marker(lines: Sequence[Line]) -> list[list[Line]]:
    entries: list[list[Line]] = []
    for line in lines:
        if _MARKER.match(line.text.strip()):
            entries.append([line])
        elif entries:
            entries[-1].append(line)
    return entries if len(entries) >= 2 or (entries and entries[0][0] is lines[0]) else []


def _by_indent(lines: Sequence[Line]) -> list[list[Line]]:
    """Entries with a hanging indent, or set apart by a gap, or else one a line that ends before with a full stop."""
    entries: list[list[Line]] = []
    margins = {
        page: min(line.box.left for line in lines if line.page == page and line.box is not None)
        for page in {line.page for line in lines if line.box is not None}
    }
    hanging = sum(1 for line in lines if line.box is not None and line.box.left > margins[line.page] + 4)
    for before, line in zip([None, *lines], lines, strict=False):
        if before is None or not entries:
            entries.append([line])
            continue
        if line.box is None or before.box is None:
            starts = before.text.rstrip().endswith(".")
        elif hanging >= 0.15 * len(lines):
            starts = line.box.left <= margins[line.page] + 4
        else:
            gap = line.page != before.page or line.box.top - before.box.bottom > 0.55 * before.size
            starts = gap and before.text.rstrip().endswith(".")
        if starts:
            entries.append([line])
        else:
            entries[-1].append(line)
    return entries


def _reference(lines: Sequence[Line]) -> Reference:
    text = re.sub(r"(?<=[a-z])- (?=[a-z])", "", " ".join(line.text.strip() for line in lines))
    marker = _MARKER.match(text)
    label = (marker["label"] or marker["dotted"]) if marker else ""
    rest = text[marker.end() :] if marker else text
    years = re.findall(r"(?<![\d.:/])((?:19|20)\d\d)[a-z]?(?!\d|\.\d)", rest)  # 1906.02629 is an arXiv number
    return Reference(text, lines[0].page, label, _surname(rest), years[-1] if years else "")


def _surname(text: str) -> str:
    """The first author's family name: "Ho, J." and "Jonathan Ho, Ajay Jain" both give "Ho"."""
    first = re.split(r",| and |(?<=[^\W\d_]{2})\.\s", text, maxsplit=1)[0].strip()
    words = [word for word in first.split() if not re.fullmatch(r"(?:[A-Z]\.-?)+", word)]
    return words[-1].strip(".,;") if words else ""


def prose(text: str) -> str:
    """Lines joined, and words divided at a line's end put together unless the text has them with a hyphen elsewhere."""
    hyphenated = set(re.findall(r"[a-z]+-[a-z]+", text))

    def join(match: re.Match[str]) -> str:
        divided = f"{match[1]}-{match[2]}"
        return divided if divided in hyphenated else match[1] + match[2]

    return re.sub(r"\s+", " ", re.sub(r"([a-z]+)-\n([a-z]+)", join, text)).strip()


def sentences(text: str) -> list[str]:
    """Prose in sentences, roughly: a stop, white space, then anything that begins like a sentence."""
    return re.split(r"(?<=[.!?])\s+(?=[A-Z0-9(\"“])", text)


def quote_around(text: str, start: int, end: int, reach: int = 60) -> str:
    """The words around a match, at most `reach` characters either side, on one line."""
    left, right = max(0, start - reach), min(len(text), end + reach)
    if left > 0:
        left = text.find(" ", left, start) + 1 or start
    if right < len(text):
        right = right if (cut := text.rfind(" ", end, right)) < 0 else cut
    return re.sub(r"\s+", " ", text[left:right]).strip()
