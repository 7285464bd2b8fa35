"""Replies of an earlier run, given again by their place, and what is said where they do not fit."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from pydantic import BaseModel

from ai_scientist.bundled import bundled
from ai_scientist.config import Config, Models
from ai_scientist.errors import ModelError
from ai_scientist.ledger import Ledger
from ai_scientist.models.base import ChatModel
from ai_scientist.models.desk import OpenDesk, decided, model_names, open_desk
from ai_scientist.models.recorded import Seat
from ai_scientist.models.replayed import ReplayModel, open_replay
from ai_scientist.models.scripted import ScriptedModel
from ai_scientist.records import Prompt
from ai_scientist.runs import RunDirectory
from ai_scientist.runs.progress import summary


class Plan(BaseModel):
    goals: list[str]


class Other(BaseModel):
    goals: list[str]


def prompt(text: str = "Plan it.", name: str = "plan") -> Prompt:
    return Prompt(name=name, values={}, text=text)


def made(folder: Path, config: Config) -> RunDirectory:
    return RunDirectory.create(folder, topic="t", slug="t", config=config)


@pytest.fixture
def recorded(tmp_path: Path) -> Path:
    """A run of two scopes, at a price."""
    config = Config(models=Models(default="offline"))
    with made(tmp_path / "first", config) as run:
        script: ChatModel = ScriptedModel([{"goals": ["a"]}, "two", {"goals": ["c"]}], name="dear", tokens=(100, 10))
        seat = Seat(script, output=50, price=lambda into, out: 0.01 * out)
        desk = OpenDesk(dict.fromkeys(model_names(config.models), seat), run, Ledger(config.budget), attempts=1)
        writer = desk.model("writer", "write-1")
        writer.fill(prompt(), Plan, [b"png"])
        writer.write(prompt("Say it."))
        desk.model("coder", "0001").fill(prompt("Try it.", "draft"), Plan)
        assert run.progress.spent.money == pytest.approx(0.3)
    return run.path


def replaying(folder: Path, recorded: Path) -> tuple[RunDirectory, OpenDesk]:
    config = Config(models=Models(default=f"replay:{recorded}"))
    run = made(folder, config)
    desk = open_desk(config, run, Ledger(config.budget), None)
    assert isinstance(desk, OpenDesk)
    return run, desk


def test_each_call_gets_the_reply_of_its_place(tmp_path: Path, recorded: Path) -> None:
    run, desk = replaying(tmp_path / "second", recorded)
    with run:
        drafted = desk.model("coder", "0001").fill(prompt("Try it.", "draft"), Plan)  # earlier than it was recorded
        writer = desk.model("writer", "write-1")
        first, second = writer.fill(prompt(), Plan, [b"png"]), writer.write(prompt("Say it."))
        assert (drafted.value, first.value, second.value) == (Plan(goals=["c"]), Plan(goals=["a"]), "two")
        assert {one.author for one in (drafted, first, second)} == {"model"}
        assert run.progress.replayed == (3, 0)
        assert (run.progress.spent.money, run.progress.spent.unpriced) == (0, 0)
        assert not run.progress.degradations
        kept = run.read_call("write-1.writer.1")
        assert kept is not None
        assert kept.model == f"replay:{recorded.name}"


def test_a_prompt_that_is_worded_otherwise_is_answered_and_counted(tmp_path: Path, recorded: Path) -> None:
    run, desk = replaying(tmp_path / "second", recorded)
    with run:
        writer = desk.model("writer", "write-1")
        assert writer.fill(prompt("Plan it well."), Plan, [b"png"]).value == Plan(goals=["a"])
        writer.write(prompt("Say it."))
        desk.model("coder", "0001").fill(prompt("Try.", "draft"), Plan)
        assert summary(run)["replayed"] == {"replies": 3, "differ": 2}
        [said] = run.progress.degradations
        assert "prompts that differ" in said.what
        assert not said.touches_claims
        kept = run.read_call("write-1.writer.1")
        assert kept is not None
        assert kept.differs
    with RunDirectory.open(run.path) as again:
        assert again.progress.replayed == (3, 2)


def test_what_does_not_fit_is_one_sentence(tmp_path: Path, recorded: Path) -> None:
    run, desk = replaying(tmp_path / "second", recorded)
    with run:
        with pytest.raises(ModelError, match=r"no reply for write-9\.writer\.1, where 'plan' is asked"):
            desk.model("writer", "write-9").write(prompt())
        with pytest.raises(ModelError, match=r"At 0001\.coder\.1, 'tune' is asked.* answers 'draft' \(Plan\)"):
            desk.model("coder", "0001").fill(prompt("Try it.", "tune"), Plan)
        with pytest.raises(ModelError, match=r"answers 'plan' \(Plan\)"):
            desk.model("writer", "write-1").fill(prompt(), Other)
        with pytest.raises(ModelError, match=r"no reply for write-1\.writer\.3"):
            [desk.model("writer", "write-1").write(prompt("Say it.")) for _ in range(2)]


def test_a_reply_that_no_longer_fills_its_form_in(recorded: Path) -> None:
    model = open_replay(f"replay:{recorded}")

    class Plan(BaseModel):
        goals: list[str]
        budget: float

    with pytest.raises(ModelError, match=r"does not fill its form in: budget: Field required"):
        model.at("write-1.writer.1").fill(prompt(), Plan)


def test_of_a_place_that_was_asked_again_the_last_reply_is_given(tmp_path: Path) -> None:
    (tmp_path / "calls").mkdir()
    for id, reply in (("0001.coder.1", "first"), *((f"0001.coder.1.{n}", f"again {n}") for n in range(2, 12))):
        told = {"prompt": "plan", "form": "", "asked": "of another prompt", "reply": reply}
        (tmp_path / "calls" / f"{id}.yaml").write_text(yaml.safe_dump(told))
    reply = open_replay(f"replay:{tmp_path}").at("0001.coder.1").write(prompt())
    assert (reply.value, reply.differs) == ("again 11", True)


def test_a_folder_without_calls_is_named_with_those_that_there_are(tmp_path: Path) -> None:
    for name in ("", "moon", str(tmp_path)):
        with pytest.raises(ModelError, match=r"nothing to replay in .*warm-up"):
            open_replay(f"replay:{name}")
    (tmp_path / "calls").mkdir()
    (tmp_path / "calls" / "0001.coder.1.yaml").write_text("prompt: [")
    with pytest.raises(ModelError, match=r"0001\.coder\.1\.yaml cannot be read"):
        open_replay(f"replay:{tmp_path}")


def test_a_path_is_kept_so_that_it_holds_from_anywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    kept = decided(Models(default="replay:warm-up", roles={"coder": "replay:runs/one", "judge": "openai:x"}))
    assert kept.default == "replay:warm-up"
    assert kept.roles == {"coder": f"replay:{tmp_path}/runs/one", "judge": "openai:x"}


def test_the_kept_replies_are_complete() -> None:
    model = open_replay("replay:warm-up")
    assert isinstance(model, ReplayModel)
    assert model.name == "replay:warm-up"
    for file in bundled("templates", "replays", "warm-up", "calls").iterdir():
        told = yaml.safe_load(file.read_text())
        assert set(told) == {"prompt", "form", "asked", "reply"}, file.name
