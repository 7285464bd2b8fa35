"""The desk: calls are booked, kept before they are used, and looked up before they are asked."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from ai_scientist.config import Budget, Config, Models
from ai_scientist.errors import BudgetSpent, ModelError, Stopped
from ai_scientist.ledger import Ledger
from ai_scientist.models.base import ChatModel
from ai_scientist.models.desk import OpenDesk, model_names, open_desk
from ai_scientist.models.faults import Passing, Unreadable
from ai_scientist.models.recorded import Seat
from ai_scientist.models.scripted import ScriptedModel
from ai_scientist.records import Prompt
from ai_scientist.runs import RunDirectory, log
from ai_scientist.runs.events import CallFinished, CallLost, CallStarted
from tests.ai_scientist.models.server import Raw, Refuse, Say, serving

OFFLINE = Config(models=Models(default="offline"))


class Plan(BaseModel):
    goals: list[str]


def prompt(text: str = "Plan it.", **values: Any) -> Prompt:
    return Prompt(name="plan", values=values, text=text)


def made(tmp_path: Path, config: Config = OFFLINE) -> RunDirectory:
    return RunDirectory.create(tmp_path, topic="t", slug="t", config=config)


def cheap(tokens_in: int, tokens_out: int) -> float:
    return (tokens_in + 10 * tokens_out) / 1000


def desk(run: RunDirectory, model: ChatModel, budget: Budget | None = None, **seat: Any) -> OpenDesk:
    one = Seat(model, **{"output": 100, "price": cheap, **seat})
    ledger = Ledger(budget or Budget(), run.progress.spent)
    roles = model_names(Models(default="offline"))
    return OpenDesk(dict.fromkeys(roles, one), run, ledger, attempts=3, sleep=lambda _: None)


def kinds(run: RunDirectory) -> list[str]:
    return [event.kind for event in log.events(run.events_jsonl.read_bytes(), run.events_jsonl)]


def test_a_call_is_booked_and_kept(tmp_path: Path) -> None:
    with made(tmp_path) as run:
        model = ScriptedModel([{"goals": ["a"]}], name="m", tokens=(50, 5))
        reply = desk(run, model).model("judge", "stage-tune-1").fill(prompt(stage="tune"), Plan, [b"png"])
        assert reply.value == Plan(goals=["a"])
        started, finished = log.events(run.events_jsonl.read_bytes(), run.events_jsonl)
        assert isinstance(started, CallStarted)
        assert isinstance(finished, CallFinished)
        assert started.id == finished.id == "stage-tune-1.judge.1"
        assert started.tokens > 100
        assert started.money is not None
        assert finished.money == cheap(50, 5)
        kept = json.loads(run.call("stage-tune-1.judge.1").read_text())
        assert (kept["prompt"], kept["values"], kept["text"]) == ("plan", {"stage": "tune"}, "Plan it.")
        assert (kept["form"], kept["reply"], kept["author"]) == ("Plan", {"goals": ["a"]}, "model")
        assert [len(digest) for digest in kept["pictures"]] == [64]


def test_a_reply_that_is_kept_is_not_asked_for_again(tmp_path: Path) -> None:
    with made(tmp_path) as run:
        first = desk(run, ScriptedModel([{"goals": ["a"]}, "text", {"goals": ["b"]}], author="ours")).model(
            "coder", "0001"
        )
        first.fill(prompt("one"), Plan)
        first.write(prompt("two"))
    with RunDirectory.open(run.path) as run:
        model = ScriptedModel([{"goals": ["b"]}])
        again = desk(run, model).model("coder", "0001")
        reply = again.fill(prompt("one"), Plan)
        assert (reply.value, reply.author) == (Plan(goals=["a"]), "ours")
        assert again.write(prompt("two")).value == "text"
        assert not model.asked
        assert again.fill(prompt("three"), Plan).value == Plan(goals=["b"])
        assert sorted(run.progress.calls) == ["0001.coder.1", "0001.coder.2", "0001.coder.3"]
        assert not run.progress.degradations


@pytest.mark.parametrize(
    "other",
    [prompt("two"), prompt("one", stage="tune"), Prompt(name="judge", values={}, text="one")],
    ids=["text", "values", "name"],
)
def test_a_reply_to_another_prompt_is_not_used_and_that_is_said(tmp_path: Path, other: Prompt) -> None:
    with made(tmp_path) as run:
        first = desk(run, ScriptedModel(["old", "second"])).model("coder", "0001")
        first.write(prompt("one"))
        first.write(prompt("next"))
        for answers in (["new"], []):
            again = desk(run, ScriptedModel(answers)).model("coder", "0001")
            assert again.write(other).value == "new"
            assert again.write(prompt("next")).value == "second"  # its position is not shifted
        assert list(run.progress.calls) == ["0001.coder.1", "0001.coder.2", "0001.coder.1.2"]
        [said] = run.progress.degradations
        assert "0001.coder.1" in said.what


def test_a_picture_or_a_form_that_differs_is_another_prompt(tmp_path: Path) -> None:
    with made(tmp_path) as run:
        desk(run, ScriptedModel(["one"])).model("vision", "draw-1").write(prompt(), [b"a"])
        assert desk(run, ScriptedModel(["two"])).model("vision", "draw-1").write(prompt(), [b"b"]).value == "two"
        filled = desk(run, ScriptedModel([{"goals": []}])).model("vision", "draw-1").fill(prompt(), Plan, [b"a"])
        assert filled.value == Plan(goals=[])


def test_each_try_is_booked(tmp_path: Path) -> None:
    with made(tmp_path) as run:
        faults = [
            Passing("refused", free=True),
            Unreadable("no JSON", "x", (30, 3)),
            Passing("broke off"),
            "yes",
        ]
        model = desk(run, ScriptedModel(faults, tokens=(50, 5))).model("writer", "write-1")
        model.write(prompt())
        lost = [e for e in log.events(run.events_jsonl.read_bytes(), run.events_jsonl) if isinstance(e, CallLost)]
        assert [(e.money, e.tokens, e.known) for e in lost[:2]] == [(0.0, 0, True), (cheap(30, 3), 33, True)]
        assert not lost[2].known
        assert lost[2].tokens > 100
        spent = run.progress.spent
        assert spent.money == pytest.approx(cheap(30, 3) + (lost[2].money or 0) + cheap(50, 5))
        assert (spent.lost, spent.calls) == (1, 1)


def test_a_failure_of_any_kind_is_booked_and_frees_what_was_set_aside(tmp_path: Path) -> None:
    with made(tmp_path) as run:
        model = ScriptedModel([ModelError("bad key"), KeyboardInterrupt(), "yes"])
        ours = desk(run, model, Budget(tokens=450)).model("writer", "write-1")
        with pytest.raises(ModelError):
            ours.write(prompt())
        with pytest.raises(KeyboardInterrupt):
            ours.write(prompt())
        ours.write(prompt())
        assert kinds(run) == ["call_started", "call_lost", "call_started", "call_lost", "call_started", "call_finished"]
        assert not run.progress.in_flight


def test_nothing_is_asked_past_the_budget(tmp_path: Path) -> None:
    with made(tmp_path) as run:
        model = ScriptedModel(["yes"] * 9, tokens=(100, 100))
        ours = desk(run, model, Budget(tokens=700)).model("writer", "write-1")
        for _ in range(3):
            ours.write(prompt())
        with pytest.raises(BudgetSpent, match="700 tokens is spent: 600 used"):
            ours.write(prompt())
        assert len(model.asked) == 3
        assert run.progress.spent.tokens == 600


def test_an_unknown_price_is_not_free(tmp_path: Path) -> None:
    with made(tmp_path) as run:
        model = ScriptedModel(["yes", "no"], tokens=(9, 9))
        desk(run, model, price=None).model("writer", "write-1").write(prompt())
        assert run.progress.spent.unpriced == 1
        with pytest.raises(BudgetSpent, match="UNKNOWN"):
            desk(run, model, Budget(money=5), price=None).model("writer", "write-2").write(prompt())
        assert len(model.asked) == 1


def test_ordinals_are_per_scope_and_role_whatever_the_threads_do(tmp_path: Path) -> None:
    def echo(name: str, values: Mapping[str, Any]) -> str:
        return f"{values['scope']} {values['n']}"

    def work(ours: OpenDesk, scope: str) -> None:
        for n in range(5):
            assert ours.model("coder", scope).write(prompt(scope=scope, n=n)).value == f"{scope} {n}"

    with made(tmp_path) as run:
        ours = desk(run, ScriptedModel(echo))
        threads = [threading.Thread(target=work, args=(ours, f"{k:04d}")) for k in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(run.progress.calls) == [f"{k:04d}.coder.{n}" for k in range(4) for n in range(1, 6)]
        assert all(run.read_call(f"{k:04d}.coder.3").reply == f"{k:04d} 2" for k in range(4))  # type: ignore[union-attr]


def test_stopping_ends_a_wait_for_a_model(tmp_path: Path) -> None:
    with made(tmp_path) as run:
        stop = threading.Event()
        stop.set()
        ours = open_desk(OFFLINE, run, Ledger(Budget()), ScriptedModel([Passing("500"), "late"]), stop=stop)
        with pytest.raises(Stopped):
            ours.model("ideas", "idea-1").write(prompt())


def test_stopping_does_not_wait_for_a_reply_and_books_it_as_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test-0123456789")
    with serving() as server:
        config = Config(models=Models(default="openai:gpt-5.5", base_url=f"{server.url}/v1"))
        with made(tmp_path, config) as run:
            stop = threading.Event()
            ours = open_desk(config, run, Ledger(Budget()), None, stop=stop).model("ideas", "idea-1")
            server.answers = [Say("in time"), Refuse(401), Raw(hang=20.0)]
            assert ours.write(prompt("first")).value == "in time"
            with pytest.raises(ModelError, match="refuses the key"):
                ours.write(prompt("second"))
            threading.Timer(0.3, stop.set).start()
            began = time.monotonic()
            with pytest.raises(Stopped):
                ours.write(prompt("third"))
            assert time.monotonic() - began < 5.0
            assert (run.progress.spent.lost, run.progress.in_flight) == (1, {})


def test_the_desk_opens_what_the_configuration_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test-0123456789")
    with serving() as server:
        models = Models(default="offline", roles={"judge": "openai:gpt-5.5"}, base_url=f"{server.url}/v1")
        config = Config(models=models)
        with made(tmp_path, config) as run:
            ours = open_desk(
                config, run, Ledger(config.budget), ScriptedModel(["by rule"], name="offline", author="ours")
            )
            server.answers = [Refuse(429, "busy", headers={"retry-after": "0"}), Say("by server")]
            assert ours.model("writer", "write-1").write(prompt()).author == "ours"
            judged = ours.model("judge", "write-1").write(prompt())
            assert (judged.author, judged.value) == ("model", "by server")
            assert run.progress.spent.unpriced == 1  # who is paid at that address is not known
            assert len(server.asked) == 2
            with pytest.raises(ValueError, match="no role"):
                ours.model("jester", "write-1")


def test_a_name_that_is_no_model_is_refused_when_the_desk_opens(tmp_path: Path) -> None:
    with made(tmp_path) as run:
        for name, sentence in (
            ("gpt", "provider:model"),
            ("moon:tide", "no provider 'moon'"),
            ("offline", "not there"),
        ):
            config = Config(models=Models(default=name))
            with pytest.raises(ModelError, match=sentence):
                open_desk(config, run, Ledger(Budget()), None)
