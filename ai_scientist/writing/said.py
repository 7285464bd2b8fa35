"""What a paper says of a figure, as a reader has it: with the numbers that its macros stand for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ai_scientist.records import Claims, Manuscript
from ai_scientist.writing import markup
from ai_scientist.writing.markup import Piece

HOME = "Results"
"""The section at whose end a figure stands that no paragraph points to."""


def numbering(manuscript: Manuscript, names: Sequence[str]) -> dict[str, int]:
    """The number of each figure in print: a figure stands after the first paragraph that points to it."""
    pointed = {name for section in manuscript.sections for text in section.paragraphs for name in pointed_to(text)}
    order: list[str] = []
    for section in manuscript.sections:
        for text in section.paragraphs:
            order += [name for name in names if name in pointed_to(text)]
        if section.heading == HOME:
            order += [name for name in names if name not in pointed]
    return {name: number for number, name in enumerate(dict.fromkeys(order), start=1)}


def pointed_to(text: str) -> set[str]:
    return {piece.text for piece in markup.walk(markup.parse(text)[0]) if piece.kind == "figref"}


def sentences_on(manuscript: Manuscript, name: str) -> tuple[tuple[str, str], ...]:
    """What the paper says of a figure, in its markup, each with the heading that it stands under: the sentences that point to
    it, and those that follow in the paragraph, up to one that points to another figure or a table."""
    parts = [("abstract", manuscript.abstract.split("\n\n"))]
    parts += [(section.heading, list(section.paragraphs)) for section in manuscript.sections]
    return tuple(
        (heading, sentence) for heading, paragraphs in parts for text in paragraphs for sentence in about(text, name)
    )


def about(text: str, name: str) -> Iterator[str]:
    on = False
    for sentence in markup.split(text):
        figures = pointed_to(sentence)
        on = name in figures or (on and not figures and "\\tabref" not in sentence)
        if on:
            yield sentence


def as_read(text: str, claims: Claims, numbers: Mapping[str, int] | None = None) -> str:
    """A sentence with its numbers, comparisons and figure numbers filled in; what stands for nothing is left as it is."""
    return "".join(plain(piece, claims, numbers or {}) for piece in markup.parse(text)[0]).replace("\u00a0", " ")


def plain(piece: Piece, claims: Claims, numbers: Mapping[str, int]) -> str:
    match piece.kind:
        case "val":
            return value.text if (value := claims.value(piece.text)) else f"\\val{{{piece.text}}}"
        case "compare":
            return clause.text if (clause := claims.comparison(piece.text)) else f"\\compare{{{piece.text}}}"
        case "figref":
            return f"Figure {numbers[piece.text]}" if piece.text in numbers else f"Figure “{piece.text}”"
        case "tabref":
            return f"Table “{piece.text}”"
        case "cite" | "citet":
            return f"[{piece.text}]"
        case "emph":
            return "".join(plain(inner, claims, numbers) for inner in piece.inside)
        case _:
            return piece.text
