"""Whether cited works exist, asked of a server on this machine in place of the services."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from ai_scientist_reviewer.ports import Cited, Looked

from ai_scientist.literature import cited
from tests.ai_scientist.literature.serving import Service

SMOTE = Cited(
    "Chawla and others. SMOTE. JAIR, 2002.",
    "SMOTE: Synthetic Minority Over-sampling Technique",
    ("Chawla", "Bowyer", "Hall", "Kegelmeyer"),
    "2002",
    doi="10.1613/jair.953",
)
WORK = {
    "DOI": SMOTE.doi,
    "title": [SMOTE.title],
    "author": [{"given": "N.", "family": name} for name in SMOTE.authors],
    "issued": {"date-parts": [[2002]]},
}
NOTHING = json.dumps({"message": {"items": [], "total-results": 0}})
NO_PAPERS = json.dumps({"total": 0, "offset": 0, "data": []})
NO_FEED = '<feed xmlns="http://www.w3.org/2005/Atom"><title>ArXiv Query</title></feed>'
INVENTED = Cited(
    "A. Nobody. On the colour of gradients. NeurIPS, 2021.", "On the colour of gradients", ("Nobody",), "2021"
)


@pytest.fixture
def services(service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Service:
    """All services at one address; they know nothing yet."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.delenv("SEMANTIC_SCHOLAR_API_KEY", raising=False)
    service.say("/works?", (200, NOTHING))
    service.say("/query", (200, NO_FEED))
    for path in ("/graph/v1/paper/search", "/paper/search"):
        service.say(path, (200, NO_PAPERS))
    return service


def ask(service: Service, one: Cited) -> Looked:
    at = service.address
    sources = cited.online(crossref=at, arxiv=at, semantic_scholar=at, resolver=f"{at}/handles", pauses=(0, 0))
    (answer,) = sources.look_up([one])
    return answer


def test_a_doi_that_is_registered(services: Service) -> None:
    services.say("/works/10.1613", (200, json.dumps({"message": WORK})))
    answer = ask(services, SMOTE)
    assert (answer.verdict, answer.source, answer.title, answer.year) == ("found", "crossref", SMOTE.title, "2002")
    assert answer.authors == SMOTE.authors
    assert not answer.retracted


def test_a_work_that_was_retracted(services: Service) -> None:
    services.say("/works/10.1613", (200, json.dumps({"message": WORK})))
    services.say("/works?filter=updates", (200, json.dumps({"message": {"items": [], "total-results": 1}})))
    assert ask(services, SMOTE).retracted
    named: dict[str, Any] = {**WORK, "DOI": "10.1/other", "title": [f"RETRACTED: {SMOTE.title}"]}
    services.say("/works?filter=updates", (200, NOTHING))
    services.say("/works/10.1%2Fother", (200, json.dumps({"message": named})))
    answer = ask(services, replace(SMOTE, doi="10.1/other"))
    assert (answer.retracted, answer.title) == (True, SMOTE.title)


def test_a_doi_that_nobody_gave(services: Service) -> None:
    answer = ask(services, replace(SMOTE, doi="10.1613/jair.999999"))
    assert (answer.verdict, answer.source) == ("absent", "doi.org")
    assert "10.1613/jair.999999 is not registered" in answer.why


def test_a_doi_of_another_registry_is_not_absent(services: Service) -> None:
    services.say("/handles/10.5281/zenodo.1", (200, '{"responseCode": 1}'))
    answer = ask(services, replace(INVENTED, doi="10.5281/zenodo.1", text="Nobody. A data set. Zenodo, 2021."))
    assert answer.verdict == "unknown"


def test_a_number_that_arxiv_never_gave(services: Service) -> None:
    answer = ask(services, replace(INVENTED, arxiv="2113.99999"))
    assert (answer.verdict, answer.why) == ("absent", "there is no 2113.99999 on arXiv")


def test_a_title_that_nobody_knows(services: Service) -> None:
    answer = ask(services, INVENTED)
    assert answer.verdict == "absent"
    assert "semantic_scholar, crossref" in answer.why


@pytest.mark.parametrize("kind", ["Springer Press", "GitHub repository", "PhD thesis", "https://example.org"])
def test_books_and_programs_that_nobody_knows_may_exist(kind: str, services: Service) -> None:
    assert ask(services, replace(INVENTED, text=f"A. Nobody. On gradients. {kind}, 2021.")).verdict == "unknown"


@pytest.mark.parametrize("path", ["/works?", "/paper/search"])
def test_an_outage_is_unknown_and_not_absent(path: str, services: Service) -> None:
    services.say(path, (403, "{}"))
    if path == "/paper/search":
        services.say("/graph/v1/paper/search", (403, "{}"))
    answer = ask(services, INVENTED)
    assert answer.verdict == "unknown"
    assert "HTTP 403" in answer.why


def test_a_title_without_its_subtitle_is_the_same_work(services: Service) -> None:
    known = {**WORK, "title": ["On the colour of gradients"], "subtitle": ["A study in blue"]}
    services.say("/works?query", (200, json.dumps({"message": {"items": [known]}})))
    answer = ask(services, replace(INVENTED, doi=""))
    assert (answer.verdict, answer.source) == ("found", "crossref")


def test_what_was_answered_is_not_asked_again(services: Service) -> None:
    ask(services, INVENTED)
    asked = len(services.asked)
    assert ask(services, INVENTED).verdict == "absent"
    assert len(services.asked) == asked


def test_the_shelf_alone_knows_its_works_and_says_nothing_of_others() -> None:
    known, other = cited.offline().look_up([replace(SMOTE, doi=""), INVENTED])
    assert (known.verdict, known.year) == ("found", "2002")
    assert (other.verdict, other.why) == ("unknown", "nobody was asked (--online)")
