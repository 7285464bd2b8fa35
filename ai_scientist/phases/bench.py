"""Measuring the reviewer: papers, a compiler and a panel for the reviewer's own bench."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from ai_scientist_reviewer.bench.agreement.tables import TableError, read_human, read_scores
from ai_scientist_reviewer.bench.bench import BenchError, Given, Plan, Tools, Track, bench
from ai_scientist_reviewer.bench.compiling import Compile, Compiled
from ai_scientist_reviewer.bench.labels import LabelError, Labels
from ai_scientist_reviewer.bench.results import Results
from ai_scientist_reviewer.bench.seeded import Project, ProjectError
from ai_scientist_reviewer.bench.seeded.measure import Judge
from ai_scientist_reviewer.paper import Paper
from ai_scientist_reviewer.records import Review
from ai_scientist_sandbox.base import SandboxHost

from ai_scientist.claims.plain import written_out
from ai_scientist.config import Config
from ai_scientist.errors import InputError
from ai_scientist.models.desk import check_prices, open_seats
from ai_scientist.models.recorded import LETTERS, PICTURE, Seat
from ai_scientist.offline.model import OfflineModel
from ai_scientist.phases.material import Material
from ai_scientist.phases.review import panel
from ai_scientist.runs import RunDirectory
from ai_scientist.services import Services, open_services, strong_host
from ai_scientist.writing.compile import compile as compile_paper

FORM_TOKENS = 2_500
"""Of a filled form, as reckoned before."""
PICTURES = 8
"""That a referee is shown, as reckoned before."""


@dataclass(frozen=True)
class Asked:
    """A bench as the user asks for it."""

    tracks: tuple[Track, ...] = ()
    papers: tuple[Path, ...] = ()
    """Runs, folders of LaTeX, or PDFs."""
    results: Path | None = None
    """Result files of the papers, by a folder for each paper's name; a paper's own folder is looked through otherwise."""
    human: Path | None = None
    scores: tuple[Path, ...] = ()
    texts: Path | None = None
    labels: tuple[Path, ...] = ()
    kinds: tuple[str, ...] = ()
    per_kind: int = 2
    repeats: int = 3
    panel: bool = False
    """Whether a panel is measured too, or the checks alone."""


def bench_reviewer(
    asked: Asked,
    config: Config,
    out: Path,
    *,
    say: Callable[[str], object],
    agree: Callable[[str], object] = lambda words: None,
) -> Results:
    """Measure the reviewer; everything goes into `out`, and the same call goes on where it was broken off.

    `agree`: told what a panel will cost before it is asked anything; may raise.

    Raises:
        InputError: a paper or a table cannot be used, or the folder holds another bench.
        AIScientistError: of a model, the budget or the machine.
    """
    with ExitStack() as open_until_done:
        try:
            given = tuple(paper_given(path, asked.results) for path in asked.papers)
            plan = Plan(
                tracks=frozenset(asked.tracks or tracks_for(asked)),
                papers=given,
                seed=config.seed,
                per_kind=asked.per_kind,
                kinds=asked.kinds,
                repeats=asked.repeats,
                model=config.models.default if asked.panel else "",
                panel=config.review.referees if asked.panel else 0,
                form=config.review.form if asked.panel else "",
                human=read_human(asked.human) if asked.human else {},
                scores=tuple(read_scores(path) for path in asked.scores),
                texts=read_texts(asked.texts) if asked.texts else {},
                labels=Labels.joined(Labels.read(path) for path in asked.labels),
                date=dt.date.today().isoformat(),
            )
            judge = None
            services: Services | None = None
            if asked.panel:
                services = open_until_done.enter_context(Sitting(out, config)).services
                agree(reckoned(plan, services))
                judge = judging(services)
            tools = Tools(
                compile=compiling(strong_host())
                if plan.tracks & {"A", "B"} and any(g.project for g in given)
                else None,
                judge=judge,
                say=say,
                cost=lambda: (
                    services.run.progress.spent.money if services and not services.run.progress.spent.unpriced else None
                ),
            )
            return bench(plan, out, tools)
        except (BenchError, TableError, LabelError, ProjectError) as error:
            raise InputError(str(error)) from None


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
    if path.is_file():
        if not path.read_bytes()[:1024].count(b"%PDF-"):
            raise InputError(f"{path} is not a PDF.")
        return Given(path.stem, pdf=path.read_bytes())
    of_paper = results / path.resolve().name if results else path
    if is_run(path):
        run = RunDirectory.read(path)
        files = written_out(run)
        if not files:
            raise InputError(f"The run {path} has no paper yet.")
        project = Project.of(files, path.resolve().name, of_paper if results else run.tree)
        return Given(path.resolve().name, project, run.last_paper.read_bytes() if run.last_paper.exists() else b"")
    project = Project.read(path, results=of_paper if of_paper.is_dir() else None)
    pdfs = sorted(path.glob("*.pdf"))
    own = next((pdf for pdf in pdfs if pdf.stem in ("paper", "main", "template", path.name)), None)
    return Given(path.resolve().name, project, own.read_bytes() if own else b"")


def is_run(path: Path) -> bool:
    from ai_scientist.runs.layout import Layout

    return Layout(path).run_json.is_file() and Layout(path).events_jsonl.is_file()


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


@dataclass
class Sitting:
    """The calls of a bench, kept in a run's folder below `out`, so that one that was made is not paid for twice."""

    out: Path
    config: Config
    _run: RunDirectory | None = field(default=None, init=False)

    @property
    def services(self) -> Services:
        import threading

        assert self._run is not None
        return open_services(self._run, threading.Event())

    def __enter__(self) -> Sitting:
        kept = [path for path in sorted((self.out / "asked").glob("*")) if is_run(path)]
        if kept:
            self._run = RunDirectory.open(kept[0])
        else:
            check_prices(open_seats(self.config.models, OfflineModel()), self.config.budget.money)
            self._run = RunDirectory.create(
                self.out / "asked", topic="bench reviewer", slug="bench-reviewer", config=self.config
            )
        return self

    def __exit__(self, *_: object) -> None:
        if self._run is not None:
            self._run.close()


