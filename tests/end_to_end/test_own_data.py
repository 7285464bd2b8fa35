"""A study of the user's own table, from the command line to a verified paper, and what is refused on the way."""

from __future__ import annotations

import json
import random
import zipfile
from pathlib import Path

import pytest
from ai_scientist_reviewer.paper import Paper

import ai_scientist
from ai_scientist.config import load
from ai_scientist.errors import AIScientistError
from tests.end_to_end.shell import DONE, TINY, call


def customers(folder: Path, rows: int = 420) -> Path:
    """A small table with numbers, categories, gaps, text and a label that follows from some of them."""
    folder.mkdir()
    draw = random.Random(5)
    lines = ["id;months;plan;calls;note;left"]
    for place in range(rows):
        months, plan, calls = draw.randint(1, 60), draw.choice(["basic", "plus", "NA"]), draw.randint(0, 7)
        left = 0.4 * calls - 0.06 * months + (plan == "basic") + draw.gauss(0, 0.5) > 0
        gap = "" if draw.random() < 0.05 else f"{months},5"
        lines.append(f'c{place};{gap};{plan};{calls};"said ""{place}""\nand left";{"yes" if left else "no"}')
    (folder / "customers.csv").write_text("\n".join(lines), encoding="utf-8")
    return folder


def text_of(paper: Path) -> str:
    return " ".join(Paper.read(paper).text.split())


@pytest.mark.full
def test_a_table_becomes_a_verified_paper(tmp_path: Path) -> None:
    folder = customers(tmp_path / "mine")
    sandbox = ("--sandbox", "bubblewrap")
    ended = call(
        "run", "label noise", "--data", f"shop={folder}", "--config", TINY, "--runs", "runs", *sandbox, cwd=tmp_path
    )
    assert ended.returncode in DONE, ended.stderr
    (run,) = (tmp_path / "runs").iterdir()
    info = json.loads((run / "run.json").read_text())
    (sha256,) = [one["sha256"] for one in info["data"]]
    started = json.loads((run / "events.jsonl").read_text().splitlines()[0])
    assert started["data"] == {"shop": sha256}

    paper = text_of(run / "paper" / "paper.pdf")
    assert "A table of 420 rows that the user gave; 2 numeric and 1 categorical columns are used" in paper
    assert sha256 in paper.replace(" ", "")
    assert not any(word in paper.lower() for word in ("handwritten digits", "validation images", "pixel"))
    assert sha256 in (run / "report.html").read_text()

    report = ai_scientist.verify(run, rerun=True)
    assert report.ok, report.failed
    with zipfile.ZipFile(run / "bundle.zip") as archive:
        told = archive.read("bundle/README.md").decode()
        assert not [name for name in archive.namelist() if name.endswith(".csv")]
        everything = b"".join(archive.read(name) for name in archive.namelist() if not name.endswith(".pdf"))
    assert sha256 in told
    assert "--rerun --data shop=FOLDER" in told
    assert str(folder).encode() not in everything
    without = ai_scientist.verify(run / "bundle.zip", rerun=True)
    assert {item.verdict for item in without.items if "made again" in item.what} == {"UNKNOWN"}
    assert not without.ok


def test_resume_refuses_data_that_changed_or_are_gone(tmp_path: Path) -> None:
    folder = customers(tmp_path / "mine")
    config = load(TINY, [f"data.shop={folder}", "approve=[idea]"])
    run = ai_scientist.run("label noise", runs=tmp_path / "runs", config=config).path
    before = (run / "events.jsonl").read_bytes()
    table = folder / "customers.csv"
    good = table.read_bytes()
    table.write_bytes(good.replace(b"yes", b"no", 1))
    for why in ("have changed", "gone"):
        with pytest.raises(AIScientistError, match=why) as caught:
            ai_scientist.resume(run, accept=True)
        assert caught.value.exit_code == 2
        assert (run / "events.jsonl").read_bytes() == before
        if folder.exists():
            folder.rename(tmp_path / "away")
    (tmp_path / "away").rename(folder)
    table.write_bytes(good)
    assert ai_scientist.resume(run, reject="another one").exit_code == 11


def test_what_is_wrong_with_data_is_said_before_the_run_is_there(tmp_path: Path) -> None:
    good = customers(tmp_path / "good")
    (tmp_path / "empty").mkdir()
    (tmp_path / "prices").mkdir()
    (tmp_path / "prices" / "a.csv").write_text("size,price\n" + "\n".join(f"{i},{i * 1.1:.2f}" for i in range(400)))
    few = customers(tmp_path / "few", rows=40)
    runs = tmp_path / "runs"

    def refused(topic: str, *data: str) -> tuple[int, str]:
        with pytest.raises(AIScientistError) as caught:
            overrides = ["models.default=offline", *(f"data.{one}" for one in data)]
            ai_scientist.run(topic, runs=runs, overrides=overrides)
        assert not runs.exists()
        assert "\n" not in str(caught.value)
        return caught.value.exit_code, str(caught.value)

    assert refused("label noise", f"a={tmp_path / 'nowhere'}")[0] == 2
    assert refused("label noise", "a")[0] == 2
    assert "cannot be called 'a.b'" in refused("label noise", f"a.b={good}")[1]
    assert refused("label noise", f"a={good}", f"a={good}")[0] == 2
    assert "empty" in refused("label noise", f"a={tmp_path / 'empty'}")[1]
    code, why = refused("label noise", f"a={tmp_path / 'prices'}")
    assert (code, "class label" in why) == (7, True)
    code, why = refused("label noise", f"a={few}")
    assert (code, "larger table" in why) == (7, True)
    code, why = refused("small data and augmentation", f"a={good}")
    assert (code, "label-noise" in why) == (7, True)
    code, why = refused("label noise", f"a={good}", f"b={few}")
    assert (code, "takes one table" in why) == (7, True)
