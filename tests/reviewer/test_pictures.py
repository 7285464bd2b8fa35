"""Figures as referees see them: pages, or the files of LaTeX source, which may be anybody's."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO
from pathlib import Path

from ai_scientist_reviewer.paper import Paper
from ai_scientist_reviewer.pictures import DPI, WIDEST, figures_shown
from PIL import Image

from tests.reviewer.conftest import paper_pages, pdf_bytes, show
from tests.reviewer.hiding import NEUTRAL, ORDER, put
from tests.reviewer.hiding import Page as Beside

POINT = DPI / 72
"""Pixels."""


def png(width: int, height: int) -> bytes:
    file = BytesIO()
    Image.new("RGB", (width, height), "red").save(file, "PNG")
    return file.getvalue()


def bomb() -> bytes:
    """A file of some bytes that says it is a picture of forty thousand by forty thousand pixels."""
    head = struct.pack(">IIBBBBB", 40_000, 40_000, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(bytes(1000))), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )


def test_pages_with_figures_are_shown(sample: Path) -> None:
    shown, more = figures_shown(Paper.read(sample).examined)
    assert ([picture.what for picture in shown], more) == (["page 2"], 0)


def test_files_of_source_are_shown_at_a_bounded_size_and_bad_ones_passed_over(tmp_path: Path) -> None:
    figures = {"wide.png": png(4000, 20), "bomb.png": bomb(), "torn.png": png(50, 50)[:40], "small.png": png(50, 50)}
    for name, data in figures.items():
        (tmp_path / name).write_bytes(data)
    floats = "".join(
        rf"\begin{{figure}}\includegraphics{{{name}}}\caption{{Number {i}.}}\end{{figure}}"
        for i, name in enumerate(figures)
    )
    (tmp_path / "main.tex").write_text(
        rf"\documentclass{{article}}\begin{{document}}Some words here. {floats}\end{{document}}"
    )
    shown, more = figures_shown(Paper.read(tmp_path).examined)
    assert [picture.what for picture in shown] == ["Figure 1", "Figure 4"]
    assert more == 2
    with Image.open(BytesIO(shown[0].png)) as image:
        assert image.width == WIDEST


def test_what_is_withheld_from_the_text_is_painted_over_in_the_picture(tmp_path: Path) -> None:
    first, second = paper_pages()
    order, faint = show(ORDER, y=300), show(NEUTRAL, y=250, before="0.95 0.95 0.95 rg")
    stamp = (
        "<< /Type /XObject /Subtype /Form /BBox [0 0 90 20] /Length 24 >>\nstream\n1 0 0 rg 0 0 90 20 re f\nendstream"
    )
    note = "/Annots [<< /Type /Annot /Subtype /Stamp /F 4 /Rect [72 100 162 120] /AP << /N 100 0 R >> >>]"
    path = tmp_path / "paper.pdf"
    path.write_bytes(put(pdf_bytes([first, second + order + faint], extra=note), Beside("", objects=(stamp,))))
    paper = Paper.read(path)
    ((_, shown),) = figures_shown(paper.examined)[0]
    whole = paper.page_picture(2, DPI)
    assert greys(whole, 110) == {76}  # people see the stamp
    assert greys(shown, 110) == {255}
    for y in (303, 253):
        assert len(greys(whole, y)) > 1
        assert greys(shown, y) == {0xC0}
    for y in (703, 635):  # the caption, a heading
        assert greys(shown, y) == greys(whole, y) != {255}


def greys(png: bytes, y: float) -> set[int]:
    """Of the pixels of a page's picture in a row at this height, from 74 to 160 points."""
    with Image.open(BytesIO(png)) as image:
        row = image.convert("L").crop(
            (round(74 * POINT), round((792 - y) * POINT), round(160 * POINT), round((793 - y) * POINT))
        )
        return set(row.tobytes())
