"""Where real papers differ from the plain one: long headings, titles that begin with "A", captions in sentences."""

from pathlib import Path

import pytest
from ai_scientist_reviewer.paper import Paper

from tests.reviewer.conftest import pdf_bytes, show


def page(*lines: tuple[str, float, str, float]) -> str:
    """Lines of (text, size, font, gap above), from the top."""
    content, y = "", 740.0
    for text, size, font, gap in lines:
        y -= size * 1.15 + gap
        content += show(text, y=y, size=size, font=font)
    return content


PROSE = [
    (f"Here stand plain words of the paper which fill a line of the text number {n} of all.", 10, "F1", 0)
    for n in range(12)
]


def read(tmp_path: Path, *pages: str) -> Paper:
    path = tmp_path / "paper.pdf"
    path.write_bytes(pdf_bytes(list(pages)))
    return Paper.read(path)


def titles(paper: Paper) -> list[tuple[str, str]]:
    return [(section.number, section.title) for section in paper.sections]


def test_headings_of_all_kinds(tmp_path: Path) -> None:
    paper = read(
        tmp_path,
        page(
            ("A Study of Networks That Are Trained", 17, "F2", 0),
            ("Under Noise", 17, "F2", 0),
            ("Abstract. We study networks.", 9, "F1", 12),
            ("1 Introduction", 12, "F2", 12),
            *PROSE[:4],
            ("2 A Long Heading About the Way in Which Networks Are Trained and", 12, "F2", 12),
            ("Then Calibrated", 12, "F2", 0),
            *PROSE[4:8],
            ("Author Roles", 12, "F2", 12),
            ("Jane did all of it.", 10, "F1", 4),
            ("References", 12, "F2", 12),
            ("[1] J. Ho. Noise. 2020.", 10, "F1", 4),
            ("[2] K. Li. Rest. 2021.", 10, "F1", 4),
            ("A Proofs", 12, "F2", 12),
            *PROSE[8:],
        ),
    )
    assert paper.title == "A Study of Networks That Are Trained Under Noise"
    assert titles(paper) == [
        ("", "Abstract"),
        ("1", "Introduction"),
        ("2", "A Long Heading About the Way in Which Networks Are Trained and Then Calibrated"),
        ("", "Author Roles"),
        ("", "References"),
        ("A", "Proofs"),
    ]
    assert paper.abstract == "We study networks."
    assert len(paper.references) == 2


@pytest.mark.parametrize(
    ("numbers", "said"),
    [(("I", "II", "III"), ["I", "II", "III"]), (("1", "2", "X"), ["1", "2"]), (("1", "A", "B"), ["1", "A", "B"])],
)
def test_numbers_of_sections(tmp_path: Path, numbers: tuple[str, ...], said: list[str]) -> None:
    lines = []
    for number in numbers:
        lines += [(f"{number} Some Heading", 12, "F2", 12), *PROSE[:4]]
    assert [number for number, _ in titles(read(tmp_path, page(*lines))) if number] == said


def test_a_caption_is_not_a_sentence_nor_its_table(tmp_path: Path) -> None:
    rows = "".join(show(text, x=x, y=400) for text, x in (("Method", 72), ("Error", 250), ("Time", 350)))
    paper = read(
        tmp_path,
        page(*PROSE, ("which fills a line of the text until it is full, as is shown by", 10, "F1", 0), ("Figure 1. We then go on.", 10, "F1", 0))
        + show("Table 1: Test error, mean of five", y=411)
        + rows,
    )  # fmt: skip
    assert [(caption.kind, caption.text) for caption in paper.captions] == [("Table", "Test error, mean of five")]


def test_running_heads_with_the_pages_number_are_no_text(tmp_path: Path) -> None:
    head = show("2 JANE DOE AND JOHN ROE", y=770, size=8)
    paper = read(tmp_path, page(*PROSE), head + page(*PROSE))
    assert "JANE" not in paper.text


def test_an_arxiv_number_is_no_year(tmp_path: Path) -> None:
    paper = read(tmp_path, page(*PROSE, ("References", 12, "F2", 12), ("[1] R. Lee. Help. 2019. arXiv:1906.02629.", 10, "F1", 4), ("[2] K. Li. Rest. 2021.", 10, "F1", 4)))  # fmt: skip
    assert [entry.year for entry in paper.references] == ["2019", "2021"]


def test_floats_among_the_references_are_no_entries(tmp_path: Path) -> None:
    entries = [
        ("References", 12, "F2", 12),
        ("Jane Lee and Al Ho. Help for networks. Journal of Nets, 2019.", 10, "F1", 8),
    ]
    float_ = [
        ("Figure 1: Samples of the model in all runs, from the first one to", 10, "F1", 120),
        ("the last.", 10, "F1", 0),
    ]
    last = [("Kim Li. Rest for networks that are tired. Journal of Nets, 2021.", 10, "F1", 12)]
    behind = [("Figure 2: Loss by step, in each of the runs.", 10, "F1", 200), ("Lower is better.", 10, "F1", 0)]
    paper = read(tmp_path, page(*PROSE), page(*entries, *float_, *last), page(*behind))
    assert [entry.surname for entry in paper.references] == ["Lee", "Li"]
