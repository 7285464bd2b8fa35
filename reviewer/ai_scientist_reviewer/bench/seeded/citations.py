"""Works that are not what the paper says of them, and works that are not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from random import Random

from ai_scientist_reviewer.bench.seeded.base import Edit, Seeded, Where, edited, mutator, shuffled, twin
from ai_scientist_reviewer.bench.seeded.bibliography import cited, entries
from ai_scientist_reviewer.bench.seeded.latex import Document
from ai_scientist_reviewer.bench.seeded.project import MAIN, Project

_CITING = re.compile(r"\\[cC]ite[a-zA-Z]*\*?(?:\[[^\]]*\])*\{([^}]*)\}")


@mutator("wrong-year", "cited work with a title and a year in its bibliography")
def wrong_year(project: Project, random: Random) -> Iterator[Seeded]:
    """The year of a cited work is some years off."""
    used = set(cited(project))
    dated = [one for one in entries(project) if one.key in used and one.year and one.title]
    for one in shuffled(dated, random):
        new = str(int(one.year) - random.choice((2, 3, 4)))
        text = edited(project.files[one.file].decode("utf-8", "replace"), [Edit(*one.year_at, new)])
        mutated = project.with_file(one.file, text.encode())
        where = Where(one.file, text.count("\n", 0, one.year_at.start) + 1, one.title)
        yield Seeded("wrong-year", "", project, mutated, f"{one.key}: {one.year} became {new}.", (where,))


_FIRST = "Hollis Tamsin Ingmar Odile Bertram Yesenia Caspar Linnea".split()
_LAST = "Marwick Oduya-Reyes Falkenrath Delacombe Szentgyorgyi Abernethy-Lund Korhaliller Vantongeren".split()
_WHAT = "Spectral Consensus,Reluctant Momentum,Tessellated Attention,Counterweighted Replay,Annealed Plurality".split(
    ","
)
_WHY = "for Sparse Curricula,under Delayed Supervision,in Shallow Ensembles,with Rotating Teachers,on Folded Manifolds".split(
    ","
)
_HOW = "A Unified View of,Rethinking,Provable Guarantees on,Towards,Scaling".split(",")
_VENUES = (
    "Proceedings of the 37th International Conference on Machine Learning",
    "Advances in Neural Information Processing Systems 33",
    "International Conference on Learning Representations",
)


@mutator("invented-reference", "citation in its prose with a bibliography to add to")
def invented(project: Project, random: Random) -> Iterator[Seeded]:
    """A work that does not exist is cited beside one that does."""
    bib = next((path for path in project.files if path.endswith(".bib")), "")
    items = project.document.named("thebibliography")
    if not bib and not items:
        return
    for match in shuffled(_CITING.finditer(project.document.seen, project.document.body.start), random):
        first, second = random.sample(_LAST, 2)
        key = f"{re.sub('[^a-z]', '', first.casefold())}2020{random.randrange(100)}"
        names = f"{random.choice(_FIRST)} {first} and {random.choice(_FIRST)} {second}"
        title = f"{random.choice(_HOW)} {random.choice(_WHAT)} {random.choice(_WHY)}"
        edits = [Edit(match.end(1), match.end(1), f",{key}")]
        venue = random.choice(_VENUES)
        if not bib:
            item = f"\\bibitem{{{key}}} {names}. {title}. In {venue}, 2020.\n"
            edits.append(Edit(items[0].inner.end, items[0].inner.end, item))
        mutated = project.with_text(edited(project.text, edits))
        if bib:
            entry = f"\n@inproceedings{{{key},\n  title = {{{title}}},\n  author = {{{names}}},\n  booktitle = {{{venue}}},\n  year = {{2020}}\n}}\n"
            before = project.files[bib].decode("utf-8", "replace")
            mutated = mutated.with_file(bib, (before + entry).encode())
            line = before.count("\n") + 2
        else:
            line = Document(mutated.text).line(mutated.text.index(f"\\bibitem{{{key}}}"))
        spot = Document(mutated.text).line(match.end(1))
        where = (Where(bib or MAIN, line, title), Where(MAIN, spot, title))
        changed = f'"{title}" by {names}, which does not exist, is cited.'
        yield Seeded("invented-reference", "", project, mutated, changed, where)


@mutator("undefined-citation", "citation")
def undefined_citation(project: Project, random: Random) -> Iterator[Seeded]:
    """A citation's key is misspelt."""
    document = project.document
    known = {one.key for one in entries(project)}
    sites = [
        (match.start(1) + part.start(), part[0])
        for match in _CITING.finditer(document.seen, document.body.start)
        for part in re.finditer(r"[^,\s]+", match[1])
        if part[0] in known
    ]
    for start, key in shuffled(sites, random):
        new = _misspelt(key, known, random)
        yield twin(
            "undefined-citation", project, [Edit(start, start + len(key), new)], f"\\cite of {key} became {new}."
        )


@mutator("undefined-reference", "reference to a label")
def undefined_reference(project: Project, random: Random) -> Iterator[Seeded]:
    """A reference names a label that is not there."""
    document = project.document
    labels = set(re.findall(r"\\label\{([^}]*)\}", document.seen))
    pattern = re.compile(r"\\(?:eq|auto|[cC]|page)?ref\*?\{([^}]*)\}")
    sites = [m for m in pattern.finditer(document.seen, document.body.start) if m[1] in labels]
    for match in shuffled(sites, random):
        new = _misspelt(match[1], labels, random)
        edits = [Edit(match.start(1), match.end(1), new)]
        yield twin("undefined-reference", project, edits, f"A reference to {match[1]} became one to {new}.")


@mutator("duplicate-label", "two labels of which one can take the other's name")
def duplicate_label(project: Project, random: Random) -> Iterator[Seeded]:
    """A second label gets the name of the first, and so do the references to it."""
    document = project.document
    matches = [*re.finditer(r"\\label\{([^}]*)\}", document.seen)]
    unique = [m for m in matches if sum(m[1] == other[1] for other in matches) == 1]
    for match in shuffled(unique, random):
        others = [m[1] for m in unique if m[1].partition(":")[0] == match[1].partition(":")[0] and m[1] != match[1]]
        if not others:
            continue
        name = random.choice(others)
        uses = re.finditer(rf"\\(?:eq|auto|[cC]|page)?ref\*?\{{({re.escape(match[1])})\}}", document.seen)
        edits = [Edit(match.start(1), match.end(1), name)] + [Edit(m.start(1), m.end(1), name) for m in uses]
        words = ["" for _ in edits]
        yield twin(
            "duplicate-label", project, edits, f"The label {match[1]} became {name}, which is taken.", words=words
        )


def _misspelt(key: str, taken: set[str], random: Random) -> str:
    """The key with two letters exchanged or one doubled, or else with a letter at its end."""
    tries = [
        key[:i] + key[i + 1] + key[i] + key[i + 2 :]
        for i in range(len(key) - 1)
        if key[i].isalnum() and key[i + 1].isalnum()
    ]
    tries += [key[:i] + key[i] + key[i:] for i in range(len(key)) if key[i].isalpha()]
    fit = [one for one in tries if one not in taken]
    return random.choice(fit) if fit else f"{key}x"
