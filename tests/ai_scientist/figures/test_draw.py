from __future__ import annotations

import json

import pytest
from ai_scientist_sandbox import SandboxHost, open_host

from ai_scientist.figures.draw import draw
from ai_scientist.figures.forms import Drawing, LookForm
from ai_scientist.figures.look import look
from ai_scientist.models.scripted import ScriptedModel
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


@pytest.mark.parametrize(
    ("script", "says"),
    [
        ("raise RuntimeError('no such column')", "no such column"),
        ("print('nothing drawn')", "left no output/figure.png"),
    ],
)
def test_a_script_that_fails_is_a_fault_that_nobody_is_asked_about(script: str, says: str) -> None:
    drawn = draw(drawing(script), "model", DATA, Hosts())
    form, faults = look(drawn, ScriptedModel([]))
    assert form is None
    assert says in faults[0].message


def test_an_empty_picture_is_objected_to_before_the_vision_model_speaks() -> None:
    blank = SCRIPT.replace('axes.plot(values, "o-")', "axes.set_axis_off()").replace('axes.set_xlabel("run")', "").replace(
        'axes.set_ylabel("accuracy")', ""
    )  # fmt: skip
    drawn = draw(drawing(blank), "model", DATA, Hosts())
    vision = ScriptedModel([LookForm(shows="Nothing.", as_said=False, faults=["It is blank."], redraw=True)])
    _, faults = look(drawn, vision)
    assert "blank" in vision.asked[0].text
    assert vision.pictures == [1]
    assert [fault.message for fault in faults] == ["It is blank."]


def test_a_redraw_without_a_reason_still_has_one() -> None:
    drawn = draw(drawing(SCRIPT), "model", DATA, Hosts())
    _, faults = look(drawn, ScriptedModel([LookForm(shows="A pie.", as_said=False, faults=[], redraw=True)]))
    assert "A pie." in faults[0].message
