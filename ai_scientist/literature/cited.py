"""Do the works that a paper cites exist? The reviewer's question, put to the shelf and, if asked to, to the services."""

from __future__ import annotations

import difflib
import os
import re
import time
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

from ai_scientist_reviewer.ports import Cited, Looked

from ai_scientist.literature import registries
from ai_scientist.literature.base import Found, LiteratureSource
from ai_scientist.literature.http import Client, Outage
from ai_scientist.literature.identity import plain, plain_arxiv, plain_doi
from ai_scientist.literature.kept import Kept
from ai_scientist.literature.registries import Arxiv, Crossref
from ai_scientist.literature.semantic_scholar import SemanticScholar
from ai_scientist.literature.shelf import Shelf
from ai_scientist.records import Reference

RESOLVER = "https://doi.org/api/handles"
"""Knows every DOI of every registry."""
ALIKE = 0.9
"""Similarity of two titles (0 to 1) from which on they are one, a subtitle or a misprint aside."""
MAX_AGE = 30 * 24 * 3600.0
"""Seconds for which an answer is kept: a work may be registered later than it was cited."""
_NOT_INDEXED = re.compile(
    r"\b(github|software|package|library|toolkit|blog|web ?site|web ?page|online|manual|handbook|press|thesis|dissertation"
    r"|technical report|tech\. rep|white ?paper|patent|lecture|data ?set|accessed|personal communication|url|https?)\b",
    re.IGNORECASE,
)
"""Books, programs and web pages: of these no index is complete, so that nobody knows it does not show that there is none."""


class Shelved:
    """Knows the works of a shelf, and says nothing of others."""

    def __init__(self, shelf: LiteratureSource) -> None:
        self._shelf = shelf

    def look_up(self, cited: Sequence[Cited]) -> Sequence[Looked]:
        return [self._look_up(one) for one in cited]

    def _look_up(self, cited: Cited) -> Looked:
        found = self._shelf.lookup(title=cited.title) if cited.title else Found()
        return looked(found.references[0]) if found.references else Looked("unknown", why="nobody was asked (--online)")


class Asked:
    """Asks by DOI, by arXiv number, and then by title until somebody knows it.

    Absent is what a registry says it never gave a number for, or what every service answered and none knows, where such a
    work is one that they index. An outage of any of them is `unknown`.
    """

    def __init__(
        self,
        shelf: LiteratureSource,
        crossref: LiteratureSource,
        arxiv: LiteratureSource,
        others: Sequence[LiteratureSource],
        client: Client,
        *,
        resolver: str = RESOLVER,
        crossref_address: str = registries.CROSSREF,
    ) -> None:
        """`others`: asked by title, in order. `client`: for the resolver of DOIs and for notices of retraction."""
        self._shelf, self._crossref, self._arxiv, self._others = shelf, crossref, arxiv, tuple(others)
        self._client, self._resolver, self._works = client, resolver, f"{crossref_address.rstrip('/')}/works"

    def look_up(self, cited: Sequence[Cited]) -> Sequence[Looked]:
        return [self._look_up(one) for one in cited]

    def _look_up(self, cited: Cited) -> Looked:
        silent: list[str] = []
        for number in (self._by_doi(cited, silent), self._by_arxiv(cited, silent)):
            if number is not None:
                return number
        return self._by_title(cited, silent)

    def _by_doi(self, cited: Cited, silent: list[str]) -> Looked | None:
        """None where the DOI does not decide it."""
        doi = plain_doi(cited.doi)
        if not doi:
            return None
        found = self._crossref.lookup(doi=doi)
        if found.references:
            return self._with_retraction(found.references[0])
        try:
            registered = self._client.get(f"{self._resolver}/{quote(doi, safe='/')}") is not None
        except Outage as outage:
            silent.append(f"doi.org: {outage}")
            return None
        if found.verdict == "UNKNOWN":
            silent.append(f"crossref: {found.why}")
        return None if registered else Looked("absent", "doi.org", why=f"the DOI {doi} is not registered")

    def _by_arxiv(self, cited: Cited, silent: list[str]) -> Looked | None:
        number = plain_arxiv(cited.arxiv)
        if not number:
            return None
        found = self._arxiv.lookup(arxiv=number)
        if found.references:
            return looked(found.references[0])
        if found.verdict == "UNKNOWN":
            silent.append(f"arxiv: {found.why}")
            return None
        return Looked("absent", "arXiv", why=f"there is no {number} on arXiv")

    def _by_title(self, cited: Cited, silent: list[str]) -> Looked:
        if not cited.title:
            return Looked("unknown", why="; ".join(silent) or "its title could not be told from the entry")
        for source in (self._shelf, *self._others):
            found = source.lookup(title=cited.title) if source is self._shelf else source.search(cited.title, limit=5)
            same = [one for one in found.references if alike(one.title, cited.title)]
            if same:
                return self._with_retraction(same[0])
            if found.verdict == "UNKNOWN":
                silent.append(f"{source.name}: {found.why}")
        names = ", ".join(source.name for source in self._others)
        if silent:
            return Looked("unknown", why="; ".join(silent))
        if _NOT_INDEXED.search(cited.text):
            return Looked("unknown", why=f"not known to {names}, which do not index all works of this kind")
        return Looked("absent", names, why=f"nobody knows a work of this title ({names})")

    def _with_retraction(self, record: Reference) -> Looked:
        found = looked(record)
        if found.retracted or not record.doi:
            return found
        asked = {"filter": f"updates:{plain_doi(record.doi)},update-type:retraction", "rows": "0"}
        try:
            answer = self._client.get(self._works, asked)
        except Outage:
            return found  # the work was found; that it was not retracted is not claimed
        retracted = answer is not None and re.search(rb'"total-results":\s*[1-9]', answer) is not None
        return looked(record, retracted=retracted)


