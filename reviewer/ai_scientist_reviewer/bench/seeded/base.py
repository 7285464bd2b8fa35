"""The seam of the mutators: a clean paper and its twin with one known error, and how a kind of error is registered."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import NamedTuple, TypeVar

from ai_scientist_reviewer.bench.seeded.latex import Document
from ai_scientist_reviewer.bench.seeded.project import MAIN, Project

Item = TypeVar("Item")


class Where(NamedTuple):
    """A place of the mutated twin that shows the error."""

    file: str
    line: int
    """From 1."""
    words: str
    """What a reader sees there; "" where the error shows in no words."""


@dataclass(frozen=True)
class Seeded:
    """Two papers that differ by one error."""

    kind: str
    variant: str
    """Which form of the kind it is; "" where there is one form."""
    clean: Project
    mutated: Project
    changed: str
    """What was changed, in a sentence."""
    where: tuple[Where, ...]


class NoSite(NamedTuple):
    """A kind of error that a paper offers no place for."""

    kind: str
    why: str


Sites = Callable[[Project, Random], Iterator[Seeded]]


@dataclass(frozen=True)
class Mutator:
    kind: str
    wants: str
    """What a paper must have: "The paper has no ..." is what is said where it lacks it."""
    sites: Sites = field(repr=False)


MUTATORS: dict[str, Mutator] = {}
"""By kind."""


def mutator(kind: str, wants: str) -> Callable[[Sites], Sites]:
    def register(sites: Sites) -> Sites:
        MUTATORS[kind] = Mutator(kind, wants, sites)
        return sites

    return register


def seed_errors(
    project: Project, seed: int, per_kind: int, kinds: Iterable[str] = ()
) -> tuple[tuple[Seeded, ...], tuple[NoSite, ...]]:
    """Up to `per_kind` twins of each kind, the same for the same seed; and the kinds without any."""
    made: list[Seeded] = []
    without: list[NoSite] = []
    for kind in kinds or MUTATORS:
        one = MUTATORS[kind]
        here: list[Seeded] = []
        for twin in one.sites(project, Random(f"{seed}:{project.name}:{kind}")):
            here.append(twin)
            if len(here) == per_kind:
                break
        made += here
        if not here:
            without.append(NoSite(kind, f"The paper has no {one.wants}."))
    return tuple(made), tuple(without)


class Edit(NamedTuple):
    start: int
    end: int
    new: str


def edited(text: str, edits: Iterable[Edit]) -> str:
    for start, end, new in sorted(edits, reverse=True):
        text = text[:start] + new + text[end:]
    return text


def twin(
    kind: str,
    clean: Project,
    edits: Sequence[Edit],
    changed: str,
    *,
    variant: str = "",
    words: Sequence[str] | None = None,
) -> Seeded:
    """The twin that differs from the clean paper by edits of the main text; each edit is a place that shows the error.

    `words`: what a reader sees at each edit, where that is not the prose around it.
    """
    mutated = clean.with_text(edited(clean.text, edits))
    document, moved, where = Document(mutated.text), 0, []
    for i, (start, end, new) in enumerate(sorted(edits)):
        begin, stop = start + moved, start + moved + len(new)
        told = words[i] if words is not None else document.words(begin, stop)
        gap = len(new) - len(new.lstrip())
        where.append(Where(MAIN, document.line(begin + gap), told))
        moved += len(new) - (end - start)
    return Seeded(kind, variant, clean, mutated, changed, tuple(where))


def shuffled(items: Iterable[Item], random: Random) -> list[Item]:
    listed = list(items)
    random.shuffle(listed)
    return listed


def paragraph_ends(document: Document, *titles: str) -> list[int]:
    """Where a sentence can be added to the prose, after the abstract: ends of whole paragraphs; where sections with one of
    the words in their title are there, only in these."""
    abstracts = document.named("abstract")
    after = abstracts[0].end if abstracts else document.body.start
    wanted = [h for h in document.headings if any(word in h.title.casefold() for word in titles)]

    def fits(end: int) -> bool:
        return not wanted or any(h.content <= end <= h.end for h in wanted)

    ends = [
        span.end
        for span in document.paragraphs
        if span.start > after and span.end - span.start > 120 and document.prose[span.end - 1] == "."
    ]
    return [end for end in ends if fits(end)] or ends


def inserted(project: Project, position: int, sentence: str) -> tuple[Project, int]:
    """The project with a sentence added, and where the sentence begins."""
    text = f"{project.text[:position]} {sentence}{project.text[position:]}"
    return project.with_text(text), position + 1


RESULTS = ("result", "experiment", "evaluation", "ablation", "analysis")
"""Words in the titles of sections that tell what was found."""
