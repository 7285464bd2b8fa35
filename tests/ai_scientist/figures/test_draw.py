from __future__ import annotations

import json
from functools import cache
from typing import Any

import pytest
from ai_scientist_sandbox import SandboxHost, open_host

from ai_scientist.figures.draw import Drawn, draw
from ai_scientist.figures.forms import Drawing, LookForm, RedrawForm
from ai_scientist.figures.look import Look, Said, look
from ai_scientist.models.scripted import ScriptedModel
from ai_scientist.offline.model import OfflineModel
from ai_scientist.prompts import render
from ai_scientist.records import Author

DATA = {"data.json": json.dumps({"rows": [{"value": 0.1}, {"value": 0.4}, {"value": 0.3}]}).encode()}
SCRIPT = """
import json
import matplotlib.pyplot as plt
import style
values = [row["value"] for row in json.load(open("data.json"))["rows"]]
figure, axes = plt.subplots(figsize=(4, 2.5))
axes.plot(values, "o-")
axes.set_xlabel("run")
axes.set_ylabel("accuracy")
figure.savefig("output/figure.png", dpi=200)
figure.savefig("output/figure.pdf")
"""


class Hosts:
    def __init__(self) -> None:
        self.asked: list[Author] = []

    def for_author(self, author: Author) -> SandboxHost:
        self.asked.append(author)
        return open_host("auto", author)


def drawing(script: str) -> Drawing:
    return Drawing(name="runs", caption="Accuracy by run.", shows="Accuracy rises.", width=4.0, script=script)


def test_a_figure_is_drawn_from_saved_data_in_the_sandbox_of_its_author() -> None:
    hosts = Hosts()
    drawn = draw(drawing(SCRIPT), "model", DATA, hosts)
    assert drawn.faults == ()
    assert drawn.pdf.startswith(b"%PDF")
    assert hosts.asked == ["model"]


SAID = Said(caption="Accuracy by run.", sentences=("Accuracy rises.",))
WRITTEN = SAID.model_copy(update={"written": True, "number": 2, "referees": ("Figure 2 has no unit.",)})


@pytest.mark.parametrize(
    ("script", "says"),
    [
        ("raise RuntimeError('no such column')", "no such column"),
        ("print('nothing drawn')", "left no output/figure.png"),
    ],
)
def test_a_script_that_fails_is_a_fault_that_nobody_is_asked_about(script: str, says: str) -> None:
    drawn = draw(drawing(script), "model", DATA, Hosts())
    seen = look(drawn, SAID, ScriptedModel([]))
    assert seen.seen is None
    assert says in seen.faults[0].message


def test_an_empty_picture_is_objected_to_before_the_vision_model_speaks() -> None:
    blank = SCRIPT.replace('axes.plot(values, "o-")', "axes.set_axis_off()").replace('axes.set_xlabel("run")', "").replace(
        'axes.set_ylabel("accuracy")', ""
    )  # fmt: skip
    drawn = draw(drawing(blank), "model", DATA, Hosts())
    vision = ScriptedModel([LookForm(shows="Nothing.", as_said=False, faults=["It is blank."], redraw=True)])
    faults = look(drawn, SAID, vision).faults
    assert "blank" in vision.asked[0].text
    assert vision.pictures == [1]
    assert [fault.message for fault in faults] == ["It is blank."]


@cache
def good() -> Drawn:
    """A figure in order, drawn once."""
    return draw(drawing(SCRIPT), "ours", DATA, Hosts())


def seen(said: Said, **form: Any) -> Look:
    return look(good(), said, ScriptedModel([LookForm(**{"shows": "A pie.", "faults": [], "redraw": False, **form})]))


def test_a_redraw_without_a_reason_still_has_one() -> None:
    assert "A pie." in seen(SAID, as_said=False, redraw=True).faults[0].message


def test_what_the_text_says_wrongly_is_the_texts_to_mend() -> None:
    found = seen(WRITTEN, as_said=False, misstated=["“It rises.” It falls at the end."])
    assert found.faults == ()
    assert [fault.message for fault in found.misstated] == ["“It rises.” It falls at the end."]
    assert seen(WRITTEN, as_said=False).misstated
    early = seen(SAID, as_said=False, misstated=["It falls."])  # nothing is written: it is mended with the drawing
    assert [fault.message for fault in early.faults] == ["It falls."]
    assert early.misstated == ()


def test_what_is_wrong_with_the_picture_leads_to_another() -> None:
    found = seen(WRITTEN, as_said=True, faults=["The legend hides a point."], redraw=True)
    assert [fault.message for fault in found.faults] == ["The legend hides a point."]
    assert found.misstated == ()


def test_the_model_is_told_what_is_printed_and_what_referees_said() -> None:
    vision = ScriptedModel([LookForm(shows="A line.", as_said=True, faults=[], redraw=False)])
    look(good(), WRITTEN, vision)
    for told in ("200 dots per inch", "4.0 inches", "Figure 2", "Accuracy rises.", "has no unit"):
        assert told in vision.asked[0].text


OVERLAPPING = SCRIPT.replace(
    "figure.savefig", "axes.set_xticks([0, 1, 2], ['a long name of the condition'] * 3)\nfigure.savefig", 1
)


def test_labels_that_overlap_are_objected_to_and_redrawn_by_rule_until_nobody_objects() -> None:
    """The offline model's whole round: its look, and what it makes of it."""
    script = OVERLAPPING.replace("figure.savefig", "def save(figure):\n    figure.savefig", 1)
    script = script.replace(
        'figure.savefig("output/figure.pdf")', '    figure.savefig("output/figure.pdf")\nsave(figure)'
    )
    drawn = draw(drawing(script), "ours", DATA, Hosts())
    found = look(drawn, SAID, OfflineModel())
    assert {fault.rule for fault in found.faults} == {"figure.overlap"}
    round = 1
    while found.faults and round < 3:
        round += 1
        asked = render("redraw_figure", drawing=drawn.drawing, faults=found.faults, idea={}, round=round)
        drawn = draw(OfflineModel().fill(asked, RedrawForm).value.figure, "ours", DATA, Hosts())
        found = look(drawn, SAID, OfflineModel())
    assert found.faults == ()
    assert round > 1
