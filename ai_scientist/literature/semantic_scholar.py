"""Semantic Scholar as a literature source, over the `semanticscholar` package."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

from ai_scientist.literature import bibtex
from ai_scientist.literature.base import Found
from ai_scientist.literature.identity import plain, plain_arxiv, plain_doi
from ai_scientist.records import Reference

_FIELDS = ["title", "authors", "venue", "publicationVenue", "year", "externalIds", "url", "abstract"]


class _NoAnswerError(Exception):
    """The service answered, and not with a record or with the word that there is none."""


class SemanticScholar:
    """One request at a time, `pause` seconds apart. What goes wrong is an UNKNOWN answer, never an empty one."""

    name = "semantic_scholar"

    def __init__(self, api_key: str = "", api_url: str = "", timeout: float = 30, pause: float = 1.0) -> None:
        """
        Args:
            api_key: "" for the service's shared, slower pool.
            api_url: another address of the service, for tests.
            timeout: seconds to wait for an answer.
            pause: seconds from one request to the next; the service asks for one.
        """
        self._options: dict[str, Any] = {"timeout": timeout, "api_key": api_key or None, "api_url": api_url or None}
        self._pause = pause
        self._turn = threading.Lock()
        self._last = float("-inf")

    def search(self, query: str, limit: int = 10) -> Found:
        # The package puts the query into the address as it is, and the service finds nothing for hyphenated words.
        words = " ".join(re.findall(r"\w+", query))
        if not words:
            return Found()

        def request(client: Any) -> Found:
            results = client.search_paper(words, fields=_FIELDS, limit=max(1, min(limit, 100)))
            if results.offset < 0:  # no page was read: the package takes a 502, a 503 or a 405 for an empty answer
                raise _NoAnswerError
            return _found(results.items, limit)

        return self._asked(request)

    def lookup(self, *, doi: str = "", arxiv: str = "", title: str = "") -> Found:
        for kind, number in (("DOI:", plain_doi(doi)), ("ARXIV:", plain_arxiv(arxiv))):
            found = self._numbered(kind + number) if number else Found()
            if found.references or found.verdict == "UNKNOWN":
                return found
        if not title:
            return Found()
        found = self.search(title, limit=5)
        same = tuple(r for r in found.references if plain(r.title) == plain(title))[:1]
        return found.model_copy(update={"references": same})

    def _numbered(self, number: str) -> Found:
        def request(client: Any) -> Found:
            from semanticscholar.SemanticScholarException import ObjectNotFoundException

            try:
                paper = client.get_paper(number, fields=_FIELDS)
            except ObjectNotFoundException:
                return Found()
            found = _found([paper], 1)
            if not found.references:  # it is there, and lacks what a citation needs
                raise _NoAnswerError
            return found

        return self._asked(request)

    def _asked(self, request: Callable[[Any], Found]) -> Found:
        """The request's answer, or UNKNOWN and the cause."""
        import httpx
        import tenacity
        from semanticscholar import SemanticScholar as Client
        from semanticscholar.SemanticScholarException import SemanticScholarException

        with self._turn:
            time.sleep(max(0.0, self._last + self._pause - time.monotonic()))
            try:
                # Retrying is not the package's to do: it would sleep for minutes without a word.
                return request(Client(**self._options, retry=False))
            except tenacity.RetryError:
                why = "too many requests (HTTP 429)"
            except _NoAnswerError:
                why = "the service gave no answer that can be read"
            except (SemanticScholarException, httpx.HTTPError, OSError) as error:
                why = f"{type(error).__name__}: {error}"[:200]
            except (ValueError, KeyError, TypeError, AttributeError) as error:  # not of the service's form
                why = f"an answer that cannot be read ({type(error).__name__})"
            finally:
                self._last = time.monotonic()
        return Found(verdict="UNKNOWN", why=why)


def _found(papers: Iterable[Any], limit: int) -> Found:
    references = (_reference(paper) for paper in papers)
    return Found(references=tuple(reference for reference in references if reference is not None)[:limit])


def _reference(paper: Any) -> Reference | None:
    """The paper as a record; None where it lacks what a citation needs."""
    raw: dict[str, Any] = paper.raw_data
    authors = tuple(a["name"] for a in raw.get("authors") or () if a.get("name"))
    if not raw.get("title") or not authors or not raw.get("year"):
        return None
    ids = raw.get("externalIds") or {}
    reference = Reference(
        key="",
        title=raw["title"],
        authors=authors,
        venue=(raw.get("publicationVenue") or {}).get("name") or raw.get("venue") or "",
        year=raw["year"],
        doi=ids.get("DOI") or "",
        arxiv=ids.get("ArXiv") or "",
        url=raw.get("url") or "",
        abstract=raw.get("abstract") or "",
        source=SemanticScholar.name,
        checked_against=("semanticscholar.org",),
    )
    return reference.model_copy(update={"key": bibtex.key(reference)})
