"""Submissions that tell who wrote them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from random import Random

from ai_scientist_reviewer.bench.seeded.base import Edit, Seeded, Where, mutator, paragraph_ends, shuffled, twin
from ai_scientist_reviewer.bench.seeded.citations import _CITING
from ai_scientist_reviewer.bench.seeded.latex import braced
from ai_scientist_reviewer.bench.seeded.project import MAIN, Project

ANONYMOUS = "Anonymous Authors \\\\ Paper under double-blind review"
NAMED = "Ingrid Vestergaard \\\\ Department of Computer Science, Norrland University \\\\ and Paulo Quiroga \\\\ Halden Research"


def anonymous(project: Project) -> Project:
    """The paper with an author block that names nobody."""
    at = _author(project)
    if at is not None:
        return project.with_text(project.text[: at[0]] + ANONYMOUS + project.text[at[1] :])
    begin = project.document.body.start
    title = next((one for one in project.document.named("center", "titlepage") if one.start - begin < 1500), None)
    if title is None:
        return project
    block = "\n{\\large Anonymous Authors\\par}\n{\\normalsize Paper under double-blind review\\par}\n"
    return project.with_text(project.text[: title.inner.end] + block + project.text[title.inner.end :])


def _author(project: Project) -> tuple[int, int] | None:
    """Where the contents of \\author stand."""
    found = re.search(r"\\author(?:\[[^\]]*\])?\s*\{", project.document.seen)
    return (found.end(), braced(project.document.seen, found.end() - 1) - 1) if found else None


@mutator("identity-shown", "author block")
def shown(project: Project, random: Random) -> Iterator[Seeded]:
    """An anonymous submission names its authors: in the author block, by mail address, in thanks, by a link, by its own earlier
    work, or in the file's metadata."""
    clean = anonymous(project)
    if clean is project:
        return
    text = clean.text
    ends = paragraph_ends(clean.document)
    block = re.search(r"Anonymous Authors(?: \\\\ Paper under double-blind review)?", text)
    ways: list[tuple[str, Edit, str]] = []
    if block:
        ways.append(("author block", Edit(*block.span(), NAMED), "Ingrid Vestergaard"))
        mail = (
            f"{block[0]} \\\\ vestergaard@norrland-university.edu"
            if " \\\\" in block[0]
            else f"{block[0]}, vestergaard@norrland-university.edu"
        )
        ways.append(("mail address", Edit(*block.span(), mail), "vestergaard@norrland-university.edu"))
    thanks = (
        "\n\n\\section*{Acknowledgements}\nWe thank Paulo Quiroga and the Norrland University cluster. This work was supported by grant "
        "NU-2291 of the Halden Foundation.\n\n"
    )
    end = clean.document.matter.end
    ways.append(("thanks", Edit(end, end, thanks), "supported by grant NU-2291 of the Halden Foundation"))
    if ends:
        link = " Our code is at \\texttt{https://github.com/ivestergaard/noise-lab}."
        at = random.choice(ends)
        ways.append(("link", Edit(at, at, link), "https://github.com/ivestergaard/noise-lab"))
    cites = list(_CITING.finditer(text, clean.document.body.start))
    if ends and cites:
        own = f" This continues our previous work {random.choice(cites)[0]}, in which we proposed the same protocol."
        at = random.choice(ends)
        ways.append(("own work", Edit(at, at, own), "our previous work"))
    if "hyperref" in text or "hypersetup" in text:
        start = clean.document.body.start
        ways.append(("metadata", Edit(start, start, "\n\\hypersetup{pdfauthor={Ingrid Vestergaard}}"), ""))
    for variant, edit, words in shuffled(ways, random):
        made = twin(
            "identity-shown", clean, [edit], f"The authors can be told by {variant}.", variant=variant, words=[words]
        )
        line = made.mutated.document.line(made.mutated.text.index(words)) if words else made.where[0].line
        yield Seeded(made.kind, variant, clean, made.mutated, made.changed, (Where(MAIN, line, words),))
