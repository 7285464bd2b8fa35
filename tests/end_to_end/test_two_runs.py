"""Two runs at once, in the same folder, know nothing of each other."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.end_to_end.likeness import alike, once
from tests.end_to_end.shell import DONE, TINY, TOPIC, Sitting, call


@pytest.mark.full
def test_two_runs_at_once(tmp_path: Path) -> None:
    sittings = [Sitting("run", TOPIC, "--config", TINY, "--runs", tmp_path, cwd=tmp_path) for _ in range(2)]
    for sitting in sittings:
        code, _, said = sitting.end()
        assert code in DONE, said
        once(sitting.run)
        assert call("verify", sitting.run, cwd=tmp_path).returncode == 0
    first, second = (sitting.run for sitting in sittings)
    assert first != second
    alike(first, second)
    listed = call("list", "--runs", tmp_path, cwd=tmp_path).stdout
    assert first.name in listed
    assert second.name in listed
    assert listed.count("done") == 2
