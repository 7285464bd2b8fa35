"""Semantic Scholar over HTTP, against a server on this machine."""

import json
import time
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from ai_scientist.literature.semantic_scholar import SemanticScholar
from tests.ai_scientist.literature.serving import Service

PAPER = {
    "paperId": "1",
    "title": "On Calibration of Modern Neural Networks",
    "authors": [{"name": "Chuan Guo"}, {"name": "Geoff Pleiss"}],
    "venue": "ICML",
    "year": 2017,
    "externalIds": {"ArXiv": "1706.04599"},
    "url": "https://www.semanticscholar.org/paper/1",
    "abstract": "Modern neural networks are poorly calibrated.",
}


@pytest.fixture
def source(service: Service) -> SemanticScholar:
    return SemanticScholar(api_url=service.address, timeout=5, pause=0)


def answers(service: Service, status: int, body: object) -> None:
    service.say("/", (status, body if isinstance(body, str) else json.dumps(body)))


def test_a_paper_becomes_a_reference(service: Service, source: SemanticScholar):
    untold = {"title": "No author", "authors": [], "year": 2020}
    answers(service, 200, {"total": 2, "offset": 0, "data": [PAPER, untold]})
    found = source.search("calibration: early-stopping & more#x", limit=5)
    assert found.verdict == "PASS"
    (reference,) = found.references
    assert (reference.key, reference.source) == ("guo2017calibration", "semantic_scholar")
    assert reference.authors == ("Chuan Guo", "Geoff Pleiss") and reference.arxiv == "1706.04599"
    query = parse_qs(urlsplit(service.asked[0]).query)
    assert query["query"] == ["calibration early stopping more x"], "a query cannot add parameters of its own"
    assert query["limit"] == ["5"]


def test_nothing_found_is_a_pass(service: Service, source: SemanticScholar):
    answers(service, 200, {"total": 0, "offset": 0, "data": []})
    assert source.search("nothing").verdict == "PASS"
    answers(service, 404, {"error": "Paper with id DOI:10.1/x not found"})
    assert source.lookup(doi="10.1/x").verdict == "PASS"


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (429, {"message": "Too Many Requests"}),
        (403, {"message": "Forbidden"}),
        (500, {"message": "Internal Server Error"}),
        (502, "<html>Bad Gateway</html>"),
        (503, ""),
        (500, "<html>not JSON</html>"),
        (504, {"unexpected": "form"}),
        (200, "not JSON"),
        (200, {"data": "not a list of papers", "total": 1}),
        (200, {}),
    ],
)
def test_whatever_goes_wrong_is_unknown_and_says_why(
    service: Service, source: SemanticScholar, status: int, body: object
):
    answers(service, status, body)
    started = time.monotonic()
    for found in (source.search("calibration"), source.lookup(doi="10.1/x")):
        assert found.verdict == "UNKNOWN" and found.why and found.references == ()
    assert time.monotonic() - started < 4, "the package's own retrying is off"


def test_a_server_that_is_not_there_is_unknown():
    found = SemanticScholar(api_url="http://127.0.0.1:9", timeout=2, pause=0).search("calibration")
    assert found.verdict == "UNKNOWN" and "Connect" in found.why


def test_lookup_by_number_and_by_title(service: Service, source: SemanticScholar):
    answers(service, 200, PAPER)
    (reference,) = source.lookup(arxiv="arXiv:1706.04599v2").references
    assert reference.title == PAPER["title"]
    assert unquote(service.asked[-1]).split("?")[0].endswith("/paper/ARXIV:1706.04599")
    answers(service, 200, {"total": 2, "offset": 0, "data": [PAPER | {"title": "Another"}, PAPER]})
    assert [r.title for r in source.lookup(title="on calibration of modern neural networks").references] == [
        PAPER["title"]
    ]
    assert source.lookup(title="On calibration").references == ()


def test_requests_are_paced(service: Service):
    answers(service, 200, {"total": 0, "offset": 0, "data": []})
    source = SemanticScholar(api_url=service.address, timeout=5, pause=0.3)
    source.search("one")
    started = time.monotonic()
    source.search("two")
    assert time.monotonic() - started >= 0.3


