"""A small paper with a table and the result files that it was written from, all values known."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from ai_scientist_reviewer.paper import Paper
from ai_scientist_reviewer.results import Results

TABLE = r"""
\begin{table}
\caption{Test accuracy and loss of three methods on two data sets. Mean over 3 seeds.}
\label{tab:main}
\begin{tabular}{llcc}
\toprule
Method & Dataset & Accuracy & Loss \\
\midrule
\multirow{2}{*}{Baseline} & moons & 0.9112 & 0.3541 \\
 & spirals & 0.8714 & 0.4203 \\
\midrule
\multirow{2}{*}{Dropout} & moons & 0.9237 & 0.3318 \\
 & spirals & 0.8825 & 0.4011 \\
\midrule
\multirow{2}{*}{Mixup} & moons & \textbf{0.9426} & \textbf{0.2987} \\
 & spirals & \textbf{0.9058} & \textbf{0.3716} \\
\bottomrule
\end{tabular}
\end{table}
"""
PROSE = r"""
\section{Results}
On moons, Mixup reaches an accuracy of 0.9426, while the Baseline stays at 0.9112.
The loss of Mixup on spirals is 0.3716.
For Dropout on moons the loss falls from 0.3541 to 0.3318, a reduction of 6.3\%.
"""
ABSTRACT = "Mixup raises the accuracy on moons to 0.9426."
VALUES = {
    "run_0": {"moons": (0.91124, 0.35409), "spirals": (0.87141, 0.42029)},
    "run_1": {"moons": (0.92368, 0.33177), "spirals": (0.88249, 0.40108)},
    "run_2": {"moons": (0.94263, 0.29866), "spirals": (0.90577, 0.37158)},
}

Write = Callable[..., Paper]


@pytest.fixture
def write_paper(tmp_path: Path) -> Write:
    """The paper with texts exchanged, each of which must be in it."""

    def write(changes: dict[str, str] | None = None, *, more: str = "") -> Paper:
        text = (
            "\\documentclass{article}\n\\title{On Mixing}\n\\begin{document}\n\\maketitle\n"
            f"\\begin{{abstract}}\n{ABSTRACT}\n\\end{{abstract}}\n{PROSE}\n{more}\n{TABLE}\n\\end{{document}}\n"
        )
        for old, new in (changes or {}).items():
            assert old in text, old
            text = text.replace(old, new)
        folder = tmp_path / "paper"
        folder.mkdir(exist_ok=True)
        path = folder / "paper.tex"
        path.write_text(text, encoding="utf-8")
        return Paper.read(path)

    return write


@pytest.fixture
def results(tmp_path: Path) -> Results:
    """The runs' final_info.json, as the AI Scientist leaves them."""
    folder = tmp_path / "results"
    for run, sets in VALUES.items():
        (folder / run).mkdir(parents=True)
        info = {name: {"means": {"test_acc_mean": acc, "eval_loss_mean": loss}} for name, (acc, loss) in sets.items()}
        (folder / run / "final_info.json").write_text(json.dumps(info), encoding="utf-8")
    return Results.read(folder)
