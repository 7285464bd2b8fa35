"""Figures and tables that do not show what they are said to show."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations
from pathlib import PurePosixPath
from random import Random

from ai_scientist_reviewer.bench.seeded.base import Edit, Seeded, Where, edited, mutator, shuffled, twin
from ai_scientist_reviewer.bench.seeded.latex import Document, plain
from ai_scientist_reviewer.bench.seeded.project import MAIN, PICTURES, Project


@mutator("captions-exchanged", "two floats of one kind with captions that differ")
def captions(project: Project, random: Random) -> Iterator[Seeded]:
    """Two figures, or two tables, have each other's caption."""
    document = project.document
    whole = [(one.kind, one.caption) for one in document.floats if one.caption is not None]
    pairs = [(kind, a, b) for (kind, a), (other, b) in combinations(whole, 2) if kind == other]
    for kind, a, b in shuffled(pairs, random):
        first, second = (project.text[caption.start : caption.end] for caption in (a, b))
        if plain(first) == plain(second) or "\\label" in first + second:
            continue
        edits = [Edit(a.start, a.end, second), Edit(b.start, b.end, first)]
        changed = f"Two {kind}s have each other's caption: '{plain(first)[:60]}' and '{plain(second)[:60]}'."
        words = [plain(second), plain(first)]
        yield twin("captions-exchanged", project, edits, changed, variant=kind, words=words)


@mutator("figure-duplicated", "two figures that show different files")
def duplicated(project: Project, random: Random) -> Iterator[Seeded]:
    """A figure shows the picture of another: the same file, or a copy of it under the old name."""
    document = project.document
    shown = [
        (one, spot, path)
        for one in document.floats
        if one.kind == "figure"
        for spot in one.graphics
        if (path := picture(project, document.text[spot.start : spot.end]))
    ]
    pairs = [(a, b) for a in shown for b in shown if a[0] != b[0] and project.files[a[2]] != project.files[b[2]]]
    once = [pair for pair in pairs if sum(pair[1][2] == other[2] for other in shown) == 1]
    for i, ((_, spot, path), (box, spot_b, path_b)) in enumerate(shuffled(once, random)):
        caption = plain(document.text[box.caption.start : box.caption.end]) if box.caption else ""
        if i % 2 == 0 or PurePosixPath(path).suffix != PurePosixPath(path_b).suffix:
            name = document.text[spot.start : spot.end]
            edits = [Edit(*spot_b, name)]
            changed = f"A figure shows {path}, which another one shows, instead of {path_b}."
            yield twin("figure-duplicated", project, edits, changed, variant="same file", words=[caption])
        else:
            mutated = project.with_file(path_b, project.files[path])
            where = Where(MAIN, document.line(spot_b.start), caption)
            changed = f"{path_b} is a copy of {path}."
            yield Seeded("figure-duplicated", "a copy", project, mutated, changed, (where,))


def picture(project: Project, name: str) -> str:
    """The path of the picture of that name; "" where it is not there."""
    stem = name.strip().removeprefix("./")
    candidates = [stem, *(f"{stem}{ending}" for ending in PICTURES)]
    found = next((path for path in candidates if path in project.files), "")
    if found:
        return found
    base = PurePosixPath(stem).name
    return next(
        (path for path in project.files if PurePosixPath(path).name in (base, *(f"{base}{e}" for e in PICTURES))), ""
    )


@mutator("float-unreferenced", "figure or table that the text refers to once or twice")
def unreferenced(project: Project, random: Random) -> Iterator[Seeded]:
    """Nothing in the text points to a float any more."""
    document = project.document
    for one in shuffled(document.floats, random):
        for label in one.labels:
            if len(one.labels) > 1 or f"\\label{{{label}}}" not in project.text:
                continue
            escaped = re.escape(label)
            named = r"(?:\\hyperref\[[^\]]*\]\{)?(?:(?:Fig(?:ure|\.)?|Tab(?:le|\.)?)s?[~\s]*)?"
            pattern = re.compile(rf"{named}\\(?:auto|[cC])?ref\*?\{{{escaped}\}}\}}?")
            uses = [*pattern.finditer(document.seen, document.body.start)]
            everywhere = len(re.findall(rf"\\\w*ref\*?\{{{escaped}\}}", document.seen))
            if not uses or len(uses) > 3 or everywhere != len(uses):
                continue
            edits = [Edit(m.start(), m.end(), _balanced(m[0])) for m in uses]
            changed = f"The references to {label} are gone."
            mutated = project.with_text(edited(project.text, edits))
            after = Document(mutated.text)
            caption = plain(document.text[one.caption.start : one.caption.end]) if one.caption else ""
            where = Where(MAIN, after.line(after.text.index(f"\\label{{{label}}}")), caption)
            yield Seeded("float-unreferenced", one.kind, project, mutated, changed, (where,))


def _balanced(replaced: str) -> str:
    """What stands for a reference that is gone, with the brace that the match took too many."""
    return "what follows" + "}" * (replaced.count("}") - replaced.count("{"))


@mutator("figure-illegible", "figure drawn with vectors")
def illegible(project: Project, random: Random) -> Iterator[Seeded]:
    """A figure is printed so small that its text cannot be read."""
    document = project.document
    pattern = re.compile(r"\\includegraphics(\[[^\]]*\])?\{([^}]*)\}")
    sites = [m for m in pattern.finditer(document.seen) if picture(project, m[2]).endswith(".pdf")]
    for match in shuffled(sites, random):
        edits = [Edit(match.start() + len("\\includegraphics"), match.start(2) - 1, "[width=1.1in]")]
        box = next((one for one in document.floats if one.span.start < match.start() < one.span.end), None)
        caption = plain(document.text[box.caption.start : box.caption.end]) if box and box.caption else ""
        yield twin("figure-illegible", project, edits, f"{match[2]} is printed 1.1 inches wide.", words=[caption])


@mutator("overfull", "paragraph to add to")
def overfull(project: Project, random: Random) -> Iterator[Seeded]:
    """A line runs into the margin: a name that cannot be broken."""
    for span in shuffled(project.document.paragraphs, random):
        if span.end - span.start < 200 or project.document.prose[span.end - 1] != ".":
            continue
        word = "experiments.label-noise.early-stopping.baseline." * 3 + "configuration"
        edits = [Edit(span.end, span.end, f" Its settings are kept as \\mbox{{\\texttt{{{word}}}}}.")]
        yield twin("overfull", project, edits, "A line is wider than the page.", words=[word])
