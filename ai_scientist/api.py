"""The library: launch, resume, review, verify. The command line is a thin layer over these."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ai_scientist.config import Config
from ai_scientist.errors import InputError
from ai_scientist.runs import RunDirectory
from ai_scientist.runs.layout import Layout
from ai_scientist.sittings import Outcome, outcome, stopped_is_written

if TYPE_CHECKING:
    from ai_scientist.judging.batch import Batch
    from ai_scientist.reviewing.estimate import Estimate


def run(
    topic: str,
    *,
    runs: Path | str = "experiments",
    config: Config | Path | None = None,
    overrides: Sequence[str] = (),
    stop: threading.Event | None = None,
    watch: Callable[[RunDirectory], Any] | None = None,
) -> Outcome:
    """Launch a run from a topic (a sentence, or the path of a Markdown file) and carry it to its end.

    `overrides`: settings as `key=value`, for instance `seed=7`. `stop`: set it to stop cleanly. `watch`: called with the run
    directory once it is there.

    Raises:
        AIScientistError: what went wrong, with its exit code. The run directory keeps all that was reached.
    """
    from ai_scientist.datasets import described
    from ai_scientist.services import preflight
    from ai_scientist.topic import read_topic, slug

    text = read_topic(topic)
    chosen = settings(config, overrides)
    data = described(chosen.data, text)
    settled = preflight(chosen, Path(runs), text, data)
    told = {**about(), **({"data": [one.model_dump(mode="json") for one in data]} if data else {})}
    told["environment"] = settled.environment.model_dump(mode="json")
    directory = RunDirectory.create(
        Path(runs), topic=text, slug=slug(text), config=chosen, about=told, lock=settled.lock
    )
    with directory:
        if watch:
            watch(directory)
        from ai_scientist.runs.events import RunStarted

        hashes = {one.name: one.sha256 for one in data}
        directory.append(
            RunStarted(topic=text, model=chosen.models.default, data=hashes, environment=settled.environment.lock)
        )
        return carry_on(directory, stop or threading.Event())


def resume(
    path: Path | str,
    *,
    accept: bool = False,
    reject: str | None = None,
    edit: Path | None = None,
    budget: Sequence[str] = (),
    stop: threading.Event | None = None,
    watch: Callable[[RunDirectory], Any] | None = None,
) -> Outcome:
    """Carry a run on from where it stands: after a kill, a spent budget, a fault, or a question to you.

    `accept`, `reject`, `edit`: the answer where the run waits for approval.

    Raises:
        AIScientistError: as `run`.
    """
    limits = wanted_limits(budget)  # before the run is touched
    if is_batch(Path(path)):
        done = resume_batch(Path(path), limits, stop)
        return Outcome(path=done.path, exit_code=done.exit_code, message=done.message, review=done.summary)
    check_data(Path(path))
    with RunDirectory.open(Path(path)) as directory:
        if watch:
            watch(directory)
        if accept or reject is not None or edit is not None:
            answer(directory, accept=accept, reject=reject, edit=edit)
        if directory.progress.status == "done":
            renew_report(directory)
            return outcome(directory, directory.progress.exit_code or 0)
        if budget:
            raise_limits(directory, budget)
        if directory.reviewed:
            from ai_scientist.judging import carry_review_on

            return carry_review_on(directory, directory.reviewed, stop or threading.Event())
        return carry_on(directory, stop or threading.Event())


def review(
    paper: Path | str,
    *,
    runs: Path | str = "experiments",
    config: Config | Path | None = None,
    overrides: Sequence[str] = (),
    stop: threading.Event | None = None,
    watch: Callable[[RunDirectory], Any] | None = None,
    agree: Callable[[Estimate], bool] | None = None,
) -> Outcome:
    """Review any paper: a PDF, LaTeX, or a folder of LaTeX. It gets a folder of its own, with every model call and what it cost.

    `agree`: is asked, with what the review will cost, before anything is spent.

    Raises:
        InputError: it is no paper that can be read, something that the configuration names is not there, or `agree` said no.
        AIScientistError: as `run`.
    """
    from ai_scientist.judging import review_one

    chosen = settled(settings(config, overrides))
    return review_one(Path(paper), Path(runs), chosen, about(), stop or threading.Event(), watch=watch, agree=agree)


def review_many(
    papers: Sequence[Path | str],
    *,
    jobs: int = 2,
    runs: Path | str = "experiments",
    config: Config | Path | None = None,
    overrides: Sequence[str] = (),
    stop: threading.Event | None = None,
    tell: Callable[[Batch], Any] | None = None,
    agree: Callable[[Estimate], bool] | None = None,
) -> Batch:
    """Review several papers, `jobs` at a time, each in a folder of its own and all on one budget.

    `tell`: is called with how things stand, whenever a paper has come to an end. A paper that cannot be reviewed does not keep the
    others from it: see `Batch.papers`.

    Raises:
        AIScientistError: as `review`, where none of them can be reviewed at all.
    """
    from ai_scientist.judging.many import begin, carry_on_batch

    chosen = settled(settings(config, overrides))
    batch, read = begin([Path(paper) for paper in papers], Path(runs), chosen, jobs, agree)
    return carry_on_batch(batch, about(), stop or threading.Event(), tell, read=read)


def is_batch(path: Path) -> bool:
    from ai_scientist.judging.batch import BATCH

    return (path / BATCH).is_file()


def resume_batch(
    path: Path, limits: Mapping[str, Any], stop: threading.Event | None, tell: Callable[[Batch], Any] | None = None
) -> Batch:
    """Carry the reviews of several papers on. `limits`: others than before, for all of them together."""
    from ai_scientist.judging.batch import Batch
    from ai_scientist.judging.many import carry_on_batch

    batch = Batch.read(path)
    return carry_on_batch(batch.limited(limits) if limits else batch, about(), stop or threading.Event(), tell)


def verify(path: Path | str, *, rerun: bool = False, data: Mapping[str, str] | None = None) -> Any:
    """Check every number of a run or a bundle against its measurements. See `ai_scientist.claims.verify.Report`.

    `rerun`: also run the confirming experiments of baseline and proposed method again, in a strong sandbox. `data`: the folders of
    the user's data that they need, by name; those of a run that lies here are known.

    Raises:
        AIScientistError: there is nothing to check, or no sandbox here is strong enough for anybody's programs.
    """
    from ai_scientist.claims.evidence import read_files
    from ai_scientist.claims.rerun import rerun as run_again
    from ai_scientist.claims.verify import verify as check
    from ai_scientist.datasets import located
    from ai_scientist.services import strong_host

    if Path(path).is_dir() and not any((Path(path) / name).exists() for name in ("run.json", "claims.json")):
        raise InputError(f"{path} is neither a run's folder nor a bundle: it has no run.json and no claims.json.")
    given = located(data or {})
    if given and not rerun:
        raise InputError("Data are only needed to run programs again: add --rerun.")
    report = check(Path(path))
    if rerun:
        mounts = {**folders_of(Path(path)), **{name: Path(folder) for name, folder in given.items()}}
        with strong_host() as host:
            again = run_again(read_files(Path(path)), host, mounts=mounts)
        report = report.model_copy(update={"items": (*report.items, *again)})
    return report


def folders_of(path: Path) -> dict[str, Path]:
    """Where the user's data of a run lay; none of a bundle, which does not say."""
    layout = Layout(path)
    if not layout.run_json.is_file() or not layout.events_jsonl.is_file():
        return {}
    return {name: folder for name, folder in RunDirectory.read(path).mounts.items() if folder.is_dir()}


