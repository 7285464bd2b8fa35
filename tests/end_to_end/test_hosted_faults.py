"""What somebody with a hosted model may meet: each ends in one sentence, loses nothing, and the run can go on."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from ai_scientist import api
from ai_scientist.config import Config, Models, load
from ai_scientist.errors import InputError, ModelError
from ai_scientist.runs import RunDirectory
from tests.ai_scientist.models.server import Answer, Raw, Refuse, Say, Server, serving
from tests.end_to_end.expert import Expert
from tests.end_to_end.shell import TINY, call

KEY = "sk-nobodys-0123456789"
MODELS = {"openai": "openai:gpt-5.5", "anthropic": "anthropic:claude-sonnet-5"}
TOPIC = "does trimming help to find the centre of a sample?"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    with serving() as served:
        monkeypatch.setenv("OPENAI_API_KEY", KEY)
        monkeypatch.setenv("OPENAI_BASE_URL", f"{served.url}/v1")
        monkeypatch.setenv("ANTHROPIC_API_KEY", KEY)
        monkeypatch.setenv("ANTHROPIC_BASE_URL", served.url)
        served.script = Expert()
        yield served


def until_the_idea(model: str, **models: float) -> Config:
    """A run that asks for one form and then waits for a person."""
    told = Models(default=model, attempts=2, **models)  # type: ignore[arg-type]
    return load(TINY, ["approve=[idea]"]).model_copy(update={"models": told})


FAULTS: list[tuple[str, list[Answer], str]] = [
    ("refused key", [Refuse(401, f"Incorrect API key: {KEY}")], r"refuses the key .*\[key\].*_API_KEY"),
    ("unknown model", [Refuse(404, "no such model")], r"does not know the model .*Check its name"),
    ("empty account", [Refuse(402, "payment required")], r"is empty or over its quota .*Top it up"),
    ("too long", [Refuse(400, "prompt is too long: 300000 tokens")], r"longer than .* can read .*longer context"),
    ("no form", [Say(form={"slug": 3}), Say("Certainly!")], r"no usable reply to 'propose_idea' in 2 tries: .*Choose another"),
    ("declined", [Say("I cannot help.", declined=True)] * 2, r"declines to answer \(I cannot help\.\)\. Choose another"),
    ("empty", [Say("")] * 2, r"in 2 tries: it was empty\. Choose another"),
    ("cut off", [Say('{"slug": "a', cut=True)] * 2, r"cut off after 7 tokens: .*raise models\.max_output_tokens"),
    ("silence", [Raw(hang=0.6)] * 2, r"did not answer in time, 2 times in a row\. .*resume"),
    ("always busy", [Refuse(429, "slow down", headers={"retry-after": "0"})] * 2, r"answered 429 .*2 times in a row"),
    ("a long wait", [Refuse(429, "slow down", headers={"retry-after": "900"})], r"asks to wait 900 s\. Resume the run later"),
]  # fmt: skip


@pytest.mark.parametrize("provider", MODELS)
@pytest.mark.parametrize(("answers", "sentence"), [one[1:] for one in FAULTS], ids=[one[0] for one in FAULTS])
def test_it_is_one_sentence_and_the_run_can_go_on(
    tmp_path: Path, server: Server, provider: str, answers: list[Answer], sentence: str
) -> None:
    server.answers = list(answers)
    config = until_the_idea(MODELS[provider], timeout=0.3 if isinstance(answers[0], Raw) else 600)
    with pytest.raises(ModelError, match=sentence) as caught:
        api.run(TOPIC, runs=tmp_path, config=config)
    said = str(caught.value)
    assert caught.value.exit_code == 3
    assert KEY not in said
    assert "\n" not in said
    assert provider in said
    assert len(said) < 600
    (path,) = tmp_path.iterdir()
    stood = RunDirectory.read(path)
    assert (stood.progress.status, stood.progress.exit_code, stood.progress.why_stopped) == ("stopped", 3, said)
    assert stood.report_html.exists()
    assert not stood.progress.in_flight
    if not isinstance(answers[0], Raw):
        assert api.resume(path).exit_code == 11  # the idea is there and waits


def test_a_refused_key_on_the_command_line(tmp_path: Path, server: Server) -> None:
    server.answers = [Refuse(401, "Incorrect API key")]
    command = ("run", TOPIC, "--config", TINY, "--model", MODELS["openai"], "--approve", "idea", "--runs", tmp_path)
    ended = call(*command, cwd=tmp_path)
    assert ended.returncode == 3
    assert ended.stderr.splitlines()[-1].startswith(
        "ai-scientist: openai refuses the key (Incorrect API key). Set OPENAI"
    )
    run = ended.stdout.splitlines()[0]
    assert ended.stdout.splitlines()[-1] == f"resume with: ai-scientist resume {run}"
    assert call("resume", run, cwd=tmp_path).returncode == 11


def test_money_is_not_limited_where_no_price_is_known(tmp_path: Path, server: Server) -> None:
    config = until_the_idea(MODELS["openai"])
    limited = config.model_copy(update={"budget": config.budget.model_copy(update={"money": 5.0})})
    with pytest.raises(InputError, match=rf"reached at {server.url}/v1.*budget of \$5.*models\.prices=.*tokens=N"):
        api.run(TOPIC, runs=tmp_path, config=limited)
    assert not list(tmp_path.iterdir())
    assert not server.asked
    stated = load(None, ["models.prices={openai:gpt-5.5: {input: 1, output: 5}}"]).models.prices
    models = limited.models.model_copy(update={"prices": stated})
    assert api.run(TOPIC, runs=tmp_path, config=limited.model_copy(update={"models": models})).exit_code == 11


def test_doctor_asks_whether_a_key_is_accepted(tmp_path: Path, server: Server) -> None:
    server.answers = [Say(form={"word": "yes"}), Refuse(401, f"no such key: {os.environ['ANTHROPIC_API_KEY']}")]
    said = " ".join(call("doctor", "--probe", cwd=tmp_path).stdout.split())
    assert "openai:gpt-5.5 answers, and fills forms in" in said
    assert "anthropic refuses the key" in said
    assert KEY not in said
    assert [asked.path for asked in server.asked] == ["/v1/chat/completions", "/v1/messages"]


def test_doctor_asks_a_model_by_name(tmp_path: Path, server: Server) -> None:
    server.answers = [Say("I only chat.")]
    said = " ".join(call("doctor", "--probe", "openai:llama3.2", cwd=tmp_path).stdout.split())
    assert "word" in said or "JSON" in said
    assert "fills forms in" not in said
    assert [asked.body["model"] for asked in server.asked] == ["llama3.2"]
