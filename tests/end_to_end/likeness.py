"""What two runs of the same configuration have to have in common, however often one of them was interrupted."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from pathlib import Path
from typing import Any

from ai_scientist.runs import RunDirectory, log
from ai_scientist.runs.events import CallFinished, ExperimentFinished

ITS_OWN = re.compile(r"wall-clock|programs, summed|model calls|\d{4}-\d\d-\d\d_|\\date|and took|seconds of")
"""Lines of a paper that are about the run itself: its name, its day, the time it took."""


def likeness(path: Path) -> dict[str, Any]:
    """Tree, measurements, claims, paper and calls, in the numbering of a run that was never interrupted."""
    run = RunDirectory.read(path)
    started, finished = run.progress.started, run.progress.finished
    scopes = sorted({started[id].scope for id in finished}, key=int)
    numbers = {id: f"{scopes.index(event.scope) + 1:04d}" for id, event in started.items() if event.scope in scopes}

    def plain(text: str) -> str:
        """With every experiment under the number that it has where nothing was interrupted."""
        return re.sub(r"(?<!\d)(?<!\d\.)0\d{3}(?!\d)", lambda found: numbers.get(found[0], found[0]), text)

    def tex(name: str) -> list[str]:
        file = run.paper_file(run.progress.rounds("write"), name)
        return [line for line in plain(file.read_text()).splitlines() if not ITS_OWN.search(line)]

    calls = {plain(file.stem): run.read_call(file.stem) for file in sorted(run.calls.iterdir())}
    return {
        "experiments": sorted(
            {
                **one.model_dump(mode="json", exclude={"used", "id", "parent", "settings"}),
                "id": numbers[one.id],
                "parent": one.parent and numbers[one.parent],
                "program": hashlib.sha256((run.experiment(one.folder) / "program.py").read_bytes()).hexdigest(),
                "measured": hashlib.sha256((run.experiment(one.folder) / "output/measurements.jsonl").read_bytes()).hexdigest(),
            }.items()
            for one in run.experiments()
        ),
        "stages": [(*key, stage.goals, run.progress.closed[key].met, plain(run.progress.closed[key].best or "")) for key, stage in run.progress.opened.items()],
        "claims": plain(run.claims_json.read_text()),
        "figures": {str(file.relative_to(run.figures)): plain(file.read_text()) for file in sorted(run.figures.rglob("*")) if file.suffix in (".json", ".py")},
        "manuscript": plain(run.manuscript(run.progress.rounds("write")).read_text()),
        "paper": tex("paper.tex"),
        "macros": tex("claims.tex"),
        "references": tex("references.bib"),
        "phases": [(one.phase, one.round, one.verdict) for one in run.progress.phases],
        "degradations": sorted((one.what, one.why) for one in run.progress.degradations),
        # What the panel reads holds the day and the time that the run took, so that its prompts are never the same.
        "calls": {id: (call.prompt, call.form, "" if id.startswith("review-") else hashlib.sha256(plain(call.text).encode()).hexdigest(), "" if id.startswith("review-") else plain(str(call.reply))) for id, call in calls.items() if call},
        "exit": run.progress.exit_code,
    }  # fmt: skip


def alike(path: Path, twin: Path) -> None:
    """Assert that they are, one aspect after the other, so that a failure says what differs."""
    ours, theirs = likeness(path), likeness(twin)
    for aspect, value in theirs.items():
        assert ours[aspect] == value, aspect


def once(path: Path) -> None:
    """Assert that nothing is left half done, and that each thing that ended did so once and is on disk."""
    run = RunDirectory.read(path)
    data = run.events_jsonl.read_bytes()
    events = list(log.events(data, run.events_jsonl))
    assert log.whole(data) == len(data)
    assert run.progress.status == "done"
    attempts = Counter(
        run.progress.started[event.id].scope for event in events if isinstance(event, ExperimentFinished)
    )
    calls = Counter(event.id for event in events if isinstance(event, CallFinished))
    assert set(attempts.values()) == {1}
    assert set(calls.values()) == {1}
    assert {file.stem for file in run.calls.iterdir()} == set(calls)
    assert {folder.name.split("-")[0] for folder in run.tree.iterdir()} == set(run.progress.finished)
    assert not run.progress.in_flight
    assert run.report_html.stat().st_mtime > run.progress.at
    assert not list(run.path.rglob("*.partial"))
