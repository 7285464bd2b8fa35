"""Look: a deterministic look first, then a model's."""

from __future__ import annotations

from ai_scientist_reviewer.figures import look as look_at_pixels

from ai_scientist.figures.draw import Drawn
from ai_scientist.figures.forms import LookForm
from ai_scientist.models.base import ChatModel
from ai_scientist.prompts import render
from ai_scientist.records import Fault


def look(drawn: Drawn, vision: ChatModel) -> tuple[LookForm | None, tuple[Fault, ...]]:
    """What the vision model saw (None where there is no picture to look at), and everything that is objected.

    A picture that does not exist is objected to by its script's fault alone; nobody is asked.
    """
    if drawn.faults:
        return None, drawn.faults
    seen = tuple(
        Fault(rule=f"figure.{fault.kind}", message=fault.message)
        for fault in look_at_pixels(drawn.png, width_inches=drawn.drawing.width)
    )
    prompt = render(
        "look_at_figure",
        caption=drawn.drawing.caption,
        shows=drawn.drawing.shows,
        width=drawn.drawing.width,
        faults=seen,
    )
    form = vision.fill(prompt, LookForm, pictures=[drawn.png]).value
    if form.as_said and not form.redraw:
        return form, ()
    said = form.faults or [f"The picture shows something else than is said: {form.shows}"]
    return form, tuple(Fault(rule="figure.look", message=fault) for fault in said)
