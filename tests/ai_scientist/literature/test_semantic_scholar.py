"""Semantic Scholar over HTTP, against a server on this machine."""

import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from ai_scientist.literature.semantic_scholar import SemanticScholar

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


class Service(BaseHTTPRequestHandler):
    """Answers with what the test put there, and remembers what it was asked."""

    status: ClassVar[int] = 200
    body: ClassVar[bytes] = b"{}"
    asked: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        Service.asked.append(self.path)
        self.send_response(Service.status)
        self.send_header("Content-Length", str(len(Service.body)))
        self.end_headers()
        self.wfile.write(Service.body)

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture
def address() -> Iterator[str]:
    Service.asked.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Service)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def source(address: str) -> SemanticScholar:
    return SemanticScholar(api_url=address, timeout=5, pause=0)


def answers(status: int, body: object) -> None:
    Service.status = status
    Service.body = body if isinstance(body, bytes) else json.dumps(body).encode()


def test_a_paper_becomes_a_reference(source: SemanticScholar):
    untold = {"title": "No author", "authors": [], "year": 2020}
    answers(200, {"total": 2, "offset": 0, "data": [PAPER, untold]})
    found = source.search("calibration: early-stopping & more#x", limit=5)
    assert found.verdict == "PASS"
    (reference,) = found.references
    assert (reference.key, reference.source) == ("guo2017calibration", "semantic_scholar")
    assert reference.authors == ("Chuan Guo", "Geoff Pleiss") and reference.arxiv == "1706.04599"
    query = parse_qs(urlsplit(Service.asked[0]).query)
    assert query["query"] == ["calibration early stopping more x"], "a query cannot add parameters of its own"
    assert query["limit"] == ["5"]


def test_nothing_found_is_a_pass(source: SemanticScholar):
    answers(200, {"total": 0, "offset": 0, "data": []})
    assert source.search("nothing").verdict == "PASS"
    answers(404, {"error": "Paper with id DOI:10.1/x not found"})
    assert source.lookup(doi="10.1/x").verdict == "PASS"


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (429, {"message": "Too Many Requests"}),
        (403, {"message": "Forbidden"}),
        (500, {"message": "Internal Server Error"}),
        (502, b"<html>Bad Gateway</html>"),
        (503, b""),
        (500, b"<html>not JSON</html>"),
        (504, {"unexpected": "form"}),
        (200, b"not JSON"),
        (200, {"data": "not a list of papers", "total": 1}),
        (200, {}),
    ],
)
def test_whatever_goes_wrong_is_unknown_and_says_why(source: SemanticScholar, status: int, body: object):
    answers(status, body)
    started = time.monotonic()
    for found in (source.search("calibration"), source.lookup(doi="10.1/x")):
        assert found.verdict == "UNKNOWN" and found.why and found.references == ()
    assert time.monotonic() - started < 4, "the package's own retrying is off"


def test_a_server_that_is_not_there_is_unknown():
    found = SemanticScholar(api_url="http://127.0.0.1:9", timeout=2, pause=0).search("calibration")
    assert found.verdict == "UNKNOWN" and "Connect" in found.why


def test_lookup_by_number_and_by_title(source: SemanticScholar):
    answers(200, PAPER)
    (reference,) = source.lookup(arxiv="arXiv:1706.04599v2").references
    assert reference.title == PAPER["title"]
    assert unquote(Service.asked[-1]).split("?")[0].endswith("/paper/ARXIV:1706.04599")
    answers(200, {"total": 2, "offset": 0, "data": [PAPER | {"title": "Another"}, PAPER]})
    assert [r.title for r in source.lookup(title="on calibration of modern neural networks").references] == [
        PAPER["title"]
    ]
    assert source.lookup(title="On calibration").references == ()


def test_requests_are_paced(address: str):
    answers(200, {"total": 0, "offset": 0, "data": []})
    source = SemanticScholar(api_url=address, timeout=5, pause=0.3)
    source.search("one")
    started = time.monotonic()
    source.search("two")
    assert time.monotonic() - started >= 0.3