def judging(services: Services) -> Judge:
    """The panel of the configuration, as `ai-scientist review` has it."""

    def judge(path: Path, name: str) -> Review:
        plain = re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-")[-60:]
        scope = f"{plain}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"
        return panel(services, Paper.read(path), scope, Material())

    return judge


def reckoned(plan: Plan, services: Services) -> str:
    """What the panel will cost, in a sentence. A reckoning: the budget is what holds."""
    seat = open_seats(services.config.models, OfflineModel())["referees"]
    reviews = reviews_of(plan)
    calls = reviews * (2 * plan.panel + 1)
    tokens = calls * (paper_tokens(plan) + PICTURES * PICTURE)
    words = f"About {reviews} reviews by {plan.panel} referees, {calls} calls of {seat.model.name}, {tokens / 1e6:.1f} million tokens"
    money = priced(seat, tokens, calls * FORM_TOKENS)
    return f"{words}: {money}."


def reviews_of(plan: Plan) -> int:
    """Reviews that the plan asks of the panel, at most."""
    from ai_scientist_reviewer.bench.hiding.measure import EVERY_WAY
    from ai_scientist_reviewer.bench.seeded import MUTATORS

    kinds = len(plan.kinds or MUTATORS)
    with_source = sum(given.project is not None for given in plan.papers)
    count = 0
    if "A" in plan.tracks:
        count += with_source * (1 + kinds * plan.per_kind)
    if "B" in plan.tracks:
        count += len(plan.papers) * (2 + len(EVERY_WAY)) + 3 * with_source
    if "D" in plan.tracks:
        count += len(plan.papers) * plan.repeats
    return count


def paper_tokens(plan: Plan) -> int:
    """Tokens of a prompt with a paper, the mean over papers."""
    sizes = [len(given.project.text) if given.project else 60_000 for given in plan.papers]
    return sum(sizes) // max(1, len(sizes)) // LETTERS + 3_000


def priced(seat: Seat, tokens_in: int, tokens_out: int) -> str:
    if not seat.output:
        return "$0.00, it answers by rules"
    if seat.price is None:
        return "the price of a token is not known"
    return f"about ${seat.price(tokens_in, tokens_out):.2f}"
