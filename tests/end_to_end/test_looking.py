"""Figures are looked at beside the paper: what it says wrongly is mended, what is badly drawn is drawn again, and both end."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from ai_scientist import resume
from ai_scientist.errors import Stopped
from ai_scientist.offline import model as offline
from ai_scientist.runs import RunDirectory
from tests.end_to_end.rewinding import index, rewound

LEGEND = "The legend hides a dot."
FALLING = "“Figure 1 shows the same by seed.” The picture shows no seeds."


def before_the_check(finished: Path, folder: Path, rounds: int) -> Path:
    """The run as it stood when its first version was written, with so many rounds of figures."""
    written = index(finished, lambda event: event["kind"] == "phase_finished" and event["phase"] == "write")
    run = rewound(finished, folder / "run", written + 1)
    settings = yaml.safe_load((run / "config.yaml").read_text())
    settings["figures"]["rounds"] = rounds
    (run / "config.yaml").write_text(yaml.safe_dump(settings))
    return run


def seen(**form: Any) -> Mapping[str, Any]:
    return {"shows": "Dots.", "as_said": True, "faults": [], "misstated": [], "redraw": False, **form}


def checks(run: Path) -> list[str]:
    return [done.verdict for done in RunDirectory.read(run).progress.phases if done.phase == "check"]


def looks(run: Path) -> list[str]:
    return sorted(file.stem for file in (run / "calls").iterdir() if ".vision." in file.stem)


@pytest.mark.full
def test_a_bad_picture_is_drawn_again_and_the_text_is_mended(
    finished: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def looked(values: Mapping[str, Any]) -> Mapping[str, Any]:
        said = values["said"]
        if said["number"] != 1:
            return seen()
        if not any("mended" in sentence for sentence in said["sentences"]):
            return seen(as_said=False, misstated=[FALLING], faults=[LEGEND], redraw=values["width"] == 4.6)
        return seen()

    def redrawn(values: Mapping[str, Any]) -> Mapping[str, Any]:
        script = values["drawing"]["script"].replace("figsize=(4.6,", "figsize=(5.0,")
        return {"figure": {**values["drawing"], "width": 5.0, "script": script}}

    def mended(values: Mapping[str, Any]) -> Mapping[str, Any]:
        assert [fault["message"] for fault in values["faults"]] == [FALLING]
        assert values["faults"][0]["where"] == "Results"
        (results,) = (one for one in values["manuscript"]["sections"] if one["heading"] == "Results")
        return {
            "results": [text.replace("shows the same", "shows the same, mended,") for text in results["paragraphs"]]
        }

    for name, rule in {"look_at_figure": looked, "redraw_figure": redrawn, "mend_paper": mended}.items():
        monkeypatch.setitem(offline.RULES, name, rule)
    run = before_the_check(finished, tmp_path, rounds=2)
    ended = resume(run)
    assert ended.exit_code in (0, 10)
    assert checks(run) == ["redraw", "PASS"]
    (figure,) = (json.loads((run / f"figures/{name}/figure.json").read_text()) for name in ["effect"])
    assert (figure["width"], figure["round"]) == (5.0, 2)
    assert "mended," in (run / "paper/2/paper.tex").read_text()
    assert "still objected" not in str(RunDirectory.read(run).progress.degradations)
    assert looks(run).count("look-2-effect.vision.1") == 1
    report = (run / "report.html").read_text()
    assert LEGEND in report
    assert "2 rounds" in report

    broken = before_the_check(finished, tmp_path / "broken", rounds=2)
    for name in ("look_at_figure", "redraw_figure", "mend_paper"):
        monkeypatch.setitem(offline.RULES, name, broken_off_once(offline.RULES[name]))
    stops = 0
    while RunDirectory.read(broken).progress.status != "done":
        try:
            resume(broken)
        except Stopped:
            stops += 1
    assert stops > 5
    assert looks(broken) == looks(run)
    for file in ("figures/effect/figure.json", "figures/effect/2-critique.json", "paper/2/manuscript.json"):
        assert (broken / file).read_text() == (run / file).read_text()
    phases = [RunDirectory.read(one).progress.phases for one in (broken, run)]
    assert len({tuple((one.phase, one.round, one.verdict) for one in way) for way in phases}) == 1


def broken_off_once(rule: offline.Rule) -> offline.Rule:
    """A rule that is stopped the first time that it is asked something."""
    asked: set[str] = set()

    def ask(values: Mapping[str, Any]) -> Mapping[str, Any]:
        question = json.dumps(values, sort_keys=True)
        if question not in asked:
            asked.add(question)
            raise Stopped("broken off")
        return rule(values)

    return ask


@pytest.mark.full
def test_what_nothing_mends_is_said_in_the_paper(
    finished: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One round of drawing: the picture cannot be drawn again, and the text says the same whatever is asked."""
    monkeypatch.setitem(
        offline.RULES,
        "look_at_figure",
        lambda values: (
            seen(as_said=False, misstated=[FALLING], faults=[LEGEND], redraw=True)
            if values["said"]["number"] == 1
            else seen()
        ),
    )
    run = before_the_check(finished, tmp_path, rounds=1)
    ended = resume(run)
    assert ended.exit_code == 10
    assert checks(run) == ["mend", "mend", "PASS"]
    what = [degradation.what for degradation in RunDirectory.read(run).progress.degradations]
    assert sum("figure effect was still objected to" in one for one in what) == 1
    assert sum("claim of figure effect what it does not show" in one for one in what) == 1
    assert "claim of figure effect" in (run / "paper/3/paper.tex").read_text()
    assert looks(run).count("read-1-effect.vision.1") == 1
    assert "read-2-effect.vision.1" not in looks(run)
