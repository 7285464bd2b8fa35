"""What hostile and broken PDFs do to the reviewer, and how long a person waits for its checks."""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import perf_counter

from ai_scientist_reviewer import hidden, pdf
from ai_scientist_reviewer.paper import Paper, PaperError

from tests.bench.row import Row
from tests.reviewer import hostile

FILES = 550
"""Mutated; those built to harm come on top."""
SEED = 2026
SECONDS = 20.0
"""For reading one file here; a person's file has `document.READ_SECONDS`."""
CHECK = Path(sys.executable).with_name("ai-scientist")
FOUND = 9
"""How the command ends where it found something."""


def bench_hostile_pdfs() -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        sources = [hostile.written(), hostile.packed(), hostile.plotted(), typeset(place, pages=3).read_bytes()]
        bound, pdf.READ_SECONDS = pdf.READ_SECONDS, SECONDS
        try:
            with ThreadPoolExecutor(2) as workers:
                files = (*hostile.damaged(sources, FILES, SEED), *hostile.built())
                ends = list(workers.map(lambda file: read(place, *file), files))
        finally:
            pdf.READ_SECONDS = bound
    times = [seconds for _, seconds in ends]
    count = Counter(end for end, _ in ends)
    n = len(ends)
    for end in ("read", "refused", "child crashed", "out of time"):
        yield counted(f"reviewer.hostile_{end.replace(' ', '_')}", count[end], n)
    yield counted("reviewer.hostile_failed_in_ours", count["failed in ours"], n, reach=0)
    # Three tasks of a child, each with its time, its grace and a start on a busy machine.
    yield counted("reviewer.hostile_hung", sum(seconds > 3 * (SECONDS + 20) for seconds in times), n, reach=0)
    most = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 1024
    yield Row("reviewer.hostile_memory", most, "MiB", 2048, most <= 2048, n, most, most)
    yield Row.of("reviewer.hostile_seconds", times, "s")


def read(place: Path, name: str, data: bytes) -> tuple[str, float]:
    """How it ended, and after how many seconds: reading, looking for hidden text, drawing the first page."""
    path = place / f"{name}.pdf"
    path.write_bytes(data)
    start = perf_counter()
    try:
        paper = Paper.read(path)
        hidden.examine(paper)
        paper.page_pictures([1])
        end = "read"
    except PaperError as error:
        said = str(error)
        end = "child crashed" if "crashed (" in said else "out of time" if "takes longer" in said else "refused"
        end = end if said.startswith(path.name) and len(said) < 700 else "failed in ours"
    except Exception as error:  # noqa: BLE001  what must not happen is counted
        print(f"{name}: {type(error).__name__}: {error}", file=sys.stderr)  # noqa: T201
        end = "failed in ours"
    seconds = perf_counter() - start
    path.unlink()
    return end, seconds


def counted(name: str, count: int, n: int, reach: float | None = None) -> Row:
    return Row(name, count, "files", reach, None if reach is None else count <= reach, n, count, count)


def bench_check() -> Iterator[Row]:
    """`ai-scientist check` as a user runs it, on a PDF of ten pages with figures, tables, formulas and references."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "plot.pdf").write_bytes(hostile.plotted())
        paper = set_by_latex(Path(folder), manuscript(pages=10))
        pages = len(Paper.read(paper).pages)
        if pages != 10:
            raise RuntimeError(f"the paper has {pages} pages")
        repeats: list[float] = []
        for _ in range(6):
            start = perf_counter()
            ended = subprocess.run([CHECK, "check", paper], capture_output=True, text=True, check=False)
            repeats.append(perf_counter() - start)
            if ended.returncode not in (0, FOUND) or "paper.pdf" not in ended.stdout:
                raise RuntimeError(f"the check ended with {ended.returncode}: {ended.stderr[-500:]}")
    yield Row.of("reviewer.check_seconds", repeats[1:], "s", reach=5.0)


def typeset(folder: Path, pages: int) -> Path:
    """A paper of so many pages, with formulas, a table and links; the same at every call."""
    return set_by_latex(folder, source(pages))


def set_by_latex(folder: Path, text: str) -> Path:
    (folder / "paper.tex").write_text(text, encoding="utf-8")
    command = ["pdflatex", "-interaction=batchmode", "-halt-on-error", "paper.tex"]
    for _ in range(2):
        subprocess.run(command, cwd=folder, env={"PATH": "/usr/bin:/bin", "SOURCE_DATE_EPOCH": "0", "HOME": str(folder)}, capture_output=True, check=True)  # fmt: skip
    return folder / "paper.pdf"


def source(pages: int) -> str:
    prose = written(380)
    table = r"\begin{table}\centering\begin{tabular}{lcc} a & 14.2 & \textbf{9.6} \\ b & 13.8 & 10.1 \end{tabular}\caption{Errors.}\end{table}"  # fmt: skip
    part = rf"\section{{Part}} {prose} \begin{{equation}} L = \sum_i \alpha_i x_i^2 \end{{equation}} {prose} \cite{{ho}} {table} \clearpage"
    return (
        r"\documentclass[twocolumn]{article}\usepackage{amsmath}\usepackage{hyperref}\title{On Noise}\author{A. Author}\begin{document}\maketitle "
        + part * (pages - 1)
        + r"\section{Last} Some words. \begin{thebibliography}{9}\bibitem{ho} J. Ho. Noise. 2020.\end{thebibliography}\end{document}"
    )


def manuscript(pages: int) -> str:
    """With what the rules look at: an abstract with numbers, tables under rules, figures, sections, a list of references."""
    rows = r" \\ ".join(
        rf"method {name} & {13 + i}.{i} $\pm$ 0.{i} & {8 + i}.{9 - i}" for i, name in enumerate("abcdefg", 1)
    )
    table = rf"\begin{{table}}[t]\centering\caption{{Test error in percent.}}\label{{tab:@}}\begin{{tabular}}{{lrr}}\toprule & plain & stopped \\ \midrule {rows} \\ \bottomrule\end{{tabular}}\end{{table}}"  # fmt: skip
    figure = r"\begin{figure}[t]\centering\includegraphics[width=0.6\linewidth]{plot.pdf}\caption{Accuracy by epoch.}\label{fig:@}\end{figure}"  # fmt: skip
    told = r"Table~\ref{tab:@} and Figure~\ref{fig:@} show that method a falls from 14.1\% to 9.8\%, by 4.3 points \cite{w1,w2}."
    section = rf"\section{{Part @}} {table} {figure} {told} {written(150)} \begin{{equation}} L = \sum_i \alpha_i x_i^2 \end{{equation}} {written(150)}\clearpage"  # fmt: skip
    works = " ".join(
        rf"\bibitem{{w{n}}} J. Ho and A. Jain. On the noise of labels, part {n}. Journal, 2020." for n in range(1, 31)
    )
    return (
        r"\documentclass{article}\usepackage[margin=2.5cm]{geometry}\usepackage{amsmath,booktabs,graphicx,hyperref}\title{On Noise}\author{A. Author}\begin{document}\maketitle"
        r"\begin{abstract}Stopping early lowers the test error of method a from 14.1\% to 9.8\%.\end{abstract}"
        + "".join(section.replace("@", str(n)) for n in range(1, pages - 1))
        + rf"\begin{{thebibliography}}{{99}}{works}\end{{thebibliography}}\end{{document}}"
    )


def written(words: int) -> str:
    known: Sequence[str] = (
        "we measure the error of a small network under noise and stop early when it begins to rise again".split()
    )
    return " ".join(known[(7 * i + i // 5) % len(known)] for i in range(words)).capitalize() + "."
