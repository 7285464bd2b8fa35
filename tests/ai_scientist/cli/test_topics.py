"""`ai-scientist topics`: every study, in a form that fits the screen."""

from __future__ import annotations

import json
import sys

import pytest
from click.testing import CliRunner

from ai_scientist import cli
from ai_scientist.offline.match import study_for
from ai_scientist.offline.studies import studies

SLUGS = sorted(studies())


def said(*arguments: str) -> str:
    ended = CliRunner().invoke(cli.commands, ["topics", *arguments])
    assert ended.exception is None, ended.output
    return ended.output


def test_the_list_names_every_study() -> None:
    listing = said()
    for study in studies().values():
        assert f'ai-scientist run "{study.keywords[0]}" --model offline' in listing
        assert any(line.startswith(study.slug) for line in listing.splitlines())


@pytest.mark.parametrize("columns", [80, 120])
def test_it_fits(monkeypatch: pytest.MonkeyPatch, columns: int) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    for page in (said(), *map(said, SLUGS)):
        assert max(map(len, page.splitlines())) <= columns
        assert "{" not in page, "a setting's value stands in place of its name"
        assert "…" not in page, "nothing is cut off"


@pytest.mark.parametrize("slug", SLUGS)
def test_one_study_whole(slug: str) -> None:
    study, page = studies()[slug], " ".join(said(slug).split())
    told = (study.question, study.hypothesis, *(p.text for p in study.predictions), *study.settings, *study.limitations)
    for text in told:
        assert " ".join(text.split()) in page
    for part in study.parts.values():
        assert f"- {part.label}: " in page


def test_json_has_the_same() -> None:
    short = json.loads(said("--json"))
    assert [one["slug"] for one in short] == list(studies())
    assert all(one["question"] and one["compared"] and one["data"] and one["metric"]["name"] for one in short)
    long = json.loads(said("calibration", "--json"))
    assert long["settings"] and long["mechanisms"] and long["figures"] and long["predictions"]


def test_the_example_finds_its_study() -> None:
    for one in json.loads(said("--json")):
        topic = one["example"].split('"')[1]
        assert study_for(topic).slug == one["slug"]


def test_an_unknown_study_is_a_sentence(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "argv", ["ai-scientist", "topics", "astrology"])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 2
    assert "no study 'astrology'" in capsys.readouterr().err
