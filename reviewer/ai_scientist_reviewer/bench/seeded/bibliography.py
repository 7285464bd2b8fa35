"""A paper's bibliography, entry by entry, with the places of years and titles."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from ai_scientist_reviewer.bench.seeded.latex import Span, braced, plain
from ai_scientist_reviewer.bench.seeded.project import MAIN, Project


class Entry(NamedTuple):
    key: str
    file: str
    span: Span
    title: str
    authors: tuple[str, ...]
    """Family names."""
    year: str
    year_at: Span
    """Empty where there is none."""


def entries(project: Project) -> tuple[Entry, ...]:
    """Of every .bib file and of a thebibliography, in that order; of keys that stand twice, the first."""
    found: dict[str, Entry] = {}
    for path, data in project.files.items():
        if path.endswith(".bib"):
            for entry in _of_bib(path, data.decode("utf-8", "replace")):
                found.setdefault(entry.key, entry)
    for entry in _of_items(project):
        found.setdefault(entry.key, entry)
    return tuple(found.values())


def cited(project: Project) -> tuple[str, ...]:
    """The keys that the paper cites, in order, each once."""
    keys: dict[str, None] = {}
    for match in re.finditer(r"\\[cC]ite[a-zA-Z]*\*?(?:\[[^\]]*\])*\{([^}]*)\}", project.document.seen):
        keys.update((key.strip(), None) for key in match[1].split(",") if key.strip())
    return tuple(keys)


def _of_bib(path: str, text: str) -> Iterator[Entry]:
    for match in re.finditer(r"@(\w+)\s*\{\s*([^,\s{}]+)\s*,", text):
        if match[1].casefold() in ("comment", "string", "preamble"):
            continue
        end = braced(text, text.index("{", match.start()))
        title, authors = (_field(text, name, match.end(), end) for name in ("title", "author"))
        year = re.compile(r"(?<![\w-])year\s*=\s*[{\"\s]*(\d{4})", re.I).search(text, match.end(), end)
        names = tuple(_family(one) for one in re.split(r"\s+and\s+", plain(authors)) if one.strip())
        at = Span(year.start(1), year.end(1)) if year else Span(0, 0)
        yield Entry(match[2], path, Span(match.start(), end), plain(title), names, year[1] if year else "", at)


def _field(text: str, name: str, start: int, end: int) -> str:
    found = re.compile(rf"(?<![\w-]){name}\s*=\s*([{{\"])", re.I).search(text, start, end)
    if found is None:
        return ""
    if found[1] == "{":
        return text[found.end() : braced(text, found.end() - 1) - 1]
    return text[found.end() : text.find('"', found.end())]


def _family(name: str) -> str:
    """ "Ho, Jonathan" and "Jonathan Ho" are both Ho."""
    head, comma, _ = name.partition(",")
    return head.strip() if comma else (name.split() or [""])[-1]


def _of_items(project: Project) -> Iterator[Entry]:
    text = project.document.seen
    for block in project.document.named("thebibliography"):
        items = [*re.finditer(r"\\bibitem(?:\[[^\]]*\])?\{([^}]*)\}", text[: block.inner.end])]
        items = [item for item in items if item.start() >= block.inner.start]
        for item, after in zip(items, [*[one.start() for one in items[1:]], block.inner.end], strict=True):
            words = text[item.end() : after]
            years = [*re.finditer(r"\b(?:19|20)\d\d\b", words)]
            at = Span(item.end() + years[-1].start(), item.end() + years[-1].end()) if years else Span(0, 0)
            parts = [plain(part) for part in re.split(r"\\newblock|(?<=[a-z])\.\s", words)]
            names = tuple(
                _family(one) for one in re.split(r",\s*(?:and\s+)?|\s+and\s+", parts[0].rstrip(".")) if one.strip()
            )
            title = parts[1].rstrip(".") if len(parts) > 1 else ""
            yield Entry(item[1], MAIN, Span(item.start(), after), title, names, years[-1][0] if years else "", at)
