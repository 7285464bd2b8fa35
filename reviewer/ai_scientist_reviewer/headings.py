"""Headings, told from how lines look and what they say. Rules of thumb, no model."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ai_scientist_reviewer.document import Line

LAST = ("references", "bibliography")
TITLE, HEADING, CAPTION = "title", "heading", "caption"
"""Fonts, so to speak, of LaTeX source, where these parts are marked and need not be guessed."""
NAMED = re.compile(
    r"(abstract|introduction|related works?|background|methods?|methodology|experiments?|results?|discussion|conclusions?"
    r"|limitations?( and .{3,40})?|references|bibliography|acknowledge?ments?|appendix|appendices|(supplementary|"
    r"supplemental) materials?|ethics statement|reproducibility( statement)?|broader impacts?|disclosure|impact statement|"
    r"author contributions?|competing interests|funding|(data|code)( and (data|code))? availability( statement)?)",
    re.IGNORECASE,
)
_NUMBER = r"\d{1,2}(?:\.\d{1,2}){0,3}|[IVX]{1,5}|[A-Z](?:\.\d{1,2}){0,2}"
_NUMBERED = re.compile(
    rf"(?P<appendix>Appendix\s+)?(?P<number>{_NUMBER})[.:]?\s+(?P<title>[A-Z(].{{2,110}})", re.IGNORECASE
)
_SOURCE_HEADING = re.compile(r"(?:(?P<number>\d{1,2}(?:\.\d{1,2}){0,3}|[A-Z](?:\.\d{1,2}){0,2})\s+)?(?P<title>.+)")
_RUN_IN = re.compile(r"(?P<name>abstract)\s*[.:—–-]+\s*(?=\S)", re.IGNORECASE)
_LONGEST = 80
"""Letters of a heading that is told by its look alone."""


@dataclass(frozen=True)
class Heading:
    number: str
    """"" where there is none."""
    title: str
    lines: int = 1
    """That it takes."""
    rest: str = ""
    """Of its last line, where the text begins there: "Abstract. We ask …"."""


def body_style(lines: Sequence[Line]) -> tuple[float, str]:
    """Size (to half a point) and font that most of the text is set in."""
    sizes: Counter[tuple[float, str]] = Counter()
    for line in lines:
        sizes[(round(line.size * 2) / 2, line.font)] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else (0.0, "")


def heading_of(line: Line, style: tuple[float, str]) -> tuple[str, str] | None:
    """Number ("" where there is none) and title, if the line alone says that it is a heading."""
    text = line.text.strip()
    if line.spot is not None:
        match = _SOURCE_HEADING.fullmatch(text) if line.font == HEADING else None
        return (match["number"] or "", match["title"].strip()) if match else None
    size, font = style
    if text.endswith((",", ";", ":")) or len(text) > 120:
        return None
    letters = [char for char in text if char.isalpha()]
    apart = line.size > 1.05 * size or (line.font != font and line.size > 0.95 * size) or not line.box
    capitals = sum(char.isupper() for char in letters) > 0.9 * max(1, len(letters)) and len(letters) > 3
    bare = text.rstrip(".")
    # A known name alone on its line in a font of its own: an abstract's heading may be smaller than the text.
    if NAMED.fullmatch(bare) and (apart or capitals or line.font != font):
        return "", bare
    if not (apart or capitals):
        return None
    match = _NUMBERED.fullmatch(text)
    if (
        match is None
        or text.endswith(".")
        or (not match["number"].isupper() and not match["number"][0].isdigit())
        or (not match["title"][0].isupper() and match["title"][0] != "(")
        or sum(char.isalpha() for char in match["title"]) < 0.6 * len(match["title"])
    ):
        return None
    return match["number"], match["title"].strip()


def headings(lines: Sequence[Line]) -> Mapping[int, Heading]:
    """By the index of its first line."""
    style = body_style(lines)
    front = _front(lines)
    found: dict[int, Heading] = {}
    looks: Counter[tuple[float, str]] = Counter()
    for i, line in enumerate(lines):
        told = heading_of(line, style) if i >= front else None
        if told is not None and _in_order(told[0], found):
            found[i] = Heading(*told)
            if line.box is not None and line.size > 1.05 * style[0]:
                looks[_look(line)] += not told[0]
    for i, line in enumerate(lines):
        if i in found or i < front or line.box is None:
            continue
        if (
            line.page == 1
            and "abstract" not in {one.title.casefold() for one in found.values()}
            and (match := _RUN_IN.match(line.text.strip()))
        ):
            found[i] = Heading("", match["name"], rest=line.text.strip()[match.end() :])
        elif _continues(lines, i, found):
            first = next(j for j in range(i, -1, -1) if j in found)
            found[first] = Heading(
                found[first].number, _joined(found[first].title, line.text.strip()), found[first].lines + 1
            )
        elif looks[_look(line)] and _bare(line):
            found[i] = Heading("", line.text.strip())
    return dict(sorted(found.items()))


def _front(lines: Sequence[Line]) -> int:
    """How many lines at the top of the first page are its title: "A Study of …" is no appendix."""
    first = [line for line in lines if line.page == 1 and line.box is not None][:12]
    largest = max((line.size for line in first if sum(char.isalpha() for char in line.text) >= 4), default=0.0)
    title = [i for i, line in enumerate(lines[:12]) if line.box is not None and line.size > 0.85 * largest]
    style = body_style(lines)
    return title[-1] + 1 if title and largest > 1.2 * style[0] and title == list(range(title[0], title[-1] + 1)) else 0


def _in_order(number: str, found: Mapping[int, Heading]) -> bool:
    """Whether a letter may number a section: A after sections with numbers or the references, B after A."""
    if not number or not number[0].isalpha() or (len(number) > 1 and "." not in number):
        return True
    numbers = {one.number for one in found.values()}
    letter = number[0]
    if letter in "IVX" and "." not in number and "A" not in numbers:
        return letter == "I" or "IV" in numbers or "IX" in numbers  # a Roman numeral
    if letter == "A" or "." in number:
        return any(one.number[:1].isdigit() or one.title.casefold() in LAST for one in found.values()) or "I" in numbers
    return chr(ord(letter) - 1) in numbers


def _look(line: Line) -> tuple[float, str]:
    return round(line.size * 2) / 2, line.font


def _bare(line: Line) -> bool:
    """Whether a line may be a heading without a number: short, beginning like one, not ending like a sentence."""
    text = line.text.strip()
    letters = sum(char.isalpha() for char in text)
    return (
        4 <= letters <= _LONGEST
        and text[0].isupper()
        and not text.endswith((".", ",", ";", ":"))
        and letters > 0.7 * len(text.replace(" ", ""))
    )


def _continues(lines: Sequence[Line], i: int, found: Mapping[int, Heading]) -> bool:
    """Whether a line goes on with the heading above it: the same look, no gap."""
    line = lines[i]
    first = next((j for j in range(i - 1, max(-1, i - 4), -1) if j in found), None)
    if first is None or first + found[first].lines != i or found[first].rest:
        return False
    above = lines[i - 1]
    if line.box is None or above.box is None or above.page != line.page or _look(above) != _look(line):
        return False
    long = above.box.right - above.box.left > 12 * above.size  # a heading of one word is not broken
    return long and -0.3 * line.size < line.box.top - above.box.bottom < 0.6 * line.size


def _joined(start: str, rest: str) -> str:
    return start[:-1] + rest if re.search(r"[a-z]-$", start) and rest[:1].islower() else f"{start} {rest}"
