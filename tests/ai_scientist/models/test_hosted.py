"""The hosted adapter over real HTTP, against a server on this machine that speaks the providers' protocols."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from pydantic import BaseModel

from ai_scientist.errors import ModelError
from ai_scientist.models.faults import Passing, Unreadable
from ai_scientist.models.hosted import HostedModel
from ai_scientist.records import Prompt
from tests.ai_scientist.models.server import Raw, Refuse, Say, Server, serving

PROMPT = Prompt(name="plan", values={}, text="Plan it.")
PNG = b"\x89PNG\r\n\x1a\nnot much of one"
KEY = "sk-test-0123456789abcdef"
MODELS = {"openai": "openai:gpt-5.5", "anthropic": "anthropic:claude-sonnet-5", "responses": "openai:gpt-5-codex"}


class Plan(BaseModel):
    """A plan."""

    goals: list[str]
    config: dict[str, int | str] = {}


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as served:
        yield served


@pytest.fixture(params=list(MODELS))
def model(request: pytest.FixtureRequest, server: Server, monkeypatch: pytest.MonkeyPatch) -> HostedModel:
    return opened(request.param, server, monkeypatch)


def opened(protocol: str, server: Server, monkeypatch: pytest.MonkeyPatch, **options: float) -> HostedModel:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("ANTHROPIC_API_KEY", KEY)
    base = server.url if protocol == "anthropic" else f"{server.url}/v1"
    return HostedModel(MODELS[protocol], base_url=base, max_output_tokens=500, **options)  # type: ignore[arg-type]


def test_a_text_comes_back_with_its_tokens_and_its_author(model: HostedModel, server: Server) -> None:
    server.answers = [Say("Begin with the baseline.")]
    reply = model.write(PROMPT)
    assert reply.value == "Begin with the baseline."
    assert (reply.author, reply.model, reply.tokens_in, reply.tokens_out) == ("model", model.name, 11, 7)
    [asked] = server.asked
    assert "Plan it." in json.dumps(asked.body)
    assert 500 in (asked.body.get(f) for f in ("max_tokens", "max_completion_tokens", "max_output_tokens"))
    assert KEY in (asked.headers.get("x-api-key", "") + asked.headers.get("authorization", ""))


def test_a_form_comes_back_filled_in(model: HostedModel, server: Server) -> None:
    server.answers = [Say(form={"goals": ["a", "b"], "config": {"epochs": 3, "rate": "slow"}})]
    reply = model.fill(PROMPT, Plan)
    assert reply.value == Plan(goals=["a", "b"], config={"epochs": 3, "rate": "slow"})
    assert (reply.tokens_in, reply.tokens_out) == (11, 7)


def test_pictures_are_sent(model: HostedModel, server: Server) -> None:
    server.answers = [Say("A line that rises."), Say(form={"goals": []})]
    model.write(PROMPT, [PNG, PNG])
    model.fill(PROMPT, Plan, [PNG])
    assert [json.dumps(asked.body).count("iVBORw0KGgp") for asked in server.asked] == [2, 1]


def test_a_form_that_does_not_fit_is_unreadable_and_says_where(model: HostedModel, server: Server) -> None:
    server.answers = [Say(form={"goals": "one"})]
    with pytest.raises(Unreadable, match=r"goals: .*list") as caught:
        model.fill(PROMPT, Plan)
    assert caught.value.tokens == (11, 7)
    assert '"one"' in caught.value.said


def test_a_reply_that_was_cut_off_says_so(model: HostedModel, server: Server) -> None:
    server.answers = [Say("Begin with the", cut=True)]
    with pytest.raises(Unreadable, match="cut off after 7 tokens"):
        model.write(PROMPT)


def test_a_model_that_declines_is_quoted(model: HostedModel, server: Server) -> None:
    server.answers = [Say("I cannot help with that.", declined=True)] * 2
    for ask in (lambda: model.write(PROMPT), lambda: model.fill(PROMPT, Plan)):
        with pytest.raises(Unreadable, match=r"declines to answer \(I cannot help with that\.\)") as caught:
            ask()
        assert caught.value.tokens == (11, 7)


def test_an_empty_reply_says_so(model: HostedModel, server: Server) -> None:
    server.answers = [Say("")] * 2
    for ask in (lambda: model.write(PROMPT), lambda: model.fill(PROMPT, Plan)):
        with pytest.raises(Unreadable, match="it was empty"):
            ask()


def test_json_in_a_plain_reply_is_taken(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    model = opened("openai", server, monkeypatch)
    server.answers = [
        Say('Here it is:\n```json\n{"goals": ["a"]}\n```'),
        Say('{"goals": ["b"]}'),
        Say("I would rather not."),
    ]
    assert model.fill(PROMPT, Plan).value == Plan(goals=["a"])
    assert model.fill(PROMPT, Plan).value == Plan(goals=["b"])
    with pytest.raises(Unreadable) as caught:
        model.fill(PROMPT, Plan)
    assert caught.value.said == "I would rather not."


@pytest.mark.filterwarnings("ignore:You are attempting to use structured output")
def test_a_model_that_cannot_be_made_to_fill_in_a_form_is_asked_all_the_same(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", KEY)
    model = HostedModel("anthropic:claude-sonnet-5-5", base_url=server.url)
    server.answers = [Say(form={"goals": ["a"]}), Say("I would rather not.")]
    assert model.fill(PROMPT, Plan).value == Plan(goals=["a"])
    with pytest.raises(Unreadable):
        model.fill(PROMPT, Plan)


def test_arguments_that_are_no_json_are_unreadable(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    model = opened("openai", server, monkeypatch)
    server.answers = [Say(form='{"goals": ["a", ')]
    with pytest.raises(Unreadable) as caught:
        model.fill(PROMPT, Plan)
    assert caught.value.said == '{"goals": ["a", '


REFUSED = [
    (Refuse(401, f"Incorrect API key provided: {KEY}"), "refuses the key .*_API_KEY"),
    (Refuse(403, "no access"), "does not let this key use"),
    (Refuse(404, "model not found"), "does not know the model"),
    (Refuse(402, "payment required"), "is empty or over its quota"),
    (Refuse(429, "You exceeded your current quota", "insufficient_quota"), r"over its quota \(You exceeded[^{]*\)"),
    (Refuse(400, "Your credit balance is too low to access the API"), "is empty or over its quota"),
    (Refuse(400, "prompt is too long: 300000 tokens > 200000 maximum"), "longer than .* can read"),
    (Refuse(400, "context_length_exceeded"), "longer than .* can read"),
    (Refuse(400, "unsupported parameter"), "refuses the request .* status 400"),
]


@pytest.mark.parametrize(("refusal", "sentence"), REFUSED)
def test_what_will_not_pass_is_one_sentence_without_the_key(
    model: HostedModel, server: Server, refusal: Refuse, sentence: str
) -> None:
    server.answers = [refusal]
    with pytest.raises(ModelError, match=sentence) as caught:
        model.write(PROMPT)
    assert KEY not in str(caught.value)
    assert model.name.partition(":")[0] in str(caught.value)
    assert len(server.asked) == 1


PASSING = [
    Refuse(429, "slow down; add a payment method under billing for more", headers={"retry-after": "3"}),
    Refuse(500),
    Refuse(529),
]


@pytest.mark.parametrize("refusal", PASSING)
def test_what_may_pass_is_asked_once_and_handed_on(model: HostedModel, server: Server, refusal: Refuse) -> None:
    server.answers = [refusal, Say("never reached")]
    with pytest.raises(Passing, match=str(refusal.status)) as caught:
        model.write(PROMPT)
    assert caught.value.after == (3.0 if refusal.headers else None)
    assert caught.value.free == (refusal.status != 500)
    assert len(server.asked) == 1  # the SDKs do not retry


def test_a_connection_that_breaks_may_pass(model: HostedModel, server: Server) -> None:
    server.answers = [Raw(drop=True), Say("never reached")]
    with pytest.raises(Passing, match="could not be reached") as caught:
        model.write(PROMPT)
    assert not caught.value.free  # it may have been read, and be charged for
    assert len(server.asked) == 1


@pytest.mark.parametrize("raw", [Raw(b"{"), Raw(b"<html>Welcome</html>", "text/html"), Raw(b"[]"), Raw(b"{}")])
def test_an_answer_in_no_protocol_may_pass(model: HostedModel, server: Server, raw: Raw) -> None:
    server.answers = [raw]
    with pytest.raises(Passing, match="base_url"):
        model.write(PROMPT)


@pytest.mark.parametrize("protocol", ["openai", "anthropic"])
def test_silence_may_pass(protocol: str, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    model = opened(protocol, server, monkeypatch, timeout=0.2)
    server.answers = [Raw(hang=1.0)]
    with pytest.raises(Passing, match="did not answer in time"):
        model.write(PROMPT)
    assert len(server.asked) == 1


def test_nobody_listening_costs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving() as gone:
        pass
    model = opened("openai", gone, monkeypatch)
    with pytest.raises(Passing, match="openai could not be reached") as caught:
        model.write(PROMPT)
    assert caught.value.free


def test_an_unknown_name_lists_the_providers(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ModelError, match="provider:model"):
        HostedModel("gpt")
    with pytest.raises(ModelError, match=r"no provider 'moon'.*offline.*anthropic.*openai"):
        HostedModel("moon:tide")
    with pytest.raises(ModelError, match=r"cannot be used: .*langchain-cohere"):
        HostedModel("cohere:command")


def test_a_missing_key_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, key in (("openai:gpt-5.5", "OPENAI_API_KEY"), ("anthropic:claude-sonnet-5", "ANTHROPIC_API_KEY")):
        with pytest.raises(ModelError, match=f"set {key}"):
            HostedModel(name)


def test_a_key_of_any_shape_is_not_repeated(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    model = opened("anthropic", server, monkeypatch)
    monkeypatch.setenv("ANTHROPIC_API_KEY", "correct horse battery")
    server.answers = [Refuse(401, "there is no account for 'correct horse battery'")]
    with pytest.raises(ModelError, match=r"no account for '\[key\]'"):
        model.write(PROMPT)


def test_a_server_of_ones_own_needs_no_key(server: Server) -> None:
    server.answers = [Say("yes"), Say("yes")]
    for name in ("openai:llama", "ollama:llama3.2:3b"):
        assert HostedModel(name, base_url=f"{server.url}/v1").write(PROMPT).model == name
    assert [asked.body["model"] for asked in server.asked] == ["llama", "llama3.2:3b"]
