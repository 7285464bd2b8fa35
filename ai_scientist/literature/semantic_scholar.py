"""Semantic Scholar as a literature source, over the `semanticscholar` package."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

from ai_scientist.literature import bibtex
from ai_scientist.literature.base import Found
from ai_scientist.literature.http import LONGEST_WAIT, PASSING, agent, certificates, wait_asked
from ai_scientist.literature.identity import plain, plain_arxiv, plain_doi
from ai_scientist.records import Reference

_FIELDS = ["title", "authors", "venue", "publicationVenue", "year", "externalIds", "url", "abstract"]


class _NoAnswerError(Exception):
    """The service answered, and not with a record or with the word that there is none; says what it did."""

    def __init__(self, why: str, wait: float | None = None) -> None:
        super().__init__(why)
        self.wait = wait
        """Seconds after which it may answer; None where asking again is of no use."""


class SemanticScholar:
    """One request at a time, `pause` seconds apart. What goes wrong is an UNKNOWN answer, never an empty one."""

    name = "semantic_scholar"

    def __init__(
        self,
        api_key: str = "",
        api_url: str = "",
        timeout: float = 30,
        pause: float = 1.0,
        attempts: int = 3,
        contact: str = "",
    ) -> None:
        """
        Args:
            api_key: "" for the service's shared, slower pool.
            api_url: another address of the service, for tests.
            timeout: seconds to wait for an answer.
            pause: seconds from one request to the next; the service asks for one.
            attempts: times a request is made that meets a passing fault (too many requests, 5xx, no connection).
            contact: an address to write to, for the User-Agent.
        """
        self._options: dict[str, Any] = {"timeout": timeout, "api_key": api_key or None, "api_url": api_url or None}
        self._pause, self._attempts, self._agent = pause, attempts, agent(contact)
        self._turn = threading.Lock()
        self._last = float("-inf")

    def search(self, query: str, limit: int = 10) -> Found:
        # The package puts the query into the address as it is, and the service finds nothing for hyphenated words.
        words = " ".join(re.findall(r"\w+", query))
        if not words:
            return Found()

        def request(client: Any) -> Found:
            results = client.search_paper(words, fields=_FIELDS, limit=max(1, min(limit, 100)))
            if results.offset < 0:  # no page was read
                raise _NoAnswerError("the service gave no answer that can be read")
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
            if not found.references:
                raise _NoAnswerError("its record lacks a title, an author or a year")
            return found

        return self._asked(request)

    def _asked(self, request: Callable[[Any], Found]) -> Found:
        """The request's answer, or UNKNOWN and the cause."""
        import httpx
        from semanticscholar.SemanticScholarException import SemanticScholarException

        why = ""
        with self._turn:
            for attempt in range(self._attempts):
                time.sleep(max(0.0, self._last + self._pause - time.monotonic()))
                patience = self._pause * 2**attempt
                wait: float | None = patience
                try:
                    return request(self._client())
                except _NoAnswerError as error:
                    why, wait = str(error), None if error.wait is None else max(patience, error.wait)
                except (httpx.TransportError, OSError) as error:
                    why = f"{type(error).__name__}: {error}"[:200]
                except (SemanticScholarException, httpx.HTTPError) as error:
                    why, wait = f"{type(error).__name__}: {error}"[:200], None
                except (ValueError, KeyError, TypeError, AttributeError) as error:  # not of the service's form
                    why, wait = f"an answer that cannot be read ({type(error).__name__})", None
                finally:
                    self._last = time.monotonic()
                if wait is None or wait > LONGEST_WAIT or attempt == self._attempts - 1:
                    break
                time.sleep(wait)
        return Found(verdict="UNKNOWN", why=why)

    def _client(self) -> Any:
        """The package's client, with requests of ours: its own drop the Retry-After header, and take a 502 for an empty answer."""
        import httpx
        from semanticscholar import SemanticScholar as Client
        from semanticscholar.ApiRequester import ApiRequester
        from semanticscholar.SemanticScholarException import ObjectNotFoundException

        told = {"User-Agent": self._agent}

        class Requester(ApiRequester):
            async def get_data_async(
                self, url: str, parameters: str, headers: dict[str, str], payload: Any = None
            ) -> Any:
                async with httpx.AsyncClient(timeout=self.timeout, verify=certificates()) as client:
                    answer = await client.get(url, params=parameters.lstrip("&"), headers={**headers, **told})
                if answer.status_code == 404:
                    raise ObjectNotFoundException(answer.text[:200])
                if answer.status_code != 200:
                    why = "too many requests (HTTP 429)" if answer.status_code == 429 else f"HTTP {answer.status_code}"
                    passing = answer.status_code in PASSING
                    raise _NoAnswerError(why, (wait_asked(answer.headers, time.time()) or 0.0) if passing else None)
                return answer.json()

        client = Client(**self._options, retry=False)
        client._AsyncSemanticScholar._requester = Requester(self._options["timeout"], retry=False)
        return client


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
