"""Sections that should be there."""

import pytest
from ai_scientist_reviewer.venues import Venue

CONCLUSION = "\\section{Conclusion}\nStopping early lowers the error.\n"


def test_a_usual_section_is_missed(project, found) -> None:
    (one,) = found(project((CONCLUSION, "")), "missing-section")
    assert (one.message, one.severity) == ("No heading announces a conclusion.", "warn")
    assert found(project(), "missing-section") == []


def test_what_most_papers_have_is_noted_where_one_is_long(project, found) -> None:
    more = "".join(f"\\section{{Part {word}}}\nWords.\n" for word in ("one", "two", "three"))
    (one,) = found(project((CONCLUSION, more + CONCLUSION)), "missing-section")
    assert (one.message, one.severity) == (
        "No heading announces related work, a method, how experiments were made.",
        "info",
    )


@pytest.mark.parametrize(("asked", "missed"), [("limitations", False), ("impact statement", True), ("checklist", True)])
def test_what_the_venue_asks_for(asked, missed, project, found) -> None:
    told = found(project(), "missing-section", venue=Venue("A venue", sections=(asked,)))
    assert [one.severity for one in told] == (["error"] if missed else [])


LIMITS = "\\section{Limitations}\nOne data set was tried.\n"


@pytest.mark.parametrize(
    ("said", "severity"),
    [
        ("", "warn"),
        ("We address the limitations of existing methods.", "warn"),
        ("Further work should address the limitations.", "warn"),
        ("A limitation of our study is that one data set was tried.", "info"),
        ("Our approach has some limitations: one data set was tried.", "info"),
        ("This study is necessarily limited to one data set.", "info"),
    ],
)
def test_limits_are_told_of_this_work_and_under_a_heading(said, severity, project, found) -> None:
    (one,) = found(project((LIMITS, f"{said}\n")), "missing-limitations")
    assert one.severity == severity
    (one,) = found(project((LIMITS, f"{said}\n")), "missing-limitations", venue=Venue("A venue", pages=9))
    assert one.severity == "warn"
    assert found(project(), "missing-limitations") == []


@pytest.mark.parametrize(
    ("text", "missed"),
    [
        ("Section 2 has the results.", False),
        ("Section 7 has the proofs.", True),
        ("Section 7 of Smith et al. has the proofs.", False),
        ("We say more in the Theory section.", True),
        ("We say more in the Results section.", False),
    ],
)
def test_the_text_points_to_a_section_that_is_gone(text, missed, project, found) -> None:
    assert bool(found(project(("The error falls", f"{text} The error falls")), "section-absent")) == missed


def test_nothing_under_a_heading(project, found) -> None:
    (one,) = found(project(("One data set was tried.\n", "")), "empty-section")
    assert one.message == "There is nothing under the heading “Limitations”."
    inner = ("\\section{Results}", "\\section{Results}\n\\subsection{Digits}")
    assert found(project(inner), "empty-section") == []
