"""A fault that was put into a figure is found, and a good figure is left alone."""

import pytest
from ai_scientist_reviewer import vectors
from ai_scientist_reviewer.figures import look
from ai_scientist_reviewer.layout import faults_of

from tests.reviewer.drawings import FAULTY, GOOD, WIDTH, curves, file, legend_over_a_line, tiny


@pytest.mark.parametrize("name", GOOD)
def test_a_good_figure_is_left_alone(name: str) -> None:
    assert [fault.message for fault in faults_of(vectors.read(file(GOOD[name])), WIDTH)] == []


@pytest.mark.parametrize("name", FAULTY)
def test_a_fault_is_found_and_no_other(name: str) -> None:
    draw, kind = FAULTY[name]
    assert {fault.kind for fault in faults_of(vectors.read(file(draw)), WIDTH)} == {kind}


def test_what_is_found_says_where() -> None:
    (fault,) = look(file(legend_over_a_line, "png"), pdf=file(legend_over_a_line), width_inches=WIDTH)
    assert "“a method with a long name”" in fault.message


def test_text_shrinks_with_the_print_size() -> None:
    drawn = vectors.read(file(curves))
    assert list(faults_of(drawn, WIDTH)) == []
    assert {fault.kind for fault in faults_of(drawn, WIDTH / 2)} == {"text-size"}
    assert {fault.kind for fault in faults_of(vectors.read(file(tiny)), WIDTH * 2)} == set()


def test_a_pdf_that_cannot_be_read_is_a_fault() -> None:
    (fault,) = look(file(curves, "png"), pdf=b"%PDF-1.7 and no more", width_inches=WIDTH)
    assert fault.kind == "unreadable"
