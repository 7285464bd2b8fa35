"""Result files in the layouts that people have: each bears the same table out, and contradicts the same wrong cell."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from ai_scientist_reviewer.checks import check
from ai_scientist_reviewer.paper import Paper
from ai_scientist_reviewer.results import Results

TABLE = r"""\documentclass{article}\begin{document}
\section{Results}
\begin{table}\caption{Test accuracy of three methods (%s).}\label{t}
\begin{tabular}{lcc} Method & CIFAR-10 & SVHN \\ \hline
ERM & 88.1 $\pm$ 0.4 & 93.2 $\pm$ 0.2 \\
Mixup & 90.4 $\pm$ 0.3 & 94.0 $\pm$ 0.2 \\
Ours & 91.3 $\pm$ 0.3 & 94.9 $\pm$ 0.2 \\ \end{tabular}\end{table}
On CIFAR-10, ours reaches 91.3\%%, and on SVHN it reaches 94.9\%%.
\section{Conclusion} Good.
\end{document}"""
TRUE = {
    ("erm", "cifar10"): (0.881, 0.004), ("erm", "svhn"): (0.932, 0.002), ("mixup", "cifar10"): (0.904, 0.003),
    ("mixup", "svhn"): (0.940, 0.002), ("ours", "cifar10"): (0.913, 0.003), ("ours", "svhn"): (0.949, 0.002),
}  # fmt: skip


def long_table(folder: Path) -> None:
    rows = [(method, data, mean, sd) for (method, data), (mean, sd) in TRUE.items()]
    with (folder / "results.csv").open("w", newline="") as file:
        csv.writer(file).writerows([("method", "dataset", "acc_mean", "acc_std"), *rows])


def one_row_a_seed(folder: Path) -> None:
    rows = [
        (method, data, seed, mean + (seed - 1) * sd) for (method, data), (mean, sd) in TRUE.items() for seed in range(3)
    ]
    with (folder / "all.csv").open("w", newline="") as file:
        csv.writer(file).writerows([("method", "dataset", "seed", "accuracy"), *rows])


def deviation_beside(folder: Path) -> None:
    told: dict[str, dict[str, dict[str, float]]] = {}
    for (method, data), (mean, sd) in TRUE.items():
        told.setdefault(method, {})[data] = {"accuracy": mean, "std": sd}
    (folder / "summary.json").write_text(json.dumps(told))


def folder_a_seed(folder: Path) -> None:
    for (method, data), (mean, sd) in TRUE.items():
        for seed in range(3):
            run = folder / f"{data}_{method}_seed{seed}"
            run.mkdir()
            told = {"test/acc": mean + (seed - 1) * sd, "train/loss": 0.3 + seed / 100, "epoch": 200}
            (run / "wandb-summary.json").write_text(json.dumps(told))


@pytest.mark.parametrize("mark", [r"mean $\pm$ std over 3 seeds", r"\%%, mean $\pm$ std over 3 seeds"])
@pytest.mark.parametrize("layout", [long_table, one_row_a_seed, deviation_beside, folder_a_seed])
def test_a_table_in_percent_beside_fractions(layout: Callable[[Path], None], mark: str, tmp_path: Path) -> None:
    (tmp_path / "runs").mkdir()
    layout(tmp_path / "runs")
    results, right = Results.read(tmp_path / "runs"), TABLE % mark.replace("%%", "%")
    (tmp_path / "paper.tex").write_text(right)
    found = check(Paper.read(tmp_path / "paper.tex"), select=("results",), results=results)
    assert [one.message for one in found if one.severity != "info"] == []
    (tmp_path / "paper.tex").write_text(right.replace("93.2 $", "92.3 $"))
    (wrong,) = [
        one
        for one in check(Paper.read(tmp_path / "paper.tex"), select=("results",), results=results)
        if one.severity == "error"
    ]
    assert wrong.rule == "number-contradicted" and "92.3" in wrong.quote
