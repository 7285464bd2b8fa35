"""The reference list against the text, and against itself."""

import pytest

TWICE = """
@article{zhang2017understanding, title={Understanding deep learning requires rethinking generalization},
 author={Zhang, Chiyuan and Bengio, Samy}, year={2017}}
@article{zhang2016again, title={Understanding Deep Learning Requires Rethinking Generalization},
 author={Chiyuan Zhang and Samy Bengio}, year={2016}}
"""


def test_one_work_under_two_keys(project, found) -> None:
    cite = (r"\citep{zhang2017understanding}", r"\citep{zhang2017understanding, zhang2016again}")
    (one,) = found(project(cite, bib=TWICE), "duplicate-reference")
    assert "as zhang2017understanding and as zhang2016again" in one.message
    assert (one.file, one.line) == ("refs.bib", 4)
    assert found(project(bib=TWICE), "duplicate-reference") == []  # the other is not cited, so it is not printed


def test_one_key_twice(project, found) -> None:
    same = TWICE.replace("zhang2016again", "zhang2017understanding")
    (one,) = found(project(bib=same), "duplicate-reference")
    assert (one.severity, one.message) == ("error", "The key zhang2017understanding is defined 2 times, and not alike.")
    half = TWICE[: TWICE.index("@article{zhang2016again")]
    (one,) = found(project(bib=half * 2), "duplicate-reference")
    assert one.severity == "info"


def test_what_a_database_holds_beyond_need_is_noted_once(project, found) -> None:
    (one,) = found(project(bib=TWICE), "reference-uncited")
    assert one.severity == "info"
    assert "zhang2016again" in one.message


def test_a_printed_list_holds_what_is_never_cited(project, found) -> None:
    listed = "\\begin{thebibliography}{9}\\bibitem{zhang2017understanding} C. Zhang.\n\\bibitem{idle} A. Nobody.\\end{thebibliography}"
    paper = project(("Stopping early lowers the error.", f"It does.\n{listed}"), bib="")
    assert [one.message for one in found(paper, "reference-uncited")] == ["idle is listed and never cited."]


@pytest.mark.parametrize(
    ("hand", "says"),
    [
        (r"Arpit et al.~\cite{zhang2017understanding}", "Arpit stands beside a citation of zhang2017understanding, which is by Zhang and others."),
        (r"Zhang et al. (2015) \citep{zhang2017understanding}", "2015 stands beside a citation of zhang2017understanding, which is of 2017."),
        (r"Zhang et al. (2017) \citep{zhang2017understanding}", ""),
        (r"Zhang and Bengio \cite{zhang2017understanding}", ""),
        (r"Since Early Stopping \citep{zhang2017understanding}", ""),
    ],
)  # fmt: skip
def test_names_and_years_written_by_hand(hand, says, project, found) -> None:
    paper = project((r"late in training \citep{zhang2017understanding}", f"late in training, says {hand}"))
    assert [one.message for one in found(paper, "citation-mismatch")] == ([says] if says else [])


LISTED = ["", "## References", "Chiyuan Zhang, S. Bengio, and M. Hardt. Understanding deep learning. ICLR, 2017.", "",
          "Devansh Arpit and S. Jastrzebski. A closer look at memorization. ICML, 2017."]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Networks fit noise (Zhang et al., 2015).", "Zhang is cited with the year 2015; the reference list has 2017."),
        ("Networks fit noise, say Zhang et al. (2017) and others.", ""),
        ("Networks fit noise (Nobody et al., 2015).", ""),  # that is an absent one
    ],
)
def test_a_wrong_year_in_print(text, says, write_pdf, typeset_page, found) -> None:
    from ai_scientist_reviewer.paper import Paper

    paper = Paper.read(write_pdf([typeset_page(["## 1 Introduction", text, *LISTED])]))
    assert [one.message for one in found(paper, "citation-mismatch")] == ([says] if says else [])


def test_a_wrong_name_beside_a_number_in_print(write_pdf, typeset_page, found) -> None:
    from ai_scientist_reviewer.paper import Paper

    lines = ["## 1 Introduction", "Arpit et al. [1] found it, and Zhang and Bengio [1] before.", "", "## References",
             "[1] C. Zhang and S. Bengio. Understanding deep learning. ICLR, 2017.",
             "[2] D. Arpit and S. Jastrzebski. A closer look at memorization. ICML, 2017."]  # fmt: skip
    (one,) = found(Paper.read(write_pdf([typeset_page(lines)])), "citation-mismatch")
    assert one.message == "[1] is named as Arpit, who is not among its authors."
    assert one.page == 1
