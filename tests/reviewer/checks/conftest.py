"""Small LaTeX projects, and what a rule says of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from ai_scientist_reviewer.checks import check
from ai_scientist_reviewer.findings import Finding
from ai_scientist_reviewer.paper import Paper

BODY = r"""
\begin{abstract}
We ask whether stopping early protects a small network from wrong labels.
\end{abstract}
\section{Introduction}\label{sec:intro}
Networks fit wrong labels late in training \citep{zhang2017understanding}, as Table~\ref{tab:runs} shows.
\section{Results}\label{sec:results}
The error falls as Figure~\ref{fig:error} shows.
\begin{figure}
\includegraphics[width=\textwidth]{error.png}
\caption{Test error against epochs for five seeds.}\label{fig:error}
\end{figure}
\begin{table}
\caption{Test error in percent.}\label{tab:runs}
\begin{tabular}{ll}noise & error \\ 0.4 & 9.6\end{tabular}
\end{table}
\section{Limitations}
One data set was tried.
\section{Conclusion}
Stopping early lowers the error.
"""
BIB = """
@inproceedings{zhang2017understanding,
  title = {Understanding deep learning requires rethinking generalization},
  author = {Zhang, Chiyuan and Bengio, Samy and Hardt, Moritz},
  booktitle = {ICLR},
  year = {2017}
}
"""
Project = Callable[..., Paper]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Writes and reads a project in good order, with words of its body exchanged and files added."""

    def write(*changes: tuple[str, str], bib: str = BIB, preamble: str = "", **files: str | bytes) -> Paper:
        body = BODY
        for before, after in changes:
            assert before in body
            body = body.replace(before, after, 1)
        text = (
            f"\\documentclass{{article}}\n\\title{{Early stopping}}{preamble}\n\\begin{{document}}\n\\maketitle{body}"
            "\\bibliography{refs}\n\\end{document}\n"
        )
        for name, content in {"paper.tex": text, "refs.bib": bib, "error.png": picture(1), **files}.items():
            path = tmp_path / name
            if content:
                path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return Paper.read(tmp_path / "paper.tex")

    return write


def picture(seed: int, size: tuple[int, int] = (1200, 800)) -> bytes:
    """A PNG of boxes that differ by the seed."""
    from io import BytesIO

    from PIL import Image, ImageDraw

    image = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(image)
    for i in range(8):
        left, top = (137 * (i + 1) * seed) % (size[0] - 150), (91 * (i + 3) * seed) % (size[1] - 150)
        draw.rectangle((left, top, left + 120, top + 90), fill=(30 * i, 20, 200 - 20 * i))
    file = BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def found(paper: Paper, rule: str, **against: object) -> list[Finding]:
    """What the rule found."""
    return [one for one in check(paper, select=[rule], **against) if one.checked]  # type: ignore[arg-type]


def unknown(paper: Paper, rule: str, **against: object) -> list[str]:
    """Why the rule could not tell."""
    return [one.message for one in check(paper, select=[rule], **against) if not one.checked]  # type: ignore[arg-type]


@pytest.fixture
def painted() -> Callable[..., bytes]:
    return picture


@pytest.fixture(name="found")
def found_fixture() -> Callable[..., list[Finding]]:
    return found


@pytest.fixture(name="unknown")
def unknown_fixture() -> Callable[..., list[str]]:
    return unknown
