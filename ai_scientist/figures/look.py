"""Look: a deterministic look first, then a model's."""

from __future__ import annotations

from ai_scientist_reviewer.figures import look as look_at_drawing

from ai_scientist.figures.draw import Drawn
from ai_scientist.figures.forms import LookForm
from ai_scientist.models.base import ChatModel
from ai_scientist.prompts import render
from ai_scientist.records import Fault, Record


class Said(Record):
    """What a reader is told of a figure, numbers filled in."""

    caption: str
    sentences: tuple[str, ...]
    """The paper's that refer to it; before there is a paper, what the figure is meant to show."""
    written: bool = False
    """Whether there is a paper."""
    number: int | None = None
    """Its number in the paper."""
    referees: tuple[str, ...] = ()
    """What was said of it in a review."""


class Look(Record):
    """What came of looking at a figure beside what is said of it."""

    said: Said | None = None
    seen: LookForm | None = None
    """None where there is no picture to look at."""
    faults: tuple[Fault, ...] = ()
    """What is wrong with the picture or its caption: it has to be drawn again."""
    misstated: tuple[Fault, ...] = ()
    """What the paper says that the picture does not show: the text has to be mended."""


def look(drawn: Drawn, said: Said, vision: ChatModel) -> Look:
    """What the vision model saw, and everything that is objected.

    A picture that does not exist is objected to by its script's fault alone; nobody is asked.
    """
    if drawn.faults:
        return Look(said=said, faults=drawn.faults)
    seen = tuple(
        Fault(rule=f"figure.{fault.kind}", message=fault.message)
        for fault in look_at_drawing(drawn.png, pdf=drawn.pdf, width_inches=drawn.drawing.width)
    )
    prompt = render("look_at_figure", said=said, width=drawn.drawing.width, faults=seen)
    form = vision.fill(prompt, LookForm, pictures=[drawn.png]).value
    if form.as_said and not form.redraw:
        return Look(said=said, seen=form)
    by_program = {fault.message: fault for fault in seen}
    wrong = tuple(by_program.get(message) or Fault(rule="figure.look", message=message) for message in form.faults)
    misstated = tuple(Fault(rule="figure.said", message=message) for message in form.misstated)
    elsewise = (Fault(rule="figure.look", message=f"The picture shows something else than is said: {form.shows}"),)
    if not said.written:  # what is said so far comes with the drawing, and is mended with it
        return Look(said=said, seen=form, faults=(*wrong, *misstated) or elsewise)
    if form.redraw:
        return Look(said=said, seen=form, faults=wrong or elsewise, misstated=misstated)
    return Look(said=said, seen=form, misstated=misstated or elsewise)
