"""Labels, keys and files that the source names and that are not there."""

import pytest
from ai_scientist_reviewer.checks import check


def test_a_project_in_order_is_clean(project) -> None:
    assert [one for one in check(project()) if one.checked] == []


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        (r"\ref{fig:error}", r"\ref{fig:eror}", r"\ref{fig:eror} points to a label that does not exist (fig:error is there)."),
        (r"\citep{zhang2017understanding}", r"\cite{zhang2017}", r"\cite{zhang2017} cites what the bibliography does not hold"),
        (r"\citep{zhang", r"\citep{nobody2020,zhang", r"\citep{nobody2020} cites what"),
    ],
)  # fmt: skip
def test_what_points_to_nothing_is_told_with_file_and_line(before, after, says, project, found) -> None:
    paper = project((before, after))
    (one,) = found(paper, "unresolved-reference")
    assert one.message.startswith(says)
    assert one.severity == "error"
    line = paper.latex.files["paper.tex"].splitlines()[one.line - 1]
    assert (one.file, after[:12] in line) == ("paper.tex", True)
    assert one.quote in line


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("The error falls", "% see \\ref{gone} and \\cite{gone}\nThe error falls"),
        ("The error falls", "\\begin{lstlisting}[label=lst:one]\n\\ref{gone}\n\\end{lstlisting}See \\ref{lst:one}. The error falls"),
        ("The error falls", "\\newcommand{\\see}[1]{\\ref{sec:#1}}\\see{intro} The error falls"),
        ("The error falls", "\\nocite{*}The error falls"),
    ],
)  # fmt: skip
def test_comments_listings_and_macros_are_no_references(before, after, project, found) -> None:
    assert found(project((before, after)), "unresolved-reference") == []


def test_without_the_bibliography_citations_cannot_be_checked(project, found, unknown) -> None:
    paper = project(bib="")
    assert found(paper, "unresolved-reference") == []
    assert "the file that the citations are looked up in is not here" in unknown(paper, "unresolved-reference")[0]
    (one,) = found(paper, "missing-file")
    assert (one.message, one.severity) == ("\\bibliography{refs}: there is no such file.", "error")


def test_labels_of_another_document_cannot_be_checked(project, unknown) -> None:
    paper = project((r"\ref{fig:error}", r"\ref{S-fig:more}"), preamble="\\externaldocument{supplement}")
    assert unknown(paper, "unresolved-reference") == [
        "Could not be checked: labels of another document are used, which is not here."
    ]


def test_a_label_that_is_defined_twice(project, found) -> None:
    (one,) = found(project((r"\label{sec:results}", r"\label{fig:error}")), "duplicate-label")
    assert one.severity == "error"  # it is referred to
    assert "paper.tex:" in one.message
    (one,) = found(project((r"\label{sec:results}", r"\label{sec:intro}")), "duplicate-label")
    assert one.severity == "warn"


def test_a_missing_picture_and_what_comes_with_tex(project, found, unknown) -> None:
    paper = project((r"{error.png}", "{gone}"), preamble="\\usepackage{neurips_2025}")
    assert [one.message for one in found(paper, "missing-file")] == ["\\includegraphics{gone}: there is no such file."]
    paper = project((r"{error.png}", "{../gone}"))
    assert found(paper, "missing-file") == []
    assert "out of the folder" in unknown(paper, "missing-file")[0]
