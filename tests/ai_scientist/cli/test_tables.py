"""What the commands print fits the terminal, leaves nothing out in silence, and cannot steer the terminal."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ai_scientist.claims.evidence import Item
from ai_scientist.claims.verify import Report
from ai_scientist.cli import tables
from ai_scientist.runs.events import RunStopped
from ai_scientist.runs.progress import summary
from tests.ai_scientist.claims import study
from tests.ai_scientist.report.study_run import finished, record
from tests.ai_scientist.runs.making import experiment, make


@pytest.fixture(autouse=True)
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "100")


def fits(text: str, path: Path) -> bool:
    return all(len(line) <= 100 for line in text.splitlines() if str(path) not in line)


def test_a_run_fits_and_shows_its_findings_and_its_tree(tmp_path: Path) -> None:
    with finished(tmp_path) as run:
        text = tables.state(summary(run))
    assert fits(text, tmp_path)
    assert "done (exit code 10)" in text
    assert "$0.25" not in text, "a sum that leaves out a call is not called the cost"
    for finding in json.loads(run.claims_json.read_text())["findings"]:
        assert finding["verdict"].upper() in text
    rows = {line.split()[0]: line for line in text.splitlines() if line[:4].isdigit()}
    assert set(rows) == {one.id for one in study.experiments() if one.action != "repeat"}
    assert "baseline" in rows[study.ARMS.baseline]
    assert "proposed" in rows[study.ARMS.proposed]


def test_what_a_model_wrote_does_not_steer_the_terminal(tmp_path: Path) -> None:
    with make(tmp_path, topic="clear \x1b[2J the screen\nsecond line") as run:
        record(run, [experiment("0001").model_copy(update={"change": "red \x1b[31m\r\nfake\u202e" + "x" * 200})])
        run.append(RunStopped(why="bad \x1b]0;title\x07 " + "word " * 200, exit_code=7))
        printed = [tables.state(summary(run)), tables.runs(tmp_path)]
    for text in printed:
        assert fits(text, tmp_path)
        assert all(character.isprintable() or character == "\n" for character in text)


def test_a_long_tree_is_cut_and_says_so(tmp_path: Path) -> None:
    with make(tmp_path) as run:
        record(run, [experiment(f"{number:04d}") for number in range(1, 61)])
        text = tables.state(summary(run))
    assert "\n0060" in text
    assert "\n0001" not in text
    assert "… and 20 earlier ones" in text


def test_a_run_that_cannot_be_read_is_listed(tmp_path: Path) -> None:
    make(tmp_path).close()
    with make(tmp_path) as broken:
        broken.config_yaml.write_text("[")
    listed = tables.runs(tmp_path).splitlines()
    assert len(listed) == 3
    assert sum("unreadable" in line for line in listed) == 1
    assert "There are no runs" in tables.runs(tmp_path / "none")


@pytest.mark.parametrize(
    ("verdicts", "last"),
    [
        (("PASS", "PASS"), "Every number holds: 2 checks, all PASS."),
        (("PASS", "FAIL", "UNKNOWN"), "The paper does not hold against its measurements."),
        (("PASS", "UNKNOWN"), "It is not known whether the paper holds: some checks could not be made."),
        ((), "Nothing could be checked, so nothing is known to hold."),
    ],
)
def test_unknown_is_never_pass(verdicts: tuple[str, ...], last: str) -> None:
    items = tuple(
        Item.model_validate({"verdict": verdict, "what": f"value {n}", "where": "claims.json", "why": "why " * 60})
        for n, verdict in enumerate(verdicts)
    )
    text = tables.verification(Report(items=items))
    assert text.splitlines()[-1] == last
    assert fits(text, Path("/"))
    for n, verdict in enumerate(verdicts):
        assert (f"{verdict:9}value {n}" in text) == (verdict != "PASS")


def test_no_failure_is_left_out_in_silence() -> None:
    items = tuple(Item(verdict="FAIL", what=f"value {n}") for n in range(50))
    assert "… and 10 more" in tables.verification(Report(items=items))
