"""Pictures of the source and of the pages."""

from collections.abc import Callable
from pathlib import Path

import pytest
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
        one.message == "Figure 1 (other.png) shows the same picture as Figure 2 (error.png)."
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
    paper = project(vector, **{"plot.pdf": file(next(iter(GOOD.values())))})
    assert unknown(paper, "figure-axes") == []
    assert found(paper, "figure-axes") == []
    (one,) = found(paper, "figure-text")
    assert "points high in print" in one.message


def test_an_axis_without_a_name(project, found) -> None:
    bare = file(lambda figure: figure.subplots().plot([0, 1, 2], [3.0, 1.0, 2.0]))
    paper = project(("{error.png}", "{plot.pdf}"), **{"plot.pdf": bare})
    assert {one.severity for one in found(paper, "figure-axes")} == {"warn"}
    assert found(paper, "figure-axes")[0].message == "Figure 1 (plot.pdf): The x axis has numbers and no name."


@pytest.fixture
def stamped(write_pdf, typeset_page, painted, tmp_path: Path) -> Callable[..., Paper]:
    """A page with two captions, and a picture of so many pixels over each."""

    def stamp(first: int, second: int, size: tuple[int, int] = (900, 500)) -> Paper:
        from io import BytesIO

        from PIL import Image
        from pypdf import PdfReader, PdfWriter, Transformation

        gap = [""] * 22
        lines = ["## 1 Results", "Figures 1 and 2 show the error by epoch, for five seeds each, on two sets of data.", *gap,
                 "Figure 1: Test error on the digits.", *gap, "Figure 2: Test error on the faces."]  # fmt: skip
        writer = PdfWriter(clone_from=write_pdf([typeset_page(lines)]))
        page = writer.pages[0]
        for seed, bottom in ((first, 530), (second, 340)):
            picture = BytesIO()
            Image.open(BytesIO(painted(seed, size))).convert("RGB").save(picture, "PDF", resolution=72)
            scale = 300 / size[0]
            place = Transformation().scale(scale, 160 / size[1]).translate(72, bottom)
            page.merge_transformed_page(PdfReader(picture).pages[0], place)
        path = tmp_path / "stamped.pdf"
        writer.write(path)
        return Paper.read(path)

    return stamp


def test_the_same_picture_on_a_page(stamped, found) -> None:
    (one,) = found(stamped(1, 1), "figure-duplicated")
    assert one.message == "Figure 2 shows the same picture as Figure 1."
    assert (one.severity, one.page) == ("error", 1)
    assert found(stamped(1, 3), "figure-duplicated") == []


def test_dots_per_inch_as_the_page_shows_them(stamped, found) -> None:
    assert found(stamped(1, 3), "figure-resolution") == []  # 900 pixels over 4.2 inches
    assert [one.message[:32] for one in found(stamped(1, 3, (300, 200)), "figure-resolution")] == [
        "Figure 1 has 72 dots per inch in",
        "Figure 2 has 72 dots per inch in",
    ]
