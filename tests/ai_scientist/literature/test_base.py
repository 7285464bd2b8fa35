"""Asking several sources: order, merging, and outages that are said."""

import pytest
from pydantic import ValidationError

from ai_scientist.literature.base import Found, ask
from ai_scientist.records import Reference


def work(title: str = "On Calibration", source: str = "shelf", **fields: object) -> Reference:
    given = {"key": "k", "title": title, "authors": ("Chuan Guo",), "venue": "ICML", "year": 2017, "source": source}
    return Reference.model_validate(given | fields)


class Fixed:
    """A source that answers the same to everything."""

    def __init__(self, name: str, found: Found) -> None:
        self.name = name
        self.found = found

    def search(self, query: str, limit: int = 10) -> Found:
        return self.found

    def lookup(self, *, doi: str = "", arxiv: str = "", title: str = "") -> Found:
        return self.found


def test_an_outage_is_said_and_what_the_others_gave_is_kept():
    down = Fixed("far", Found(verdict="UNKNOWN", why="timed out"))
    answer = ask([Fixed("shelf", Found(references=(work(),))), down], "calibration")
    assert answer.verdict == "UNKNOWN"
    assert answer.why == "far: timed out"
    assert [r.title for r in answer.references] == ["On Calibration"]


def test_nothing_found_is_a_pass():
    assert ask([Fixed("shelf", Found())], "protein folding") == Found()
    assert ask([], "anything") == Found()


def test_an_unknown_answer_cannot_be_without_a_cause():
    with pytest.raises(ValidationError, match="why"):
        Found(verdict="UNKNOWN")
    with pytest.raises(ValidationError, match="why"):
        Found(why="timed out")


def test_the_earlier_source_stands_and_the_later_fills_its_gaps():
    near = work(arxiv="1706.04599")
    far = work("On calibration!", "far", arxiv="arXiv:1706.04599v2", doi="10.1/x", year=2018, abstract="Of networks.")
    other = work("Another work", "far")
    answer = ask(
        [Fixed("shelf", Found(references=(near,))), Fixed("far", Found(references=(other, far)))], "calibration"
    )
    first, second = answer.references
    assert (first.title, first.year, first.source) == ("On Calibration", 2017, "shelf")
    assert (first.doi, first.abstract) == ("10.1/x", "Of networks.")
    assert "far" in first.checked_against, "whoever filled a gap is named"
    assert second == other
