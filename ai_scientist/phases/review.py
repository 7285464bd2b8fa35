"""The panel's review, of a run's own paper or of anybody's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ai_scientist_reviewer.files import write
from ai_scientist_reviewer.forms import FORMS
from ai_scientist_reviewer.panel import review
from ai_scientist_reviewer.paper import Paper, PaperError
from ai_scientist_reviewer.ports import Form
from ai_scientist_reviewer.ports import Prompt as ReviewerPrompt
from ai_scientist_reviewer.records import Review

from ai_scientist.errors import BudgetSpent, InputError, ModelError, Stopped
from ai_scientist.models.base import ChatModel
from ai_scientist.phases import gates
from ai_scientist.records import Prompt
from ai_scientist.runs import Progress
from ai_scientist.runs.events import PhaseFinished
from ai_scientist.services import Services


@dataclass
class Filler:
    """A chat model as the reviewer wants it: something that fills in forms."""

    model: ChatModel
    name: str

    def fill(self, prompt: ReviewerPrompt, form: type[Form], pictures: Sequence[bytes] = ()) -> Form:
        asked = Prompt(name=prompt.name, values=dict(prompt.values), text=prompt.text)
        return self.model.fill(asked, form, pictures).value


def panel(services: Services, file: Path, scope: str, related: Sequence[str]) -> Review:
    """Independent referees and an area chair over one paper.

    Raises:
        InputError: the file is no paper that can be read, or there is no such form.
    """
    config = services.config.review
    if config.form not in FORMS:
        raise InputError(f"There is no review form '{config.form}': there is {', '.join(sorted(FORMS))}.")

    def filler(who: str) -> Filler:
        model = services.desk.model("referees", f"{scope}-{who}")
        return Filler(model, model.name)

    referees = [filler(f"referee-{n}") for n in range(1, config.referees + 1)]
    try:
        return review(
            Paper.read(file),
            referees,
            form=config.form,
            related=related,
            chair=filler("chair"),
            stop_on=(BudgetSpent, ModelError, Stopped),
        )
    except PaperError as error:
        raise InputError(str(error)) from None


def review_paper(services: Services) -> Literal["revise", "done"]:
    """Review the last version of the run's paper; ask for a revision where a major weakness stands and one is left."""
    run = services.run
    version = run.progress.rounds("write")
    before = run.progress.last("review")
    if before is None or before.round < version:
        related = [f"{work.title} ({work.year})" for work in services.references]
        judged = panel(services, run.paper_file(version, "paper.pdf"), f"review-{version}", related)
        write(judged, run.reviews)
        for failure in judged.failures:
            run.degrade(f"a referee's form was not filled in ({failure.step})", failure.error)
        revise = wanting(judged) and revisions(run.progress) < services.config.review.revisions
        run.append(PhaseFinished(phase="review", round=version, verdict="revise" if revise else "done"))
    last = run.progress.last("review")
    if last is not None and last.verdict == "revise":
        return "revise"
    if gates.rejection(run.progress, "paper", version) is not None:
        return "revise"
    gates.ask(services, "paper", version, run.last_paper)
    return "done"


def wanting(judged: Review) -> bool:
    """Whether a major weakness stands."""
    return any(point.severity == "major" for point in judged.points)


def revisions(progress: Progress) -> int:
    """How often a review asked for one. A version that a check or a person asked for takes none of them up."""
    return sum((done.phase, done.verdict) == ("review", "revise") for done in progress.phases)


def review_file(services: Services, file: Path) -> None:
    """Review a paper that is none of ours; a copy is kept beside the review."""
    judged = panel(services, file, "review", ())
    services.run.write(services.run.last_paper.with_name(f"paper{file.suffix.lower()}"), file.read_bytes())
    write(judged, services.run.reviews)
    for failure in judged.failures:
        services.run.degrade(f"a referee's form was not filled in ({failure.step})", failure.error)
    services.run.append(PhaseFinished(phase="review", verdict="done"))
