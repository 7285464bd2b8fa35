"""`ai-scientist review`: papers and settings told apart, options as settings, and what it will cost said before."""

from __future__ import annotations

from pathlib import Path

import pytest

from ai_scientist.cli import reviews
from ai_scientist.reviewing.estimate import Estimate

NOTHING = dict.fromkeys(("form", "results", "related", "since", "response", "panel", "lenses", "models")) | {
    "online": False
}


def test_papers_and_settings_are_told_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("seed=7.pdf").touch()
    papers, settings = reviews.split(("a.pdf", "seed=7", "seed=7.pdf", "models.prices={x: {input: 1}}", "dir/b.tex"))
    assert papers == [Path("a.pdf"), Path("seed=7.pdf"), Path("dir/b.tex")]
    assert settings == ("seed=7", "models.prices={x: {input: 1}}")


def test_options_are_settings() -> None:
    told = {"form": "iclr", "panel": 5, "lenses": "soundness, my lens.md", "models": "openai:a,openai:b", "results": Path("runs"),
            "related": "auto", "online": True}  # fmt: skip
    assert reviews.wished(**(NOTHING | told)) == [
        "review.form=iclr",
        "review.venue=form",
        "review.results=runs",
        "review.related=auto",
        "review.referees=5",
        'review.lenses=["soundness", "my lens.md"]',
        'review.models=["openai:a", "openai:b"]',
        "review.online=true",
    ]
    assert reviews.wished(**NOTHING) == []


@pytest.mark.parametrize(
    ("estimate", "says"),
    [
        (Estimate(1, 7, 90000, 10000, 0.5, 2.25), "about $0.50, and at most $2.25"),
        (Estimate(3, 21, 9, 9, None, None, ("openai:x",)), "The price of openai:x is UNKNOWN"),
    ],
)
def test_what_it_will_cost_is_said_and_asked_about_on_a_terminal(
    estimate: Estimate, says: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[str] = []
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr(reviews.click, "confirm", lambda text, **_: asked.append(text) or False)
    assert reviews.agreeing(yes=False)(estimate) is False
    assert says in capsys.readouterr().err
    assert asked == ["Go on?"]
    assert reviews.agreeing(yes=True)(estimate) is True
    monkeypatch.setattr("sys.stdin.isatty", lambda: False, raising=False)
    assert reviews.agreeing(yes=False)(estimate) is True, "where nobody can be asked, the budget is the limit"
    assert len(asked) == 1


def test_small_sums_and_rules_are_not_asked_about(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    assert reviews.agreeing(yes=False)(Estimate(1, 7, 900, 100, 0.01, 0.2, ask=False)) is True
    assert "$0.01" in capsys.readouterr().err
    assert reviews.agreeing(yes=False)(Estimate(1, 7, 0, 0, 0.0, 0.0)) is True
    assert capsys.readouterr().err == ""
