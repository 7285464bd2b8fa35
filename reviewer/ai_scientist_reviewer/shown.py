"""Paper and form as values for prompts: what JSON can hold, so that a prompt can be recorded and replayed.

Whatever is from outside becomes a part of a prompt here and in `pictures`, and nowhere else: the paper as examined, and of all
else no word that speaks to reviewers and no character that nobody sees.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from textwrap import shorten
from typing import Any

from ai_scientist_reviewer.evidence.records import Compared
from ai_scientist_reviewer.findings import Finding
from ai_scientist_reviewer.forms import Form
from ai_scientist_reviewer.hidden import CONCEALED, Examined
from ai_scientist_reviewer.outside import all_without_addresses, without_addresses
from ai_scientist_reviewer.paper import Paper
from ai_scientist_reviewer.quotes import SHORTEST, compact
from ai_scientist_reviewer.records import Dropped, PanelPoint, Work
from ai_scientist_reviewer.results import Results, Value

MOST_CHARACTERS = 240_000
"""Of the paper's text in a prompt."""
MOST_VALUES = 400
"""Of the result files, in a prompt."""
_UNTOLD: Mapping[str, str] = {
    **CONCEALED,
    "identity-metadata": "The document's metadata name an author; they are not shown.",
}
"""By rule: what a model is told of a finding whose own words quote what no reader sees."""
MOST_REFUTED = 240
"""Characters of a refuted claim, and of the reason, in a prompt."""
MOST_CONTRADICTED = 40
"""Contradicted numbers that are named in a prompt."""
_ORDER = {"error": 0, "warn": 1, "info": 2}
MOST_ABSTRACT = 700
"""Characters of a related work's abstract in a prompt."""


def fence(paper: Paper, others: Sequence[Any] = ()) -> str:
    """The line between which everything from outside stands. It is made from all of that, and no text can hold its own hash."""
    whole = json.dumps([paper.sha256, *others], sort_keys=True, default=str)
    return f"===== data {hashlib.sha256(whole.encode()).hexdigest()[:24]} ====="


def paper_shown(examined: Examined, most: int = MOST_CHARACTERS) -> tuple[dict[str, Any], int]:
    """The paper as values, and how many characters at its end did not fit.

    `{title, abstract, pages: [{number, text}], sections: [{number, title, page, text}], captions: [{kind, number, page,
    text}], references: [text]}`.
    """
    paper = examined.paper
    pages: list[dict[str, Any]] = []
    room, left_out = most, 0
    for page in paper.pages:
        text = "\n".join(line.text for line in paper.lines if line.page == page.number)
        pages.append({"number": page.number, "text": text[:room]})
        left_out += max(0, len(text) - room)
        room -= min(room, len(text))
    sections = [{"number": s.number, "title": s.title, "page": s.page, "text": s.text} for s in paper.sections]
    captions = [{"kind": c.kind, "number": c.number, "page": c.page, "text": c.text} for c in paper.captions]
    return {
        "title": paper.title,
        "abstract": paper.abstract,
        "pages": pages,
        "sections": sections,
        "captions": captions,
        "references": [reference.text for reference in paper.references],
    }, left_out


def findings_shown(findings: Iterable[Finding], examined: Examined) -> list[dict[str, Any]]:
    """The findings as values, severest first. Of what was hidden, only that there was something: its words go to no model. A rule may
    have read the source, so what it quotes is shown if it stands in the paper as examined."""
    shown: list[dict[str, Any]] = []
    for finding in sorted(findings, key=lambda one: (_ORDER[one.severity], one.page or 0)):
        if finding.rule in _UNTOLD and finding.checked:
            neutral = {"message": _UNTOLD[finding.rule], "quote": "", "fix": ""}
            finding = finding.model_copy(update=neutral)
        elif not _stands(finding.quote, examined.paper):
            finding = finding.model_copy(update={"quote": ""})
        shown.append(all_without_addresses(finding.model_dump(mode="json")))
    return shown


def points_shown(points: Iterable[PanelPoint]) -> list[dict[str, Any]]:
    """The weaknesses as values, numbered from 1: what referees wrote and quoted, and no file's name."""
    left = {"box", "marks", "also", "file", "line", "narrowed"}
    return [{"number": n, **point.model_dump(mode="json", exclude=left)} for n, point in enumerate(points, start=1)]


