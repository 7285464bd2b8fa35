"""A whole bench with a compiler, checks and a panel that are stood in for, so that what it makes of them is known."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from ai_scientist_reviewer.bench import version
from ai_scientist_reviewer.bench.agreement.tables import read_human, read_scores
from ai_scientist_reviewer.bench.bench import BenchError, Given, Plan, Tools, bench
from ai_scientist_reviewer.bench.checking import Conditions
from ai_scientist_reviewer.bench.compiling import Compiled
from ai_scientist_reviewer.bench.labels import LabelError, Labels
from ai_scientist_reviewer.bench.seeded.project import MAIN, Project
from ai_scientist_reviewer.findings import Finding
from ai_scientist_reviewer.offline import OfflineReferee
from ai_scientist_reviewer.panel import review
from ai_scientist_reviewer.paper import Paper
from ai_scientist_reviewer.records import Review

HERE = Path(__file__).parent
PLAN = Plan(
    frozenset(("A",)),
    (Given("small", Project.read(HERE / "paper", name="small")),),
    per_kind=2,
    kinds=("placeholder", "p-value"),
    date="2026-11-26",
)


@pytest.fixture
def compile(sample: Path) -> Callable[[Mapping[str, bytes]], Compiled]:
    made: list[str] = []

    def compile(files: Mapping[str, bytes]) -> Compiled:
        made.append(files[MAIN].decode())
        return Compiled(sample.read_bytes(), "Output written on paper.pdf (2 pages)")

    return compile


@pytest.fixture(autouse=True)
def rules(monkeypatch: pytest.MonkeyPatch) -> None:
    rules = {"placeholder": frozenset(("left-over",)), "p-value": frozenset(("p-wrong",))}
    monkeypatch.setattr("ai_scientist_reviewer.bench.seeded.measure.ACCEPTED", rules)


def check(path: Path, conditions: Conditions) -> tuple[Finding, ...]:
    """Finds left-over words in LaTeX source and nothing else; and always something to remark."""
    always = Finding(rule="remark", severity="warn", message="There is always something.")
    if path.is_file():
        return (always,)
    text = (path / MAIN).read_text()
    found = re.search(r"TODO|\[insert[^]]*\]|XXX|citation needed|Lorem ipsum|FIXME|TBD|placeholder name", text)
    if not found:
        return (always,)
    line = text.count("\n", 0, found.start()) + 1
    left = Finding(rule="left-over", severity="error", message="Left over.", file=MAIN, line=line, quote=found[0])
    return (always, left)


def judge(path: Path, name: str, told: bool) -> Review:
    return review(Paper.read(path), [OfflineReferee()], findings=())


def test_recall_and_alarms_by_kind_and_medium(tmp_path: Path, compile: Callable[..., Compiled]) -> None:
    results = bench(PLAN, tmp_path, Tools(compile=compile, check=check))
    by = {one.reader: {kind.kind: kind for kind in one.kinds} for one in results.seeded}
    assert set(by) == {"checks, source", "checks, pdf", "checks, folder", "checks, any"}
    assert by["checks, source"]["placeholder"].recall.value == 1.0
    assert by["checks, source"]["placeholder"].placed.value == 1.0
    assert by["checks, pdf"]["placeholder"].recall.value == 0.0
    assert by["checks, any"]["placeholder"].recall.n == 2
    assert by["checks, any"]["p-value"].recall.value == 0.0 and len(by["checks, any"]["p-value"].missed) == 2
    warned = next(
        a for one in results.seeded if one.reader == "checks, folder" for a in one.alarms if a.severity == "warn"
    )
    assert (warned.findings.value, warned.false.value, warned.unlabelled) == (1.0, 1.0, 1)
    assert "no place for" not in (tmp_path / "card.md").read_text()


def test_a_paper_that_is_too_long_as_it_is_is_no_case(
    tmp_path: Path, compile: Callable[..., Compiled], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "ai_scientist_reviewer.bench.seeded.measure.ACCEPTED", {"over-page-limit": frozenset(("too-long",))}
    )

    def too_long(path: Path, conditions: Conditions) -> tuple[Finding, ...]:
        return (Finding(rule="too-long", severity="error", message="13 pages."),) if path.is_file() else ()

    plan = replace(PLAN, kinds=("over-page-limit",), per_kind=1)
    results = bench(plan, tmp_path, Tools(compile=compile, check=too_long))
    assert [one.kinds[0].recall.n for one in results.seeded] == [0, 0, 0, 0]


def test_labels_tell_true_findings_from_false_alarms(tmp_path: Path, compile: Callable[..., Compiled]) -> None:
    table = tmp_path / "labels.tsv"
    table.write_text("paper\trule\twords\tverdict\tnote\nsm*\tremark\t*\ttrue\tas it says\n")
    results = bench(replace(PLAN, labels=Labels.read(table)), tmp_path / "out", Tools(compile=compile, check=check))
    warned = next(a for a in results.seeded[0].alarms if a.severity == "warn")
    assert (warned.findings.value, warned.false.value, warned.unlabelled) == (1.0, 0.0, 0)
    table.write_text("paper\trule\twords\tverdict\nsmall\tremark\t*\tperhaps\n")
    with pytest.raises(LabelError, match="line 2"):
        Labels.read(table)


def test_it_goes_on_where_it_was_and_refuses_another_plan(tmp_path: Path, compile: Callable[..., Compiled]) -> None:
    first = bench(PLAN, tmp_path, Tools(compile=compile, check=check))

    def never(path: Path, conditions: Conditions) -> tuple[Finding, ...]:
        raise AssertionError("checked again")

    again = bench(PLAN, tmp_path, Tools(compile=compile, check=never))
    assert again == first
    with pytest.raises(BenchError, match="differs in its seed"):
        bench(replace(PLAN, seed=1), tmp_path, Tools(compile=compile, check=check))


def test_a_panel_is_measured_on_the_same_twins(tmp_path: Path, compile: Callable[..., Compiled]) -> None:
    plan = replace(
        PLAN,
        tracks=frozenset(("A", "D")),
        model="offline",
        panel=1,
        form="neurips",
        repeats=2,
        kinds=("placeholder",),
        per_kind=1,
    )
    results = bench(plan, tmp_path, Tools(compile=compile, check=check, judge=judge))
    assert results.seeded_panel is not None and results.seeded_panel.overall.n == 1
    assert results.repeats["offline"].times == 2 and results.repeats["offline"].spread["confidence"].value == 0.0
    card = json.loads((tmp_path / "card.json").read_text())
    assert (card["model"], card["date"]) == ("offline", "2026-11-26")
    assert "not measured" in card["summary"] and card["prompts"] == results.prompts
    page = (tmp_path / "card.html").read_text()
    assert "http" not in page and page.count("<h2>") == page.count("</section>") == 4


def test_replayed_scores_need_no_paper(tmp_path: Path) -> None:
    tables = HERE / "tables"
    plan = Plan(
        frozenset(("C", "D")),
        human=read_human(tables / "human.tsv"),
        scores=(read_scores(tables / "repeated.csv"),),
        resamples=100,
    )
    results = bench(plan, tmp_path, Tools())
    assert results.agreement is not None and results.repeats["repeated"].spread["overall"].n == 1
    assert "Leak audit: UNKNOWN" in (tmp_path / "card.md").read_text()


@pytest.mark.parametrize(
    ("plan", "why"),
    [
        (Plan(frozenset(("A",))), "need papers"),
        (Plan(frozenset(("C",))), "needs a table of human ratings"),
        (Plan(frozenset(("D",)), (Given("a", pdf=b"%PDF"),)), "needs a panel"),
        (Plan(frozenset(("B",)), (Given("a", pdf=b"%PDF"), Given("a", pdf=b"%PDF"))), "Two papers are called a"),
    ],
)
def test_what_is_missing_is_said(tmp_path: Path, plan: Plan, why: str) -> None:
    with pytest.raises(BenchError, match=why):
        bench(plan, tmp_path, Tools())


def test_a_style_that_is_not_here_gets_a_stand_in(tmp_path: Path, sample: Path) -> None:
    text = "\\documentclass{article}\\usepackage{iclr2031_conference}\\begin{document}Words.\\bibliographystyle{iclr2031_conference}\\end{document}"

    def compile(files: Mapping[str, bytes]) -> Compiled:
        if "iclr2031_conference.sty" not in files:
            return Compiled(b"", "! LaTeX Error: File `iclr2031_conference.sty' not found.")
        return Compiled(sample.read_bytes(), "")

    plan = replace(PLAN, papers=(Given("venue", Project("venue", {MAIN: text.encode()})),))
    results = bench(plan, tmp_path, Tools(compile=compile, check=check))
    assert (
        results.notes[0]
        == "venue: bibliography style iclr2031_conference became plainnat; iclr2031_conference.sty became a stand-in."
    )
    assert {one.kind for one in results.missing} == {"placeholder", "p-value"}


def test_versions_follow_what_they_are_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("prompts/referee.md", "checks/rules.py", "bench/card.py"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text("as it was")
    monkeypatch.setattr(version, "PACKAGE", tmp_path)

    def versions() -> tuple[str, str]:
        version.prompts_version.cache_clear()
        version.checks_version.cache_clear()
        return version.prompts_version(), version.checks_version()

    first = versions()
    (tmp_path / "bench/card.py").write_text("changed")
    assert versions() == first
    (tmp_path / "prompts/referee.md").write_text("changed")
    assert versions()[0] != first[0] and versions()[1] == first[1]
    (tmp_path / "checks/rules.py").write_text("changed")
    assert versions()[1] != first[1]
    monkeypatch.undo()
    versions()
