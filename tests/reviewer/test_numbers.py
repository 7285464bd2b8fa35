"""Numbers in prose: what they say and what they are for."""

from __future__ import annotations

import pytest
from ai_scientist_reviewer.numbers import first_number, numbers_in, role_of


def roles(text: str) -> list[tuple[str, str]]:
    return [(one.number.text, role_of(text, one)) for one in numbers_in(text)]


@pytest.mark.parametrize(
    ("text", "value", "decimals", "percent", "spread", "unit"),
    [
        ("a loss of 0.943 ± 0.006 on", 0.943, 3, False, 0.006, "on"),
        ("41.5 ± 0.3% of", 41.5, 1, True, 0.3, "of"),
        ("falls by −0.256 nats", -0.256, 3, False, None, "nats"),
        ("a rate of 3 × 10^{−4} for", 3e-4, 4, False, None, "for"),
        ("10^{-3} and", 1e-3, 3, False, None, ""),
        ("1,234,567 points", 1234567.0, 0, False, None, "points"),
        ("1.3B parameters", 1.3e9, -8, False, None, "parameters"),
        ("of 10,000, a", 10000.0, 0, False, None, ""),
        ("in 12.5 seconds", 12.5, 1, False, None, "s"),
    ],
)
def test_what_belongs_to_a_number(
    text: str, value: float, decimals: int, percent: bool, spread: float | None, unit: str
) -> None:
    number = next(numbers_in(text)).number
    assert (number.value, number.decimals) == (pytest.approx(value), decimals)
    assert (number.percent, number.spread) == (percent, spread)
    assert number.unit in (unit, "")


def test_factors_are_told_from_values() -> None:
    assert [(one.number.value, one.times) for one in numbers_in("3x faster, a two-fold gain, 8 × 8 pixels")] == [
        (3.0, True), (2.0, True), (8.0, False), (8.0, False),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("as Table 3 shows", "pointer"), ("see Figures 1 and 2", "pointer"), ("the model (Run 5) achieves", "pointer"),
        ("were found before [7]", "citation"), ("(Vaswani et al., 2017) propose", "year"), ("published in 2019.", "year"),
        ("we use PyTorch 1.9 on", "version"), ("on CIFAR-10 images", "version"), ("four 2D data sets", "identifier"),
        ("1. Flexibility: our approach", "list"), ("26 November 2026", "date"), ("equal to q = 1 − β_t here", "formula"),
        ("a batch size of 512 and", "setting"), ("with 6 layers and", "count"), ("reached in 1993 steps", "value"),
        ("an accuracy of 0.9426 on", "value"), ("reduced it by 61% on", "value"),
        ("bars their 95% confidence intervals", "setting"), ("of 20 images it is 0.943 ± 0.011 now", "value"),
    ],
)  # fmt: skip
def test_roles(text: str, role: str) -> None:
    assert roles(text)[-1][1] == role


def test_identifiers_and_indices_hold_no_number() -> None:
    assert roles("enwik8 and text8 with w_{1} and x^{2}") == []


@pytest.mark.parametrize(
    ("cell", "value"),
    [("91.2 ± 0.3", 91.2), ("(0.71)", 0.71), ("~ 5.2 ms", 5.2), ("—", None), ("Initial LR 2e-3", None), ("500, 501, 502", None), ("0.91 [0.90, 0.92]", 0.91)],
)  # fmt: skip
def test_the_value_of_a_cell(cell: str, value: float | None) -> None:
    number = first_number(cell)
    assert (number.value if number else None) == value


def test_a_million_digits_are_no_trouble() -> None:
    assert len(list(numbers_in("9" * 1_000_000 + " and 1e99999 and " + "1," * 10_000))) >= 1