def check_data(path: Path) -> None:
    """Raises InputError: data that the run was begun on have changed, or are gone. A run that is done needs them no more."""
    from ai_scientist.services import check_unchanged

    try:
        given = json.loads(Layout(path).run_json.read_bytes()).get("data")
    except (OSError, ValueError, AttributeError):
        return  # opening it says what is wrong
    if given and (run := RunDirectory.read(path)).progress.status != "done":
        check_unchanged(run)


def settings(config: Config | Path | None, overrides: Sequence[str]) -> Config:
    """The configuration, with `auto` decided."""
    from ai_scientist.config import load
    from ai_scientist.datasets import located
    from ai_scientist.models.desk import decided

    chosen = config if isinstance(config, Config) else load(config, overrides)
    if isinstance(config, Config) and overrides:
        raise InputError("Give either a Config or overrides of a file, not both.")
    return chosen.model_copy(update={"models": decided(chosen.models), "data": located(chosen.data)})


def settled(config: Config) -> Config:
    """With the paths that a review is given as absolute ones, so that it is found again wherever it is resumed from."""
    from ai_scientist.judging import located

    return located(config)


def about() -> dict[str, Any]:
    """What run.json says of this program."""
    import platform
    from importlib.metadata import version

    return {
        "version": version("ai-scientist-lab"),
        "python": platform.python_version(),
        "platform": platform.platform(),
    }


