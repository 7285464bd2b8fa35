import io
from pathlib import Path

import pytest
from ai_scientist_reviewer import document, pdf
from ai_scientist_reviewer.marks import Marks
from ai_scientist_reviewer.paper import Paper, PaperError


def test_a_paper_is_read_with_its_structure(sample_paper: Paper) -> None:
    paper = sample_paper
    assert paper.title == "Early Stopping Under Label Noise"
    assert [section.title for section in paper.sections] == [
        "Abstract",
        "Introduction",
        "Experiments",
        "Limitations",
        "Conclusion",
        "References",
    ]
    assert paper.abstract.startswith("We ask whether early stopping")
    assert [(c.kind, c.number, c.page) for c in paper.captions] == [("Figure", "1", 2), ("Table", "1", 2)]
    assert [(r.label, r.surname, r.year) for r in paper.references] == [("1", "Zhang", "2017"), ("2", "Arpit", "2017")]
    assert "Understanding deep learning" not in paper.body


def test_a_figure_has_the_box_of_its_drawing(sample_paper: Paper) -> None:
    (figure,) = sample_paper.figures
    # The drawing is `72 730 200 40 re` on a page 792 points high.
    assert figure.box == pytest.approx((72, 22, 272, 62), abs=1)


def test_words_stand_where_they_are_printed(sample_paper: Paper) -> None:
    words = dict(sample_paper.pages[0].words)
    box = words["Abstract"]
    assert box.left == pytest.approx(72, abs=1.5)
    assert 100 < box.top < box.bottom < 120  # the baseline is at 792 - 678 = 114


def test_a_quote_is_found_over_line_breaks_and_hyphens(write_pdf, typeset_page) -> None:
    paper = Paper.read(
        write_pdf([typeset_page(["Some words before it. We observe memo-", "rization in 'noisy' networks."])])
    )
    place = paper.locate("observe memorization in ‘noisy’ networks")
    assert place is not None
    assert place.page == 1
    assert place.box is not None
    assert paper.locate("observe memorization in silent networks") is None
    assert paper.locate("it") is None  # stands there, and is too short to tell anything


def test_a_minus_sign_is_not_a_hyphen(write_pdf, typeset_page) -> None:
    paper = Paper.read(write_pdf([typeset_page(["The accuracy changed by -3 points in the end."])]))
    assert paper.locate("accuracy changed by -3 points")
    assert paper.locate("accuracy changed by 3 points") is None


def test_a_page_can_be_seen(sample_paper: Paper) -> None:
    from PIL import Image

    with Image.open(io.BytesIO(sample_paper.page_picture(2, dpi=72))) as picture:
        assert picture.size == (612, 792)
        assert picture.convert("RGB").getpixel((170, 40)) == pytest.approx((51, 102, 204), abs=2)  # type: ignore[arg-type]


def test_a_page_that_is_not_there_cannot_be_seen(sample_paper: Paper) -> None:
    with pytest.raises(PaperError, match="no page 3"):
        sample_paper.page_picture(3)


def _encrypted(sample: Path) -> bytes:
    import pypdf

    writer = pypdf.PdfWriter(clone_from=sample)
    writer.encrypt("secret", algorithm="RC4-128")
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda data: b"", "is empty"),
        (lambda data: b"Dear editor, please find my paper attached.", "is not a PDF"),
        (lambda data: data[: len(data) // 2], "is truncated"),
        (lambda data: b"%PDF-1.4\n" + b"\x00\x01garbage" * 50 + b"\n%%EOF", "damaged"),
    ],
)
def test_a_bad_file_is_refused_in_one_sentence(sample: Path, tmp_path: Path, spoil, says: str) -> None:
    bad = tmp_path / "bad.pdf"
    bad.write_bytes(spoil(sample.read_bytes()))
    with pytest.raises(PaperError, match=says) as caught:
        Paper.read(bad)
    assert str(caught.value).startswith("bad.pdf")
    assert str(caught.value).endswith(".")