def refuted_shown(dropped: Iterable[Dropped], standing: Iterable[PanelPoint]) -> list[dict[str, Any]]:
    """What a second reading refuted, whole or in part, in few words: who claimed what, and why it does not hold."""
    whole = [(one.referee, one.point.claim, one.reason, False) for one in dropped if one.why == "refuted"]
    part = [(one.raised_by[0], one.narrowed.claim, one.narrowed.reason, True) for one in standing if one.narrowed]
    return [
        {"referee": referee, "claim": _short(claim), "reason": _short(reason), "in_part": in_part}
        for referee, claim, reason, in_part in (*whole, *part)
    ]


def _short(text: str) -> str:
    return shorten(text, MOST_REFUTED, placeholder=" …")


def _stands(quote: str, paper: Paper) -> bool:
    """Whether a quote is the paper's; one too short to be looked for is too short for an instruction."""
    return len(compact(quote)) < SHORTEST or paper.locate(quote) is not None


def related_shown(works: Iterable[Work]) -> list[dict[str, Any]]:
    """The works as values, each abstract's beginning, without sentences that speak to reviewers."""
    return [
        {
            "title": without_addresses(work.title)[:300],
            "authors": without_addresses(_authors(work.authors))[:200],
            "year": work.year,
            "venue": without_addresses(work.venue)[:120],
            "cited": work.cited,
            "abstract": without_addresses(work.abstract[: 2 * MOST_ABSTRACT])[:MOST_ABSTRACT],
        }
        for work in works
    ]


def _authors(authors: Sequence[str]) -> str:
    return f"{authors[0]} et al." if len(authors) > 3 else ", ".join(authors)


def results_shown(results: Results | Mapping[str, Any] | None, compared: Compared | None = None) -> Any:
    """The result files' numbers as values: `{listed: [{file, values: [[key, number]]}], left_out}`, or `{given}` for what is no folder.

    With `compared`, also `compared`: how the paper's numbers came out beside them, and `contradicted`: those that they contradict.
    """
    if results is None:
        return None
    if not isinstance(results, Results):
        given = all_without_addresses(results)
        return {"listed": None, "given": given, "left_out": 0, "compared": "", "contradicted": []}
    files: dict[str, list[Value]] = {}
    for value in results.values:
        files.setdefault(value.file, []).append(value)
    # What stands higher in a file (means) tells more than what stands deep (the steps of a run), and no file may crowd out another.
    share = max(1, MOST_VALUES // max(1, len(files)))
    listed: list[dict[str, Any]] = []
    for file, values in list(files.items())[:MOST_VALUES]:
        kept = sorted(values, key=lambda value: len(value.path))[:share]
        values = [[without_addresses(_key(value)), _digits(value.value)] for value in kept]
        listed.append({"file": without_addresses(file), "values": values})
    shown = sum(len(one["values"]) for one in listed)
    return {
        "listed": listed,
        "given": None,
        "left_out": len(results.values) - shown,
        "compared": compared.told() if compared else "",
        "contradicted": _contradicted(compared) if compared else [],
    }


def _contradicted(compared: Compared) -> list[str]:
    wrong = [one for one in compared.numbers if one.verdict == "contradicted"][:MOST_CONTRADICTED]
    return [
        without_addresses(f"{one.where or 'Text'}: {one.text}; the files: {one.evidence[0]}")[:300] for one in wrong
    ]


def _key(value: Value) -> str:
    """Where the number stands within its file."""
    within = value.path[len(Path(value.file).parts) :]
    return " / ".join(within) or value.path[-1]


def _digits(value: float) -> str:
    return f"{value:.7g}"


def form_shown(form: Form) -> dict[str, Any]:
    """What a referee is told of the form beside its scales."""
    return {
        "about": form.about,
        "anchors": list(form.anchors),
        "overall": form.overall,
        "accept": form.accept,
        "defects": form.defects,
    }


def scales_shown(form: Form) -> list[dict[str, Any]]:
    """The form's scales as values; the words under each value by its decimal string."""
    return [
        {
            "name": scale.name,
            "low": scale.low,
            "high": scale.high,
            "asks": scale.asks,
            "meaning": {str(value): words for value, words in scale.meaning.items()},
        }
        for scale in form.scales
    ]
