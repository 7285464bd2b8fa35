"""Related work from records: who did what, theme by theme, as the study groups its questions to the literature."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ai_scientist.literature.identity import named
from ai_scientist.offline.studies import Study

Work = Mapping[str, Any]
"""A reference, as a prompt's values hold it."""
OF_THEME = 5
"""Works of one theme that are told of; the best answers come first."""


def paragraphs(study: Study, references: Sequence[Work]) -> list[str]:
    """A paragraph to each theme of which a usable work was found. A work is told of once, where it fits best."""
    found = []
    for theme in study.literature:
        if theme.place != "related":
            continue
        works = [work for work in answering(theme.queries, references) if usable(work)]
        if works := works[:OF_THEME]:
            found.append(" ".join([theme.lead, *map(cited, works)]))
    return found


def cite(study: Study, references: Sequence[Work], place: str) -> str:
    """` \\cite{…}` of the best answer to each question that belongs to another place than the related work, or ""."""
    keys = dict.fromkeys(
        work["key"]
        for theme in study.literature
        if theme.place == place
        for query in theme.queries
        for work in sorted(
            (work for work in references if query in work["answers"]), key=lambda work: work["answers"].index(query)
        )[:1]
    )
    return f" \\cite{{{','.join(keys)}}}" if keys else ""


def answering(queries: Iterable[str], references: Sequence[Work]) -> list[Work]:
    """The works that answer one of these queries better than any other, in the order of the references."""
    asked = set(queries)
    return [work for work in references if asked & set(work["answers"][:1])]


def usable(work: Work) -> bool:
    """Whether something is known of it that holds no number of its own."""
    return bool(work["abstract"]) and not re.search(r"\d\d|\d\.\d", first_sentence(work))


def first_sentence(work: Work) -> str:
    return re.split(r"(?<=[a-z)]\.)\s+(?=[A-Z])", work["abstract"].strip())[0].rstrip(".")


def cited(work: Work) -> str:
    """A work as its record tells of it. A record of the shelf names its authors first; another one has an abstract."""
    who, said = named(work["authors"]), first_sentence(work)
    if said.startswith(f"{who} "):
        return f"{who} \\cite{{{work['key']}}}{said.removeprefix(who)}."
    return f"{who} \\cite{{{work['key']}}}: {said}."
