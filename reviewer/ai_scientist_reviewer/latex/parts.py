"""Parts of a paper: title, sections, environments, floats with their captions, lists, footnotes, equations."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ai_scientist_reviewer.headings import HEADING, TITLE
from ai_scientist_reviewer.latex.counters import OpenFloat
from ai_scientist_reviewer.latex.floats import FLOATS, float_ends
from ai_scientist_reviewer.latex.signs import Sign, line_break, one_line, text_of, worded
from ai_scientist_reviewer.latex.walk import NOWHERE, Walker, handles
from ai_scientist_reviewer.source import Numbered, Spot

_LEVELS = ("chapter", "section", "subsection", "subsubsection")
_EQUATIONS = ("equation", "align", "gather", "eqnarray", "multline", "alignat", "flalign")
_TABULAR = {"tabular": 1, "tabular*": 2, "tabularx": 2, "tabulary": 2, "array": 1, "longtable": 1, "tabu": 1, "minipage": 1,
            "wrapfigure": 2, "wraptable": 2, "thebibliography": 1, "multicols": 1, "subfigure": 1, "subtable": 1,
            "adjustbox": 1, "alignat": 1, "alignat*": 1, "spacing": 1, "textblock": 1, "tblr": 1, "algorithmic": 0}  # fmt: skip
"""Environments to the arguments that follow their name."""
_UNSEEN = ("tikzpicture", "pgfplots", "filecontents", "CCSXML")


@handles("documentclass")
def document_class(walker: Walker, _: str) -> None:
    walker.option()
    walker.counters.chapters = walker.word() in ("report", "book", "scrreprt", "scrbook", "memoir")


@handles("title", "icmltitle", "Title")
def title(walker: Walker, _: str) -> None:
    walker.option()
    if argument := walker.group():
        said = one_line(walker.seen(argument, font=TITLE))
        walker.front = [*said, *line_break(said), *walker.front]


@handles("author", "icmlauthor", "Author")
def author(walker: Walker, command: str) -> None:
    walker.option()
    if argument := walker.group():
        said = walker.seen(argument)
        walker.front += [*said, *line_break(said)]
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
    said = one_line(walker.seen(argument, font=HEADING, hidden=""))
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
        walker.add(one_line(said))
        walker.say("\n\n")


@handles("paragraph", "subparagraph")
def paragraph(walker: Walker, _: str) -> None:
    walker.star()
    walker.option()
    if argument := walker.group():
        walker.say("\n\n")
        walker.add(one_line(walker.seen(argument)))
        walker.say(" ")


@handles("appendix", "appendices")
def appendix(walker: Walker, _: str) -> None:
    walker.counters.appendix = True
    walker.counters.sections = [0, 0, 0, 0]


@handles("abstract")
def abstract(walker: Walker, _: str) -> None:
    if argument := walker.group():
        heading(walker, worded("Abstract", walker.spot, HEADING))
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
        heading(walker, worded("Abstract", walker.spot, HEADING))
    elif bare in ("appendix", "appendices"):
        appendix(walker, bare)
    elif bare in FLOATS:
        counters.floats.append(OpenFloat(FLOATS[bare], spot))
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
        heading(walker, worded("References", walker.spot, HEADING))
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
    if bare in FLOATS and walker.counters.floats:
        float_ends(walker)
    if bare in ("itemize", "enumerate", "description", "compactitem", "inparaenum") and walker.counters.items:
        walker.counters.items.pop()
    paragraph_ends = bare == "abstract" or bare in FLOATS or bare in walker.counters.theorems
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
