"""Each rule fires on a paper spoilt for it, and on nothing else in that paper; none fires on the paper in order."""

import pytest
from ai_scientist_reviewer.checks import check
from ai_scientist_reviewer.findings import Finding
from ai_scientist_reviewer.paper import Paper

SPOILT = {
    "unresolved-reference": ("Table 1 lists all runs. The gain is largest at forty percent noise.",
                             "Table 1 and Section ?? list all runs at forty percent noise."),
    "placeholder": ("We state a hypothesis that can fail and report what was measured.",
                    "We state a hypothesis that can fail. TODO say what was measured."),
    "model-residue": ("We state a hypothesis that can fail and report what was measured.",
                      "As an AI language model, we report what was measured."),
    "missing-limitations": ("## 3 Limitations", "## 3 Outlook"),
    "figure-unreferenced": ("Earlier work found the same for large images [2], and Figure 1 shows it here.",
                            "Earlier work found the same for large images [2], and we show it here."),
    "figure-missing": ("Table 1 lists all runs. The gain is largest at forty percent noise.",
                       "Tables 1 and 4 list all runs. The gain is largest at forty percent noise."),
    "reference-uncited": ("Networks fit wrong labels late in training [1], so stopping early may help.",
                          "Networks fit wrong labels late in training, so stopping early may help."),
    "citation-absent": ("Networks fit wrong labels late in training [1], so stopping early may help.",
                        "Networks fit wrong labels late in training [1, 3], so stopping early may help."),
    "abstract-number": ("On the digits data it lowers the test error from 14.2 to 9.6 percent.",
                        "On the digits data it lowers the test error from 14.2 to 7.5 percent."),
    "sentence-cut": ("Table 1 lists all runs. The gain is largest at forty percent noise.",
                     "Table 1 lists all runs. The gain is largest at 40"),
}  # fmt: skip


def _told(paper: Paper) -> list[Finding]:
    return [finding for finding in check(paper) if finding.checked]


def test_a_paper_in_order_passes(sample) -> None:
    assert _told(Paper.read(sample)) == []


@pytest.mark.parametrize("rule", SPOILT)
def test_a_spoilt_paper_is_told(rule: str, write_pdf, sample_pages) -> None:
    before, after = SPOILT[rule]
    paper = Paper.read(write_pdf(sample_pages({before: after})))
    findings = _told(paper)
    assert {finding.rule for finding in findings} == {rule}
    for finding in findings:
        assert finding.message.endswith(".")
        assert finding.fix
        if finding.quote:
            assert paper.locate(finding.quote) is not None
            assert finding.page is not None


@pytest.mark.parametrize(
    "mark", ["[?]", "(?)", "Figure ??", "[?, ?]", "[1, ?]", "[?, 3]", "(Ho et al., 2020; ?)", "[?, p. 3]"]
)
def test_every_form_of_unresolved_reference_is_found(mark: str, write_pdf, typeset_page) -> None:
    paper = Paper.read(write_pdf([typeset_page([f"As was seen before {mark} the error falls."])]))
    assert "unresolved-reference" in {finding.rule for finding in _told(paper)}


@pytest.mark.parametrize(
    "line",
    [
        "Does early stopping help? (Yes.)",
        "What?! That helps.",
        "The set [0, 1] is closed.",
        "Does it help (on all, or on some?)",
    ],
)
def test_a_question_is_no_unresolved_reference(line: str, write_pdf, typeset_page) -> None:
    paper = Paper.read(write_pdf([typeset_page([line])]))
    assert "unresolved-reference" not in {finding.rule for finding in _told(paper)}


@pytest.mark.parametrize(("before", "mark", "said"), [("F1", "F2", 1), ("F2", "F2", 0), ("F1", "F1", 0)])
def test_a_bold_question_mark_amid_the_text_is_a_citation_that_is_not_there(
    before: str, mark: str, said: int, write_pdf, show_text
) -> None:
    parts = (
        (72, "The error falls, as was shown by", before),
        (224, "?", mark),
        (234, "for networks of all sizes.", "F1"),
    )
    page = "".join(show_text(text, x=x, y=700, font=font) for x, text, font in parts)
    told = _told(Paper.read(write_pdf([page])))
    assert sum(finding.rule == "unresolved-reference" for finding in told) == said


def test_author_year_citations_are_matched(write_pdf, typeset_page) -> None:
    lines = [
        "## 1 Introduction",
        "Networks fit noise (Zhang et al., 2017), as Arpit and Jastrzebski (2017) say.",
        "It was found again by Nobody et al. (2019) in another setting.",
        "",
        "## References",
        "Devansh Arpit and S. Jastrzebski. A closer look at memorization. ICML, 2017.",
        "",
        "Chiyuan Zhang, S. Bengio, and M. Hardt. Understanding deep learning. ICLR, 2017.",
        "",
        "Leslie Unread. A paper that nobody cites. ICML, 2015.",
    ]
    findings = {finding.rule: finding for finding in _told(Paper.read(write_pdf([typeset_page(lines)])))}
    assert "Nobody 2019" in findings["citation-absent"].message
    assert "Leslie Unread" in findings["reference-uncited"].quote


def test_what_could_not_be_checked_is_said(write_pdf, typeset_page) -> None:
    paper = Paper.read(write_pdf([typeset_page(["A note without headings, captions or references."])]))
    unchecked = {finding.rule for finding in check(paper) if not finding.checked}
    assert {"missing-limitations", "reference-uncited", "citation-absent", "figure-missing"} <= unchecked


def test_rules_can_be_selected_and_left_out(write_pdf, sample_pages) -> None:
    before, after = SPOILT["placeholder"]
    paper = Paper.read(write_pdf(sample_pages({before: after})))
    assert {finding.rule for finding in check(paper)} == {"placeholder"} | {
        f.rule for f in check(paper) if not f.checked
    }
    assert "placeholder" not in {finding.rule for finding in check(paper, ignore=["residue"])}
    assert [finding.rule for finding in check(paper, select=["placeholder"])] == ["placeholder"]
    with pytest.raises(ValueError, match="named 'placehodler'"):
        check(paper, ignore=["placehodler"])
