"""Sentences that say outright which of two numbers is greater, and those that only look as if they did."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from ai_scientist_reviewer.checks import check
from ai_scientist_reviewer.findings import Finding
from ai_scientist_reviewer.paper import Paper

Write = Callable[..., Paper]


def flipped(paper: Paper) -> list[Finding]:
    return [one for one in check(paper, select=("comparison-flipped",)) if one.checked]


@pytest.mark.parametrize(
    "said",
    [
        "Mixup (0.9426) is clearly lower than the Baseline (0.9112).",
        "With 0.9112, Baseline has a higher accuracy than Mixup with 0.9426.",
        "With 0.9426, Mixup has a lower accuracy than Without Mixup with 0.9112.",
        "With 1367, Mixed (30\\%) has a higher count of steps than Reversed with 5160.",
        "The inference time is higher for Curve, Line (0.160) than for Ring, Line (0.274).",
        "In steps until the end of training epochs, it is higher for Negation (1343) than for Reversal (5160).",
    ],
)
def test_a_direction_that_its_two_numbers_deny(said: str, write_paper: Write) -> None:
    (wrong,) = flipped(write_paper(more=said))
    assert wrong.severity == "error"


@pytest.mark.parametrize(
    "said",
    [
        "Mixup (0.9426) is clearly higher than the Baseline (0.9112).",
        "With 0.9426, Mixup has a higher accuracy than Baseline with 0.9112.",
        "Mixup (0.9112) is not higher than the Baseline (0.9426).",
        "Mixup (0.25) is more than twice the Baseline (0.75).",
        "In Line 160 the step is higher than in Line 274.",
        "Mixup (0.9112) is fast. It is higher than the Baseline (0.9426).",
    ],
)
def test_what_says_nothing_wrong(said: str, write_paper: Write) -> None:
    assert flipped(write_paper(more=said)) == []


def test_a_percentage_of_a_setup_follows_from_its_two_numbers_too(write_paper: Write) -> None:
    said = "\\section{Experimental Setup} The consistency goes from 0.9567 to 0.8912, a reduction of {}\\%."
    (wrong,) = check(write_paper(more=said.replace("{}", "68.0")), select=("percentage-change",))
    assert "6.85%" in wrong.message
    assert not check(write_paper(more=said.replace("{}", "6.8")), select=("percentage-change",))


def test_a_deviation_is_held_against_the_table_that_gives_one(write_paper: Write) -> None:
    other = (
        "\\begin{table}\\caption{Accuracy with its error.}\\begin{tabular}{lccc}Method & Dataset & Accuracy & Loss \\\\"
        "Mixup & moons & 0.9426 $\\pm$ 0.0192 & 0.2987 $\\pm$ 0.0100 \\\\ Mixup & spirals & 0.9058 $\\pm$ 0.0110 & 0.3716 $\\pm$ 0.0120 \\\\"
        "\\end{tabular}\\end{table} On moons, Mixup has an accuracy of 0.9426 $\\pm$ {}."
    )
    (wrong,) = check(write_paper(more=other.replace("{}", "0.0102")), select=("number-mismatch",))
    assert "± 0.0192" in wrong.message
    assert not check(write_paper(more=other.replace("{}", "0.0192")), select=("number-mismatch",))


def test_a_setting_in_a_name_is_not_what_is_compared(write_paper: Write) -> None:
    said = "The recall is higher for Mixup (0.924) than for Baseline (weight decay 0.005) (0.929)."
    (wrong,) = flipped(write_paper(more=said))
    assert "0.929" in wrong.message


def test_a_value_beside_a_settings_name_is_held_against_its_cell(write_paper: Write) -> None:
    said = "The accuracy on moons is lower for Dropout, dropout layers (0.9{}) than for Mixup (0.9426)."
    (wrong,) = check(write_paper(more=said.replace("{}", "137")), select=("number-mismatch",))
    assert "0.9237" in wrong.message
    assert not check(write_paper(more=said.replace("{}", "237")), select=("number-mismatch",))
