"""The harness of the benchmarks; the benchmarks themselves are no tests."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from types import ModuleType

import pytest

from tests.bench import run
from tests.bench.row import Row, interval


def test_the_interval_is_that_of_the_median() -> None:
    assert interval([3.0]) == (3.0, 3.0)
    assert interval([1, 2, 3, 4, 5]) == (1, 5)
    # n = 9: P(at most one of nine below the median) = 10/512 <= 2.5%, and with two it is 46/512.
    assert interval([9, 8, 7, 6, 5, 4, 3, 2, 1]) == (2, 8)


def test_a_number_holds_when_it_is_within_reach() -> None:
    assert Row.of("a.b", [0.1, 0.2, 9.0], "s", reach=0.2).holds is True
    assert Row.of("a.b", [0.1, 0.3, 9.0], "s", reach=0.2).holds is False
    assert Row.of("a.b", [0.1], "s").holds is None


def test_a_failing_group_hides_no_other_and_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    broken, sound = ModuleType("broken"), ModuleType("sound")
    vars(broken)["bench_it"] = lambda: [][0]
    vars(sound)["bench_it"] = lambda: [Row.of("cli.x", [1.0], "s", reach=0.5)]
    vars(sound)["full_it"] = lambda: [][0]
    # Named as groups that exist, so that the names are accepted.
    monkeypatch.setitem(sys.modules, "tests.bench.bench_cli", sound)
    out = tmp_path / "build" / "bench.json"
    assert run.main(["--only", "cli", "--out", str(out)]) == 0
    assert [(row["name"], row["holds"]) for row in json.loads(out.read_text())] == [("cli.x", False)]
    assert run.main(["--only", "cli", "--full", "--out", str(out)]) == 1
    monkeypatch.setitem(sys.modules, "tests.bench.bench_cli", broken)
    assert run.main(["--only", "cli", "--out", str(out)]) == 1
    assert "failed: cli" in capsys.readouterr().err


def test_an_unknown_group_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        run.main(["--only", "no-such"])
    assert "no such group: no-such" in capsys.readouterr().err
