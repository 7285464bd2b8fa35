"""One bench of the reviewer: what is to be measured, what is needed for it, and the tracks one after another.

It can be broken off and begun again with the same plan and folder: what was finished is not done twice.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from ai_scientist_reviewer.bench import card
from ai_scientist_reviewer.bench.agreement.agree import THRESHOLD, Agreement, agreement
from ai_scientist_reviewer.bench.agreement.tables import Human, Scores
from ai_scientist_reviewer.bench.checking import Checker, checked
from ai_scientist_reviewer.bench.compiling import Compile, Compiler, Prepared, digest
from ai_scientist_reviewer.bench.estimates import RESAMPLES
from ai_scientist_reviewer.bench.hiding import measure as hiding
from ai_scientist_reviewer.bench.hiding.score import hiding_scored
from ai_scientist_reviewer.bench.hiding.ways import EVERY_WAY, VISIBLE
from ai_scientist_reviewer.bench.items import Items
from ai_scientist_reviewer.bench.labels import Labels
from ai_scientist_reviewer.bench.repeats import measure_repeats, repeats_of_scores, repeats_scored
from ai_scientist_reviewer.bench.results import Missing, Results
from ai_scientist_reviewer.bench.seeded import NoSite, Project, Seeded
from ai_scientist_reviewer.bench.seeded.measure import (
    Bench,
    Judge,
    measure_clean,
    measure_panel,
    measure_twins,
    numbered,
    twin_told,
    twins_of,
)
from ai_scientist_reviewer.bench.seeded.score import checks_scored, panel_scored
from ai_scientist_reviewer.bench.version import checks_version, prompts_version

Track = Literal["A", "B", "C", "D"]


class BenchError(Exception):
    """The bench cannot be begun. The message is one sentence for the person who asked for it."""


@dataclass(frozen=True)
class Given:
    """A paper to measure on: LaTeX, a PDF, or both."""

    name: str
    project: Project | None = None
    pdf: bytes = b""


@dataclass(frozen=True)
class Plan:
    tracks: frozenset[Track]
    papers: tuple[Given, ...] = ()
    seed: int = 0
    per_kind: int = 2
    """Twins of each kind for each paper, at most."""
    kinds: tuple[str, ...] = ()
    """Of errors; empty: all."""
    ways: tuple[str, ...] = ()
    """Of hiding text; empty: all. The visible control is always there."""
    repeats: int = 3
    """Times that track D has each paper judged."""
    model: str = ""
    """Of the panel, as it is to be shown; "": there is none."""
    panel: int = 0
    """Referees."""
    form: str = ""
    human: Mapping[str, Human] = field(default_factory=dict)
    scores: tuple[Scores, ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict)
    threshold: float = THRESHOLD
    resamples: int = RESAMPLES
    labels: Labels = field(default_factory=Labels)
    date: str = ""


@dataclass(frozen=True)
class Tools:
    """What a bench needs from outside."""

    compile: Compile | None = None
    judge: Judge | None = None
    """A panel; None: the checks alone are measured."""
    check: Checker = checked
    say: Callable[[str], object] = lambda words: None
    cost: Callable[[], float | None] = lambda: None
    """US dollars that the panel has cost."""


@dataclass(frozen=True)
class _Paper:
    given: Given
    ready: Prepared | None = None
    twins: tuple[Seeded, ...] = ()
    without: tuple[NoSite, ...] = ()

    @property
    def pdf(self) -> bytes:
        return self.given.pdf or (self.ready.compiled.pdf if self.ready else b"")


def bench(plan: Plan, out: Path, tools: Tools) -> Results:
    """Measures what the plan asks for, and writes manifest.json, items.jsonl, results.json and the card into `out`.

    Raises:
        BenchError: something is missing that the plan needs, or the folder holds a bench of another plan.
    """
    _check(plan, tools)
    out.mkdir(parents=True, exist_ok=True)
    items = Items(out / "items.jsonl")
    compiler = Compiler(tools.compile, out / "compiled") if tools.compile else None
    papers = [_prepared(plan, given, compiler, tools) for given in plan.papers]
    manifest = _manifest(plan, papers, out / "manifest.json")
    notes = [*_notes(papers, plan)]
    results = Results(
        model=plan.model,
        panel=plan.panel,
        form=plan.form,
        date=plan.date,
        prompts=prompts_version(),
        checks=checks_version(),
        seed=plan.seed,
        papers=tuple(paper.given.name for paper in papers),
        manifest=manifest,
    )
    if "A" in plan.tracks and compiler:
        results = results.model_copy(update=_seeded(plan, papers, compiler, items, tools))
    if "B" in plan.tracks:
        results = results.model_copy(update={"hiding": _hiding(plan, papers, compiler, items, tools)})
    if "C" in plan.tracks:
        results = results.model_copy(update={"agreement": _agreement(plan, items)})
    if "D" in plan.tracks:
        results = results.model_copy(update={"repeats": _repeats(plan, papers, items, tools)})
    results = results.model_copy(update={"notes": tuple(notes), "cost": tools.cost() if plan.model else 0.0})
    card.write(results, out)
    return results


def _check(plan: Plan, tools: Tools) -> None:
    if plan.tracks & {"A", "B", "D"} and not plan.papers and not (plan.tracks <= {"C", "D"} and plan.scores):
        raise BenchError("Tracks A, B and D need papers: name folders of LaTeX, or runs, with --papers.")
    if "A" in plan.tracks and tools.compile is None:
        raise BenchError("Track A compiles LaTeX, and nothing was given to do it with.")
    if "C" in plan.tracks and not (plan.human and plan.scores):
        raise BenchError("Track C needs a table of human ratings (--human) and tables of scores (--scores).")
    if "D" in plan.tracks and tools.judge is None and not plan.scores:
        raise BenchError("Track D needs a panel (--model), or scores that have papers several times (--scores).")
    names = [given.name for given in plan.papers]
    if twice := next((name for name in names if names.count(name) > 1), ""):
        raise BenchError(f"Two papers are called {twice}: rename one of the folders.")


def _prepared(plan: Plan, given: Given, compiler: Compiler | None, tools: Tools) -> _Paper:
    if given.project is None or compiler is None:
        return _Paper(given)
    tools.say(f"{given.name}: compiling")
    return _Paper(given, *twins_of(given.project, compiler, plan.seed, plan.per_kind, plan.kinds))


def _notes(papers: Sequence[_Paper], plan: Plan) -> Iterator[str]:
    for paper in papers:
        if paper.ready and paper.ready.notes:
            yield f"{paper.given.name}: {'; '.join(paper.ready.notes)}."
        if paper.ready and not paper.ready.compiled.pdf:
            yield f"{paper.given.name} does not compile here: it was measured as source alone."
        if paper.ready is None and plan.tracks & {"A"}:
            yield f"{paper.given.name} has no LaTeX source: no errors were seeded in it."
    if not plan.model and plan.tracks & {"A", "B"}:
        yield "No panel was measured: no model was named."


def _manifest(plan: Plan, papers: Sequence[_Paper], path: Path) -> str:
    """Writes what is to be measured, or holds it against what is there; its SHA-256."""
    twins = [
        {"id": name, **twin_told(twin)} for name, twin in numbered([twin for paper in papers for twin in paper.twins])
    ]
    told = {
        "format": 1,
        "tracks": sorted(plan.tracks),
        "seed": plan.seed,
        "per_kind": plan.per_kind,
        "ways": plan.ways,
        "repeats": plan.repeats,
        "model": plan.model,
        "panel": plan.panel,
        "form": plan.form,
        "prompts": prompts_version(),
        "checks": checks_version(),
        "papers": [
            {
                "name": paper.given.name,
                "source": digest(paper.ready.project.files) if paper.ready else "",
                "pdf": hashlib.sha256(paper.given.pdf).hexdigest() if paper.given.pdf else "",
            }
            for paper in papers
        ],
        "ratings": _sum(repr(sorted(plan.human.items()))) if plan.human else "",
        "scores": {table.name: _sum(repr(sorted(table.papers.items()))) for table in plan.scores},
        "texts": _sum(repr(sorted(plan.texts.items()))) if plan.texts else "",
        "threshold": plan.threshold,
        "twins": twins,
    }
    text = json.dumps(told, indent=1, ensure_ascii=False) + "\n"
    if path.exists() and path.read_text(encoding="utf-8") != text:
        before, now = json.loads(path.read_text(encoding="utf-8")), json.loads(text)
        other = next((key for key in now if before.get(key) != now[key]), "format")
        raise BenchError(f"{path.parent} holds a bench that differs in its {other}: name another folder with --out.")
    path.write_text(text, encoding="utf-8")
    return _sum(text)


def _sum(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _seeded(plan: Plan, papers: Sequence[_Paper], compiler: Compiler, items: Items, tools: Tools) -> dict[str, Any]:
    work = Bench(check=tools.check, compiler=compiler, items=items, judge=tools.judge, say=tools.say)
    for paper in papers:
        if paper.ready is None:
            continue
        measure_clean(work, paper.ready)
        measure_twins(work, paper.twins)
        if tools.judge is not None:
            measure_panel(work, paper.ready.project, paper.twins)
    missing = tuple(
        Missing(paper=paper.given.name, kind=one.kind, why=one.why) for paper in papers for one in paper.without
    )
    found: dict[str, Any] = {
        "seeded": checks_scored([*items.under("A/checks/")], [*items.under("A/clean/")], plan.labels),
        "missing": missing,
    }
    if tools.judge is not None:
        found["seeded_panel"] = panel_scored([*items.under("A/panel/")], [*items.under("A/panel-clean/")])
    return found


def _hiding(plan: Plan, papers: Sequence[_Paper], compiler: Compiler | None, items: Items, tools: Tools) -> Any:
    ways = (*(plan.ways or EVERY_WAY), VISIBLE)
    for paper in papers:
        name = paper.given.name
        if not paper.pdf:
            continue
        hiding.measure_hiding(items, name, paper.pdf, tools.say, ways)
        if tools.judge is None:
            continue
        clean = (paper.ready.compiled.pdf if paper.ready else b"") or paper.pdf
        variants = {"clean": clean, **hiding.attacked(clean, ways)}
        if paper.ready is not None and compiler is not None:
            variants |= _redone(paper.ready.project, compiler)
        hiding.measure_panel(items, tools.judge, name, variants, tools.say)
    return hiding_scored([*items.under("B/hidden/")], [*items.under("B/clean/")], [*items.under("B/panel/")])


def _redone(project: Project, compiler: Compiler) -> dict[str, bytes]:
    """The paper by other authors, and in another typeface."""
    projects = {
        "authors: known": hiding.with_author(project, hiding.KNOWN),
        "authors: unknown": hiding.with_author(project, hiding.UNKNOWN),
        "presentation": hiding.presented(project),
    }
    made = {name: compiler(one.files).pdf for name, one in projects.items() if one is not None}
    return {name: pdf for name, pdf in made.items() if pdf}


def _agreement(plan: Plan, items: Items) -> Agreement:
    row = items.once(
        "C/agreement",
        lambda: agreement(
            plan.human,
            plan.scores,
            texts=plan.texts,
            threshold=plan.threshold,
            seed=plan.seed,
            resamples=plan.resamples,
        ).model_dump(mode="json"),
    )
    return Agreement.model_validate(row)


def _repeats(plan: Plan, papers: Sequence[_Paper], items: Items, tools: Tools) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if tools.judge is not None:
        with _files({paper.given.name: paper.pdf for paper in papers if paper.pdf}) as paths:
            measure_repeats(items, tools.judge, paths, plan.repeats)
        found[plan.model] = repeats_scored([*items.under("D/")])
    for table in plan.scores:
        told = repeats_of_scores(table)
        if told is not None:
            found[table.name] = told
    return found


@contextmanager
def _files(pdfs: Mapping[str, bytes]) -> Iterator[dict[str, Path]]:
    """The PDFs as files, for as long as they are needed."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        paths: dict[str, Path] = {}
        for i, (name, pdf) in enumerate(pdfs.items()):
            paths[name] = Path(folder) / f"{i}.pdf"
            paths[name].write_bytes(pdf)
        yield paths
