import pytest
from ai_scientist_reviewer.forms import FORMS, NEURIPS, form
from pydantic import ValidationError


@pytest.mark.parametrize("one", FORMS.values(), ids=lambda one: one.name)
def test_every_value_of_a_scale_has_its_words(one) -> None:
    for scale in one.scales:
        assert set(scale.meaning) == set(range(scale.low, scale.high + 1)), scale.name


def test_the_neurips_scales() -> None:
    ranges = {scale.name: (scale.low, scale.high) for scale in NEURIPS.scales}
    assert ranges == {
        **dict.fromkeys(("originality", "quality", "clarity", "significance"), (1, 4)),
        **dict.fromkeys(("soundness", "presentation", "contribution"), (1, 4)),
        "overall": (1, 10),
        "confidence": (1, 5),
    }


def test_scores_and_decision_come_after_the_words() -> None:
    fields = list(NEURIPS.sheet().model_fields)
    assert fields[:3] == ["summary", "strengths", "weaknesses"]
    assert fields[-2:] == ["confidence", "decision"]
    assert list(NEURIPS.sheet().model_json_schema()["properties"]) == fields


def test_a_score_out_of_range_is_refused_and_an_open_one_is_not() -> None:
    sheet = NEURIPS.sheet()
    with pytest.raises(ValidationError, match="overall"):
        sheet.model_validate({"summary": "s", "overall": 11})
    assert NEURIPS.scores(sheet.model_validate({"summary": "s", "overall": 10}))["soundness"] is None


def test_an_unknown_form_names_those_that_there_are() -> None:
    with pytest.raises(KeyError, match="neurips"):
        form("nonsuch")
