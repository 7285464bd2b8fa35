import json

import jinja2
import pytest
from ai_scientist_reviewer.forms import form
from ai_scientist_reviewer.prompts import render
from ai_scientist_reviewer.shown import form_shown, paper_shown, scales_shown


def _values(sample_paper) -> dict:
    shown, left_out = paper_shown(sample_paper.examined)
    assert left_out == 0
    return {
        "venue": "NeurIPS",
        "referee": 1,
        "form": "neurips",
        "fence": "=====",
        "paper": shown,
        "findings": [],
        "pictures": [],
        "pictures_left_out": 0,
        "lens": "",
        "related": [],
        "results": None,
        "scales": scales_shown(form("neurips")),
        **form_shown(form("neurips")),
    }


def test_a_prompt_carries_its_values_and_they_fit_into_json(sample_paper) -> None:
    values = _values(sample_paper)
    prompt = render("referee", **values)
    assert prompt.values == json.loads(json.dumps(values))
    assert "[page 2]\nFigure 1: Test error" in prompt.text
    assert "**overall** (1 to 6)" in prompt.text
    assert "6: strong accept" in prompt.text


def test_a_forgotten_value_is_an_error(sample_paper) -> None:
    values = _values(sample_paper)
    del values["related"]
    with pytest.raises(jinja2.UndefinedError, match="related"):
        render("referee", **values)


def test_a_paper_too_long_is_cut_and_said(sample_paper) -> None:
    paper = sample_paper
    shown, left_out = paper_shown(paper.examined, most=100)
    assert sum(len(page["text"]) for page in shown["pages"]) == 100
    assert left_out == sum(len(page) for page in paper.text.split("\n\f")) - 100
