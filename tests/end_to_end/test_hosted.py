"""Whole runs over HTTP, through the providers' own clients, against a server on this machine."""

from __future__ import annotations

import json
import signal
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from ai_scientist import verify
from ai_scientist.runs import RunDirectory, log
from ai_scientist.runs.events import CallFinished, CallLost, PhaseFinished
from tests.ai_scientist.models.server import Refuse, Server, serving
from tests.end_to_end.expert import Expert
from tests.end_to_end.likeness import once
from tests.end_to_end.shell import TINY, Sitting, call

OPENAI, ANTHROPIC = "openai:gpt-5.5", "anthropic:claude-sonnet-5"
TOPIC = "does trimming help to find the centre of a sample?"
PRICES = {OPENAI: {"input": 2, "output": 10}, ANTHROPIC: {"input": 3, "output": 15}}
FORMS = {
    "IdeaForm": 1,
    "StageForm": 4,
    "JudgementForm": 4,
    "ProgramForm": 1,
    "PatchForm": 4,
    "DrawingsForm": 1,
    "LookForm": 3,
    "RedrawForm": 1,
    "PaperForm": 2,
    "MendForm": 1,
    "NeuripsSheet": 4,
    "Verdicts": 2,
    "ChairSheet": 2,
}
"""How often each form is asked for: a program that fails and is mended, a figure that is drawn again and then looked at beside
the paper, a paper that is mended, and two rounds of two referees, of which the first asks for a revision."""


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    with serving() as served:
        monkeypatch.setenv("OPENAI_API_KEY", "sk-nobodys-0123456789")
        monkeypatch.setenv("OPENAI_BASE_URL", f"{served.url}/v1")
        monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-ant-nobodys-0123456789")
        monkeypatch.setenv("ANTHROPIC_BASE_URL", served.url)
        yield served


def configured(folder: Path, model: str, **roles: str) -> Path:
    """A small run in which every phase has something to do, as a file."""
    data: dict[str, Any] = yaml.safe_load(TINY.read_text())
    data["models"] = {"default": model, "roles": roles, "prices": PRICES}
    data["search"]["confirm_seeds"] = 3
    data["search"]["stages"]["prototype"] = {"experiments": 2}
    data["search"]["stages"]["ablate"] = {"experiments": 1}
    data |= {"figures": {"rounds": 3}, "review": {"referees": 2, "revisions": 1}}
    file = folder / "config.yaml"
    file.write_text(yaml.safe_dump(data))
    return file


def booked(run: Path, kind: type[CallFinished] | type[CallLost]) -> list[Any]:
    file = run / "events.jsonl"
    return [event for event in log.events(file.read_bytes(), file) if isinstance(event, kind)]


def holds(run: Path, expert: Expert) -> None:
    """Assert that the run is whole, and that its ledger is the sum of what the server said."""
    once(run)
    report = verify(run)
    assert report.items
    assert {item.verdict for item in report.items} == {"PASS"}
    state = json.loads(call("show", run, "--json", cwd=run.parent).stdout)
    assert state["degradations"] == []
    phases = [
        (one.phase, one.verdict) for one in RunDirectory.read(run).progress.phases if isinstance(one, PhaseFinished)
    ]
    assert [one for one in phases if one[0] in ("critique", "check", "review")] == [
        ("critique", "redraw"),
        ("critique", "PASS"),
        ("check", "PASS"),
        ("review", "revise"),
        ("check", "PASS"),
        ("review", "done"),
    ]
    done, lost = booked(run, CallFinished), booked(run, CallLost)
    assert Counter((e.tokens_in, e.tokens_out) for e in done) <= Counter(q.tokens for q in expert.asked)
    assert state["spent"]["tokens"] == sum(e.tokens_in + e.tokens_out for e in done) + sum(e.tokens for e in lost)
    models = {id: kept.model for id in state_calls(run) if (kept := RunDirectory.read(run).read_call(id))}
    money = sum(
        (PRICES[models[e.id]]["input"] * e.tokens_in + PRICES[models[e.id]]["output"] * e.tokens_out) / 1e6
        for e in done
    ) + sum(e.money for e in lost)
    assert state["spent"]["money"] == pytest.approx(money, abs=1e-6)
    looked = [question for question in expert.asked if question.form == "LookForm"]
    assert [question.pictures for question in looked] == [1] * 3
    assert all(question.pictures for question in expert.asked if question.form == "NeuripsSheet")


