"""What sources say of cited works, by sources that a test makes up."""

from dataclasses import replace

import pytest
from ai_scientist_reviewer.ports import Looked

RECORD = Looked("found", "Crossref", "Understanding deep learning requires rethinking generalization",
                ("Zhang", "Bengio", "Hardt"), "2017")  # fmt: skip


class Told:
    """Gives one answer to every question, and keeps the questions."""

    def __init__(self, answer: Looked) -> None:
        self.answer, self.asked = answer, []

    def look_up(self, cited):
        self.asked += cited
        return [self.answer for _ in cited]


def test_the_entry_is_asked_for_once_with_what_it_says(project) -> None:
    from ai_scientist_reviewer.checks import check

    told = Told(RECORD)
    assert [one for one in check(project(), select=["citations"], records=told) if one.checked] == []
    (cited,) = told.asked
    assert cited.title == "Understanding deep learning requires rethinking generalization"
    assert (cited.authors, cited.year) == (("Zhang", "Bengio", "Hardt"), "2017")


def test_an_absent_work_is_an_error_and_an_outage_is_none(project, found, unknown) -> None:
    absent = Told(Looked("absent", "doi.org", why="the DOI 10.1/x is not registered"))
    (one,) = found(project(), "citation-unknown", records=absent)
    assert one.message == "This work was not found: the DOI 10.1/x is not registered."
    assert (one.severity, one.file, one.line) == ("error", "refs.bib", 2)
    silent = Told(Looked("unknown", why="crossref: HTTP 503"))
    assert found(project(), "citation-unknown", records=silent) == []
    assert unknown(project(), "citation-unknown", records=silent) == [
        "Could not be checked: whether 1 of the cited works exist: crossref: HTTP 503."
    ]
    assert found(project(), "citation-metadata", records=silent) == []


@pytest.mark.parametrize(
    ("record", "severity", "says"),
    [
        (replace(RECORD, year="2013"), "warn", "the year is 2013, not 2017"),
        (replace(RECORD, year="2016"), "", ""),  # a preprint of the year before
        (replace(RECORD, authors=("Arpit", "Ballas")), "warn", "the first author is Arpit"),
        (replace(RECORD, authors=("Bengio", "Zhang", "Hardt")), "warn", "the first author is Bengio, not Zhang"),
        (replace(RECORD, title="Understanding Deep Learning requires re-thinking generalisation"), "", ""),
        (replace(RECORD, title="A survey of ants", authors=("Ant",)), "error", "has another work under this number"),
    ],
)
def test_a_record_that_differs(record, severity, says, project, found) -> None:
    told = found(project(), "citation-metadata", records=Told(record))
    assert [one.severity for one in told] == ([severity] if severity else [])
    assert all(says in one.message for one in told)


def test_a_retracted_work(project, found) -> None:
    (one,) = found(project(), "citation-retracted", records=Told(replace(RECORD, retracted=True)))
    assert one.severity == "error"


def test_without_sources_it_is_said_that_nobody_was_asked(project, unknown) -> None:
    assert "nobody was asked" in unknown(project(), "citation-unknown")[0]


def bib(**fields: str) -> str:
    """The entry of the sample project with other fields."""
    told = {"title": "{Understanding deep learning}", "author": "{Zhang, Chiyuan}", "year": "{2017}"} | {
        name: f"{{{value}}}" for name, value in fields.items()
    }
    key = told.pop("key", "{zhang2017understanding}").strip("{}")
    return f"@article{{{key},\n" + "\n".join(f" {name} = {value}," for name, value in told.items()) + "\n}\n"


@pytest.mark.parametrize(
    ("fields", "severity"),
    [
        ({"eprint": "1611.03530", "year": "2014"}, "error"),
        ({"journal": "arXiv preprint arXiv:1611.03530"}, ""),
        ({"journal": "arXiv preprint arXiv:1611.03530", "year": "2023"}, "warn"),
        ({"booktitle": "Advances in Neural Information Processing Systems, volume 30", "year": "2012"}, "warn"),
        ({"booktitle": "Proceedings of the 34th International Conference on Machine Learning"}, ""),
        ({"year": "2013"}, "warn"),  # the key says 2017
        ({"year": "2018"}, "info"),  # printed a year after it was added
        ({"booktitle": "ICLR 2017, Toulon"}, ""),
        ({"booktitle": "ICLR 2017, Toulon", "year": "2011"}, "warn"),
    ],
)
def test_a_year_that_the_entry_itself_contradicts(fields, severity, project, found) -> None:
    assert [one.severity for one in found(project(bib=bib(**fields)), "reference-date")] == (
        [severity] if severity else []
    )
