"""Whether captions stand under what they are captions of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from ai_scientist_reviewer.checks.base import Subject, rule
from ai_scientist_reviewer.checks.places import at_box, at_spot, unchecked
from ai_scientist_reviewer.document import Box
from ai_scientist_reviewer.findings import Finding
from ai_scientist_reviewer.paper import Paper
from ai_scientist_reviewer.source import Source, Spot
from ai_scientist_reviewer.structure import prose, sentences

_MARGIN = 1.0
"""Words by which two captions have to fit better when they are exchanged."""
_BEFORE, _AFTER = 100, 200
"""Characters of a sentence around the place that names a figure."""
_COMMON = frozenset(
    """a about above after all also an and are as at be been below between both but by can caption comparison compared for from
    fig figure figures following for has have in including into is it its of on or our plot plots results result see show showing shown shows
    subfigure table tables tab than that the their these this to under using values value versus vs was we were with which while
    different across each per png pdf jpg svg label graph chart img image images final new left right top bottom""".split()
)


@dataclass(frozen=True)
class Shown:
    """A figure or table, and what tells what it shows beside its caption."""

    kind: str
    number: str
    caption: frozenset[str]
    names: frozenset[str]
    """Words of its files, labels, axes, headings."""
    told: frozenset[str]
    """Words of the sentences that point to it."""
    page: int | None = None
    box: Box | None = None
    spot: Spot | None = None

    @property
    def title(self) -> str:
        return f"{self.kind} {self.number}"


@rule("caption-exchanged")
def exchanged_captions(subject: Subject) -> Iterator[Finding]:
    """Two captions that fit each other's figure or table better than their own.

    Held against each caption are the names of files and labels, the words within vector figures and the headings of tables, and
    the sentences that point to it. Where nothing but bitmaps and bare numbers are there, it cannot be told.
    """
    paper = subject.paper
    shown = tuple(_of_source(subject, paper.latex)) if paper.latex is not None else tuple(_of_pages(subject))
    for kind in ("Figure", "Table"):
        same = [one for one in shown if one.kind == kind]
        for one, other in combinations(same, 2):
            if exchanged(one, other, same):
                message = f"The captions of {one.title} and {other.title} fit each other's better than their own."
                fix = "Look whether they were exchanged."
                yield _at(paper, other, message, fix)
        silent = [one.title for one in same if not one.names and not one.told]
        if silent and len(same) > 1:
            yield unchecked("caption-exchanged", f"nothing but the caption says what {', '.join(silent[:4])} show")


def exchanged(one: Shown, other: Shown, among: Sequence[Shown]) -> bool:
    own = fit(one, one, among) + fit(other, other, among)
    crossed = fit(one, other, among) + fit(other, one, among)
    better = fit(one, other, among) >= fit(one, one, among) and fit(other, one, among) >= fit(other, other, among)
    return better and crossed >= own + _MARGIN


def fit(caption: Shown, shown: Shown, among: Sequence[Shown]) -> float:
    """How many words that tell figures apart a caption shares with what is shown. What is written in it counts most."""
    score = 0.0
    for words, weight in ((shown.names, 1.0), (shown.told - shown.names, 0.5)):
        for word in words:
            having = sum(_has(one.caption, word) for one in among)
            if _has(caption.caption, word) and having < len(among):
                score += weight
    return score


def _has(caption: frozenset[str], word: str) -> bool:
    """Whether a caption has the word, or one that it is short for: `val` for validation."""
    return word in caption or (len(word) >= 3 and any(other.startswith(word) for other in caption))


def words_of(*texts: str) -> frozenset[str]:
    """Lower-case stems of the words that tell something."""
    found: set[str] = set()
    for text in texts:
        apart = re.sub(r"([a-z])([A-Z])", r"\1 \2", text)
        found |= {_stem(word) for word in re.findall(r"[a-z]{2,}|\d+", apart.casefold().replace("_", " "))}
    return frozenset(word for word in found if word not in _COMMON and len(word) > 1)


def _stem(word: str) -> str:
    if word in _COMMON:
        return word
    return re.sub(r"(?<=\w{4})(?:ations?|ings?|ed|ies|es|s)$", "", word)


def _of_source(subject: Subject, source: Source) -> Iterator[Shown]:
    told = _sentences(subject.paper)
    drawn = {picture.name: picture for picture in subject.pictures if picture.drawn is not None}
    for one in source.floats:
        if not one.caption:
            continue
        inside = [text.words for name in one.graphics if name in drawn for text in (drawn[name].drawn.texts)]  # type: ignore[union-attr]
        names = [re.sub(r"\.\w{2,4}$", "", name.rpartition("/")[2]) for name in one.graphics]
        labels = [label.rpartition(":")[2] for label in one.labels]
        headings = _headings(source, one.spot) if one.kind == "Table" else ()
        words = words_of(*names, *labels, *inside, *headings)
        about = told.get((one.kind, one.number), [])
        yield Shown(one.kind, one.number, words_of(one.caption), words, words_of(*about), spot=one.spot)


def _headings(source: Source, spot: Spot) -> Iterable[str]:
    """The first lines of a tabular, which name its columns and first rows."""
    lines = source.files.get(spot.file, "").splitlines()[spot.line - 1 : spot.line + 40]
    body = re.search(r"\\begin\{tabular[^}]*\}(.*?)\\end\{tabular", "\n".join(lines), re.DOTALL)
    cells = re.split(r"&|\\\\|\n", body[1]) if body else []
    return [re.sub(r"\\[a-zA-Z]+\*?(\[[^\]]*\])?|[{}$]", " ", cell) for cell in cells if not re.search(r"\d\.\d", cell)]


def _of_pages(subject: Subject) -> Iterator[Shown]:
    told = _sentences(subject.paper)
    drawn = {picture.number: picture.drawn for picture in subject.pictures if picture.drawn is not None}
    for caption in subject.paper.captions:
        inside = drawn.get(caption.number) if caption.kind == "Figure" else None
        words = words_of(*(text.words for text in inside.texts)) if inside else frozenset[str]()
        about = told.get((caption.kind, caption.number), [])
        yield Shown(
            caption.kind, caption.number, words_of(caption.text), words, words_of(*about), caption.page, caption.box
        )


def _sentences(paper: Paper) -> dict[tuple[str, str], list[str]]:
    """What is said of one figure or table: its sentence near the place that names it, where that names no other of its kind."""
    found: dict[tuple[str, str], list[str]] = {}
    captions = {prose(caption.text)[:40] for caption in paper.captions}
    for sentence in sentences(re.sub(r"\bFig\.", "Figure", prose(paper.body))):
        pointers = list(re.finditer(r"\b(Figure|Table)\s+(\d{1,3})\b", sentence))
        if re.search(r"\b(Figures|Tables)\b", sentence) or any(start and start in sentence for start in captions):
            continue
        named = dict.fromkeys(match.groups() for match in pointers)
        if len(named) == 1:
            near = [(next(iter(named)), sentence[max(0, pointers[0].start() - _BEFORE) : pointers[0].end() + _AFTER])]
        elif pointers and len(named) == len(pointers) == len({kind for kind, _ in named}):
            # "Table 1 holds the loss, and Figure 1 shows it by seed": to each what follows its name.
            ends = [*(match.start() for match in pointers[1:]), len(sentence)]
            near = [
                (match.groups(), sentence[match.end() : end][:_AFTER])
                for match, end in zip(pointers, ends, strict=True)
            ]
        else:
            continue
        for (kind, number), text in near:
            found.setdefault((kind, number), []).append(re.sub(r"\d+", " ", text))
    return found


def _at(paper: Paper, one: Shown, message: str, fix: str) -> Finding:
    if paper.latex is not None and one.spot is not None:
        return at_spot(paper.latex, one.spot, "caption-exchanged", "warn", message, fix)
    return at_box(one.page or 1, one.box, "caption-exchanged", "warn", message, fix)
