"""`ai-scientist check` knows the works of the shelf, and asks others only when it is told to."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from ai_scientist import cli
from ai_scientist.literature import cited

PAPER = r"""\documentclass{article}
\begin{document}
\section{Introduction}
Networks fit noise \cite{a}.
\begin{thebibliography}{9}
\bibitem{a} C. Zhang, S. Bengio, M. Hardt, B. Recht, and O. Vinyals. Understanding deep learning requires rethinking generalization. ICLR, YEAR.
\end{thebibliography}
\end{document}
"""


def check(
    *arguments: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> tuple[int, list[str]]:
    monkeypatch.setattr(sys, "argv", ["ai-scientist", "check", *arguments, "--format", "json"])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    done = json.loads(capsys.readouterr().out)
    return int(str(ended.value.code)), [finding["message"] for paper in done["papers"] for finding in paper["findings"]]


@pytest.mark.parametrize(
    ("year", "told"), [("2017", []), ("2013", ["shelf says otherwise: the year is 2017, not 2013."])]
)
def test_the_shelf_tells_of_a_wrong_year(
    year: str, told: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    paper = tmp_path / "paper.tex"
    paper.write_text(PAPER.replace("YEAR", year))
    code, messages = check(str(paper), "--select", "citations", monkeypatch=monkeypatch, capsys=capsys)
    assert (code, messages) == (0, told)
    code, _ = check(str(paper), "--select", "citations", "--fail-on", "warn", monkeypatch=monkeypatch, capsys=capsys)
    assert code == (9 if told else 0)


def test_online_asks_the_services(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[str] = []

    class Services:
        def look_up(self, works):
            asked.extend(work.title for work in works)
            return [cited.Looked("absent", "Crossref", why="nobody knows it") for _ in works]

    monkeypatch.setattr(cited, "online", Services)
    paper = tmp_path / "paper.tex"
    paper.write_text(PAPER.replace("YEAR", "2017"))
    code, messages = check(str(paper), "--online", "--select", "citations", monkeypatch=monkeypatch, capsys=capsys)
    assert (code, messages) == (9, ["This work was not found: nobody knows it."])
    assert asked == ["Understanding deep learning requires rethinking generalization"]


def test_a_run_stands_for_its_last_paper_and_its_measurements(tmp_path: Path) -> None:
    from ai_scientist.cli.check import locate
    from ai_scientist.config import Config
    from ai_scientist.runs import RunDirectory

    with RunDirectory.create(tmp_path, topic="t", slug="t", config=Config()) as run:
        assert locate(run.path) == (run.path, None)
        run.last_paper.parent.mkdir(parents=True)
        run.last_paper.write_bytes(b"%PDF-1.5")
        assert locate(run.path) == (run.last_paper, run.path)
    assert locate(tmp_path) == (tmp_path, None)
