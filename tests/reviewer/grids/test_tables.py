"""Tables with their cells, from LaTeX and from a page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from ai_scientist_reviewer.document import Table
from ai_scientist_reviewer.grids import tabular
from ai_scientist_reviewer.paper import Paper
from ai_scientist_reviewer.tables import entries_of

RICH = r"""
\newcommand{\best}[1]{\textbf{#1}} \newcommand{\ours}{\textsc{Ours}}
\begin{table} % a comment with & and \\ in it
\caption{Accuracy (\%) of \ours{} on two data sets.}
\begin{tabular}{llcc}
\toprule
 & & \multicolumn{2}{c}{CIFAR-10} \\
\cmidrule(lr){3-4}
Method & Size & Acc $\uparrow$ & \makecell{Loss\\(nats)} \\
\midrule
\multirow{2}{*}{Baseline} & S & 91.2 {\tiny $\pm$ 0.3} & $1.2\times 10^{-3}$ \\
 & L & 92.0 & \num{1.3e-3} \\
\midrule
\ours & S & \best{93.4} & {\bf 0.9} \\[2pt]
\hline \multicolumn{4}{l}{\textit{Large models}} \\
\ours & L & \textcolor{red}{94.1} & 12\,345 \\
\bottomrule
\end{tabular}
\end{table}
"""


def read(source: str) -> list[Table]:
    return list(tabular.tables_of({"paper.tex": source}))


def test_a_tabular_is_read_with_spans_bold_macros_and_lines() -> None:
    (table,) = read(RICH)
    assert (table.number, table.caption, table.headings) == ("1", "Accuracy (%) of Ours on two data sets.", 2)
    told = [(one.rows, one.columns, one.cell.text, one.cell.bold) for one in entries_of(table)]
    acc, loss = ("CIFAR-10", "Acc ↑"), ("CIFAR-10", "Loss (nats)")
    assert told == [
        (("Baseline", "S"), acc, "91.2 ± 0.3", False),
        (("Baseline", "S"), loss, "1.2×10^{-3}", False),
        (("Baseline", "L"), acc, "92.0", False),
        (("Baseline", "L"), loss, "1.3e-3", False),
        (("Ours", "S"), acc, "93.4", True),
        (("Ours", "S"), loss, "0.9", True),
        (("Large models", "Ours", "L"), acc, "94.1", False),
        (("Large models", "Ours", "L"), loss, "12\u202f345", False),
    ]
    numbers = [one.number for one in entries_of(table)]
    assert (numbers[0].value, numbers[0].spread, numbers[1].value, numbers[7].value) == (91.2, 0.3, 1.2e-3, 12345.0)
    lines = RICH.splitlines()
    assert all(
        one.cell.line and one.number.text.split("\u202f")[0][:3] in lines[one.cell.line - 1]
        for one in entries_of(table)
    )


def test_hostile_source_is_read_within_bounds() -> None:
    assert read("\\begin{table}" * 3000 + "\\begin{tabular}{l}") == []
    deep = "{" * 5000 + "1" + "}" * 5000
    (table,) = read(
        f"\\begin{{tabular}}{{l}} a & {deep} \\\\ \\multicolumn{{{'9' * 9000}}}{{l}}{{x}} & 2 \\\\ \\end{{tabular}}"
    )
    assert table.cells
    loop = "\\newcommand{\\a}{\\a\\a}\\begin{tabular}{l} \\a & 1 \\\\ b & 2 \\\\ \\end{tabular}"
    assert read(loop)


def page(
    show: Callable[..., str],
    rules: Sequence[tuple[float, float, float]],
    words: Sequence[tuple[float, float, str, str]],
) -> str:
    drawn = "".join(f"{left} {y} {right - left} 0.8 re f\n" for left, right, y in rules)
    return drawn + "".join(show(text, x, y, size=10, font=font) for x, y, text, font in words)


def test_a_ruled_table_is_read_from_a_page(write_pdf: Callable[..., Path], show_text: Callable[..., str]) -> None:
    words = [
        (72, 760, "A paragraph of text that runs from the left margin to the right margin of the page.", "F1"),
        (100, 720, "Table 1: Error of two methods on two data sets, mean over five seeds.", "F1"),
        (105, 695, "Method", "F1"), (200, 695, "Data", "F1"), (300, 695, "Error", "F1"), (380, 695, "Time (s)", "F1"),
        (105, 669, "Baseline", "F1"),
        (200, 675, "moons", "F1"), (300, 675, "14.2", "F1"), (380, 675, "1.25", "F1"),
        (200, 663, "digits", "F1"), (300, 663, "12.9", "F1"), (380, 663, "1.31", "F1"),
        (105, 640, "Ours", "F1"), (200, 640, "moons", "F1"), (300, 640, "9.6", "F2"), (380, 640, "1.40", "F1"),
        (72, 600, "Another paragraph of text that runs from the left margin to the right margin of it all.", "F1"),
    ]  # fmt: skip
    rules = [(100, 430, 708), (100, 430, 688), (100, 430, 655), (100, 430, 632)]
    paper = Paper.read(write_pdf([page(show_text, rules, words)]))
    (table,) = paper.data_tables
    assert (table.number, table.page, table.headings) == ("1", 1, 1)
    told = [(one.rows, one.columns, one.number.value, one.cell.bold) for one in entries_of(table)]
    assert told == [
        (("Baseline", "moons"), ("Error",), 14.2, False),
        (("Baseline", "moons"), ("Time (s)",), 1.25, False),
        (("Baseline", "digits"), ("Error",), 12.9, False),
        (("Baseline", "digits"), ("Time (s)",), 1.31, False),
        (("Ours", "moons"), ("Error",), 9.6, True),
        (("Ours", "moons"), ("Time (s)",), 1.40, False),
    ]
    assert not any("14.2" in passage.text for passage in paper.passages)
    assert any(passage.text.startswith("Another paragraph") for passage in paper.passages)
