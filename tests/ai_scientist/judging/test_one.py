"""A paper's review from its file to the run's folder, with models behind a server on this machine."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from ai_scientist_reviewer.records import Review

from ai_scientist import api, services
from ai_scientist.errors import BudgetSpent, InputError, ModelError, Stopped
from ai_scientist.literature.semantic_scholar import SemanticScholar
from ai_scientist.reviewing.estimate import Estimate
from tests.ai_scientist.judging.panelist import ADDED, LAST, MODELS, Panelist, paper
from tests.ai_scientist.literature.serving import Service
from tests.ai_scientist.models.server import Server, serving


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    with serving() as told:
        monkeypatch.setenv("OPENAI_API_KEY", "sk-test-1234567890")
        monkeypatch.setenv("OPENAI_BASE_URL", f"{told.url}/v1")
        yield told


def judged(path: Path) -> Review:
    return Review.model_validate_json((path / "reviews" / "review.json").read_bytes())


def test_a_panel_of_two_models_with_lenses_and_result_files(tmp_path: Path, server: Server) -> None:
    panelist = server.script = Panelist()
    (tmp_path / "results").mkdir()
    (tmp_path / "results" / "final.json").write_text(json.dumps({"error": {"early": 9.6, "late": 14.2}}))
    settings = [*MODELS, "review.models=[openai:one, openai:two]", "review.lenses=[soundness, evidence]", "review.form=iclr",
                f"review.results={tmp_path / 'results'}", "seed=3"]  # fmt: skip
    ended = api.review(paper(tmp_path), runs=tmp_path / "runs", overrides=settings)
    done = judged(ended.path)
    assert [(report.author, report.lens) for report in done.reports] == [
        ("openai:one", "soundness"),
        ("openai:two", "evidence"),
        ("openai:one", "soundness"),
    ]
    assert {point.checker for point in done.points} <= {"openai:two", "openai:one"}
    # Of one passage: the same claim twice is one point, another one is left to the area chair to put with it.
    assert [one.raised_by for one in done.points] == [(1, 3), (2,)]
    assert "2 numbers in 1 result files" in done.results
    report = next(text for _, form, text in panelist.asked if form == "IclrSheet")
    assert "[final.json]\nerror / early: 9.6" in report
    assert done.spent is not None
    assert done.spent.calls == len(panelist.asked) == 7
    assert done.spent.money == pytest.approx(10 * (done.spent.tokens_in + done.spent.tokens_out) / 1e6)
    assert (done.measured_error, set(done.cards.values())) == ("not measured", {None})
    assert done.same_model_as_writer is None
    assert ended.judged.startswith(
        "Rating: 4.00 ± 0.00 (3 referees; 6 and more speaks for acceptance). 2 major and 0 minor points stand."
    )
    for file in (ended.review, ended.page, ended.annotated, ended.paper):
        assert file is not None
        assert file.stat().st_size > 500


def test_a_budget_is_not_passed_and_what_came_in_can_be_read(tmp_path: Path, server: Server) -> None:
    panelist = server.script = Panelist(tokens={"NeuripsSheet": (6000, 900)})
    with pytest.raises(BudgetSpent):
        api.review(
            paper(tmp_path), runs=tmp_path / "runs", overrides=[*MODELS, "review.referees=1", "budget.tokens=9000"]
        )
    (run,) = (tmp_path / "runs").iterdir()
    done = judged(run)
    assert not done.complete
    assert "budget of 9,000 tokens" in done.stopped
    assert f"`ai-scientist resume {run} --budget tokens=N`" in done.stopped
    assert len(done.reports) == 1
    assert "not complete" in (run / "reviews" / "review.html").read_text()
    spent = done.spent
    assert spent is not None
    assert spent.tokens_in + spent.tokens_out <= 9000
    before = len(panelist.asked)
    ended = api.resume(run, budget=["tokens=100000"])
    assert ended.done
    assert judged(run).complete
    assert Counter(panelist.forms()) == Counter(["NeuripsSheet", "Verdicts", "ChairSheet"])
    assert len(panelist.asked) > before


def test_a_model_that_cannot_be_used_costs_its_own_report_alone(tmp_path: Path, server: Server) -> None:
    server.script = Panelist(refuse={"two": 401})
    settings = [*MODELS, "review.models=[openai:one, openai:two]", "review.referees=2"]
    ended = api.review(paper(tmp_path), runs=tmp_path / "runs", overrides=settings)
    done = judged(ended.path)
    assert [report.author for report in done.reports] == ["openai:one"]
    assert {(failure.step, failure.author) for failure in done.failures} == {
        ("report", "openai:two"), ("check", "openai:two"),
    }  # fmt: skip
    assert "Report 2" in (ended.path / "reviews" / "review.md").read_text()


def test_where_no_referee_can_report_the_cause_is_raised(tmp_path: Path, server: Server) -> None:
    server.script = Panelist(refuse={"one": 401})
    with pytest.raises(ModelError, match="refuses the key"):
        api.review(paper(tmp_path), runs=tmp_path / "runs", overrides=[*MODELS, "review.referees=2"])
    (run,) = (tmp_path / "runs").iterdir()
    assert "refuses the key" in judged(run).stopped


def test_what_it_will_cost_is_told_and_agreed_to_before_anything_is_made(tmp_path: Path, server: Server) -> None:
    panelist = server.script = Panelist()
    told: list[Estimate] = []
    with pytest.raises(Stopped, match="nothing was spent"):
        api.review(
            paper(tmp_path), runs=tmp_path / "runs", overrides=MODELS, agree=lambda one: told.append(one) or False
        )
    assert panelist.asked == []
    assert not (tmp_path / "runs").exists()
    (one,) = told
    assert (one.papers, one.calls, one.unknown) == (1, 7, ())
    assert one.money is not None
    assert one.most is not None
    assert one.money < one.most
    ended = api.review(paper(tmp_path), runs=tmp_path / "runs", overrides=MODELS, agree=lambda _: True)
    spent = judged(ended.path).spent
    assert spent is not None
    assert spent.tokens_in < one.tokens_in
    assert spent.money is not None
    assert spent.money < one.most


@pytest.mark.parametrize(
    ("budget", "says"),
    [
        (["budget.money=0.01"], "The budget of $0.01 will end it before it is done"),
        (["budget.tokens=9000"], "The budget of 9,000 tokens will end it before it is done"),
        (["budget.money=1000", "budget.tokens=10000000"], ""),
    ],
)
def test_a_budget_that_will_end_it_early_is_told_before(
    tmp_path: Path, server: Server, budget: list[str], says: str
) -> None:
    told: list[Estimate] = []
    with pytest.raises(Stopped):
        api.review(
            paper(tmp_path),
            runs=tmp_path,
            overrides=[*MODELS, "review.ask_above=100", *budget],
            agree=lambda one: told.append(one) or False,
        )
    (one,) = told
    assert one.ask == bool(says)
    assert one.told().count("The budget of") == bool(says)
    assert says in one.told()
    assert one.most is not None
    with pytest.raises(Stopped):  # enough for what it takes, and not for what is set aside
        api.review(
            paper(tmp_path),
            runs=tmp_path,
            overrides=[*MODELS, f"budget.money={one.most - 0.01:.2f}"],
            agree=lambda one: told.append(one) or False,
        )
    assert "can end it before it is done, since up to" in told[1].told()


def test_an_unknown_price_is_said_to_be_unknown(tmp_path: Path, server: Server) -> None:
    server.script = Panelist()
    told: list[Estimate] = []
    with pytest.raises(Stopped):
        api.review(
            paper(tmp_path),
            runs=tmp_path,
            overrides=["models.default=openai:of-mine"],
            agree=lambda one: told.append(one) or False,
        )
    assert "UNKNOWN" in told[0].told()
    assert (told[0].money, told[0].most, told[0].ask) == (None, None, True)


@pytest.mark.parametrize(
    ("setting", "says"),
    [
        ("review.form=nonsuch", "no review form 'nonsuch'"),
        ("review.lenses=[nonsuch]", "no lens 'nonsuch'"),
        ("review.results=nowhere", "nowhere"),
        ("review.related=nowhere.bib", "no bibliography"),
        ("review.since=nowhere", "no review in"),
        ("review.response=letter.md", "--since"),
    ],
)
def test_what_cannot_be_used_is_said_before_anything_is_made(tmp_path: Path, setting: str, says: str) -> None:
    with pytest.raises(InputError) as refused:
        api.review(paper(tmp_path), runs=tmp_path / "runs", overrides=["models.default=offline", setting])
    assert says in str(refused.value)
    assert not (tmp_path / "runs").exists()


def test_other_work_is_searched_for_and_an_outage_is_said(
    tmp_path: Path, server: Server, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = {"paperId": "1", "title": "Early stopping and wrong labels", "authors": [{"name": "Ada Lin"}], "year": 2021,
             "venue": "ICML", "externalIds": {}, "url": "", "abstract": "Stopping training early keeps a network from wrong labels."}  # fmt: skip
    other = {**found, "paperId": "2", "title": "The anatomy of frogs", "abstract": "Frogs have four legs."}
    service.say("/", (200, json.dumps({"total": 2, "offset": 0, "data": [found, other]})), (503, "busy"))

    def opened(name: str) -> SemanticScholar:
        return SemanticScholar(api_url=service.address, timeout=5, pause=0, attempts=1)

    monkeypatch.setattr(services, "service", opened)
    panelist = server.script = Panelist()
    settings = [*MODELS, "review.related=auto", "review.sources=[semantic_scholar]", "review.referees=1"]
    ended = api.review(paper(tmp_path), runs=tmp_path / "runs", overrides=settings)
    done = judged(ended.path)
    assert [(work.title, work.source) for work in done.related] == [
        ("Early stopping and wrong labels", "semantic_scholar")
    ]
    assert any("semantic_scholar could not be asked" in note for note in done.related_notes)
    report = next(text for _, form, text in panelist.asked if form == "NeuripsSheet")
    assert "Stopping training early keeps a network" in report
    assert "early stopping label noise" in service.asked[0].replace("%20", " ").replace("+", " ")


def test_a_new_version_is_held_against_the_earlier_review(tmp_path: Path, server: Server) -> None:
    server.script = Panelist()
    first = api.review(paper(tmp_path), runs=tmp_path / "runs", overrides=[*MODELS, "review.referees=2"])
    (tmp_path / "letter.md").write_text("Dear referees, we added a second data set in Section 2.")
    settings = [*MODELS, "review.referees=2", f"review.since={first.path}", f"review.response={tmp_path / 'letter.md'}"]
    ended = api.review(paper(tmp_path, "new.pdf", {LAST: ADDED}), runs=tmp_path / "runs", overrides=settings)
    since = judged(ended.path).since
    assert since is not None
    assert [(point.status, point.quote, point.still_there) for point in since.points] == [("resolved", ADDED, False)]
    assert [(promise.kept, promise.quote) for promise in since.promises] == [("kept", ADDED)]
    assert since.drift["overall"].now is not None
    assert since.letter == "letter.md"
    assert "Since the earlier review" in (ended.path / "reviews" / "review.html").read_text()


def test_latex_source_and_a_folder_of_it(tmp_path: Path) -> None:
    folder = tmp_path / "source"
    folder.mkdir()
    (folder / "main.tex").write_text(
        r"\documentclass{article}\begin{document}\begin{abstract}Our method outperforms all of the others.\end{abstract}\section{One}It does.\end{document}"
    )
    for path in (folder, folder / "main.tex"):
        ended = api.review(path, runs=tmp_path / "runs", overrides=["models.default=offline"])
        done = judged(ended.path)
        assert (done.pages, ended.annotated) == (None, None)
        assert "LaTeX source" in done.unannotated
        assert [(point.file, point.line) for point in done.points] == [("main.tex", 1)]
