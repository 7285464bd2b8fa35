"""Parts of a paper: title, sections, environments, floats with their captions, lists, footnotes, equations."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from ai_scientist_reviewer.headings import CAPTION, HEADING, TITLE
from ai_scientist_reviewer.latex.marked import Marked
from ai_scientist_reviewer.latex.walk import NOWHERE, Numbered, Sign, Walker, handles, text_of
from ai_scientist_reviewer.source import Float, Spot

_LEVELS = ("chapter", "section", "subsection", "subsubsection")
_EQUATIONS = ("equation", "align", "gather", "eqnarray", "multline", "alignat", "flalign")
_FLOATS = {
    "figure": "Figure", "wrapfigure": "Figure", "SCfigure": "Figure", "sidewaysfigure": "Figure", "teaserfigure": "Figure",
    "table": "Table", "wraptable": "Table", "sidewaystable": "Table", "longtable": "Table", "algorithm": "Algorithm",
    "algorithm2e": "Algorithm", "listing": "Listing",
}  # fmt: skip
_PARTS = ("subfigure", "subtable", "subfloat")
_TABULAR = {"tabular": 1, "tabular*": 2, "tabularx": 2, "tabulary": 2, "array": 1, "longtable": 1, "tabu": 1, "minipage": 1,
            "wrapfigure": 2, "wraptable": 2, "thebibliography": 1, "multicols": 1, "subfigure": 1, "subtable": 1,
            "adjustbox": 1, "alignat": 1, "alignat*": 1, "spacing": 1, "textblock": 1, "tblr": 1, "algorithmic": 0}  # fmt: skip
"""Environments to the arguments that follow their name."""
_PLAIN_ARGUMENT = re.compile(r"\s*\{[^{}\\]*\}")
_UNSEEN = ("tikzpicture", "pgfplots", "filecontents", "CCSXML")


@dataclass
class _Open:
    """A float that has not ended."""

    kind: str
    spot: Spot
    done: list[Float] = field(default_factory=list)
    graphics: list[str] = field(default_factory=list)
    parts: int = 0
    labels: dict[int, list[str]] = field(default_factory=dict)
    """By how many captions came before."""


@dataclass
class Counters:
    sections: list[int] = field(default_factory=lambda: [0, 0, 0, 0])
    appendix: bool = False
    chapters: bool = False
    counts: dict[str, int] = field(default_factory=dict)
    theorems: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Environment to what it is called and whose counter it uses."""
    items: list[int] = field(default_factory=list)
    floats: list[_Open] = field(default_factory=list)

    def step(self, kind: str) -> str:
        self.counts[kind] = self.counts.get(kind, 0) + 1
        return str(self.counts[kind])

    def section(self, level: int) -> str:
        self.sections[level] += 1
        self.sections[level + 1 :] = [0] * (3 - level)
        lowest = 0 if self.chapters else 1
        numbers = [str(number) for number in self.sections[lowest : level + 1]]
        if self.appendix and numbers and numbers[0] != "0":
            numbers[0] = chr(ord("A") + (int(numbers[0]) - 1) % 26)
        return ".".join(numbers)


@handles("documentclass")
def document_class(walker: Walker, _: str) -> None:
    walker.option()
    walker.counters.chapters = walker.word() in ("report", "book", "scrreprt", "scrbook", "memoir")


@handles("title", "icmltitle", "Title")
def title(walker: Walker, _: str) -> None:
    walker.option()
    if argument := walker.group():
        said = _one_line(walker.seen(argument, font=TITLE))
        walker.front = [*said, *_break(said), *walker.front]


@handles("author", "icmlauthor", "Author")
def author(walker: Walker, command: str) -> None:
    walker.option()
    if argument := walker.group():
        said = walker.seen(argument)
        walker.front += [*said, *_break(said)]
    if command == "icmlauthor":
        walker.group()


@handles("maketitle", "And", "AND", "and")
def made_title(walker: Walker, command: str) -> None:
    if command != "maketitle":
        walker.say("\n")


@handles("thanks", "footnote", "footnotetext")
def note(walker: Walker, _: str) -> None:
    walker.option()
    if (argument := walker.group()) and walker.visible:
        walker.notes.append(walker.seen(argument))


@handles("twocolumn")
def across(walker: Walker, _: str) -> None:
    if content := walker.option():
        walker.walk(content)


@handles(*_LEVELS, "part")
def section(walker: Walker, command: str) -> None:
    starred = walker.star()
    walker.option()
    argument = walker.group()
    if argument is None or not walker.visible:
        return
    notes(walker)
    said = _one_line(walker.seen(argument, font=HEADING, hidden=""))
    number = ""
    if not starred and command != "part":
        number = walker.counters.section(_LEVELS.index(command))
        kind = "Appendix" if walker.counters.appendix and number.isalpha() else command.removeprefix("sub").removeprefix("sub").title()  # fmt: skip
        walker.state = replace(walker.state, target=Numbered(kind, number, text_of(said)))
    heading(walker, said, number)


