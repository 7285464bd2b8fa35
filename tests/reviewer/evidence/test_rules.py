"""What the rules on numbers, tables and statistics find, and what they leave alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from ai_scientist_reviewer.checks import check
from ai_scientist_reviewer.evidence.reported import grim, grimmer, reported_in
from ai_scientist_reviewer.findings import Finding
from ai_scientist_reviewer.paper import Paper
from ai_scientist_reviewer.results import Results

Write = Callable[..., Paper]
GROUPS = ("numbers", "tables", "statistics")


def found(paper: Paper, *rules: str) -> list[Finding]:
    return [one for one in check(paper, select=rules or GROUPS) if one.checked]


def test_a_paper_in_good_order_has_no_finding(write_paper: Write) -> None:
    assert found(write_paper()) == []


@pytest.mark.parametrize(
    ("old", "new", "cell"),
    [
        ("accuracy of 0.9426, while", "accuracy of 0.9526, while", "0.9426"),
        ("stays at 0.9112", "stays at 0.9121", "0.9112"),
        ("spirals is 0.3716", "spirals is 0.3176", "0.3716"),
        ("moons to 0.9426", "moons to 0.9462", "0.9426"),
    ],
)
def test_a_number_of_the_text_that_its_cell_does_not_say(old: str, new: str, cell: str, write_paper: Write) -> None:
    (wrong,) = found(write_paper({old: new}), "number-mismatch")
    assert cell in wrong.message
    assert wrong.severity == "error"
    assert wrong.file == "paper.tex"
    assert new.split()[-1].rstrip(",") in wrong.quote or new.split()[2].rstrip(",") in wrong.quote


@pytest.mark.parametrize(
    "more",
    [
        "Training takes 41.3 seconds, and the weight decay of 0.9411 was chosen on moons.",
        "The accuracy of Mixup on moons comes from a challenger among 10.",  # without decimals 0.9426 is 1
        "For Dropout on moons the loss was taken after 30 rounds of search.",
        "The loss of Mixup on spirals does not withstand the correction (adjusted p = 0.388).",
    ],
)
def test_a_number_that_the_table_does_not_speak_of_is_let_be(more: str, write_paper: Write) -> None:
    assert found(write_paper(more=more), "number-mismatch") == []


@pytest.mark.parametrize("new", ["16.3\\%", "63\\%", "0.63\\%", "5.1\\%"])
def test_a_percentage_that_does_not_follow(new: str, write_paper: Write) -> None:
    (wrong,) = found(write_paper({"6.3\\%": new}), "percentage-change")
    assert wrong.severity == "error"
    assert ("off by ten" in wrong.message) == (new != "5.1\\%")


def test_a_change_that_is_told_in_the_setup_is_held_to_its_numbers(write_paper: Write) -> None:
    more = (
        "\\section{Experimental setup}\nFor Dropout on moons the loss goes from 0.3541 to 0.3318, a reduction of {}\\%."
    )
    assert found(write_paper(more=more.replace("{}", "6.3")), "percentage-change") == []
    (wrong,) = found(write_paper(more=more.replace("{}", "16.3")), "percentage-change")
    assert wrong.severity == "error"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("the loss falls from 0.3541 to 0.3318, a reduction", "the loss rises from 0.3541 to 0.3318, a reduction"),
        ("Mixup reaches an accuracy of 0.9426, while the Baseline stays at 0.9112", "Mixup has a lower accuracy (0.9426) than the Baseline (0.9112)"),
        ("Mixup reaches an accuracy of 0.9426, while the Baseline stays at 0.9112", "Mixup is worse in accuracy (0.9426) than the Baseline (0.9112)"),
        ("a reduction of 6.3\\%", "a 6.3\\% increase"),
    ],
)  # fmt: skip
def test_a_comparison_that_its_numbers_deny(old: str, new: str, write_paper: Write) -> None:
    assert [one.severity for one in found(write_paper({old: new}), "comparison-flipped")] == ["error"]


def test_comparisons_that_hold_or_cannot_be_told_are_let_be(write_paper: Write) -> None:
    more = (
        "The gap widens from 0.2 to 0.4. Speed was reduced to 400 tokens compared to 670, a 40\\% decrease. "
        "It did not increase from 0.5 to 0.3. The accuracy is higher for Mixup (0.9426) than for Dropout (0.9237)."
    )
    assert found(write_paper(more=more), "comparison-flipped") == []


def test_a_ranking_that_every_cell_denies(write_paper: Write) -> None:
    (wrong,) = found(write_paper(more="On both data sets the Baseline outperforms Mixup."), "ranking-unsupported")
    assert wrong.severity == "error"
    assert found(write_paper(more="On both data sets Mixup outperforms the Baseline."), "ranking-unsupported") == []


@pytest.mark.parametrize(
    ("claim", "told"),
    [
        ("On spirals, Dropout achieved the highest accuracy.", "Mixup / spirals”, column “Accuracy” is 0.9058"),
        (
            "In accuracy on moons, Dropout performed best, while Mixup was fast.",
            "Mixup / moons”, column “Accuracy” is 0.9426",
        ),
        ("For the loss on moons, Dropout was the most effective.", "Mixup / moons”, column “Loss” is 0.2987"),
        ("All methods outperformed Dropout in accuracy on moons.", "Baseline / moons”, column “Accuracy” is 0.9112"),
    ],
)
def test_a_superlative_that_a_cell_denies(claim: str, told: str, write_paper: Write) -> None:
    (wrong,) = found(write_paper(more=claim), "ranking-unsupported")
    assert (wrong.severity, told in wrong.message) == ("warn", True), wrong.message


@pytest.mark.parametrize(
    "claim",
    [
        "On spirals, Mixup achieved the highest accuracy.",
        "For the loss on moons, Mixup was the most effective.",
        "All methods outperformed the Baseline in accuracy on moons.",
        "On moons, Dropout performed best.",  # of which metric?
        "On moons, Dropout performed best among the cheap ones in accuracy.",
        "In accuracy on moons, Dropout had the second best value, and it was not the best.",
        "On moons, Dropout achieved the best accuracy of 0.9237.",
    ],
)
def test_superlatives_that_hold_or_that_no_cell_can_tell_are_let_be(claim: str, write_paper: Write) -> None:
    assert found(write_paper(more=claim), "ranking-unsupported") == []


def test_bold_that_is_not_best(write_paper: Write) -> None:
    paper = write_paper({"\\textbf{0.9426}": "0.9426", "moons & 0.9237": "moons & \\textbf{0.9237}"})
    (wrong,) = found(paper, "bold-not-best")
    assert (wrong.severity, wrong.quote) == ("error", "0.9237")
    assert "0.9426 (Mixup / moons) is better" in wrong.message


def test_a_row_that_is_bold_as_a_whole_is_doubted_where_most_of_it_is_the_best(write_paper: Write) -> None:
    table = (
        "\\begin{table}\\caption{Scores.}\\begin{tabular}{lccc}Method & Accuracy & F1 & Loss \\\\"
        "A & 0.91 & 0.81 & 0.21 \\\\ B & 0.92 & 0.82 & 0.24 \\\\"
        "Ours & \\textbf{0.95} & \\textbf{%s} & \\textbf{0.23} \\\\\\end{tabular}\\end{table}"
    )
    (wrong,) = found(write_paper(more=table % "0.85"), "bold-not-best")
    assert (wrong.severity, wrong.quote) == ("warn", "0.23")
    assert found(write_paper(more=table % "0.80"), "bold-not-best") == []


def test_bold_of_a_metric_nobody_knows_is_told_only_where_it_is_neither_end(write_paper: Write) -> None:
    unknown = {"Accuracy & Loss \\\\": "Zeta & Eta \\\\", "Test accuracy and loss of": "Zeta and eta of"}
    assert found(write_paper(unknown), "bold-not-best") == []
    middle = {**unknown, "\\textbf{0.9426}": "0.9426", "moons & 0.9237": "moons & \\textbf{0.9237}"}
    assert [one.severity for one in found(write_paper(middle), "bold-not-best")] == ["warn"]


@pytest.mark.parametrize(
    ("more", "rule"),
    [
        ("The accuracy of 104.2\\% was reached.", "impossible-value"),
        ("The correlation of 1.32 was found.", "impossible-value"),
        ("In all, 37 of 40 tasks (85\\%) were solved.", "percentage-count"),
        ("The groups differed, t(28) = 2.20, p = .163.", "p-value"),
        ("It was significant, $F(2, 57) = 1.13$, $p < .05$.", "p-value"),
        ("On a 7-point Likert scale the mean was (M = 5.19, SD = 1.20, n = 28).", "grim"),
    ],
)
def test_what_cannot_be(more: str, rule: str, write_paper: Write) -> None:
    assert [one.rule for one in found(write_paper(more=more))] == [rule]


@pytest.mark.parametrize(
    "more",
    [
        "The accuracy rises by 104.2\\%. The correlation of 0.93 was found. In all, 34 of 40 tasks (85\\%) were solved.",
        "The groups differed, t(28) = 2.20, p = .036, and t(28) = 2.20, one-sided p = .018; F(2, 57) = 4.13, p < .05.",
        "On a 7-point Likert scale the mean was (M = 5.18, SD = 1.22, n = 28).",
        "A Holm-adjusted p = .3 belongs to t(28) = 2.20, p = .3 as corrected.",
    ],
)
def test_what_can_be(more: str, write_paper: Write) -> None:
    assert found(write_paper(more=more)) == []


def test_a_deviation_over_nobody_knows_what(write_paper: Write) -> None:
    changes = {"0.9112 & 0.3541": "0.9112 $\\pm$ 0.0100 & 0.3541", " Mean over 3 seeds.": ""}
    (wrong,) = found(write_paper(changes), "spread-undefined")
    assert "over how many runs nor what follows the ±" in wrong.message
    told = {**changes, " Mean over 3 seeds.": " Mean and standard deviation over 3 seeds."}
    assert found(write_paper(told), "spread-undefined") == []


def test_an_abstract_that_says_what_nothing_else_does(write_paper: Write) -> None:
    (wrong,) = found(
        write_paper({"raises the accuracy on moons to 0.9426": "saves 17.3\\% of the memory"}), "abstract-number"
    )
    assert (wrong.severity, "17.3%" in wrong.message) == ("warn", True)


def test_the_same_words_with_another_number(write_paper: Write) -> None:
    same = "We used a total budget of {} hours of compute for all of the experiments reported here.\n\n"
    more = same.format("41.5") + same.format("41.5") + same.format("47.5")
    (wrong,) = found(write_paper(more=more), "number-inconsistent")
    assert "47.5" in wrong.message


def test_result_files_are_held_against_the_paper_only_where_they_were_given(
    write_paper: Write, results: Results
) -> None:
    paper = write_paper({"0.9237": "0.9327"})
    assert [one.checked for one in check(paper, select=["number-contradicted"])] == [False]
    (wrong,) = check(paper, select=["results"], results=results)
    assert (wrong.rule, wrong.severity, wrong.file) == ("number-contradicted", "error", "paper.tex")
    assert "run_1/final_info.json" in wrong.message


def test_statistics_by_known_values() -> None:
    (test,) = reported_in("χ^{2}(1, N = 90) = 3.89, p = .049")
    assert test.bounds == (pytest.approx(0.04843, abs=1e-4), pytest.approx(0.04872, abs=1e-4))
    assert test.holds()
    assert (grim(5.18, 2, 28), grim(5.19, 2, 28)) == (True, False)
    assert (grimmer(3.44, 2, 2.48, 2, 18), grimmer(3.44, 2, 2.47, 2, 18)) == (True, False)
