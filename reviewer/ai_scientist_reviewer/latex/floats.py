"""Figures and tables: their captions, parts, labels and graphics."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from ai_scientist_reviewer.headings import CAPTION
from ai_scientist_reviewer.latex.counters import OpenFloat
from ai_scientist_reviewer.latex.marked import Marked
from ai_scientist_reviewer.latex.signs import one_line, text_of, worded
from ai_scientist_reviewer.latex.walk import Walker, handles
from ai_scientist_reviewer.source import Float, Numbered

FLOATS = {
    "figure": "Figure", "wrapfigure": "Figure", "SCfigure": "Figure", "sidewaysfigure": "Figure", "teaserfigure": "Figure",
    "table": "Table", "wraptable": "Table", "sidewaystable": "Table", "longtable": "Table", "algorithm": "Algorithm",
    "algorithm2e": "Algorithm", "listing": "Listing",
}  # fmt: skip
_PARTS = ("subfigure", "subtable", "subfloat")


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
    kind = FLOATS.get(named) or (opened.kind if opened else "")
    if argument is None or not kind or not walker.visible:
        if argument is not None:
            walker.walk(argument)
        return
    if opened and (command == "subcaption" or walker.state.environment.rstrip("*") in _PARTS):
        _part(walker, opened)
        walker.add(one_line(walker.seen(argument)))
        walker.say("\n")
        return
    number = "" if starred else walker.counters.step(kind)
    if number:
        walker.state = replace(walker.state, target=Numbered(kind, number))
    said = one_line(walker.seen(argument, font=CAPTION))
    if opened is None:
        opened = OpenFloat(kind, walker.spot)
    if kind in ("Figure", "Table"):
        _done(opened, kind, number, text_of(said))
    walker.say("\n\n")
    if number:
        walker.add(worded(f"{kind} {number}: ", walker.spot, CAPTION))
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


def _part(walker: Walker, opened: OpenFloat) -> None:
    """A part of a float: its label points to "1a", though the float's own number comes later."""
    number = f"{walker.counters.counts.get(opened.kind, 0) + 1}{chr(ord('a') + opened.parts % 26)}"
    walker.say(f"\n({number[-1]}) ")
    opened.parts += 1
    walker.state = replace(walker.state, target=Numbered(opened.kind, number))


def _done(opened: OpenFloat, kind: Literal["Figure", "Table"], number: str, words: str) -> None:
    opened.done.append(Float(kind, number, words, (), tuple(opened.graphics), opened.spot))
    opened.graphics.clear()


def float_ends(walker: Walker) -> None:
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
