"""The recorded replies of a whole run, gone through again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ai_scientist import verify
from tests.end_to_end.likeness import once
from tests.end_to_end.shell import ROOT, call

KEPT = ROOT / "templates" / "replays" / "warm-up"


@pytest.mark.full
@pytest.mark.timeout(900)
def test_the_kept_replies_still_make_a_paper(tmp_path: Path) -> None:
    ended = call(
        "run", KEPT / "topic.md", "--config", KEPT / "config.yaml", "--runs", tmp_path, cwd=tmp_path, timeout=800
    )
    assert ended.returncode == 0, ended.stderr
    run = Path(ended.stdout.splitlines()[0])
    once(run)
    report = verify(run)
    assert {item.verdict for item in report.items} == {"PASS"}
    state = json.loads(call("show", run, "--json", cwd=tmp_path).stdout)
    assert (state["spent"]["money"], state["spent"]["tokens"], state["spent"]["money_unknown"]) == (0, 0, False)
    assert state["replayed"]["replies"] == state["spent"]["calls"] >= 35
    assert {finding["verdict"] for finding in state["claims"]["findings"]} == {"no effect", "refuted", "undecided"}
    assert not any(one["touches_claims"] for one in state["degradations"])
    authors = {json.loads(file.read_text())["author"] for file in (run / "calls").iterdir()}
    assert authors == {"model"}
