"""Figures as referees see them: pages, or the files of LaTeX source, which may be anybody's."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO
from pathlib import Path

from ai_scientist_reviewer.paper import Paper
from ai_scientist_reviewer.pictures import WIDEST, figures_shown
from PIL import Image


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
    shown, more = figures_shown(Paper.read(sample))
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
    shown, more = figures_shown(Paper.read(tmp_path))
    assert [picture.what for picture in shown] == ["Figure 1", "Figure 4"]
    assert more == 2
    with Image.open(BytesIO(shown[0].png)) as image:
        assert image.width == WIDEST