def state_calls(run: Path) -> list[str]:
    return list(RunDirectory.read(run).progress.calls)


@pytest.mark.full
def test_openai_with_faults_of_the_service_and_a_kill(tmp_path: Path, server: Server) -> None:
    """A rate limit, an error of the server, and SIGKILL while a model is being asked: no answered call is asked again."""
    expert = server.script = Expert(
        faults={3: Refuse(429, "slow down", headers={"retry-after": "0"}), 10: Refuse(500, "overloaded")},
        hold="DrawingsForm",
    )
    sitting = Sitting("run", TOPIC, "--config", configured(tmp_path, OPENAI), "--runs", tmp_path, cwd=tmp_path)
    assert sitting.wait_until(expert.held.is_set), sitting.end()
    sitting.signal(signal.SIGKILL)
    sitting.end()
    expert.go.set()
    ended = call("resume", sitting.run, cwd=tmp_path)
    assert ended.returncode == 0, ended.stderr
    holds(sitting.run, expert)
    refused, failed = expert.asked[2], expert.asked[9]
    again = Counter(expert.forms()) - Counter(FORMS)
    assert again == Counter([refused.form, failed.form, "DrawingsForm"])
    why = [event.why for event in booked(sitting.run, CallLost)]
    assert ["429" in one for one in why] == [True, False, False]
    assert ["500" in one for one in why] == [False, True, False]
    assert {question.path for question in expert.asked} == {"/v1/chat/completions"}


@pytest.mark.full
def test_anthropic_with_a_budget_that_runs_out(tmp_path: Path, server: Server) -> None:
    expert = server.script = Expert()
    launched = ("run", TOPIC, "--config", configured(tmp_path, ANTHROPIC), "--runs", tmp_path)
    ended = call(*launched, "--budget", "money=0.33", cwd=tmp_path)
    assert ended.returncode == 5, ended.stderr
    assert "The budget of $0.33 is spent" in ended.stderr
    run = Path(ended.stdout.splitlines()[0])
    assert ended.stdout.splitlines()[-1] == f"resume with: ai-scientist resume {run}"
    assert 5 < len(expert.asked) < 25
    spent = json.loads(call("show", run, "--json", cwd=tmp_path).stdout)["spent"]
    assert 0 < spent["money"] < 0.33
    assert (run / "report.html").stat().st_size > 1000
    more = call("resume", run, "--budget", "money=2", cwd=tmp_path)
    assert more.returncode == 0, more.stderr
    holds(run, expert)
    assert Counter(expert.forms()) == Counter(FORMS)
    assert {question.path for question in expert.asked} == {"/v1/messages"}


@pytest.mark.full
def test_roles_of_two_providers(tmp_path: Path, server: Server) -> None:
    expert = server.script = Expert()
    config = configured(tmp_path, ANTHROPIC, coder=OPENAI, referees=OPENAI)
    ended = call("run", TOPIC, "--config", config, "--runs", tmp_path, cwd=tmp_path)
    assert ended.returncode == 0, ended.stderr
    holds(Path(ended.stdout.splitlines()[0]), expert)
    assert Counter(expert.forms()) == Counter(FORMS)
    by_openai = {question.form for question in expert.asked if question.path == "/v1/chat/completions"}
    by_anthropic = {question.form for question in expert.asked if question.path == "/v1/messages"}
    assert by_openai == {
        *("ProgramForm", "PatchForm", "DrawingsForm", "RedrawForm", "NeuripsSheet", "Verdicts", "ChairSheet")
    }
    assert by_anthropic == set(FORMS) - by_openai
