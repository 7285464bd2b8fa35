from collections.abc import Callable, Sequence
from typing import Any

import pytest
from ai_scientist_reviewer.findings import Finding
from ai_scientist_reviewer.forms import ChairSheet, Verdicts
from ai_scientist_reviewer.panel import MOST_MAJOR, review, spread
from ai_scientist_reviewer.paper import Paper, PaperError
from ai_scientist_reviewer.ports import Prompt

GOOD = "Networks fit wrong labels late in training [1], so stopping early may help."
OTHER = "The gain is largest at forty percent noise."


def point(quote: str, severity: str = "major", claim: str = "It is not shown.") -> dict[str, Any]:
    return {"claim": claim, "quote": quote, "severity": severity, "fix": "Show it."}


class Scripted:
    """A filler that answers as told and remembers what it was asked."""

    def __init__(self, name: str, sheet: dict[str, Any] | Exception, refutes: Sequence[str] = ()) -> None:
        self.name = name
        self.sheet = sheet
        self.refutes = refutes
        self.asked: list[tuple[Prompt, Sequence[bytes]]] = []

    def fill(self, prompt: Prompt, form: Callable[..., Any], pictures: Sequence[bytes] = ()) -> Any:
        self.asked.append((prompt, pictures))
        if form is Verdicts:
            told = [(one["number"], one["claim"] not in self.refutes) for one in prompt.values["points"]]
            return Verdicts.model_validate({"verdicts": [{"number": n, "reason": "r", "holds": h} for n, h in told]})
        answer = {"summary": "Summed up.", "decision": "Reject"} if form is ChairSheet else self.sheet
        if isinstance(answer, Exception):
            raise answer
        return form(**answer)


def sheet(*points: dict[str, Any], **scores: int) -> dict[str, Any]:
    return {"summary": "About noise.", "weaknesses": list(points), **scores}


@pytest.fixture
def paper(sample) -> Paper:
    return Paper.read(sample)


def test_scores_keep_mean_and_spread_unrounded(paper: Paper) -> None:
    done = review(paper, [Scripted(str(n), sheet(overall=n)) for n in (3, 4, 6)])
    overall = done.scores["overall"]
    assert overall is not None
    assert overall.mean == pytest.approx(13 / 3)
    assert overall.sd == pytest.approx(1.5275252)
    assert (overall.low, overall.high, overall.n) == (3, 6, 3)
    assert done.scores["soundness"] is None


def test_only_those_who_assessed_a_score_count() -> None:
    assert spread([None, None]) is None
    alone = spread([None, 4])
    assert alone is not None
    assert (alone.mean, alone.sd, alone.n) == (4, None, 1)


def test_a_weakness_whose_quote_is_not_in_the_paper_is_dropped(paper: Paper) -> None:
    done = review(paper, [Scripted("a", sheet(point(GOOD), point("The proof of Theorem 3 is missing entirely.")))])
    assert [one.quote for one in done.points] == [GOOD]
    assert done.points[0].page == 1
    assert done.points[0].box is not None
    assert [(one.why, one.referee) for one in done.dropped] == [("quote not in the paper", 1)]


def test_a_quote_is_checked_against_what_a_reader_sees(write_pdf, sample_pages, show_text) -> None:
    secret = "This hidden sentence says that all is well."
    first, second = sample_pages()
    paper = Paper.read(write_pdf([first + show_text(secret, y=300, before="1 1 1 rg"), second]))
    referee = Scripted("a", sheet(point(secret)))
    done = review(paper, [referee])
    assert done.points == ()
    assert any(finding.rule == "hidden-text" for finding in done.findings)
    prompt, _ = referee.asked[0]
    assert any(secret in finding.quote for finding in done.findings)  # people are told what was hidden
    assert all(secret not in prompt.text + str(prompt.values) for prompt, _ in referee.asked)  # no model is
    assert "Text that no reader can see was found here" in prompt.text


def test_another_referee_refutes_a_weakness(paper: Paper) -> None:
    first = Scripted("first", sheet(point(GOOD, claim="True."), point(OTHER, claim="False.")))
    second = Scripted("second", sheet(), refutes=["False."])
    done = review(paper, [first, second])
    assert [(one.claim, one.verified) for one in done.points] == [("True.", True)]
    assert [(one.why, one.reason) for one in done.dropped] == [("refuted", "r")]
    assert "verify_points" in [prompt.name for prompt, _ in second.asked]
    assert "verify_points" not in [prompt.name for prompt, _ in first.asked]


def test_the_same_passage_raised_twice_is_one_point(paper: Paper) -> None:
    panel = [Scripted("a", sheet(point(GOOD, "minor"))), Scripted("b", sheet(point(GOOD, "major")))]
    (one,) = review(paper, panel).points
    assert (one.severity, one.raised_by) == ("major", (1, 2))


def test_at_most_five_weaknesses_are_major(paper: Paper) -> None:
    lines = [line for line in paper.text.splitlines() if len(line) > 50][:8]
    done = review(paper, [Scripted("a", sheet(*(point(line) for line in lines)))])
    assert len(done.points) == 8
    assert [one.severity for one in done.points].count("major") == MOST_MAJOR


def test_a_failed_referee_is_recorded(paper: Paper) -> None:
    done = review(paper, [Scripted("a", TimeoutError("no answer")), Scripted("b", sheet(overall=5))])
    assert [(one.step, one.author, one.referee, one.error) for one in done.failures] == [
        ("report", "a", 1, "TimeoutError: no answer")
    ]
    assert [report.number for report in done.reports] == [2]
    assert done.chair is not None


def test_a_panel_of_failures_gives_no_score(paper: Paper) -> None:
    done = review(paper, [Scripted("a", ValueError("unreadable"))] * 2)
    assert len(done.failures) == 2
    assert done.reports == ()
    assert done.chair is None
    assert set(done.scores.values()) == {None}


def test_some_errors_end_the_review(paper: Paper) -> None:
    with pytest.raises(PermissionError):
        review(paper, [Scripted("a", PermissionError("budget spent"))], stop_on=(PermissionError,))


def test_what_a_referee_is_shown(paper: Paper) -> None:
    referee = Scripted("a", sheet())
    finding = Finding(rule="r", severity="warn", message="Something is off.")
    review(
        paper,
        [referee],
        findings=[finding],
        related=["A closer look at memorization (2017)"],
        results={"error": 9.6},
        lenses=["statistics"],
    )
    prompt, pictures = referee.asked[0]
    for shown in (GOOD, "Something is off.", "A closer look at memorization (2017)", '"error": 9.6', "statistics"):
        assert shown in prompt.text
    assert [picture[:4] for picture in pictures] == [b"\x89PNG"]  # the page with the figure


def test_a_dropped_weakness_does_not_reach_the_area_chair(paper: Paper) -> None:
    false = point("The proof of Theorem 3 is missing entirely.", claim="A claim out of thin air.")
    referee = Scripted("a", sheet(point(GOOD, claim="A claim that stands."), false))
    review(paper, [referee])
    text = next(prompt.text for prompt, _ in referee.asked if prompt.name == "area_chair")
    assert "A claim that stands." in text
    assert "thin air" not in text


def test_an_invisible_text_layer_is_no_paper(write_pdf, show_text) -> None:
    paper = Paper.read(write_pdf([show_text("All of this page is drawn in invisible mode.", before="3 Tr")]))
    with pytest.raises(PaperError, match="shows no text"):
        review(paper, [Scripted("a", sheet())])


def test_a_panel_needs_a_referee(paper: Paper) -> None:
    with pytest.raises(ValueError, match="at least one"):
        review(paper, [])
