"""Sections that are missing, and too much of the others."""

from __future__ import annotations

import re
from collections.abc import Iterator
from random import Random

from ai_scientist_reviewer.bench.seeded.base import Edit, Seeded, Where, edited, mutator, shuffled
from ai_scientist_reviewer.bench.seeded.latex import Document, Heading
from ai_scientist_reviewer.bench.seeded.project import MAIN, Project

_WORDS = 6600
"""That fill more pages than a venue allows however densely they are set, tables and figures aside."""
_ASKED = re.compile(r"limitation|broader impact|ethic|reproducib", re.I)
_LIMITATIONS = (
    "\n\n\\section{Limitations}\nOne family of data sets and one size of model were studied, and the settings were searched on a "
    "coarse grid. Nothing here says that the order of the methods holds for larger models or for other kinds of data.\n\n"
)


@mutator("section-dropped", "place for a section on limitations")
def dropped(project: Project, random: Random) -> Iterator[Seeded]:
    """A section that venues ask for is taken out, and with it what it says. A paper without one is given one first."""
    document = project.document
    own = [one for one in document.headings if _ASKED.search(one.title)]
    # "Discussion and limitations" goes too; a part of "Results" would leave its heading behind, which is as it should be.
    for heading in shuffled(own, random):
        yield _without(project, heading, "the paper's own section")
    if not any("limitation" in one.title.casefold() for one in own):
        last = next(
            (h for h in document.headings if h.level == 0 and re.search(r"conclu|discussion", h.title, re.I)), None
        )
        at = last.start if last else document.matter.end
        clean = project.with_text(project.text[:at] + _LIMITATIONS + project.text[at:])
        heading = next(one for one in clean.document.headings if one.start > at and one.title == "Limitations")
        yield _without(clean, heading, "an added section")


def _without(clean: Project, heading: Heading, variant: str) -> Seeded:
    document = clean.document
    inside = clean.text[heading.start : heading.end]
    # Labels and floats of the section stay, so that nothing else breaks.
    kept = "".join(
        clean.text[f.span.start : f.span.end] + "\n\n"
        for f in document.floats
        if heading.start <= f.span.start < heading.end
    )
    outside = re.sub(r"\\begin\{(figure|table)\*?\}.*?\\end\{\1\*?\}", "", inside, flags=re.DOTALL)
    kept += "".join(re.findall(r"\\label\{[^}]*\}", outside))
    text = edited(clean.text, [Edit(heading.start, heading.end, f"\n{kept}\n")])
    # Words about limitations elsewhere would be a reason to look no further.
    where = Where(MAIN, Document(text).line(heading.start), "")
    return Seeded(
        "section-dropped", variant, clean, clean.with_text(text), f"The section '{heading.title}' is gone.", (where,)
    )


@mutator("over-page-limit", "prose to make more of")
def too_long(project: Project, random: Random) -> Iterator[Seeded]:
    """The body is longer than the venue allows: a long section of the paper's own sentences in another order."""
    document = project.document
    sentences = [
        " ".join(document.prose[s.start : s.end].split())
        for s in document.sentences
        if re.fullmatch(r"[A-Za-z ,;'()-]{40,}\.", " ".join(document.prose[s.start : s.end].split()))
    ]
    if len(sentences) < 5:
        return
    for _ in range(2):
        words, paragraphs = 0, []
        while words < _WORDS:
            chosen = random.sample(sentences, min(6, len(sentences)))
            paragraphs.append(" ".join(chosen))
            words += sum(len(one.split()) for one in chosen)
        at = document.matter.end
        first = next(
            (one for one in document.headings if re.search(r"conclu|discussion|limitation", one.title, re.I)), None
        )
        at = first.start if first and first.level == 0 else at
        long = "\n\n\\section{Further observations}\n" + "\n\n".join(paragraphs) + "\n\n"
        mutated = project.with_text(project.text[:at] + long + project.text[at:])
        where = Where(MAIN, Document(mutated.text).line(at + 2), "")
        yield Seeded("over-page-limit", "", project, mutated, f"A section of {words} words was added.", (where,))
