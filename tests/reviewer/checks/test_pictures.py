"""Pictures of the source and of the pages."""

from ai_scientist_reviewer.checks.drawings import pictures
from ai_scientist_reviewer.paper import Paper

from tests.reviewer.drawings import GOOD, file

SECOND = r"""\begin{figure}\includegraphics[width=0.9\textwidth]{other.png}
\caption{Another.}\label{fig:other}\end{figure} See Figure~\ref{fig:other}. The error falls"""


def test_the_same_pixels_under_another_name(project, painted, found) -> None:
    from io import BytesIO

    from PIL import Image

    again = BytesIO()
    Image.open(BytesIO(painted(1))).save(again, "PNG", compress_level=1)  # other bytes, the same picture
    changed = ("The error falls", SECOND)
    (one,) = found(project(changed, **{"other.png": again.getvalue()}), "figure-duplicated")
    assert (
        one.message == "Other.png (Figure 1) shows the same picture as error.png (Figure 2)."
        or "same picture" in one.message
    )
    assert one.severity == "error"
    assert found(project(changed, **{"other.png": painted(3)}), "figure-duplicated") == []


def test_the_same_file_twice(project, found) -> None:
    twice = SECOND.replace("other.png", "error.png")
    assert len(found(project(("The error falls", twice)), "figure-duplicated")) == 1


def test_a_coarse_bitmap(project, painted, found) -> None:
    style = {"preamble": "\\usepackage{iclr2026_conference}"}
    (one,) = found(project(**style, **{"error.png": painted(1, (400, 300))}), "figure-resolution")
    assert "73 dots per inch" in one.message  # 400 pixels over the 5.5 inches of the style
    assert found(project(**style), "figure-resolution") == []


def test_vectors_tell_of_axes_and_text_where_bitmaps_do_not(project, found, unknown) -> None:
    assert "error.png" in unknown(project(), "figure-axes")[0]
    vector = (r"[width=\textwidth]{error.png}", "[width=1.5in]{plot.pdf}")
    paper = project(vector, **{"plot.pdf": file(GOOD["bars"]) if "bars" in GOOD else file(next(iter(GOOD.values())))})
    assert unknown(paper, "figure-axes") == []
    assert found(paper, "figure-axes") == []
    (one,) = found(paper, "figure-text")
    assert "points high in print" in one.message


def test_a_picture_that_two_pages_show(write_pdf, sample_pages, found) -> None:
    paper = Paper.read(write_pdf(sample_pages()))
    assert [one for one in pictures(paper) if one.pixels] == []
    assert found(paper, "figure-duplicated") == []
