"""`ai-scientist bench reviewer`: replayed scores from tables, and one clear sentence for what cannot be used."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from ai_scientist import api, cli
from ai_scientist.errors import InputError
from ai_scientist.judging.bench import Asked, paper_given, tracks_for
from tests.ai_scientist.judging.panelist import paper

TABLES = Path(__file__).parents[2] / "reviewer" / "bench" / "tables"
PAPER = TABLES.parent / "paper"


def asked(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(cli.commands, ["bench", "reviewer", *arguments], standalone_mode=False)
    if isinstance(done.exception, InputError):
        return 2, str(done.exception)
    return done.return_value if done.return_value is not None else 2, done.output + str(done.exception or "")


def test_replayed_scores(tmp_path: Path) -> None:
    human, scores = str(TABLES / "human.tsv"), str(TABLES / "model.csv")
    code, said = asked("--track", "C", "--human", human, "--scores", scores, "--out", str(tmp_path))
    assert code == 0 and "Leak audit: UNKNOWN" in said
    (row,) = [
        row
        for row in json.loads((tmp_path / "results.json").read_text())["agreement"]["rows"]
        if row["name"] == "model"
    ]
    # Balanced accuracy, AUC and mean absolute error, as worked out by hand in the reviewer's own tests.
    told = {metric: round(row["metrics"][metric]["value"], 3) for metric in ("balanced_accuracy", "auroc", "mae")}
    assert told == {"balanced_accuracy": 0.633, "auroc": 0.8, "mae": 0.75}
    assert {"card.md", "card.html", "card.json", "manifest.json", "items.jsonl"} <= {
        path.name for path in tmp_path.iterdir()
    }


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("--track", "E"), "there is no track E"),
        (("--track", "A"), "need papers"),
        (("--track", "C"), "needs a table of human ratings"),
        (("--kind", "typo"), "there is no typo: captions-exchanged, "),
        (("--way", "ink"), "there is no ink: behind a picture, "),
        (("--papers", "nowhere"), "There is no nowhere"),
        (("--human", str(TABLES / "model.csv"), "--scores", str(TABLES / "model.csv")), "no column of ratings"),
    ],
)
def test_what_cannot_be_used_is_said_in_a_sentence(tmp_path: Path, arguments: tuple[str, ...], why: str) -> None:
    code, said = asked(*arguments, "--out", str(tmp_path / "out"))
    assert code == 2 and why in said


def test_what_is_given_says_what_is_measured() -> None:
    assert tracks_for(Asked(papers=(PAPER,))) == ("A", "B")
    assert tracks_for(Asked(human=TABLES / "human.tsv")) == ("C",)
    assert tracks_for(Asked(papers=(PAPER,), panel=True)) == ("A", "B", "D")


def test_a_folder_of_latex_is_a_paper_with_its_result_files(tmp_path: Path) -> None:
    given = paper_given(PAPER)
    assert given.name == "paper" and given.project is not None and 0.2408 in given.project.values
    (tmp_path / "notes.txt").write_text("no PDF")
    with pytest.raises(InputError, match="not a PDF"):
        paper_given(tmp_path / "notes.txt")


def test_a_panel_is_measured_and_its_reviews_say_so(tmp_path: Path) -> None:
    """The card that the bench writes is one that a review finds and quotes."""
    draft, out = paper(tmp_path), tmp_path / "out"
    asks = ("--papers", str(draft), "--track", "D", "--repeats", "2", "--panel", "1", "--model", "offline", "--yes")
    code, said = asked(*asks, "--out", str(out))
    assert code == 0, said
    (run,) = (out / "asked").iterdir()
    assert len(list((run / "calls").iterdir())) >= 4 and not (run / "reviews").exists()
    cards = tmp_path / "cards"
    cards.mkdir()
    (out / "card.json").rename(cards / "any-name.json")
    done = api.review(draft, runs=tmp_path / "runs", overrides=[f"review.cards={cards}", "review.referees=1"])
    review = json.loads((done.path / "reviews" / "review.json").read_text())
    assert review["cards"]["offline"]["tracks"] and "not measured" in review["measured_error"]
