"""`ai-scientist review` as a person uses it, with a panel of models behind a server on this machine."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.ai_scientist.judging.panelist import PRICES, Panelist, paper
from tests.ai_scientist.models.server import Server, serving
from tests.end_to_end.shell import call

SETTINGS = ("models.default=openai:one", "models.max_output_tokens=1000", PRICES)


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as told:
        yield told


def environment(server: Server) -> dict[str, Any]:
    return {"OPENAI_API_KEY": "sk-test-1234567890", "OPENAI_BASE_URL": f"{server.url}/v1"}


def test_one_paper_with_all_that_can_be_given(tmp_path: Path, server: Server) -> None:
    panelist = server.script = Panelist()
    (tmp_path / "runs").mkdir()
    (tmp_path / "runs" / "final.json").write_text(json.dumps({"early": 9.6, "late": 14.2}))
    (tmp_path / "mine.bib").write_text(
        "@article{z, title={Wrong labels in small networks}, author={Lin, Ada}, year={2020}}"
    )
    (tmp_path / "mine.yaml").write_text(
        "venue: My Workshop\noverall: rating\naccept: 4\nscales:\n  - {name: rating, asks: Shown or not, meaning: {1: 'no', 4: 'yes'}}\n"
    )
    ended = call(
        "review", paper(tmp_path), "--form", "mine.yaml", "--results", "runs", "--related", "mine.bib", "--panel", "2",
        "--lenses", "soundness,evidence", "--models", "openai:one,openai:two", "--budget", "money=5", "--json", *SETTINGS,
        cwd=tmp_path, **environment(server),
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    assert "Reviewing 1 paper: about 5 calls" in ended.stderr
    told = json.loads(ended.stdout)
    review = told["review"]
    assert (review["venue"], review["overall"], review["accept"]) == ("My Workshop", "rating", 4)
    assert [(one["author"], one["lens"]) for one in review["reports"]] == [
        ("openai:one", "soundness"),
        ("openai:two", "evidence"),
    ]
    assert [work["title"] for work in review["related"]] == ["Wrong labels in small networks"]
    assert review["spent"]["calls"] == len(panelist.asked) == 5
    assert all(Path(file).is_file() for file in told["files"].values())
    page = Path(told["files"]["html"]).read_text()
    assert "http://" not in page.replace("http://www.w3.org", "")
    assert "<script" not in page


def test_several_papers_on_one_budget_and_the_rest_later(tmp_path: Path, server: Server) -> None:
    panelist = server.script = Panelist()
    files = [paper(tmp_path / name) for name in "ab"]
    wanted = ("review", *files, "--panel", "1", "--jobs", "1", *SETTINGS)
    ended = call(*wanted, "--budget", "tokens=9000", cwd=tmp_path, **environment(server))
    assert ended.returncode == 5, ended.stderr
    batch = Path(ended.stdout.splitlines()[0])
    assert "a/draft.pdf" in ended.stdout
    assert f"resume with: ai-scientist resume {batch}" in ended.stdout
    again = call("resume", batch, "--budget", "tokens=90000", cwd=tmp_path, **environment(server))
    assert again.returncode == 0, again.stderr
    assert again.stdout.count(" done ") == 2
    assert Counter(panelist.forms()) == Counter(["NeuripsSheet", "Verdicts", "ChairSheet"] * 2)


def test_what_cannot_be_reviewed_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text("venue: X\nscales: []\n")
    for arguments, says in (
        (("--form", "bad.yaml"), "scales"),
        (("--form", "nonsuch"), "no review form"),
        (("--lenses", "nonsuch"), "no lens"),
        (("--results", "nowhere"), "nowhere"),
    ):
        ended = call("review", paper(tmp_path), *arguments, "--model", "offline", cwd=tmp_path)
        assert (ended.returncode, says in ended.stderr) == (2, True), ended.stderr
        assert "Traceback" not in ended.stderr
        assert not (tmp_path / "experiments").exists()
