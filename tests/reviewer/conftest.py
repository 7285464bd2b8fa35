"""Small PDFs made by hand, so that tests need no LaTeX and know every byte."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from ai_scientist_reviewer.paper import Paper

Write = Callable[..., Path]


def pdf_bytes(pages: Sequence[str], *, size: tuple[int, int] = (612, 792), extra: str = "", info: str = "") -> bytes:
    """A PDF of these content streams. Fonts: F1 Helvetica, F2 Helvetica-Bold; G0 is a fully transparent state."""
    objects = ["<< /Type /Catalog /Pages 2 0 R >>"]
    kids = " ".join(f"{6 + 2 * i} 0 R" for i in range(len(pages)))
    objects.append(f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>")
    objects += [f"<< /Type /Font /Subtype /Type1 /BaseFont /{n} >>" for n in ("Helvetica", "Helvetica-Bold")]
    objects.append("<< /Type /ExtGState /ca 0 /CA 0 >>")
    resources = "<< /Font << /F1 3 0 R /F2 4 0 R >> /ExtGState << /G0 5 0 R >> >>"
    for i, content in enumerate(pages):
        box = f"/MediaBox [0 0 {size[0]} {size[1]}]"
        objects.append(
            f"<< /Type /Page /Parent 2 0 R {box} /Resources {resources} /Contents {7 + 2 * i} 0 R {extra} >>"
        )
        objects.append(f"<< /Length {len(content.encode('latin-1'))} >>\nstream\n{content}\nendstream")
    if info:
        objects.append(f"<< {info} >>")
    data, starts = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        starts.append(len(data))
        data += f"{number} 0 obj\n{body}\nendobj\n".encode("latin-1")
    table = "".join(f"{start:010d} 00000 n \n" for start in starts)
    named = f"/Info {len(objects)} 0 R" if info else ""
    count = len(objects) + 1
    tail = f"xref\n0 {count}\n0000000000 65535 f \n{table}trailer\n<< /Size {count} /Root 1 0 R {named} >>\n"
    return data + f"{tail}startxref\n{len(data)}\n%%EOF\n".encode("latin-1")


def show(text: str, x: float = 72, y: float = 700, *, size: float = 10, font: str = "F1", before: str = "") -> str:
    """Operators that show one line of text; `before` is put ahead of it (a colour, a rendering mode)."""
    plain = text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
    return f"q {before} BT /{font} {size} Tf {x} {y} Td ({plain}) Tj ET Q\n"


def typeset(lines: Sequence[str], *, top: float = 720) -> str:
    """A page of lines: "# " a title, "## " a heading, "" a gap."""
    content, y = "", top
    for line in lines:
        if line.startswith("## "):
            y -= 8
            content += show(line[3:], y=y, size=12, font="F2")
        elif line.startswith("# "):
            content += show(line[2:], y=y, size=17, font="F2")
            y -= 8
        elif line:
            content += show(line, y=y)
        y -= 13 if line else 8
    return content


PAPER = (
    (
        "# Early Stopping Under Label Noise",
        "A. Author",
        "## Abstract",
        "We ask whether early stopping protects a small network from wrong labels.",
        "On the digits data it lowers the test error from 14.2 to 9.6 percent.",
        "The effect was seen for five seeds and vanishes without noise.",
        "",
        "## 1 Introduction",
        "Networks fit wrong labels late in training [1], so stopping early may help.",
        "Earlier work found the same for large images [2], and Figure 1 shows it here.",
        "We state a hypothesis that can fail and report what was measured.",
        "",
        "## 2 Experiments",
        "We train for 80 epochs with five seeds and report mean and standard deviation.",
        "The test error falls from 14.2 to 9.6 percent with a standard deviation of 0.4.",
        "Table 1 lists all runs. The gain is largest at forty percent noise.",
    ),
    (
        "0.5 0.5 0.5 rg",
        "",
        "",
        "Figure 1: Test error against epochs for five seeds.",
        "",
        "",
        "Table 1: Test error in percent, mean over five seeds.",
        "noise 0.4 14.2 9.6",
        "",
        "## 3 Limitations",
        "One data set and one network were tried, so the finding may not carry over.",
        "",
        "## 4 Conclusion",
        "Stopping early lowers the error where labels are wrong, on these data.",
        "",
        "## References",
        "[1] C. Zhang and S. Bengio. Understanding deep learning. ICLR, 2017.",
        "[2] D. Arpit and S. Jastrzebski. A closer look at memorization. ICML, 2017.",
    ),
)


def paper_pages(changes: dict[str, str] | None = None) -> list[str]:
    """The sample paper's two pages, with lines exchanged ("" leaves a line out)."""
    changed = changes or {}
    first = [changed.get(line, line) for line in PAPER[0]]
    second = [changed.get(line, line) for line in PAPER[1][1:]]
    drawing = "0.2 0.4 0.8 rg 72 730 200 40 re f 0 0 0 rg\n"
    return [typeset(first), drawing + typeset(second)]


@pytest.fixture
def write_pdf(tmp_path: Path) -> Write:
    def write(pages: Sequence[str], name: str = "paper.pdf", **options: object) -> Path:
        path = tmp_path / name
        path.write_bytes(pdf_bytes(pages, **options))  # type: ignore[arg-type]
        return path

    return write


@pytest.fixture
def sample(write_pdf: Write) -> Path:
    """A small paper in good order."""
    return write_pdf(paper_pages())


@pytest.fixture(scope="session")
def sample_paper(tmp_path_factory: pytest.TempPathFactory) -> Paper:
    """The same as read: what was found out about it once, it knows."""
    path = tmp_path_factory.mktemp("sample") / "paper.pdf"
    path.write_bytes(pdf_bytes(paper_pages()))
    return Paper.read(path)


@pytest.fixture
def typeset_page() -> Callable[..., str]:
    return typeset


@pytest.fixture
def show_text() -> Callable[..., str]:
    return show


@pytest.fixture
def sample_pages() -> Callable[..., list[str]]:
    return paper_pages
