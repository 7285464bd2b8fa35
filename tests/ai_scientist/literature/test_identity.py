"""When two records are of one work."""

import pytest

from ai_scientist.literature.identity import family, identities, merged, plain
from ai_scientist.records import Reference


def work(title: str, author: str = "Chuan Guo", **fields: object) -> Reference:
    given = {"key": "", "title": title, "authors": (author,), "venue": "", "year": 2017, "source": "a"}
    return Reference.model_validate(given | fields)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (work("A", doi="https://doi.org/10.1/AB"), work("B", doi="doi:10.1/ab")),
        (work("A", arxiv="arXiv:1706.04599v2"), work("B", arxiv="1706.04599")),
        (work("A", doi="10.48550/arXiv.1706.04599"), work("B", arxiv="1706.04599")),
        (work("Éarly–Stopping: When?", "L. Prechelt"), work("Early Stopping - when", "Lutz PRECHELT")),
    ],
)
def test_one_work(left: Reference, right: Reference):
    assert identities(left) & identities(right)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (work("Learning with Noisy Labels", "A. Natarajan"), work("Learning with Noisy Labels", "B. Other")),
        (work("A", doi="10.1/a"), work("B", doi="10.1/b")),
        (work("A", doi=""), work("B", doi="")),
    ],
)
def test_two_works(left: Reference, right: Reference):
    assert not identities(left) & identities(right)


def test_a_record_that_joins_two_makes_them_one():
    by_doi, by_number = work("A", doi="10.1/a"), work("B", arxiv="1706.04599")
    both = work("C", doi="10.1/a", arxiv="1706.04599", source="b")
    only = merged([by_doi, by_number, both])
    assert [(r.title, r.doi, r.arxiv) for r in only] == [("A", "10.1/a", "1706.04599")]
    assert merged([both, by_doi, by_number]) == (both,)


def test_plain_names():
    assert plain("Stanisław  Jastrzębski") == "stanislaw jastrzebski"
    assert family("Carlos Fernandez-Granda") == "fernandezgranda"
    assert family("") == ""
