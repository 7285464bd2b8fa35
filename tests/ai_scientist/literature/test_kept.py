"""A run asks a source each question once."""

from __future__ import annotations

from pathlib import Path

from ai_scientist.literature.base import Found
from ai_scientist.literature.kept import Kept
from ai_scientist.records import Reference

WORK = Reference(
    key="guo2017calibration", title="On Calibration", authors=("Chuan Guo",), venue="ICML", year=2017, source="counting"
)


class Counting:
    name = "counting"

    def __init__(self) -> None:
        self.asked: list[object] = []
        self.answer = Found(references=(WORK,))

    def search(self, query: str, limit: int = 10) -> Found:
        self.asked.append((query, limit))
        return self.answer

    def lookup(self, *, doi: str = "", arxiv: str = "", title: str = "") -> Found:
        self.asked.append((doi, arxiv, title))
        return self.answer


def kept(source: Counting, folder: Path) -> Kept:
    def write(path: Path, text: str) -> None:
        path.write_text(text)

    return Kept(source, lambda name: folder / f"{name}.json", write)


def test_a_later_process_reads_what_an_earlier_one_was_told(tmp_path: Path) -> None:
    source = Counting()
    first = kept(source, tmp_path)
    told = (first.search("calibration", 5), first.lookup(doi="10.1/x"))
    again = kept(source, tmp_path)
    assert (again.search("calibration", 5), again.lookup(doi="10.1/x")) == told
    assert source.asked == [("calibration", 5), ("10.1/x", "", "")]


def test_each_question_has_its_own_answer(tmp_path: Path) -> None:
    source = Counting()
    asking = kept(source, tmp_path)
    asking.search("calibration", 5)
    source.answer = Found()
    assert asking.search("calibration", 6).references == ()
    assert asking.lookup(title="calibration").references == ()
    assert asking.lookup(doi="calibration").references == ()
    assert asking.search("calibration", 5).references == (WORK,)


def test_nothing_found_is_kept_and_an_outage_is_not(tmp_path: Path) -> None:
    source = Counting()
    asking = kept(source, tmp_path)
    source.answer = Found(verdict="UNKNOWN", why="HTTP 503")
    assert asking.search("a").verdict == "UNKNOWN"
    source.answer = Found()
    assert asking.search("a").verdict == "PASS"
    source.answer = Found(references=(WORK,))
    assert asking.search("a").references == ()
    assert len(source.asked) == 2


def test_a_damaged_answer_is_asked_for_again(tmp_path: Path) -> None:
    source = Counting()
    asking = kept(source, tmp_path)
    asking.search("a")
    (file,) = tmp_path.iterdir()
    for damage in ("", '{"answer"', "[]", '{"answer": {"verdict": "MAYBE"}}'):
        file.write_text(damage)
        assert asking.search("a").references == (WORK,)
    assert len(source.asked) == 5
