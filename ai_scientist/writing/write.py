"""Write a paper: a model writes, checks read, the model mends, and what still cannot stand is taken out and said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from ai_scientist_sandbox.base import SandboxHost

from ai_scientist.claims.binding import is_strict, names_of, unbound
from ai_scientist.config import Writing
from ai_scientist.datasets.summary import DataSummary
from ai_scientist.errors import CheckFailed
from ai_scientist.models.base import ChatModel
from ai_scientist.prompts import render
from ai_scientist.records import Author, Claims, Degradation, Fault, Figure, Idea, Manuscript, Reference, Section
from ai_scientist.writing import markup
from ai_scientist.writing.about import Material
from ai_scientist.writing.forms import MendForm, PaperForm, manuscript, mended
from ai_scientist.writing.markup import Known
from ai_scientist.writing.typeset import Typeset, typeset

GIST = 900
"""Characters of an abstract that the writer is shown."""
OUTSIDE = frozenset({"overfull", "pages", "bibtex", "undefined-reference"})
"""Faults of the typesetting that a paper can live with, when nothing mended them."""


class Hosts(Protocol):
    """LaTeX that a model wrote is compiled where a model's programs run."""

    def for_author(self, author: Author) -> SandboxHost: ...


@dataclass(frozen=True)
class Written:
    manuscript: Manuscript
    figures: tuple[Figure, ...]
    """With their captions as they are set."""
    typeset: Typeset
    degradations: tuple[Degradation, ...]


def known(idea: Idea, claims: Claims, figures: Sequence[Figure], references: Sequence[Reference]) -> Known:
    return Known(claims, tuple(figures), tuple(references), names_of(idea, claims))


def draft(
    idea: Idea,
    claims: Claims,
    figures: Sequence[Figure],
    references: Sequence[Reference],
    *,
    model: ChatModel,
    config: Writing,
    review: Mapping[str, Any] | None = None,
    note: str = "",
    before: Manuscript | None = None,
    methods: Sequence[Mapping[str, Any]] = (),
    data: Sequence[DataSummary] = (),
) -> Manuscript:
    """A version from the start. `before`: the last one, `review`: points that a review raised on it, `note`: what the user
    said of it. `methods`: see `methods`. `data`: what the user gave."""
    values = digest(idea, claims, figures, references, config, data)
    prompt = render("write_paper", **values, review=review, note=note, manuscript=before, methods=methods)
    reply = model.fill(prompt, PaperForm)
    return manuscript(reply.value, reply.author, reply.model)


def methods(material: Material, programs: Mapping[str, str]) -> list[dict[str, Any]]:
    """Each arm as it was carried out: how its author described it, its overrides, and the program where there is one."""
    by_id = {experiment.id: experiment for experiment in material.experiments}
    claims = material.claims
    return [
        {
            "label": claims.labels[arm],
            "plan": by_id[arm].plan,
            "config": dict(by_id[arm].config),
            "program": programs.get(arm, ""),
        }
        for arm in claims.arms.all
        if arm in by_id
    ]


def mend(
    before: Manuscript,
    faults: Sequence[Fault],
    idea: Idea,
    claims: Claims,
    figures: Sequence[Figure],
    references: Sequence[Reference],
    *,
    model: ChatModel,
    config: Writing,
    data: Sequence[DataSummary] = (),
) -> Manuscript:
    """The same paper with the parts changed that the faults are about."""
    values = digest(idea, claims, figures, references, config, data)
    reply = model.fill(render("mend_paper", **values, faults=faults, manuscript=before), MendForm)
    return mended(before, reply.value)


def digest(
    idea: Idea,
    claims: Claims,
    figures: Sequence[Figure],
    references: Sequence[Reference],
    config: Writing,
    data: Sequence[DataSummary],
) -> dict[str, Any]:
    """What both prompts are given."""
    return {
        "idea": idea,
        "claims": claims,
        "figures": [{"name": f.name, "caption": f.caption, "shows": f.shows} for f in figures],
        "references": [
            {
                "key": r.key, "title": r.title, "authors": list(r.authors), "year": r.year, "venue": r.venue,
                "abstract": r.abstract[:GIST], "answers": list(r.answers),
            }
            for r in references
        ],
        "counts": {v.statistic.of: v.text for v in claims.values if v.statistic.rule == "count"},
        "limits": {"pages": config.pages},
        "data": data,
    }  # fmt: skip


def check(manuscript: Manuscript, known: Known) -> tuple[Fault, ...]:
    """Everything in the prose that cannot be typeset, points to nothing, or says a number for itself."""
    faults = list(unbound(manuscript.title, known.names, False, "title"))
    for text in manuscript.abstract.split("\n\n"):
        faults += markup.check(text, known, True, "abstract")
    for section in manuscript.sections:
        for text in section.paragraphs:
            faults += markup.check(text, known, is_strict(section.heading), section.heading)
    if not any(section.heading == "Results" for section in manuscript.sections):
        faults.append(Fault(rule="structure", message="The paper has no results.", where="Results"))
    return tuple(faults)


def sift(text: str, known: Known, strict: bool, where: str) -> tuple[str, list[Degradation]]:
    """A paragraph without the sentences that do not pass the checks, and a degradation for each of those."""
    kept, taken = [], []
    for sentence in markup.split(text):
        faults = markup.check(sentence, known, strict, where)
        if faults:
            what = f"a sentence was taken out of the {where}"
            taken.append(Degradation(what=what, why=faults[0].message[:300], touches_claims=True))
        else:
            kept.append(sentence)
    return " ".join(kept), taken


