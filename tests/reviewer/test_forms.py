from pathlib import Path

import pytest
from ai_scientist_reviewer.forms import FormError, form, names, scores_of, sheet
from ai_scientist_reviewer.lenses import LensError, lens
from ai_scientist_reviewer.lenses import names as lens_names
from pydantic import ValidationError

OWN = """
venue: My Workshop
overall: verdict
accept: 2
scales:
  - name: verdict
    asks: Should it be shown?
    meaning: {1: "no", 2: "as a poster", 5: "as a talk"}
"""


def test_the_venues_that_come_with_us_say_where_they_were_read() -> None:
    assert set(names()) >= {"neurips", "iclr", "icml", "workshop"}
    for name in names():
        one = form(name)
        assert one.source.startswith("https://"), name
        assert one.read, name
        assert one.accept in one.scale(one.overall).meaning, name


@pytest.mark.parametrize(
    ("name", "overall", "values", "accept"),
    [
        ("neurips", "overall", [1, 2, 3, 4, 5, 6], 4),
        ("iclr", "rating", [0, 2, 4, 6, 8, 10], 6),
        ("icml", "recommendation", [1, 2, 3, 4, 5, 6], 4),
    ],
)
def test_the_venues_scales(name: str, overall: str, values: list[int], accept: int) -> None:
    one = form(name)
    assert (one.overall, list(one.scale(overall).meaning), one.accept) == (overall, values, accept)


def test_scores_and_decision_come_after_the_words() -> None:
    fields = list(sheet(form("iclr")).model_fields)
    assert fields[:3] == ["summary", "strengths", "weaknesses"]
    assert fields[-3:] == ["rating", "confidence", "decision"]
    assert list(sheet(form("iclr")).model_json_schema()["properties"]) == fields


def test_only_the_values_of_a_scale_can_be_given_and_an_open_score_may_stay_open() -> None:
    iclr = form("iclr")
    with pytest.raises(ValidationError, match="one of 0, 2, 4"):
        sheet(iclr).model_validate({"summary": "s", "rating": 5})
    given = scores_of(iclr, sheet(iclr).model_validate({"summary": "s", "rating": 10}))
    assert (given["rating"], given["soundness"]) == (10, None)


def test_a_form_of_ones_own(tmp_path: Path) -> None:
    file = tmp_path / "My venue.yaml"
    file.write_text(OWN)
    own = form(str(file))
    assert (own.name, own.venue, own.accept) == ("my-venue", "My Workshop", 2)
    assert sheet(own).model_validate({"summary": "s", "verdict": 5}).model_dump()["verdict"] == 5
    assert own.scale("verdict").words(3.4) == "as a poster"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("accept: 2", "accept: 3"), "'accept' has to be a value"),
        (("name: verdict", "name: summary"), "scales.0.name: 'summary' is a field of every form"),
        (("asks: Should", "ask: Should"), "scales.0"),
        (("overall: verdict", "overall: rating"), "'overall' names the scale 'rating'"),
        (('1: "no", ', '1: "", '), "the value 1 has no words"),
        (("venue: My Workshop", "venue: [My"), "is not YAML"),
        (("venue: My Workshop", "venue: &a x\nabout: *a"), "aliases"),
    ],
)
def test_a_form_that_does_not_fit_is_refused_in_a_sentence(tmp_path: Path, change: tuple[str, str], says: str) -> None:
    file = tmp_path / "own.yaml"
    file.write_text(OWN.replace(*change))
    with pytest.raises(FormError) as refused:
        form(str(file))
    assert says in str(refused.value)
    assert str(file) in str(refused.value)
    assert "\n" not in str(refused.value)


def test_an_unknown_form_or_lens_names_those_that_there_are(tmp_path: Path) -> None:
    with pytest.raises(FormError, match="iclr"):
        form("nonsuch")
    with pytest.raises(FormError, match="cannot be read"):
        form(str(tmp_path / "gone.yaml"))
    with pytest.raises(LensError, match="soundness"):
        lens("nonsuch")


def test_a_lens_is_a_text_that_can_be_edited(tmp_path: Path) -> None:
    assert set(lens_names()) == {"soundness", "evidence", "novelty", "clarity", "reproducibility"}
    assert all(len(lens(name).text) > 100 for name in lens_names())
    (tmp_path / "energy.md").write_text("Ask what it costs in kWh.\n")
    assert lens(str(tmp_path / "energy.md")) == ("energy", "Ask what it costs in kWh.")
    (tmp_path / "empty.md").write_text(" ")
    with pytest.raises(LensError, match="some text"):
        lens(str(tmp_path / "empty.md"))
