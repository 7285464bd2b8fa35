"""Crossref and arXiv over HTTP, in the forms that their services answer in, from a server on this machine."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from ai_scientist.literature.http import Client
from ai_scientist.literature.registries import Arxiv, Crossref
from tests.ai_scientist.literature.serving import Service

SMOTE: dict[str, Any] = {
    "DOI": "10.1613/jair.953",
    "type": "journal-article",
    "title": ["SMOTE: Synthetic <i>Minority</i> Over-sampling &amp; More"],
    "author": [
        {"given": "N. V.", "family": "Chawla", "sequence": "first", "affiliation": []},
        {"name": "A Consortium", "sequence": "additional", "affiliation": []},
    ],
    "container-title": ["Journal of Artificial Intelligence Research"],
    "issued": {"date-parts": [[2011, 6, 1]]},
    "published-print": {"date-parts": [[2002, 6]]},
    "URL": "https://doi.org/10.1613/jair.953",
}

FEED = """<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom">
  <link href="http://arxiv.org/api/query?id_list=1706.04599" rel="self" type="application/atom+xml"/>
  <title type="html">ArXiv Query: search_query=&amp;id_list=1706.04599&amp;start=0&amp;max_results=1</title>
  <id>http://arxiv.org/api/1</id>
  <updated>2026-01-01T00:00:00-04:00</updated>
  <opensearch:totalResults xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/">1</opensearch:totalResults>
  {entries}
</feed>"""
ENTRY = """<entry>
    <id>http://arxiv.org/abs/1706.04599v2</id>
    <updated>2017-08-03T14:23:20Z</updated>
    <published>2017-06-14T17:50:06Z</published>
    <title>On Calibration of
  Modern Neural Networks</title>
    <summary>  Confidence calibration -- the problem of predicting
probabilities.
</summary>
    <author><name>Chuan Guo</name></author>
    <author><name>Geoff Pleiss</name></author>
    <arxiv:comment xmlns:arxiv="http://arxiv.org/schemas/atom">ICML 2017</arxiv:comment>
  </entry>"""
FAULT = """<entry>
    <id>http://arxiv.org/api/errors#incorrect_id_format_for_x</id>
    <title>Error</title>
    <summary>incorrect id format for x</summary>
    <author><name>arXiv api core</name></author>
  </entry>"""


@pytest.fixture
def crossref(service: Service) -> Crossref:
    return Crossref(Client(0, 5), service.address)


@pytest.fixture
def arxiv(service: Service) -> Arxiv:
    return Arxiv(Client(0, 5), f"{service.address}/api/")


def work(**changes: Any) -> str:
    return json.dumps({"status": "ok", "message-type": "work", "message": SMOTE | changes})


def test_a_doi_becomes_a_reference(service: Service, crossref: Crossref) -> None:
    service.say("/works/10.1613%2Fjair.953", (200, work()))
    (found,) = crossref.lookup(doi="https://doi.org/10.1613/JAIR.953").references
    assert found.title == "SMOTE: Synthetic Minority Over-sampling & More"
    assert found.authors == ("N. V. Chawla", "A Consortium")
    assert (found.year, found.doi, found.source) == (2002, "10.1613/jair.953", "crossref")
    assert found.venue == "Journal of Artificial Intelligence Research"


def test_a_subtitle_belongs_to_the_title(service: Service, crossref: Crossref) -> None:
    service.say("/works/", (200, work(title=["SMOTE"], subtitle=["Synthetic Minority Over-sampling"])))
    (found,) = crossref.lookup(doi="10.1613/jair.953").references
    assert found.title == "SMOTE: Synthetic Minority Over-sampling"


def test_an_unknown_doi_is_not_an_outage(service: Service, crossref: Crossref) -> None:
    service.say("/works/", (404, "Resource not found."))
    found = crossref.lookup(doi="10.1/none")
    assert (found.verdict, found.references) == ("PASS", ())


@pytest.mark.parametrize(
    "body",
    [
        work(author=[]),
        work(title=[]),
        work(issued={"date-parts": [[None]]}, **{"published-print": None}),
        json.dumps({"message": []}),
        json.dumps([]),
        "<html>maintenance</html>",
        "",
    ],
)
def test_an_answer_without_what_is_compared_is_unknown(service: Service, crossref: Crossref, body: str) -> None:
    service.say("/works/", (200, body))
    found = crossref.lookup(doi="10.1613/jair.953")
    assert found.verdict == "UNKNOWN" and found.why


def test_a_title_has_to_be_the_same(service: Service, crossref: Crossref) -> None:
    items = [SMOTE | {"title": ["SMOTE for regression"]}, {"DOI": "10.1/untitled"}, SMOTE]
    service.say("/works?", (200, json.dumps({"message": {"items": items}})))
    (found,) = crossref.lookup(title="SMOTE: synthetic minority over-sampling & more").references
    assert found.doi == "10.1613/jair.953"
    asked = parse_qs(urlsplit(service.asked[0]).query)["query.bibliographic"]
    assert asked == ["SMOTE synthetic minority over sampling more"]
    assert crossref.lookup(title="SMOTE").references == ()


def test_a_number_becomes_a_reference(service: Service, arxiv: Arxiv) -> None:
    service.say("/api/query", (200, FEED.format(entries=ENTRY)))
    (found,) = arxiv.lookup(arxiv="arXiv:1706.04599v1").references
    assert found.title == "On Calibration of Modern Neural Networks"
    assert found.authors == ("Chuan Guo", "Geoff Pleiss")
    assert (found.year, found.arxiv, found.source) == (2017, "1706.04599", "arxiv")
    assert found.abstract.startswith("Confidence calibration -- the problem of predicting probabilities")
    assert parse_qs(urlsplit(service.asked[0]).query)["id_list"] == ["1706.04599"]


def test_a_feed_without_entries_is_nothing_found(service: Service, arxiv: Arxiv) -> None:
    service.say("/api/query", (200, FEED.format(entries="")))
    found = arxiv.lookup(arxiv="1706.99999")
    assert (found.verdict, found.references) == ("PASS", ())


@pytest.mark.parametrize(
    ("status", "body", "says"),
    [
        (200, FEED.format(entries=FAULT), "incorrect id format"),
        (200, "Rate exceeded.", "no feed"),
        (200, "", "no feed"),
        (404, "", "404"),
        (503, "", "503"),
    ],
)
def test_what_arxiv_says_of_itself_is_no_work(
    service: Service, arxiv: Arxiv, status: int, body: str, says: str
) -> None:
    service.say("/api/query", (status, body))
    found = arxiv.lookup(arxiv="1706.04599")
    assert found.verdict == "UNKNOWN" and says in found.why
