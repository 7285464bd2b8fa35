"""Measuring the reviewer: papers, a compiler and a panel for the reviewer's own bench."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from ai_scientist_reviewer.bench.agreement.tables import TableError, read_human, read_scores
from ai_scientist_reviewer.bench.bench import BenchError, Given, Plan, Tools, Track, bench
from ai_scientist_reviewer.bench.compiling import Compile, Compiled
from ai_scientist_reviewer.bench.hiding.ways import EVERY_WAY
from ai_scientist_reviewer.bench.labels import LabelError, Labels
from ai_scientist_reviewer.bench.results import Results
from ai_scientist_reviewer.bench.seeded import MUTATORS, Project, ProjectError
from ai_scientist_reviewer.bench.seeded.measure import Judge
from ai_scientist_reviewer.panel import review
from ai_scientist_reviewer.paper import Paper
from ai_scientist_reviewer.records import Review
from ai_scientist_sandbox.base import SandboxHost

from ai_scientist.claims.plain import written_out
from ai_scientist.config import Config
from ai_scientist.errors import InputError, Stopped
from ai_scientist.judging import Agree, opened, read_paper, wanted
from ai_scientist.ledger import Ledger, in_force
from ai_scientist.models.desk import model_names
from ai_scientist.phases import material
from ai_scientist.phases.review import STOP_ON
from ai_scientist.reviewing.estimate import Call, estimated
from ai_scientist.reviewing.seats import Filler, seated
from ai_scientist.runs import RunDirectory
from ai_scientist.runs.layout import is_run
from ai_scientist.services import Services, open_services, strong_host
from ai_scientist.writing.compile import compile as compile_paper


@dataclass(frozen=True)
class Asked:
    """A bench as the user asks for it."""

    tracks: tuple[Track, ...] = ()
    """Empty: what can be measured with what is given."""
    papers: tuple[Path, ...] = ()
    """Runs, folders of LaTeX, or PDFs."""
    results: Path | None = None
    """Result files, in a folder for each paper by its name; otherwise a paper's own folder, or its run, is looked through."""
    human: Path | None = None
    scores: tuple[Path, ...] = ()
    texts: Path | None = None
    labels: tuple[Path, ...] = ()
    kinds: tuple[str, ...] = ()
    per_kind: int = 2
    ways: tuple[str, ...] = ()
    repeats: int = 3
    panel: bool = False
    """Whether a panel is measured too, or the checks alone."""


def bench_reviewer(
    asked: Asked, config: Config, out: Path, *, say: Callable[[str], object], agree: Agree | None = None
) -> Results:
    """Measure the reviewer; everything goes into `out`, and the same call goes on where it was broken off.

    `agree`: is asked, with what a panel will cost, before it is asked anything.

    Raises:
        InputError: a paper or a table cannot be used, or the folder holds another bench.
        Stopped: nobody agreed.
        AIScientistError: of a model, the budget or the machine.
    """
    with ExitStack() as until_done:
        try:
            plan = planned(asked, config)
            judge, spent = None, None
            if asked.panel:
                judge, spent = until_done.enter_context(judging(asked, plan, config, out, agree))
            compiles = plan.tracks & {"A", "B"} and any(given.project for given in plan.papers)
            compile = compiling(until_done.enter_context(strong_host())) if compiles else None
            return bench(plan, out, Tools(compile=compile, judge=judge, say=say, cost=spent or (lambda: None)))
        except (BenchError, TableError, LabelError, ProjectError) as error:
            raise InputError(str(error)) from None


def planned(asked: Asked, config: Config) -> Plan:
    seating = seated(config, model_names(config.models))
    return Plan(
        tracks=frozenset(asked.tracks or tracks_for(asked)),
        papers=tuple(paper_given(path, asked.results) for path in asked.papers),
        seed=config.seed,
        per_kind=asked.per_kind,
        kinds=asked.kinds,
        ways=asked.ways,
        repeats=asked.repeats,
        model=" and ".join(seating.all) if asked.panel else "",
        panel=config.review.referees if asked.panel else 0,
        form=config.review.form if asked.panel else "",
        human=read_human(asked.human) if asked.human else {},
        scores=tuple(read_scores(path) for path in asked.scores),
        texts=read_texts(asked.texts) if asked.texts else {},
        labels=Labels.joined(Labels.read(path) for path in asked.labels),
        date=dt.date.today().isoformat(),
    )


def tracks_for(asked: Asked) -> tuple[Track, ...]:
    """What can be measured with what was given."""
    found: list[Track] = []
    if asked.papers:
        found.extend(("A", "B"))
    if asked.human:
        found.append("C")
    if asked.papers and asked.panel:
        found.append("D")
    return tuple(found)


