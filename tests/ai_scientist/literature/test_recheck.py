"""Checking records again: what agrees, what differs and in which field, and what nobody could say."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ai_scientist.literature.base import Found
from ai_scientist.literature.recheck import Checked, recheck
from ai_scientist.records import Reference

WORK = Reference(
    key="guo2017calibration",
    title="On Calibration: Of Networks",
    authors=("Chuan Guo", "Geoff Pleiss"),
    venue="ICML",
    year=2017,
    doi="10.1/x",
    source="shelf",
)
OUTAGE = Found(verdict="UNKNOWN", why="HTTP 503")


class Registry:
    """Says what it is told to, and counts how often."""

    def __init__(self, name: str, answer: Found | None = None, **changes: Any) -> None:
        self.name = name
        self.asked: list[dict[str, str]] = []
        known = Found(references=(WORK.model_copy(update={"source": name, **changes}),))
        self.answer = known if answer is None else answer

    def search(self, query: str, limit: int = 10) -> Found:
        raise AssertionError("a record is looked up, not searched for")

    def lookup(self, *, doi: str = "", arxiv: str = "", title: str = "") -> Found:
        self.asked.append({"doi": doi, "arxiv": arxiv, "title": title})
        return self.answer


def outcome(
    work: Reference = WORK,
    crossref: Registry | None = None,
    arxiv: Registry | None = None,
    *others: Registry,
    log: Path | None = None,
) -> Checked:
    crossref, arxiv = crossref or Registry("crossref", OUTAGE), arxiv or Registry("arxiv", OUTAGE)
    (one,) = recheck([work], crossref, arxiv, others, log)
    return one


def changed(**changes: Any) -> Reference:
    return WORK.model_copy(update=changes)


def test_a_record_that_agrees() -> None:
    assert outcome(crossref=Registry("crossref")).outcome == "agrees"


@pytest.mark.parametrize(
    ("field", "theirs"),
    [
        ("title", "On Calibration: Of Trees"),
        ("authors", ("Chuan Guo",)),
        ("authors", ("Geoff Pleiss", "Chuan Guo")),
        ("year", 2018),
        ("doi", "10.1/y"),
    ],
)
def test_a_difference_names_its_field(field: str, theirs: Any) -> None:
    one = outcome(crossref=Registry("crossref", **{field: theirs}))
    assert one.outcome == "differs"
    assert f"{field}: '" in one.why and "crossref by DOI" in one.why


def test_a_subtitle_may_be_missing_at_crossref_only() -> None:
    assert outcome(crossref=Registry("crossref", title="On Calibration")).outcome == "agrees"
    by_number = changed(doi="", arxiv="1706.04599")
    assert outcome(by_number, None, Registry("arxiv", title="On Calibration")).outcome == "differs"


@pytest.mark.parametrize(
    ("year", "expected"), [(2017, "agrees"), (2014, "agrees"), (2013, "differs"), (2018, "differs")]
)
def test_a_work_may_appear_some_years_after_its_preprint(year: int, expected: str) -> None:
    work = changed(doi="", arxiv="1706.04599")
    assert outcome(work, None, Registry("arxiv", year=year, doi="")).outcome == expected
    assert outcome(crossref=Registry("crossref", year=2016)).outcome == "differs", "Crossref has the work's own year"


def test_a_preprint_has_the_year_of_its_first_version() -> None:
    work = changed(doi="", arxiv="1706.04599", venue="arXiv preprint")
    assert outcome(work, None, Registry("arxiv", year=2016, doi="")).outcome == "differs"


def test_an_outage_is_neither_agreement_nor_absence() -> None:
    assert outcome().outcome == "could not be reached"
    assert outcome(crossref=Registry("crossref", Found())).outcome == "not found"
    both = changed(arxiv="1706.04599")
    assert outcome(both, Registry("crossref"), Registry("arxiv", OUTAGE)).outcome == "could not be reached"
    assert outcome(both, Registry("crossref"), Registry("arxiv", Found())).outcome == "not found"
    assert outcome(both, Registry("crossref", year=2018), Registry("arxiv", OUTAGE)).outcome == "differs"
    assert outcome(both, Registry("crossref"), Registry("arxiv")).outcome == "agrees"


def test_a_record_without_a_number_is_looked_up_by_title() -> None:
    work = changed(doi="")
    first, second = Registry("semantic_scholar", OUTAGE), Registry("crossref")
    one = outcome(work, None, None, first, second)
    assert one.outcome == "agrees" and "by title" in one.why
    assert first.asked == second.asked == [{"doi": "", "arxiv": "", "title": WORK.title}]
    assert outcome(work, None, None, Registry("semantic_scholar", Found()), Registry("crossref", OUTAGE)).outcome == (
        "could not be reached"
    )
    assert outcome(work).outcome == "could not be reached"


def test_a_log_spares_what_agreed_and_has_not_changed(tmp_path: Path) -> None:
    log = tmp_path / "log.jsonl"
    crossref = Registry("crossref")
    assert outcome(crossref=crossref, log=log) == outcome(crossref=crossref, log=log)
    assert len(crossref.asked) == 1
    assert outcome(changed(year=2018), crossref, log=log).outcome == "differs"
    assert outcome(changed(year=2018), crossref, log=log).outcome == "differs"
    assert len(crossref.asked) == 3, "what does not agree is asked for again"
    log.write_text(log.read_text().splitlines()[0][:40])  # torn
    outcome(crossref=crossref, log=log)
    assert len(crossref.asked) == 4
