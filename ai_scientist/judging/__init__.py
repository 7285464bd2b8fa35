"""Reviewing papers that are none of ours: one, or any number of them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from ai_scientist_reviewer.paper import Paper, PaperError

from ai_scientist.config import Config
from ai_scientist.errors import InputError, Stopped
from ai_scientist.ledger import Ledger
from ai_scientist.models.desk import model_names, open_others, open_seats
from ai_scientist.models.recorded import Seat
from ai_scientist.offline.model import OfflineModel
from ai_scientist.phases import material
from ai_scientist.phases.review import review_file
from ai_scientist.reviewing.estimate import Call, Estimate, calls, estimated
from ai_scientist.reviewing.seats import seated
from ai_scientist.runs import RunDirectory
from ai_scientist.runs.events import RunFinished, RunStarted
from ai_scientist.services import open_services, preflight
from ai_scientist.sittings import Outcome, outcome, stopped_is_written
from ai_scientist.topic import slug

__all__ = ["carry_review_on", "located", "read_paper", "review_one"]

Agree = Callable[[Estimate], bool]
"""Whether somebody agrees to what it will cost."""
NO = "Nothing was reviewed and nothing was spent."


def review_one(
    file: Path,
    runs: Path,
    config: Config,
    about: Mapping[str, Any],
    stop: threading.Event,
    *,
    watch: Callable[[RunDirectory], Any] | None = None,
    agree: Agree | None = None,
) -> Outcome:
    """See `api.review`."""
    paper = read_paper(file)
    seats = opened(config, runs)
    estimate = estimated(1, wanted(paper, config), seats, config.review.ask_above, config.budget)
    if agree is not None and not agree(estimate):
        raise Stopped(NO)
    with created(file, runs, config, about) as directory:
        if watch:
            watch(directory)
        return carry_review_on(directory, file, stop, paper=paper)


def created(file: Path, runs: Path, config: Config, about: Mapping[str, Any]) -> RunDirectory:
    """The folder of a paper's review, begun."""
    directory = RunDirectory.create(
        runs,
        topic=f"review of {file.name}",
        slug=f"review-{slug(file.stem)}"[:60],
        config=config,
        about={**about, "reviews": str(file.absolute())},
    )
    directory.append(RunStarted(topic=f"review of {file.name}", model=config.models.default))
    return directory


def carry_review_on(
    run: RunDirectory,
    file: Path,
    stop: threading.Event,
    *,
    paper: Paper | None = None,
    ledger: Ledger | None = None,
) -> Outcome:
    """Review the paper of a run that is a review and nothing else. `ledger`: one that it shares with others.

    Raises:
        AIScientistError: as `api.review`.
    """
    with stopped_is_written(run):
        if not run.progress.rounds("review"):
            with closing(open_services(run, stop, ledger)) as services:
                review_file(services, file, paper or read_paper(file))
    code = 10 if any(d.touches_claims for d in run.progress.degradations) else 0
    run.append(RunFinished(exit_code=code))
    return outcome(run, code)


def opened(config: Config, runs: Path) -> dict[str, Seat]:
    """The models that may be asked, by name, after everything that would end the review anyway was looked for."""
    material.check(config)
    preflight(config, runs, None)
    seats = open_seats(config.models, OfflineModel())
    return {**open_others(config, OfflineModel()), **{seat.model.name: seat for seat in seats.values()}}


def wanted(paper: Paper, config: Config) -> list[Call]:
    """The calls that a review of the paper makes."""
    return calls(paper, config, material.terms(config).form, seated(config, model_names(config.models)))


def read_paper(file: Path) -> Paper:
    """Raises InputError: there is no such file or folder, or it is no paper."""
    if not file.exists():
        raise InputError(f"There is no file {file}: give the path of a paper as PDF or LaTeX, or a folder of LaTeX.")
    if file.is_file() and file.suffix.lower() not in (".tex", ".ltx"):
        try:
            with file.open("rb") as handle:
                head = handle.read(1024)
        except OSError as error:
            raise InputError(f"The file {file} cannot be read ({error.strerror}).") from None
        if b"%PDF-" not in head:
            raise InputError(f"{file} is not a PDF: give a PDF, LaTeX with the ending .tex, or a folder of LaTeX.")
    try:
        return Paper.read(file)
    except PaperError as error:
        raise InputError(str(error)) from None


def located(config: Config) -> Config:
    """With absolute paths, so that the review is carried on from wherever."""

    def absolute(path: str) -> str:
        return str(Path(path).expanduser().absolute()) if path else ""

    review = config.review
    own = {name: absolute(getattr(review, name)) for name in ("results", "since", "response")}
    if Path(review.form).suffix in (".yaml", ".yml"):
        own["form"] = absolute(review.form)
    if review.related not in ("", "none", "auto"):
        own["related"] = absolute(review.related)
    lenses = tuple(absolute(one) if Path(one).suffix in (".md", ".txt") else one for one in review.lenses)
    cards = tuple(absolute(one) for one in review.cards)
    return config.model_copy(update={"review": review.model_copy(update={**own, "lenses": lenses, "cards": cards})})
