"""What stands in a paper's PDF: its links with the text under each, and its text with the links taken out.

Links are found by their rectangles. A link that breaks over a line or a page has several; a float may come between, so that
texts are put together by what the link has to say and not by where they lie.
"""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import median
from typing import Any

from ai_scientist.claims.binding import BOUND, COMPARED

OURS = re.compile(r"(?:claim|statistics|arm|data)\..+")
COMPARISON = re.compile(r"claim\..+-vs-.+")
OTHER = re.compile(r"(?:cite|figure|table|section|appendix|equation)\b.*")
ART = re.compile(r"art\..+")
DOCUMENT_FONTS = re.compile(r"(?:[A-Z]{6}\+)?(?:LM|CM|MSAM|MSBM|SFR|TeX)")
MINUS = str.maketrans({"−": "-", "–": "-", "—": "-", "‐": "-", "‑": "-", "’": "'", "‘": "'", "“": '"', "”": '"'})


class UnreadablePDF(Exception):
    """Not a PDF, or one that is damaged."""


@dataclass
class Link:
    """One rectangle of a link."""

    destination: str
    page: int
    box: tuple[float, float, float, float]
    """x0, top, x1, bottom in points."""
    text: str = ""


@dataclass(frozen=True)
class Use:
    """One link, whole."""

    destination: str
    text: str
    page: int
    left: float
    top: float


@dataclass(frozen=True)
class Line:
    """A run of text of one size on one line, links that are bound replaced by BOUND."""

    text: str
    page: int
    size: float
    bold: bool
    top: float
    raw: str
    """The text with the links' own."""


@dataclass(frozen=True)
class Reading:
    links: tuple[Link, ...]
    lines: tuple[Line, ...]
    pages: int


def normal(text: str) -> str:
    """For comparing: no spaces, no hyphenation, ligatures apart, one kind of minus and of quote."""
    text = unicodedata.normalize("NFKC", text.replace("``", "“").replace("''", "”")).translate(MINUS)
    text = text.replace("''", '"')
    # A hyphen may come from a line's end; TeX puts none before a digit, where it would be a minus.
    return re.sub(r"-(?!\d)", "", re.sub(r"[\s\u00ad\u2061-\u2064]", "", text))


def read(data: bytes) -> Reading:
    """The links and lines of a PDF, in the order in which they were set.

    Raises:
        UnreadablePDF: it is not a PDF or it is damaged.
    """
    import pdfplumber
    from pdfminer.pdfexceptions import PDFException
    from pdfplumber.utils.exceptions import PdfminerException

    links: list[Link] = []
    lines: list[Line] = []
    try:
        with pdfplumber.open(io.BytesIO(data)) as document:
            for page in document.pages:
                on_page = list(page_links(page))
                lines += page_lines(page, on_page)
                links += on_page
            return Reading(tuple(links), tuple(lines), len(document.pages))
    except (PDFException, PdfminerException, ValueError, KeyError, TypeError) as error:
        raise UnreadablePDF(str(error)) from None


def page_links(page: Any) -> list[Link]:
    found = []
    for annotation in page.annots:
        entry = annotation.get("data", {})
        action = entry.get("A")
        action = action.resolve() if hasattr(action, "resolve") else action
        if not isinstance(action, Mapping) or "D" not in action:
            continue
        name = action["D"]
        name = name.decode("utf-8", "replace") if isinstance(name, bytes) else str(name)
        box = tuple(float(annotation[key]) for key in ("x0", "top", "x1", "bottom"))
        found.append(Link(name, page.page_number, box))  # type: ignore[arg-type]
    return found