def carry_on(run: RunDirectory, stop: threading.Event) -> Outcome:
    """Work until the run is done, waits for a person, or is ended by an error, and leave a readable report in each case."""
    from ai_scientist.graph import work
    from ai_scientist.phases.gates import Waiting
    from ai_scientist.report import write_report
    from ai_scientist.runs.events import RunFinished
    from ai_scientist.services import check_environment, open_services

    code, message = 0, ""
    try:
        with stopped_is_written(run), closing(open_services(run, stop)) as services:
            check_environment(run, services.hosts)
            work(services)
        code = 10 if any(d.touches_claims for d in run.progress.degradations) else 0
        run.append(RunFinished(exit_code=code))
    except Waiting as waiting:
        code, message = waiting.exit_code, str(waiting)
    finally:
        write_report(run)
    return outcome(run, code, message)


def renew_report(run: RunDirectory) -> None:
    """Write the report of a run that is done, where the program was killed before it had."""
    from ai_scientist.report import write_report

    report = run.report_html
    if not report.exists() or report.stat().st_mtime < run.progress.at:
        write_report(run)


def answer(run: RunDirectory, *, accept: bool, reject: str | None, edit: Path | None) -> None:
    """Write down what the user says of what the run waits for.

    Raises:
        InputError: it waits for nothing, or the edited file does not fit.
    """
    from ai_scientist.phases.edits import put_in_place
    from ai_scientist.runs.events import ApprovalGiven

    waiting = run.progress.waiting_for
    if waiting is None:
        raise InputError(f"The run {run.path} waits for no approval; `ai-scientist resume {run.path}` goes on.")
    if sum((accept, reject is not None, edit is not None)) > 1:
        raise InputError("Give one of --accept, --reject and --edit.")
    gate, round = waiting
    if edit is not None:
        put_in_place(run, gate, round, edit)
    note = reject if reject is not None else f"edited: {edit.name}" if edit is not None else ""
    # An edited paper is set in type and checked as a new version, which the user is shown in its turn.
    accepted = reject is None and not (gate == "paper" and edit is not None)
    run.append(ApprovalGiven(gate=gate, round=round, accepted=accepted, note=note))


def raise_limits(run: RunDirectory, budget: Sequence[str]) -> None:
    """Set other limits for the whole run, as `money=5`, `tokens=100000`, `hours=2`; what is not named stays.

    Raises:
        InputError: there is no such limit, or its value is no number.
    """
    from ai_scientist.ledger import in_force
    from ai_scientist.runs.events import LimitsSet

    run.append(LimitsSet(**{**in_force(run).model_dump(), **wanted_limits(budget)}))


def wanted_limits(budget: Sequence[str]) -> dict[str, Any]:
    """The limits that are named, and their values. Raises InputError as `raise_limits`."""
    from ai_scientist.config import load

    named = {entry.partition("=")[0].strip() for entry in budget}
    return load(None, [f"budget.{entry}" for entry in budget]).budget.model_dump(include=named)