def heading(walker: Walker, said: Sequence[Sign], number: str = "") -> None:
    """A line of its own."""
    walker.say("\n\n")
    if number and said:
        walker.add(sign._replace(char=char, spot=said[0].spot) for sign in said[:1] for char in f"{number} ")
    walker.add(said)
    walker.say("\n\n")


def notes(walker: Walker) -> None:
    """The footnotes that wait, each on a line."""
    waiting, walker.notes = walker.notes, []
    for said in waiting:
        walker.say("\n\n")
        walker.add(_one_line(said))
        walker.say("\n\n")


@handles("paragraph", "subparagraph")
def paragraph(walker: Walker, _: str) -> None:
    walker.star()
    walker.option()
    if argument := walker.group():
        walker.say("\n\n")
        walker.add(_one_line(walker.seen(argument)))
        walker.say(" ")


@handles("appendix", "appendices")
def appendix(walker: Walker, _: str) -> None:
    walker.counters.appendix = True
    walker.counters.sections = [0, 0, 0, 0]


@handles("abstract")
def abstract(walker: Walker, _: str) -> None:
    if argument := walker.group():
        heading(walker, _named(walker, "Abstract"))
        walker.walk(argument)
        walker.say("\n\n")


@handles("newtheorem")
def new_theorem(walker: Walker, _: str) -> None:
    walker.star()
    name = walker.word()
    shared = walker.option()
    called = walker.word()
    walker.option()
    walker.counters.theorems[name] = called, shared.text if shared else name


@handles("begin")
def begin(walker: Walker, _: str) -> None:
    name = walker.word()
    bare = name.rstrip("*")
    if name == "document":
        walker.visible = True
        return
    walker.open(name)
    spot = walker.spot
    if bare in _UNSEEN:
        walker.until(re.compile(rf"(?=\\end\{{{re.escape(name)}\}})"))
    while bare not in _EQUATIONS and walker.option() is not None:
        pass
    for _argument in range(_TABULAR.get(name, 0)):
        walker.group()
        while walker.option() is not None:
            pass
    _opened(walker, name, bare, spot)


def _opened(walker: Walker, name: str, bare: str, spot: Spot) -> None:
    counters = walker.counters
    if bare == "abstract":
        heading(walker, _named(walker, "Abstract"))
    elif bare in ("appendix", "appendices"):
        appendix(walker, bare)
    elif bare in _FLOATS:
        counters.floats.append(_Open(_FLOATS[bare], spot))
        walker.say("\n\n")
    elif bare in _EQUATIONS or bare in ("displaymath", "math"):
        walker.state = replace(walker.state, math=True)
        walker.say("\n")
        if bare == name and bare in _EQUATIONS:
            _equation(walker)
    elif bare in counters.theorems:
        called, counter = counters.theorems[bare]
        number = counters.step(f"theorem {counter}")
        walker.state = replace(walker.state, target=Numbered(called, number))
        walker.say(f"\n\n{called} {number}. ")
    elif bare in ("itemize", "enumerate", "description", "compactitem", "inparaenum"):
        counters.items.append(0)
    elif bare == "thebibliography":
        heading(walker, _named(walker, "References"))
    elif bare not in ("minipage", "center", "small", "subfigure"):
        walker.say("\n")


@handles("end")
def end(walker: Walker, _: str) -> None:
    name = walker.word()
    bare = name.rstrip("*")
    if name == "document":
        notes(walker)
        walker.visible = False
        return
    if bare in _FLOATS and walker.counters.floats:
        _float_ends(walker)
    if bare in ("itemize", "enumerate", "description", "compactitem", "inparaenum") and walker.counters.items:
        walker.counters.items.pop()
    paragraph_ends = bare == "abstract" or bare in _FLOATS or bare in walker.counters.theorems
    walker.close()
    walker.say("\n\n" if paragraph_ends else "\n")


def _equation(walker: Walker) -> None:
    walker.state = replace(walker.state, target=Numbered("Equation", walker.counters.step("Equation")))


@handles("nonumber", "notag")
def unnumbered(walker: Walker, _: str) -> None:
    if walker.state.target.kind == "Equation":
        walker.counters.counts["Equation"] -= 1
        walker.state = replace(walker.state, target=NOWHERE)


@handles("tag")
def tagged(walker: Walker, _: str) -> None:
    unnumbered(walker, "nonumber")
    walker.star()
    walker.state = replace(walker.state, target=Numbered("Equation", walker.word()))


_LAST_ROW = re.compile(r"(?=\s*\\end\{)")


