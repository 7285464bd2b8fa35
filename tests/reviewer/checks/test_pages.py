"""Text beyond the margin, the text block and the number of pages, on pages made by hand."""

from __future__ import annotations

import pytest
from ai_scientist_reviewer.paper import Paper
from ai_scientist_reviewer.venues import Venue

LINE = "The quick brown fox jumps over the lazy dog and then it runs on to the river bank again."
"""About 396 points in Helvetica of ten points: 5.5 inches."""
MORE = "One more line of the body that stands on this page alone."
VENUE = Venue("A venue", pages=2, width=5.6, height=9.0, uncounted=("ethics statement",))


@pytest.fixture
def pages(write_pdf, show_text):
    """A paper whose pages hold these lines each, below another; a number before a line is where it starts."""

    def write(*sheets: list[str], left: float = 72, gap: float = 12) -> Paper:
        contents = []
        for lines in sheets:
            content, y = "", 740.0
            for line in lines:
                if line.startswith("## "):
                    content += show_text(line[3:], left, y, size=12, font="F2")
                else:
                    content += show_text(line, left, y)
                y -= gap
            contents.append(content)
        return Paper.read(write_pdf(contents))

    return write


def test_a_line_beyond_the_margin(pages, found) -> None:
    wide = f"{LINE} And on and on."
    (one,) = found(pages([*[LINE] * 20, wide, *[LINE] * 5]), "overfull")
    assert (one.severity, one.page, one.quote) == ("warn", 1, wide)
    assert "points beyond the margin" in one.message
    assert found(pages([LINE] * 25), "overfull") == []


def test_a_line_off_the_page_is_an_error(pages, found) -> None:
    (one,) = found(
        pages([*[LINE] * 20, f"{LINE} And on and on, far over the edge of the paper to nowhere"]), "overfull"
    )
    assert one.severity == "error"


def test_two_columns_are_no_wide_lines(write_pdf, show_text, found) -> None:
    half = "Half a line of text that fills a column here."
    rows = [show_text(half, x, 740 - 12 * i) for x in (54, 320) for i in range(30)]
    over = show_text(half + " And much more text.", 54, 340)
    assert found(Paper.read(write_pdf(["".join(rows)])), "overfull") == []
    (one,) = found(Paper.read(write_pdf(["".join(rows) + over])), "overfull")
    assert one.quote.endswith("more text.")


def test_the_log_of_a_compilation(project, found) -> None:
    log = "Overfull \\hbox (23.4pt too wide) in paragraph at lines 9--10\n\nOverfull \\hbox (0.4pt too wide) in paragraph at lines 4--5\n"
    (one,) = found(project(**{"paper.log": log}), "overfull")
    assert (one.file, one.line) == ("paper.tex", 9)
    assert "23 points too wide" in one.message


def test_margins_made_smaller(pages, found, unknown) -> None:
    assert found(pages([LINE] * 25), "margins", venue=VENUE) == []
    (one,) = found(pages([LINE + " Yes."] * 25), "margins", venue=VENUE)
    assert "5.6" in one.message
    (one,) = found(pages([LINE] * 60, gap=11.8), "margins", venue=VENUE)
    assert "inches high" in one.message
    assert "no venue was named" in unknown(pages([LINE] * 25), "margins")[0]


@pytest.mark.parametrize(
    ("last", "over"),
    [
        (["## References", "[1] A. Author. A title of a work. 2020."], False),
        (["## Ethics statement", "Nobody was harmed."], False),
        ([MORE, "## References", "[1] A. Author. A title of a work. 2020."], True),
        ([MORE, "## A Appendix", LINE], True),
        ([MORE], True),
    ],
)
def test_the_body_ends_where_the_venue_stops_counting(last, over, pages, found) -> None:
    body = [LINE] * 20
    told = found(pages(body, body, last), "page-limit", venue=VENUE)
    assert [(one.severity, one.page) for one in told] == ([("error", 3)] if over else [])
