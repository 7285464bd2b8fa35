"""What writers and chat models leave behind."""

from __future__ import annotations

import re
from collections.abc import Iterator
from random import Random

from ai_scientist_reviewer.bench.seeded.base import Edit, Seeded, mutator, paragraph_ends, shuffled, twin
from ai_scientist_reviewer.bench.seeded.project import Project

PLACEHOLDERS = {
    "TODO": "TODO: add the comparison with the larger model.",
    "bracketed": "The gain is [insert number here] on the second data set.",
    "XXX": "The effect was seen in XXX of the runs.",
    "citation needed": "Earlier work found the same [citation needed].",
    "lorem ipsum": "Lorem ipsum dolor sit amet, consectetur adipiscing elit.",
    "FIXME": "FIXME the numbers in this paragraph are old.",
    "TBD": "The size of the test set is TBD.",
    "angle brackets": "The authors thank \\textless{}placeholder name\\textgreater{} for the data.",
}
RESIDUES = {
    "as a model": "As an AI language model, I do not have access to the raw data.",
    "certainly": "Certainly! Here is a revised version of the paragraph.",
    "hope": "I hope this helps! Let me know if you would like further changes.",
    "cutoff": "My knowledge cutoff does not cover more recent methods.",
    "cannot": "I'm sorry, but I cannot run the experiment myself.",
    "regenerate": "Regenerate response",
    "as requested": "Here is the improved section with the requested changes:",
}


@mutator("placeholder", "paragraph to add to")
def placeholder(project: Project, random: Random) -> Iterator[Seeded]:
    """A note to oneself, or a gap that was to be filled, is left in the text."""
    yield from _added(project, random, "placeholder", PLACEHOLDERS)


@mutator("model-residue", "paragraph to add to")
def residue(project: Project, random: Random) -> Iterator[Seeded]:
    """A sentence in which a chat model speaks of itself or to its user is left in the text."""
    yield from _added(project, random, "model-residue", RESIDUES)


def _added(project: Project, random: Random, kind: str, told: dict[str, str]) -> Iterator[Seeded]:
    ends = paragraph_ends(project.document)
    if not ends:
        return
    for variant, sentence in shuffled(told.items(), random):
        at = random.choice(ends)
        shown = sentence.replace("\\textless{}", "<").replace("\\textgreater{}", ">")
        changed = f'"{shown}" stands in the text.'
        # A model's answer begins a paragraph of its own; a note stands where the writer was.
        gap = "\n\n" if kind == "model-residue" else " "
        yield twin(kind, project, [Edit(at, at, f"{gap}{sentence}")], changed, variant=variant, words=[shown])


@mutator("percent-unescaped", "percentage in its text with words after it on the same line")
def percent(project: Project, random: Random) -> Iterator[Seeded]:
    """A percent sign without its backslash hides the rest of the line from LaTeX."""
    document = project.document
    sites = [
        m
        for m in re.finditer(r"\d\\%(?=[^\n]{40,}\n)", document.seen)
        if document.prose[m.start() : m.start() + 1].isdigit() and "\\item" not in document.seen[m.end() : m.end() + 60]
    ]
    # The rest of the line must close what it opens, or the paper no longer compiles.
    sites = [m for m in sites if _even(document.seen[m.end() : document.seen.find("\n", m.end())])]
    for match in shuffled(sites, random):
        number = re.search(r"[\d.]+$", document.text[: match.start() + 1])
        words = f"{number[0]}%" if number else "%"
        edits = [Edit(match.start() + 1, match.start() + 2, "")]
        lost = document.words(match.end(), match.end(), 30)
        yield twin("percent-unescaped", project, edits, f"What follows {words} is lost: '{lost}'.", words=[words])


def _even(rest: str) -> bool:
    return rest.count("{") == rest.count("}") and "\\begin" not in rest and "\\end" not in rest