def page_lines(page: Any, links: list[Link]) -> list[Line]:
    """The page's lines; on the way, each link is given the text under it."""
    lines: list[Line] = []
    bound, raw, sizes = [], [], []
    last: dict[str, Any] | None = None
    current: Link | None = None

    def flush() -> None:
        text, top = "".join(raw).strip(), float(first["top"])
        if text and not (text == str(page.page_number) and top > 0.88 * float(page.height)):  # the page's own number
            bold = "Bold" in first["fontname"]
            lines.append(Line("".join(bound), page.page_number, round(median(sizes), 1), bold, top, text))
        bound.clear()
        raw.clear()
        sizes.clear()

    first: dict[str, Any] = {"top": 0.0, "fontname": ""}
    foot = folio(page)
    for character in page.chars:
        # A link that goes on on the next page reaches down to the page's number.
        link = None if any(character is one for one in foot) else under(character, links)
        in_font = DOCUMENT_FONTS.match(character["fontname"]) is not None
        if link is not None and ART.fullmatch(link.destination) and not in_font:
            continue
        gap = spacing(last, character)
        if gap == "\n":
            flush()
        if not raw:
            first = character
        elif gap:
            bound.append(" ")
            raw.append(" ")
        if link is not None and link is current and gap and link.text:
            link.text += " "
        raw.append(character["text"])
        sizes.append(character["size"])
        if link is None or not (OURS.fullmatch(link.destination) or OTHER.match(link.destination)):
            bound.append(character["text"])
        else:
            mark = COMPARED if COMPARISON.fullmatch(link.destination) else BOUND
            if not bound or link is not current or bound[-1] != mark:
                bound.append(mark)
            link.text += character["text"]
        last, current = character, link
    flush()
    return lines


def folio(page: Any) -> list[Mapping[str, Any]]:
    """The characters of the page's own number."""
    low = [character for character in page.chars if character["top"] > 0.88 * float(page.height)]
    lowest = max((character["bottom"] for character in low), default=0.0)
    last = [character for character in low if abs(character["bottom"] - lowest) < 2]
    return last if "".join(one["text"] for one in last).strip() == str(page.page_number) else []


def under(character: Mapping[str, Any], links: list[Link]) -> Link | None:
    x = (character["x0"] + character["x1"]) / 2
    y = (character["top"] + character["bottom"]) / 2
    inside = [link for link in links if link.box[0] <= x <= link.box[2] and link.box[1] - 0.5 <= y <= link.box[3] + 0.5]
    # Boxes of neighbouring lines may touch; the one whose middle is nearest holds the character.
    return min(inside, key=lambda link: abs((link.box[1] + link.box[3]) / 2 - y), default=None)


def spacing(last: Mapping[str, Any] | None, character: Mapping[str, Any]) -> str:
    """What lies between two characters: nothing, a space, or the end of a line."""
    if last is None:
        return ""
    size = max(last["size"], character["size"])
    if abs(character["bottom"] - last["bottom"]) > 0.6 * size or character["x0"] < last["x0"] - size:
        return "\n"
    return " " if character["x0"] - last["x1"] > 0.13 * size else ""


def uses(reading: Reading, texts: Mapping[str, str]) -> list[Use]:
    """The links of the paper, rectangles of one link put together by the text that it has to have."""
    found: list[Use] = []
    pending: dict[str, Link] = {}
    for link in reading.links:
        if not OURS.fullmatch(link.destination) or not link.text.strip():
            continue  # the rest of a link over two pages may hold nothing
        wanted = normal(texts.get(link.destination, ""))
        before = pending.pop(link.destination, None)
        start = before or link
        text = joined(before.text, link.text, wanted) if before else link.text
        if normal(text) != wanted and wanted.startswith((normal(text), normal(unhyphenated(text)))):
            pending[link.destination] = Link(link.destination, start.page, start.box, text)
            continue
        found.append(Use(link.destination, text, start.page, start.box[0], start.box[1]))
    found += [Use(link.destination, link.text, link.page, link.box[0], link.box[1]) for link in pending.values()]
    return found


def unhyphenated(text: str) -> str:
    """A line's text without the hyphen of a word that goes on in the next."""
    return re.sub(r"(?<=[^\W\d_])[-\u2010\u00ad]\s*$", "", text)


def joined(before: str, after: str, wanted: str) -> str:
    """Two lines of one text, with the hyphen between them only where it belongs to the text."""
    plain = f"{before} {after}"
    return plain if wanted.startswith(normal(plain)) else f"{unhyphenated(before)}{after}"