def strip(manuscript: Manuscript, known: Known) -> tuple[Manuscript, tuple[Degradation, ...]]:
    """The paper without the sentences that do not pass the checks.

    Raises:
        CheckFailed: nothing of the abstract, or of the results, would be left.
    """
    taken: list[Degradation] = []

    def paragraphs(texts: Sequence[str], strict: bool, where: str) -> tuple[str, ...]:
        sifted = [sift(text, known, strict, where) for text in texts]
        taken.extend(degradation for _, found in sifted for degradation in found)
        return tuple(kept for kept, _ in sifted if kept)

    title = manuscript.title
    if unbound(title, known.names, False, "title"):
        taken.append(Degradation(what="the title was replaced by the idea's", why=f"it holds a bare number: {title}"))
        title = known.names.title
    abstract = "\n\n".join(paragraphs(manuscript.abstract.split("\n\n"), True, "abstract"))
    sections = tuple(
        Section(heading=section.heading, paragraphs=kept)
        for section in manuscript.sections
        if (kept := paragraphs(section.paragraphs, is_strict(section.heading), section.heading))
    )
    if not abstract or not any(section.heading == "Results" for section in sections):
        missing = "results" if abstract else "abstract"
        raise CheckFailed(
            f"The paper could not be bound to its claims: no sentence of its {missing} passed the checks. Resume the run to "
            "write it again, or choose another model for the writer (models.roles.writer)."
        )
    return manuscript.model_copy(update={"title": title, "abstract": abstract, "sections": sections}), tuple(taken)


def captioned(known: Known) -> tuple[tuple[Figure, ...], tuple[Degradation, ...]]:
    """The figures with captions that pass: whoever writes the prose cannot mend them."""
    figures, taken = [], []
    for figure in known.figures:
        caption, found = sift(figure.caption, known, True, f"caption of {figure.name}")
        figures.append(figure.model_copy(update={"caption": caption or plain(figure)}))
        taken += found
    return tuple(figures), tuple(taken)


def plain(figure: Figure) -> str:
    """A caption where none is left: what the figure is called, without its digits."""
    return "".join(" " if c == "-" else c for c in figure.name if not c.isdigit()).strip().capitalize() + "."


def write_paper(
    material: Material,
    figures: Sequence[Figure],
    pictures: Mapping[str, bytes],
    references: Sequence[Reference],
    bibtex: str,
    *,
    model: ChatModel,
    hosts: Hosts,
    config: Writing,
    review: Mapping[str, Any] | None = None,
    note: str = "",
    given: Manuscript | None = None,
    before: Manuscript | None = None,
    programs: Mapping[str, str] | None = None,
    objected: Sequence[Fault] = (),
) -> Written:
    """Draft, check, typeset, mend until nothing is objected or `config.attempts` is reached, then strip and typeset.

    `given`: a manuscript in place of the draft: a person's, or the last version. `objected`: what is to be mended in it first. `before`: the last version. `programs`: of an arm, by its id.

    Raises:
        CheckFailed: the prose could not be bound to the claims, or LaTeX makes no PDF of it.
        MachineError: there is no TeX, or the sandbox failed.
    """
    idea, claims = material.idea, material.claims
    points = known(idea, claims, figures, references)
    shown, taken = captioned(points)

    def set_in_type(text: Manuscript, taken: Sequence[Degradation]) -> Typeset:
        # Each once: where an earlier sitting was cut off while it wrote, what it took out is known already.
        known_of = tuple(dict.fromkeys((*material.about.degradations, *taken)))
        about = material.about.model_copy(update={"degradations": known_of})
        whole = material.model_copy(update={"about": about})
        foreign = "model" in (text.author, *(figure.author for figure in shown))
        host = hosts.for_author("model" if foreign else "ours")
        return typeset(text, whole, shown, pictures, references, bibtex, host, config)

    text = given or draft(
        idea, claims, shown, references, model=model, config=config, review=review, note=note, before=before,
        methods=methods(material, programs or {}), data=material.data,
    )  # fmt: skip
    if objected:
        text = mend(text, objected, idea, claims, shown, references, model=model, config=config)
    made: Typeset | None = None
    for attempt in range(config.attempts):
        faults = check(text, points)
        made = None if faults else set_in_type(text, taken)
        faults = (*faults, *(made.faults if made else ()))
        if not faults or attempt == config.attempts - 1:
            break
        before = text
        text = mend(text, faults, idea, claims, shown, references, model=model, config=config, data=material.data)
        if text == before:
            break
    if made is None:
        text, removed = strip(text, points)
        taken = (*taken, *removed)
        made = set_in_type(text, taken)
    left = tuple(
        Degradation(what=f"the paper was typeset with a fault ({fault.rule})", why=fault.message[:300])
        for fault in made.faults
        if fault.rule in OUTSIDE
    )
    hard = [fault for fault in made.faults if fault.rule not in OUTSIDE]
    if not made.pdf or hard:
        why = hard[0].message if hard else "no PDF came out"
        raise CheckFailed(f"LaTeX does not make a paper of the text: {why} Resume the run to write it again.")
    if left:
        made = set_in_type(text, (*taken, *left))
    return Written(text, shown, made, (*taken, *left))