@handles("\\")
def row(walker: Walker, _: str) -> None:
    walker.star()
    walker.option()
    walker.say("\n")
    walker.state = replace(walker.state, backed=False)
    environment = walker.state.environment
    last = walker.matched(_LAST_ROW)
    if environment in ("align", "gather", "eqnarray", "alignat", "flalign") and last is None:
        _equation(walker)


@handles("item")
def item(walker: Walker, _: str) -> None:
    label = walker.option()
    walker.say("\n")
    if label is not None:
        walker.walk(label)
        walker.say(" ")
    elif walker.state.environment.startswith("enumerate") and walker.counters.items:
        walker.counters.items[-1] += 1
        number = str(walker.counters.items[-1])
        walker.state = replace(walker.state, target=Numbered("item", number))
        walker.say(f"{number}. ")
    else:
        walker.say("• ")


@handles("caption", "captionof", "subcaption", "subfloat", "subfigure")
def caption(walker: Walker, command: str) -> None:
    starred = walker.star()
    named = walker.word() if command == "captionof" else ""
    short = walker.option()
    if command in ("subfloat", "subfigure"):
        _sub_float(walker, short)
        return
    argument = walker.group()
    opened = walker.counters.floats[-1] if walker.counters.floats else None
    kind = _FLOATS.get(named) or (opened.kind if opened else "")
    if argument is None or not kind or not walker.visible:
        if argument is not None:
            walker.walk(argument)
        return
    if opened and (command == "subcaption" or walker.state.environment.rstrip("*") in _PARTS):
        _part(walker, opened)
        walker.add(_one_line(walker.seen(argument)))
        walker.say("\n")
        return
    number = "" if starred else walker.counters.step(kind)
    if number:
        walker.state = replace(walker.state, target=Numbered(kind, number))
    said = _one_line(walker.seen(argument, font=CAPTION))
    if opened is None:
        opened = _Open(kind, walker.spot)
    if kind in ("Figure", "Table"):
        _done(opened, kind, number, text_of(said))
    walker.say("\n\n")
    if number:
        walker.add(_named(walker, f"{kind} {number}: ", CAPTION))
    walker.add(said)
    walker.say("\n\n")
    if not walker.counters.floats:
        walker.found.floats += opened.done


def _sub_float(walker: Walker, words: Marked | None) -> None:
    content = walker.group()
    opened = walker.counters.floats[-1] if walker.counters.floats else None
    outer = walker.state
    if opened:
        _part(walker, opened)
    if words:
        walker.walk(words)
        walker.say("\n")
    if content:
        walker.walk(content)
    walker.state = outer


def _part(walker: Walker, opened: _Open) -> None:
    """A part of a float: its label points to "1a", though the float's own number comes later."""
    number = f"{walker.counters.counts.get(opened.kind, 0) + 1}{chr(ord('a') + opened.parts % 26)}"
    walker.say(f"\n({number[-1]}) ")
    opened.parts += 1
    walker.state = replace(walker.state, target=Numbered(opened.kind, number))


def _done(opened: _Open, kind: Literal["Figure", "Table"], number: str, words: str) -> None:
    opened.done.append(Float(kind, number, words, (), tuple(opened.graphics), opened.spot))
    opened.graphics.clear()


def _float_ends(walker: Walker) -> None:
    opened = walker.counters.floats.pop()
    if not opened.done and opened.kind in ("Figure", "Table") and walker.state.environment != "longtable":
        _done(opened, "Figure" if opened.kind == "Figure" else "Table", "", "")
    if opened.done and opened.graphics:
        last = opened.done[-1]
        opened.done[-1] = last._replace(graphics=(*last.graphics, *opened.graphics))
    for index, one in enumerate(opened.done):
        # A label before the first caption belongs to the float as well, though LaTeX gives it another number.
        after = opened.labels.get(index + 1, []) + (opened.labels.get(0, []) if index == 0 else [])
        walker.found.floats.append(one._replace(labels=tuple(after)))


def in_float(walker: Walker, *, label: str = "", graphic: str = "") -> None:
    """Notes a label or a graphics file with the float that it stands in."""
    if walker.counters.floats:
        opened = walker.counters.floats[-1]
        if label:
            opened.labels.setdefault(len(opened.done), []).append(label)
        if graphic:
            opened.graphics.append(graphic)


def _named(walker: Walker, words: str, font: str = HEADING) -> list[Sign]:
    return [Sign(char, walker.spot, font, 0.0, 0) for char in words]


def _break(said: Sequence[Sign]) -> list[Sign]:
    return [said[-1]._replace(char="\n")] * 2 if said else []


def _one_line(said: Sequence[Sign]) -> list[Sign]:
    return [sign._replace(char=" ") if sign.char.isspace() else sign for sign in said]
