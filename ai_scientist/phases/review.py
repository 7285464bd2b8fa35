"""The panel's review, of a run's own paper or of anybody's."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Literal

from ai_scientist_reviewer.files import write
from ai_scientist_reviewer.follow_up import follow_up
from ai_scientist_reviewer.panel import review
from ai_scientist_reviewer.paper import Paper, PaperError
from ai_scientist_reviewer.records import Review, Spent

from ai_scientist.errors import BudgetSpent, InputError, ModelError, Stopped
from ai_scientist.literature import cited
from ai_scientist.models.desk import model_names
from ai_scientist.phases import gates, material
from ai_scientist.phases.material import Material
from ai_scientist.reviewing.cards import cards_of, measured
from ai_scientist.reviewing.related import of_references
from ai_scientist.reviewing.seats import Filler, Seating, seated
from ai_scientist.runs import Progress, RunDirectory
from ai_scientist.runs.events import PhaseFinished
from ai_scientist.services import Services, opened

STOP_ON = (BudgetSpent, Stopped)
"""What ends a review. A model that cannot be used costs its referee's report, and the panel goes on."""


def written(services: Services, paper: Paper, scope: str, given: Material, writer: str | None = None) -> Review:
    """Independent referees and an area chair over one paper, and where there is an earlier review, what became of its points.

    Its files are in the run when this returns, and what there is of them when this raises. `writer`: the model that wrote the paper, if
    that is known.

    Raises:
        InputError: nothing of the paper can be seen, or there is no such form or lens.
        ModelError: no referee could report, since its model cannot be used.
        BudgetSpent, Stopped: as any call.
    """
    config = services.config.review
    judged_by = material.terms(services.config)
    seating = seated(services.config, model_names(services.config.models), writer)
    fillers = _Fillers(services, scope)
    referees = [fillers.of(name, f"referee-{n}") for n, name in enumerate(seating.referees, start=1)]
    checkers = [fillers.of(name, f"check-{n}") for n, name in enumerate(seating.checkers, start=1)]

    def kept(done: Review) -> Review:
        return write(_dressed(services, done, scope, given, seating), services.run.reviews, paper)

    try:
        done = review(
            paper,
            referees,
            form=judged_by.form,
            related=given.related,
            results=given.results,
            lenses=judged_by.lenses,
            chair=fillers.of(seating.chair, "chair"),
            checkers=checkers,
            reflect=config.reflect,
            venue=judged_by.venue,
            records=cited.online() if config.online else cited.offline(),
            stop_on=STOP_ON,
            on_stop=kept,
        )
        if given.earlier is not None and done.reports:
            done = _followed(paper, done, given, fillers, seating, kept)
    except PaperError as error:
        raise InputError(str(error)) from None
    if not done.reports and (cause := fillers.failure()) is not None:
        kept(done.model_copy(update={"complete": False, "stopped": str(cause)}))
        raise cause
    return kept(done)


def _followed(
    paper: Paper,
    done: Review,
    given: Material,
    fillers: _Fillers,
    seating: Seating,
    keep: Callable[[Review], Review],
) -> Review:
    """The review with what became of the earlier one's points."""
    assert given.earlier is not None
    reader, checker = fillers.of(seating.referees[0], "follow-up"), fillers.of(seating.checkers[0], "follow-up-check")
    try:
        since, failures = follow_up(
            paper,
            given.earlier,
            done,
            reader,
            checker,
            earlier_text=given.earlier_text,
            letter=given.letter,
            letter_name=given.letter_name,
            results=given.results,
            stop_on=STOP_ON,
        )
    except STOP_ON as error:
        keep(done.model_copy(update={"complete": False, "stopped": str(error)}))
        raise
    return done.model_copy(update={"since": since, "failures": (*done.failures, *failures)})


class _Fillers:
    """The models as the panel wants them. Each use has a scope of its own, so that its calls are the same each time."""

    def __init__(self, services: Services, scope: str) -> None:
        self.services, self.scope = services, scope
        self.made: list[Filler] = []

    def of(self, name: str, use: str) -> Filler:
        model = self.services.desk.named(name, "referees", f"{self.scope}-{use}")
        self.made.append(Filler(model, model.name, check=self.services.check))
        return self.made[-1]

    def failure(self) -> ModelError | None:
        return next((filler.failed for filler in self.made if filler.failed is not None), None)


