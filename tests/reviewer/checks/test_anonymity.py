"""What tells who the authors are, where they may not be told."""

import pytest
from ai_scientist_reviewer.checks import check
from ai_scientist_reviewer.paper import Paper
from ai_scientist_reviewer.venues import ANONYMOUS, venue

PLAIN = "One data set was tried."
HOME = "/".join(("", "home", ""))


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("Write to jane.doe@uni-somewhere.edu for data.", "email-shown"),
        ("Write to \\{jane,joe\\}@cs.somewhere.edu for data.", "email-shown"),
        ("Our code is at https://github.com/janedoe/stopping for all.", "identity-link"),
        ("Our data are at https://drive.google.com/file/d/1abc here.", "identity-link"),
        ("This work was supported by the National Science Foundation.", "acknowledgements"),
        ("As in our previous work \\citep{zhang2017understanding}, we train.", "self-citation"),
        ("We previously showed \\citep{zhang2017understanding} that it works.", "self-citation"),
        (f"The log is in {HOME}janedoe/runs/1.txt as text.", "user-path"),
    ],
)
def test_what_tells_the_authors(text, rule, project, found) -> None:
    paper = project((PLAIN, text))
    (one,) = found(paper, rule, venue=ANONYMOUS)
    assert one.severity == "error"
    assert one.file == "paper.tex"
    assert found(paper, rule) == []  # nothing says that the review is blind


@pytest.mark.parametrize(
    "text",
    [
        "Write to anonymous@example.org for data.",
        "Our code is at https://anonymous.4open.science/r/stopping for all.",
        "We showed above that it works \\citep{zhang2017understanding}.",
        "Earlier work by Zhang \\citep{zhang2017understanding} trains.",
        f"Files are in {HOME}user/data as text.",
        "We acknowledge that one data set is little.",
    ],
)
def test_what_tells_nobody(text, project) -> None:
    rules = ["anonymity"]
    assert [one for one in check(project((PLAIN, text)), select=rules, venue=ANONYMOUS) if one.checked] == []


def test_a_link_to_the_work_of_others_is_only_noted(project, found) -> None:
    (one,) = found(
        project((PLAIN, "The task is that of github.com/openai/gym, a known one.")), "identity-link", venue=ANONYMOUS
    )
    assert one.severity == "info"


def test_the_author_block_of_the_source(project, found) -> None:
    named = "\\author{Jane Doe}"
    assert len(found(project(preamble=named), "author-named", venue=ANONYMOUS)) == 1
    hidden = "\\usepackage{iclr2026_conference}" + named
    assert found(project(preamble=hidden), "author-named", venue=ANONYMOUS) == []
    assert len(found(project(preamble=hidden + "\\iclrfinalcopy"), "author-named", venue=ANONYMOUS)) == 1
    assert found(project(preamble="\\author{Anonymous}"), "author-named", venue=ANONYMOUS) == []


def test_the_author_block_and_metadata_of_a_pdf(write_pdf, sample_pages, found) -> None:
    named = Paper.read(write_pdf(sample_pages(), info="/Author (Jane Doe) /Creator (LaTeX)"))
    (one,) = found(named, "author-named", venue=venue("iclr"))
    assert (one.quote, one.page) == ("A. Author", 1)
    (one,) = found(named, "identity-metadata", venue=ANONYMOUS)
    assert "Jane Doe" in one.message
    blind = Paper.read(write_pdf(sample_pages({"A. Author": "Anonymous authors"}), info="/Author (Anonymous)"))
    assert [one for one in check(blind, select=["anonymity"]) if one.checked] == []
    assert [
        one for one in check(blind, select=["anonymity"]) if not one.checked
    ] == []  # the paper says that it is blind


def test_a_venue_that_is_not_blind(project, unknown) -> None:
    assert "is not known to be blind" in unknown(project(), "email-shown", venue=venue("article"))[0]


@pytest.mark.parametrize(("name", "told"), [("Jane Doe, Some University", 1), ("Anonymous authors", 0)])
def test_names_above_the_line_that_says_blind_are_names(name, told, write_pdf, typeset_page, found) -> None:
    lines = ["# A Study of Early Stopping", name, "Paper under double-blind review", "## Abstract", "We ask whether."]
    paper = Paper.read(write_pdf([typeset_page(lines)]))
    assert len(found(paper, "author-named", venue=venue("iclr"))) == told