def paper_given(path: Path, results: Path | None = None) -> Given:
    """A run's last paper, a folder of LaTeX, or a PDF.

    Raises:
        InputError: there is nothing of the kind.
        ProjectError: the folder holds no LaTeX paper.
    """
    if not path.exists():
        raise InputError(f"There is no {path}: name runs, folders of LaTeX, or PDFs with --papers.")
    name = path.resolve().name
    if path.is_file():
        data = path.read_bytes()
        if b"%PDF-" not in data[:1024]:
            raise InputError(f"{path} is not a PDF: name runs, folders of LaTeX, or PDFs with --papers.")
        return Given(path.stem, pdf=data)
    beside = results / name if results and (results / name).is_dir() else None
    if is_run(path):
        run = RunDirectory.read(path)
        files = written_out(run)
        if not files:
            raise InputError(f"The run {path} has no paper yet.")
        project = Project.of(files, name, beside or run.path, beside or run.tree)
        return Given(name, project, run.last_paper.read_bytes() if run.last_paper.exists() else b"")
    project = Project.read(path, results=beside or path)
    own = next((pdf for pdf in sorted(path.glob("*.pdf")) if pdf.stem in ("paper", "main", "template", name)), None)
    return Given(name, project, own.read_bytes() if own else b"")


def read_texts(folder: Path) -> dict[str, str]:
    """Texts by paper id: <id>.txt.

    Raises:
        InputError: there are none.
    """
    found = {path.stem: path.read_text("utf-8", errors="replace") for path in sorted(folder.glob("*.txt"))}
    if not found:
        raise InputError(f"{folder} holds no text: a file <paper id>.txt for each paper.")
    return found


def compiling(host: SandboxHost) -> Compile:
    """LaTeX in a sandbox: whose it is does not matter then."""

    def compile(files: Mapping[str, bytes]) -> Compiled:
        made = compile_paper(files, host, anyhow=True)
        return Compiled(made.pdf, made.log)

    return compile


@contextmanager
def judging(
    asked: Asked, plan: Plan, config: Config, out: Path, agree: Agree | None
) -> Iterator[tuple[Judge, Callable[[], float | None]]]:
    """A panel of the configuration, and what it has cost. Its calls are kept in a run's folder below `out`, so that one that was made is
    not paid for twice.

    Raises:
        Stopped: nobody agreed to what it will cost.
    """
    seats = opened(config, out)
    kept = [path for path in sorted((out / "asked").glob("*")) if is_run(path)]
    if not kept:
        estimate = estimated(
            reviews(plan), list(calls_of(asked, plan, config)), seats, config.review.ask_above, config.budget
        )
        if agree is not None and not agree(estimate):
            raise Stopped("Nothing was measured and nothing was spent.")
    about = {"bench": str(out.absolute())}
    with RunDirectory.open(kept[0]) if kept else RunDirectory.create(
        out / "asked", topic="bench reviewer", slug="bench-reviewer", config=config, about=about
    ) as run, closing(open_services(run, threading.Event(), Ledger(in_force(run), run.progress.spent))) as services:  # fmt: skip

        def spent() -> float | None:
            return None if run.progress.spent.unpriced else run.progress.spent.money

        yield panel(services), spent


def panel(services: Services) -> Judge:
    """Referees and a chair as `ai-scientist review` has them."""
    config = services.config
    terms, seating = material.terms(config), seated(config, model_names(config.models))

    def judge(path: Path, name: str, told: bool) -> Review:
        plain = re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-")[-60:]
        scope = f"{plain}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"

        def filler(model: str, use: str) -> Filler:
            asked = services.desk.named(model, "referees", f"{scope}-{use}")
            return Filler(asked, asked.name, check=services.check)

        referees = [filler(model, f"referee-{n}") for n, model in enumerate(seating.referees, start=1)]
        done = review(
            Paper.read(path),
            referees,
            form=terms.form,
            findings=None if told else (),
            lenses=terms.lenses,
            chair=filler(seating.chair, "chair"),
            checkers=[filler(model, f"check-{n}") for n, model in enumerate(seating.checkers, start=1)],
            reflect=config.review.reflect,
            venue=terms.venue,
            stop_on=STOP_ON,
        )
        if not done.reports:
            for one in referees:  # a model that cannot be used is no bad reviewer
                if one.failed is not None:
                    raise one.failed
        return done

    return judge


def reviews(plan: Plan) -> int:
    """Reviews that the plan asks of the panel, at most."""
    return sum(reviews_of(plan, given) for given in plan.papers)


def reviews_of(plan: Plan, given: Given) -> int:
    source = given.project is not None
    seeded = 1 + len(plan.kinds or MUTATORS) * plan.per_kind if "A" in plan.tracks and source else 0
    hidden = 2 + len(plan.ways or EVERY_WAY) + 3 * source if "B" in plan.tracks else 0
    return seeded + hidden + (plan.repeats if "D" in plan.tracks else 0)


def calls_of(asked: Asked, plan: Plan, config: Config) -> Iterator[Call]:
    """The panel's calls, each variant of a paper taken to be as long as the paper."""
    for path, given in zip(asked.papers, plan.papers, strict=True):
        paper = read_paper(RunDirectory.read(path).last_paper if is_run(path) else path)
        for call in wanted(paper, config):
            yield from [call] * reviews_of(plan, given)