def looked(record: Reference, *, retracted: bool = False) -> Looked:
    """A source's record as the answer."""
    marked = re.match(r"\W*retracted\b( article)?\W*", record.title, re.IGNORECASE)
    return Looked(
        "found",
        record.source,
        title=record.title[marked.end() :] if marked else record.title,
        authors=tuple(author.split()[-1] for author in record.authors if author.split()),
        year=str(record.year),
        retracted=retracted or marked is not None,
        why=record.venue,
    )


def alike(one: str, other: str) -> bool:
    left, right = plain(one), plain(other)
    short, long = sorted((left, right), key=len)
    if len(short) >= 20 and long.startswith(short):
        return True  # without its subtitle
    return difflib.SequenceMatcher(None, left, right).ratio() >= ALIKE


def offline() -> Shelved:
    return Shelved(Shelf.bundled())


def online(
    *,
    crossref: str = registries.CROSSREF,
    arxiv: str = registries.ARXIV,
    semantic_scholar: str = "",
    resolver: str = RESOLVER,
    pauses: tuple[float, float] = (1.0, 3.0),
) -> Asked:
    """The services at their addresses; `pauses`: seconds between two requests to one of them, and to arXiv."""
    client = Client(pauses[0])
    key = os.environ.get("SEMANTIC_SCHOLAR_API_KEY", "")
    scholar = SemanticScholar(api_key=key, api_url=semantic_scholar, pause=pauses[0])
    doi, number = Crossref(client, crossref), Arxiv(Client(pauses[1]), arxiv)
    known, registry, preprints = (Kept(source, _place, _write) for source in (scholar, doi, number))
    return Asked(
        Shelf.bundled(), registry, preprints, (known, registry), client, resolver=resolver, crossref_address=crossref
    )


def cache() -> Path:
    """Where answers are kept: $XDG_CACHE_HOME/ai-scientist/literature, or ~/.cache/…"""
    home = os.environ.get("XDG_CACHE_HOME")
    return (Path(home) if home else Path.home() / ".cache") / "ai-scientist" / "literature"


def _place(name: str) -> Path:
    """Where an answer lies; one that is too old is removed."""
    place = cache() / f"{name}.json"
    if place.exists() and time.time() - place.stat().st_mtime > MAX_AGE:
        place.unlink(missing_ok=True)
    return place


def _write(place: Path, text: str) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    part = place.with_suffix(f".{os.getpid()}.part")
    part.write_text(text, encoding="utf-8")
    part.replace(place)
