"""From a model's form to a program: a draft is taken whole, everything else is a patch to its parent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ai_scientist.config import Limits
from ai_scientist.datasets.summary import DataSummary
from ai_scientist.models.base import ChatModel
from ai_scientist.prompts import render
from ai_scientist.records import Action, Author, Experiment, Idea, Prompt, Scalar, StageName
from ai_scientist.search.forms import PROGRAM_LENGTH, PatchForm, ProgramForm
from ai_scientist.search.lessons import digest

TRIES = 2
"""Times a model is asked: a patch that does not fit goes back with its fault once."""


@dataclass(frozen=True)
class Job:
    """One experiment to be done, as values. What a worker needs to know and nothing that can change under it."""

    id: str
    stage: StageName
    round: int
    action: Action
    seed: int
    scope: str
    """Under which its model calls are kept."""
    parent: Experiment | None = None
    parent_program: str = ""
    goals: tuple[str, ...] = ()
    direction: str | None = None
    lessons: tuple[str, ...] = ()

    @property
    def confirming(self) -> bool:
        return self.stage == "confirm"


@dataclass(frozen=True)
class Composed:
    change: str
    plan: str
    program: str
    config: Mapping[str, Scalar]
    author: Author


class PatchError(Exception):
    """Why a patch does not fit, as a sentence for the model that wrote it."""


def compose(
    job: Job,
    idea: Idea,
    limits: Limits,
    coder: ChatModel,
    data: Sequence[DataSummary] = (),
    packages: Mapping[str, str] | None = None,
) -> Composed:
    """The program of a job. A seed repeat is its parent's, and asks no model. `data`: what the user gave. `packages`: what a program
    may import, with versions.

    Raises:
        PatchError: the model's patch did not fit, nor did its second.
        ModelError, BudgetSpent: as the model says.
    """
    if job.action == "repeat":
        return repeated(job)
    fault = ""
    for _ in range(TRIES):
        try:
            return ask(job, request(job, idea, limits, fault, data, packages or {}), coder)
        except PatchError as error:
            fault = str(error)
    raise PatchError(fault)


def repeated(job: Job) -> Composed:
    if job.parent is None:
        raise ValueError("a repeat has a parent")
    parent = job.parent
    return Composed(parent.change, parent.plan, job.parent_program, parent.config, parent.author)


def request(
    job: Job,
    idea: Idea,
    limits: Limits,
    fault: str,
    data: Sequence[DataSummary],
    packages: Mapping[str, str],
) -> Prompt:
    """What the model is asked. The patch that did not fit is told of after the rest, which stays as it was."""
    values = {
        "idea": idea,
        "stage": job.stage,
        "goals": job.goals,
        "direction": job.direction,
        "lessons": job.lessons,
        "limits": limits,
        "data": data,
        "packages": packages,
    }
    if job.parent is None:
        prompt = render("draft", **values, datasets=idea.datasets)
    else:
        prompt = render(job.action, **values, parent=digest(job.parent, job.parent_program))
    if not fault:
        return prompt
    refusal = render("patch_refused", fault=fault).text
    return prompt.model_copy(update={"text": f"{prompt.text}\n{refusal}"})


def ask(job: Job, prompt: Prompt, coder: ChatModel) -> Composed:
    if job.parent is None:
        reply = coder.fill(prompt, ProgramForm)
        form = reply.value
        if not form.program.strip():
            raise PatchError("The program is empty.")
        return Composed(form.change, form.plan, form.program, form.config, reply.author)
    reply = coder.fill(prompt, PatchForm)
    program, config = patched(reply.value, job.parent_program, job.parent.config)
    # What a model has once written or changed stays a model's, whoever changes it next.
    author: Author = "model" if "model" in (reply.author, job.parent.author) else "ours"
    return Composed(reply.value.change, reply.value.plan, program, config, author)


def patched(patch: PatchForm, program: str, config: Mapping[str, Scalar]) -> tuple[str, Mapping[str, Scalar]]:
    """The parent's program and settings with the patch applied.

    Raises:
        PatchError: an edit does not match exactly once, or nothing would be different.
    """
    settings: dict[str, Scalar] = dict(config)
    for name, value in patch.config.items():
        if value is None:
            settings.pop(name, None)
        else:
            settings[name] = value
    text = patch.program if patch.program and patch.program.strip() else edited(program, patch.edits)
    if text == program and settings == dict(config):
        raise PatchError("The patch changes neither the program nor a setting.")
    if len(text) > PROGRAM_LENGTH:
        raise PatchError(f"The program would be longer than {PROGRAM_LENGTH} characters.")
    return text, settings


def edited(program: str, edits: Sequence) -> str:
    for number, edit in enumerate(edits, start=1):
        times = program.count(edit.find)
        if times != 1:
            first = edit.find.strip().splitlines()[0][:120] if edit.find.strip() else "(blank)"
            found = "does not occur in the program" if times == 0 else f"occurs {times} times in the program"
            raise PatchError(
                f"Edit {number}: the text to find, which begins with {first!r}, {found}; it has to occur once."
            )
        program = program.replace(edit.find, edit.replace)
    return program