def test_it_says_who_asks_and_shows_its_key(service: Service) -> None:
    service.say("/", (200, json.dumps({"total": 0, "offset": 0, "data": []})))
    SemanticScholar(api_key="s3cret", api_url=service.address, pause=0, contact="a@example.org").search("one")
    SemanticScholar(api_url=service.address, pause=0).search("two")
    with_key, without = service.headers
    assert with_key["x-api-key"] == "s3cret" and "x-api-key" not in without
    assert with_key["user-agent"].startswith("ai-scientist-lab/") and "a@example.org" in with_key["user-agent"]
    assert "s3cret" not in "".join(service.asked)


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_passing_fault_is_waited_for(service: Service, status: int) -> None:
    service.say("/", (status, "", {"Retry-After": "1"}), (200, json.dumps(PAPER)))
    found = SemanticScholar(api_url=service.address, pause=0).lookup(arxiv="1706.04599")
    assert found.verdict == "PASS" and len(found.references) == 1
    assert service.times[1] - service.times[0] >= 1


def test_patience_has_an_end(service: Service) -> None:
    service.say("/", (429, "", {"Retry-After": "3600"}))
    started = time.monotonic()
    found = SemanticScholar(api_url=service.address, pause=0).search("calibration")
    assert found.verdict == "UNKNOWN" and "429" in found.why
    assert len(service.asked) == 1 and time.monotonic() - started < 5
    service.say("/", (429, ""))
    assert SemanticScholar(api_url=service.address, pause=0, attempts=2).search("calibration").verdict == "UNKNOWN"
    assert len(service.asked) == 3


def test_silence_is_unknown(service: Service) -> None:
    service.delay = 0.4
    service.say("/", (200, json.dumps(PAPER)))
    found = SemanticScholar(api_url=service.address, pause=0, timeout=0.1, attempts=1).lookup(doi="10.1/x")
    assert found.verdict == "UNKNOWN" and "Timeout" in found.why


def test_what_a_record_lacks(service: Service, source: SemanticScholar) -> None:
    bare = {"paperId": "1", "title": "Bare", "authors": [{"name": "A B"}, {"name": None}], "year": 2001}
    empty = dict.fromkeys(("externalIds", "venue", "publicationVenue", "abstract", "url"))
    answers(service, 200, {"total": 1, "offset": 0, "data": [bare | empty]})
    (found,) = source.search("bare").references
    assert (found.authors, found.doi, found.arxiv, found.venue, found.abstract) == (("A B",), "", "", "", "")
    for lacking in ({"authors": None}, {"year": None}, {"title": None}):
        answers(service, 200, bare | empty | lacking)
        found = source.lookup(doi="10.1/x")
        assert found.verdict == "UNKNOWN" and "lacks" in found.why, "it exists, though nothing can be compared"


def test_one_page_is_enough(service: Service) -> None:
    papers = [PAPER | {"paperId": str(n), "title": f"Paper {n}"} for n in range(10)]
    service.say("/", (200, json.dumps({"total": 900, "offset": 0, "next": 10, "data": papers})))
    found = SemanticScholar(api_url=service.address, pause=0).search("paper", limit=4)
    assert [reference.title for reference in found.references] == [f"Paper {n}" for n in range(4)]
    assert len(service.asked) == 1


def test_a_lookup_that_no_number_answers_goes_on_to_the_title(service: Service) -> None:
    service.say("/paper/DOI:", (404, json.dumps({"error": "not found"})))
    service.say("/graph/v1/paper/DOI:", (404, json.dumps({"error": "not found"})))
    for start in ("/paper/search", "/graph/v1/paper/search"):
        service.say(start, (200, json.dumps({"total": 1, "offset": 0, "data": [PAPER]})))
    found = SemanticScholar(api_url=service.address, pause=0).lookup(doi="10.1/x", title=PAPER["title"])
    assert len(found.references) == 1 and len(service.asked) == 2
