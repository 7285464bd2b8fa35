from __future__ import annotations

from pathlib import Path

from ai_scientist_reviewer.offline import OfflineReferee
from ai_scientist_reviewer.panel import review
from ai_scientist_reviewer.paper import Paper
from ai_scientist_reviewer.render.markdown import markdown


def test_the_same_report_is_shown_once_and_said_to_be_the_same(tmp_path: Path) -> None:
    file = tmp_path / "paper.tex"
    file.write_text(
        r"\documentclass{article}\begin{document}\begin{abstract}We compare a method with a baseline over five seeds.\end{abstract}"
        r"\section{Results}The method is better than the baseline. \section{Limitations}The data are few.\end{document}"
    )
    shown = markdown(review(Paper.read(file), [OfflineReferee(), OfflineReferee(), OfflineReferee(lens="evidence")]))
    assert shown.count("## Referee") == 2
    assert "## Referees 1, 2, word for word the same: offline" in shown
    assert "## Referee 3: offline" in shown
