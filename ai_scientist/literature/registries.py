"""Crossref and arXiv: the registries of DOIs and of arXiv numbers, as literature sources."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree

from ai_scientist.literature import bibtex
from ai_scientist.literature.base import Found
from ai_scientist.literature.http import Client, Outage
from ai_scientist.literature.identity import plain, plain_arxiv, plain_doi
from ai_scientist.records import Reference

CROSSREF = "https://api.crossref.org"
ARXIV = "https://export.arxiv.org/api"
_ATOM = {"atom": "http://www.w3.org/2005/Atom", "arxiv": "http://arxiv.org/schemas/atom"}
_YEARS = ("published-print", "published-online", "published", "issued")


class Crossref:
    """By DOI, or by the words of a title."""

    name = "crossref"

    def __init__(self, client: Client, address: str = CROSSREF) -> None:
        self._client, self._address = client, address.rstrip("/")

    def search(self, query: str, limit: int = 10) -> Found:
        words = " ".join(re.findall(r"\w+", query))
        asked = {"query.bibliographic": words, "rows": str(max(1, min(limit, 100)))}

        def works() -> Found:
            answer = self._client.get(f"{self._address}/works", asked)
            items = json.loads(answer)["message"]["items"] if answer is not None else ()
            return Found(references=tuple(work for item in items if (work := crossref_work(item))))

        return answered(works) if words else Found()

    def lookup(self, *, doi: str = "", arxiv: str = "", title: str = "") -> Found:
        if not plain_doi(doi):
            return titled(self, title)

        def work() -> Found:
            answer = self._client.get(f"{self._address}/works/{quote(plain_doi(doi), safe='')}")
            if answer is None:
                return Found()
            found = crossref_work(json.loads(answer)["message"])
            if found is None:
                raise Outage("its record of this DOI lacks a title, an author or a year")
            return Found(references=(found,))

        return answered(work)


class Arxiv:
    """By number, or by the words of a title. A record has the year of the first version."""

    name = "arxiv"

    def __init__(self, client: Client, address: str = ARXIV) -> None:
        self._client, self._address = client, address.rstrip("/")

    def search(self, query: str, limit: int = 10) -> Found:
        words = re.findall(r"\w+", query)
        asked = " AND ".join(f"all:{word}" for word in words)
        return self._asked({"search_query": asked, "max_results": str(max(1, min(limit, 100)))}) if words else Found()

    def lookup(self, *, doi: str = "", arxiv: str = "", title: str = "") -> Found:
        number = plain_arxiv(arxiv)
        return self._asked({"id_list": number, "max_results": "1"}) if number else titled(self, title)

    def _asked(self, parameters: dict[str, str]) -> Found:
        def works() -> Found:
            answer = self._client.get(f"{self._address}/query", parameters)
            if answer is None:
                raise Outage("HTTP 404")
            entries = ElementTree.fromstring(answer).findall("atom:entry", _ATOM)
            # A fault comes as a feed with one entry of this title, with the status of a success.
            if entries and (entries[0].findtext("atom:title", "", _ATOM)).strip() == "Error":
                raise Outage(
                    " ".join(entries[0].findtext("atom:summary", "", _ATOM).split())[:200] or "a fault without words"
                )
            return Found(references=tuple(work for entry in entries if (work := arxiv_work(entry))))

        return answered(works)


def answered(ask: Callable[[], Found]) -> Found:
    """The answer, or UNKNOWN and the cause."""
    try:
        return ask()
    except Outage as outage:
        why = str(outage)
    except ElementTree.ParseError:
        why = "an answer that is no feed"
    except (ValueError, KeyError, TypeError, AttributeError) as error:  # not of the service's form
        why = f"an answer that cannot be read ({type(error).__name__})"
    return Found(verdict="UNKNOWN", why=why)


def titled(source: Crossref | Arxiv, title: str) -> Found:
    """The work of exactly that title among those that a search brings."""
    found = source.search(title, limit=5)
    return found.model_copy(
        update={"references": tuple(r for r in found.references if plain(r.title) == plain(title))[:1]}
    )


def crossref_work(item: dict[str, Any]) -> Reference | None:
    """A work as Crossref's API has it; None where it lacks what a citation needs."""
    title = ": ".join(
        cleaned(part) for part in ((item.get("title") or [""])[0], (item.get("subtitle") or [""])[0]) if part
    )
    authors = tuple(
        cleaned(f"{author.get('given') or ''} {author.get('family') or author.get('name') or ''}")
        for author in item.get("author") or ()
    )
    years = [
        parts[0][0]
        for name in _YEARS
        if (parts := (item.get(name) or {}).get("date-parts")) and parts[0] and parts[0][0]
    ]
    if not title or not authors or not years:
        return None
    return keyed(
        title=title,
        authors=authors,
        venue=cleaned((item.get("container-title") or [""])[0]),
        year=years[0],
        doi=item.get("DOI") or "",
        url=item.get("URL") or "",
        source="crossref",
    )


def arxiv_work(entry: ElementTree.Element) -> Reference | None:
    """A work as arXiv's feed has it; None where it lacks what a citation needs. The title comes wrapped, the number with a version."""
    text = {
        name: " ".join(entry.findtext(f"atom:{name}", "", _ATOM).split())
        for name in ("id", "title", "published", "summary")
    }
    authors = tuple(" ".join((name.text or "").split()) for name in entry.findall("atom:author/atom:name", _ATOM))
    if not text["title"] or not authors or not text["published"][:4].isdigit():
        return None
    return keyed(
        title=text["title"],
        authors=authors,
        venue="arXiv preprint",
        year=int(text["published"][:4]),
        doi=entry.findtext("arxiv:doi", "", _ATOM).strip(),
        arxiv=plain_arxiv(text["id"]),
        url=text["id"],
        abstract=text["summary"],
        source="arxiv",
    )


def keyed(**fields: Any) -> Reference:
    reference = Reference(
        key="", checked_against=({"crossref": "crossref.org", "arxiv": "arxiv.org"}[fields["source"]],), **fields
    )
    return reference.model_copy(update={"key": bibtex.key(reference)})


def cleaned(text: str) -> str:
    """Without markup, on one line."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", "", text)).split())
