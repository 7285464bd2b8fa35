from __future__ import annotations

from pathlib import Path

from ai_scientist_reviewer.findings import Finding
from ai_scientist_reviewer.offline import OfflineReferee
from ai_scientist_reviewer.panel import review
from ai_scientist_reviewer.paper import Paper
from ai_scientist_reviewer.records import Review, Work
from ai_scientist_reviewer.render.markdown import markdown
from ai_scientist_reviewer.render.told import in_a_line

from tests.reviewer.test_panel import GOOD, OTHER, Scripted, point, sheet


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


def reviewed(sample: Path, *scores: dict[str, int]) -> Review:
    found = [
        Finding(rule="r", severity=severity, message=f"Off {i}.")
        for i, severity in enumerate(("error", "info", "info"))
    ]
    found.append(Finding(rule="r", severity="warn", message="Could not be checked: why.", checked=False))
    panel = [Scripted("a", sheet(point(GOOD), point(OTHER, "minor"), **one)) for one in scores]
    works = [Work(title="A work", source="x.bib")]
    done = review(Paper.read(sample), panel, findings=found, related=works)
    return done.model_copy(update={"related_notes": ("Searched for by title.",)})


def test_how_it_came_out_in_a_line(sample: Path) -> None:
    points = "1 major and 1 minor points stand. Findings of the checks: 1 error, 0 warnings, 2 notes."
    bar = "4 and more speaks for acceptance"
    assert (
        in_a_line(reviewed(sample, {"overall": 3}, {"overall": 4}))
        == f"Overall: 3.50 ± 0.71 (2 referees; {bar}). {points}"
    )
    assert in_a_line(reviewed(sample, {"overall": 3})) == f"Overall: 3.00 (1 referee; {bar}). {points}"
    assert in_a_line(reviewed(sample, {})) == f"Overall: not assessed. {points}"


def test_one_empty_line_parts_the_parts(sample: Path) -> None:
    shown = markdown(reviewed(sample, {"overall": 3}, {}))
    assert "Searched for by title.\n\nThe referees were shown:\n\n- A work" in shown
    assert "\n\n\n" not in shown
    for line, after in zip(shown.splitlines(), shown.splitlines()[1:], strict=False):
        assert not line.startswith("#") or not after, "a heading stands apart"
