"""`ai-scientist literature check` against a server on this machine in place of the registries."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from ai_scientist import cli
from ai_scientist.literature.shelf import Shelf
from tests.ai_scientist.literature.serving import Service

SHELF = {entry.key: entry.reference for entry in Shelf.bundled().entries}
SMOTE, GUO, DROPOUT = SHELF["chawla2002smote"], SHELF["guo2017calibration"], SHELF["srivastava2014dropout"]


def atom(year: int) -> str:
    authors = "".join(f"<author><name>{name}</name></author>" for name in GUO.authors)
    return (
        f'<feed xmlns="http://www.w3.org/2005/Atom"><title>ArXiv Query</title><entry><id>http://arxiv.org/abs/{GUO.arxiv}v2</id>'
        f"<published>{year}-06-14T17:50:06Z</published><title>{GUO.title}</title>{authors}</entry></feed>"
    )


@pytest.fixture
def known(service: Service) -> Service:
    """All three services at one address, which know three works of the shelf."""
    authors = [dict(zip(("given", "family"), name.rsplit(" ", 1), strict=True)) for name in SMOTE.authors]
    smote = {"DOI": SMOTE.doi, "title": [SMOTE.title], "author": authors, "issued": {"date-parts": [[SMOTE.year]]}}
    paper = {
        "paperId": "1",
        "title": DROPOUT.title,
        "authors": [{"name": name} for name in DROPOUT.authors],
        "year": DROPOUT.year,
        "externalIds": None,
    }
    service.say("/works/10.1613%2Fjair.953", (200, json.dumps({"message": smote})))
    service.say("/query", (200, atom(2017)))
    service.say("/graph/v1/paper/search", (200, json.dumps({"total": 1, "offset": 0, "data": [paper]})))
    service.say("/paper/search", (200, json.dumps({"total": 1, "offset": 0, "data": [paper]})))
    return service


def check(address: str, *arguments: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    at = [f"--{name}={address}" for name in ("crossref", "arxiv", "semantic-scholar")]
    arguments = ("ai-scientist", "literature", "check", *arguments, *at, "--pause=0", "--timeout=5")
    monkeypatch.setattr(sys, "argv", list(arguments))
    with pytest.raises(SystemExit) as ended:
        cli.main()
    return ended.value.code, capsys.readouterr().out.splitlines()


KEYS = (SMOTE.key, GUO.key, DROPOUT.key)


def test_all_agree(known: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    log = f"--log={tmp_path / 'log.jsonl'}"
    code, said = check(known.address, *KEYS, log, "--contact=a@example.org", monkeypatch=monkeypatch, capsys=capsys)
    assert code == 0
    by = {key: next(line for line in said if key in line) for key in KEYS}
    assert "crossref by DOI" in by[SMOTE.key] and "arxiv by number" in by[GUO.key]
    assert "semantic_scholar by title" in by[DROPOUT.key]
    assert said[-1] == "3 records: 3 agrees."
    assert len(known.asked) == 3
    assert {headers["user-agent"].split("(")[1] for headers in known.headers} == {"mailto:a@example.org)"}
    code, again = check(known.address, *KEYS, log, monkeypatch=monkeypatch, capsys=capsys)
    assert (code, again, len(known.asked)) == (0, said, 3)


def test_a_difference_has_a_code(
    known: Service, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    known.say("/query", (200, atom(2019)))
    code, said = check(known.address, *KEYS, monkeypatch=monkeypatch, capsys=capsys)
    assert code == 9
    assert any("DIFFERS" in line and "year: '2017', where arxiv has '2019'" in line for line in said)
    assert said[-1] == "3 records: 2 agrees, 1 differs."


def test_no_service(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    code, said = check("http://127.0.0.1:9", *KEYS, monkeypatch=monkeypatch, capsys=capsys)
    assert code == 10
    assert said[-1] == "3 records: 3 could not be reached."


def test_an_unknown_key_is_a_sentence(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "argv", ["ai-scientist", "literature", "check", "nobody1999nothing"])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 2
    assert "no record 'nobody1999nothing'" in capsys.readouterr().err