def test_an_encrypted_file_is_refused(sample: Path, tmp_path: Path) -> None:
    locked = tmp_path / "locked.pdf"
    locked.write_bytes(_encrypted(sample))
    with pytest.raises(PaperError, match=r"locked\.pdf is encrypted"):
        Paper.read(locked)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PaperError, match=r"none\.pdf cannot be opened"):
        Paper.read(tmp_path / "none.pdf")


def test_a_scan_is_refused(write_pdf) -> None:
    with pytest.raises(PaperError, match="no text layer"):
        Paper.read(write_pdf(["0.5 g 100 100 300 300 re f"]))


def test_bounds_hold(sample: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "MAX_PAGES", 1)
    with pytest.raises(PaperError, match="has 2 pages; at most 1"):
        Paper.read(sample)
    monkeypatch.undo()
    monkeypatch.setattr(pdf, "MAX_GLYPHS", 200)
    with pytest.raises(PaperError, match="more than 200 characters"):
        Paper.read(sample)
    monkeypatch.undo()
    monkeypatch.setattr(pdf, "READ_SECONDS", -1.0)
    with pytest.raises(PaperError, match="takes longer"):
        Paper.read(sample)


def test_a_huge_page_is_drawn_small_enough(write_pdf, typeset_page) -> None:
    paper = Paper.read(write_pdf([typeset_page(["A poster of some size."])], size=(14000, 14000)))
    from PIL import Image

    with Image.open(io.BytesIO(paper.page_picture(1, dpi=300))) as picture:
        assert picture.width * picture.height <= document.MAX_PIXELS * 1.01


def test_running_heads_and_page_numbers_are_no_part_of_the_text(write_pdf, typeset_page, show_text) -> None:
    pages = [
        typeset_page([f"Something new is said on sheet {n}."])
        + show_text("Under review", y=770)
        + show_text(str(n), x=300, y=30)
        for n in range(1, 5)
    ]
    text = Paper.read(write_pdf(pages)).text
    assert "Under review" not in text
    assert text.split("\n\f") == [f"Something new is said on sheet {n}." for n in range(1, 5)]


TEX = r"""
\documentclass{article}
\title{Noise and Stopping}
\begin{document}
\begin{abstract}
We stop early. % TODO not shown
\end{abstract}
\section{Method}
As Figure \ref{fig:a} shows and Section \ref{sec:none} does not, 5\% suffice \cite{zhang, ghost}.
\begin{figure}\caption{Error over \emph{epochs}.}\label{fig:a}\end{figure}
\section{Limitations}
Few.
\begin{thebibliography}{9}
\bibitem{zhang} C. Zhang. Deep learning. 2017.
\end{thebibliography}
\end{document}
"""


def test_latex_source_is_read(tmp_path: Path) -> None:
    path = tmp_path / "paper.tex"
    path.write_text(TEX)
    paper = Paper.read(path)
    assert paper.title == "Noise and Stopping"
    assert [section.title for section in paper.sections] == ["Abstract", "Method", "Limitations", "References"]
    assert "As Figure 1 shows and Section ?? does not, 5% suffice [1, ?]." in paper.text
    assert [figure.text for figure in paper.figures] == ["Error over epochs."]
    assert "TODO" not in paper.text
    with pytest.raises(PaperError, match="LaTeX source"):
        paper.page_picture(1)


def test_a_sentence_that_runs_over_a_page_is_found_past_the_figure_above_it(write_pdf, typeset_page) -> None:
    first = [
        "# A title of some words",
        "Some text comes before the sentence that matters here.",
        "The gain is not consis-",
    ]
    second = ["Figure 1: Loss over time.", "tent across all of the data sets.", "More text follows after it."]
    paper = Paper.read(write_pdf([typeset_page(first), typeset_page(second)]))
    marks = Marks(paper).of("The gain is not consistent across all of the data sets.")
    assert [mark.page for mark in marks] == [1, 2]
    place = paper.locate("The gain is not consistent across all of the data sets.")
    assert place is not None and place.page == 1
    assert paper.locate("The gain is not consistent across all. More text follows") is None
    assert paper.locate("comes before the sentence that More text follows after it.") is None  # does not end its page