def _dressed(services: Services, done: Review, scope: str, given: Material, seating: Seating) -> Review:
    """The review with what only the application knows: cards, cost, who wrote the paper, how other work was found."""
    cards = cards_of(done.models or seating.all, services.config)
    return done.model_copy(
        update={
            "cards": cards,
            "measured_error": measured(cards),
            "same_model_as_writer": seating.same_as_writer,
            "related_notes": given.notes,
            "results": given.held_against,
            "spent": spent(services.run, (f"{scope}-", "related")),
        }
    )


def spent(run: RunDirectory, scopes: Iterable[str]) -> Spent:
    """What the calls of these scopes cost, by the ledger."""
    calls = [call for id, call in list(run.progress.calls.items()) if id.startswith(tuple(scopes))]
    prices = [call.money for call in calls]
    money = None if any(price is None for price in prices) else sum(price for price in prices if price is not None)
    return Spent(
        calls=len(calls),
        tokens_in=sum(call.tokens_in for call in calls),
        tokens_out=sum(call.tokens_out for call in calls),
        money=money,
    )


def review_paper(services: Services) -> Literal["revise", "done"]:
    """Review the last version of the run's paper; ask for a revision where a major weakness stands and one is left."""
    run = services.run
    version = run.progress.rounds("write")
    before = run.progress.last("review")
    if before is None or before.round < version:
        paper = read(run.paper_file(version, "paper.pdf"))
        writer = model_names(services.config.models)["writer"]
        known = Material(of_references(paper, services.references))
        done = written(services, paper, f"review-{version}", known, writer)
        degrade(services, done)
        revise = wanting(done) and revisions(run.progress) < services.config.review.revisions
        run.append(PhaseFinished(phase="review", round=version, verdict="revise" if revise else "done"))
    last = run.progress.last("review")
    if last is not None and last.verdict == "revise":
        return "revise"
    if gates.rejection(run.progress, "paper", version) is not None:
        return "revise"
    gates.ask(services, "paper", version, run.last_paper)
    return "done"


def wanting(done: Review) -> bool:
    """Whether a major weakness stands."""
    return any(point.severity == "major" for point in done.points)


def revisions(progress: Progress) -> int:
    """How often a review asked for one. A version that a check or a person asked for takes none of them up."""
    return sum((done.phase, done.verdict) == ("review", "revise") for done in progress.phases)


def degrade(services: Services, done: Review) -> None:
    for failure in done.failures:
        services.run.degrade(f"a referee's form was not filled in ({failure.step})", failure.error)


def read(file: Path) -> Paper:
    """Raises InputError: it is no paper that can be read."""
    try:
        return Paper.read(file)
    except PaperError as error:
        raise InputError(str(error)) from None


def review_file(services: Services, file: Path, paper: Paper | None = None) -> None:
    """Review a paper that is none of ours; a copy is kept beside the review. `paper`: the file as read, where it was."""
    services.check()
    paper = paper or read(file)
    done = written(services, paper, "review", gathered(services, paper))
    if paper.data:
        services.run.write(services.run.last_paper, paper.data)
    degrade(services, done)
    services.run.append(PhaseFinished(phase="review", verdict="done"))


def gathered(services: Services, paper: Paper) -> Material:
    """What the configuration gives a review beside the paper.

    Raises:
        InputError: something cannot be read.
    """
    config = services.config
    results, held_against = material.read_results(config)
    earlier, text, letter = material.read_earlier(config)
    auto = config.review.related == "auto"
    seating = seated(config, model_names(config.models))
    model = services.desk.named(seating.referees[0], "referees", "related") if auto else None
    sources = [opened(name, services.run) for name in config.review.sources] if auto else []
    # Of what was hidden in the paper no word may be searched for.
    works, notes = material.related(config, paper.examined, sources, model)
    return Material(works, notes, results, held_against, earlier, text, letter, Path(config.review.response).name)
