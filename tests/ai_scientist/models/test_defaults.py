"""Which model `auto` means, and what it costs."""

from __future__ import annotations

import json

import pytest

from ai_scientist.models.defaults import HOSTED, choose_default, local_models
from ai_scientist.models.prices import price_of
from tests.ai_scientist.models.server import Raw, serving

NOBODY = ("127.0.0.1", 9)


def test_a_key_in_the_environment_decides() -> None:
    assert choose_default({"OPENAI_API_KEY": "k", "ANTHROPIC_API_KEY": "k"}, NOBODY) == HOSTED["openai"]
    assert choose_default({"ANTHROPIC_API_KEY": "k", "OPENAI_API_KEY": ""}, NOBODY) == HOSTED["anthropic"]
    assert choose_default({}, NOBODY) == "offline"


def test_a_local_server_comes_before_the_offline_model() -> None:
    with serving() as server:
        here = ("127.0.0.1", server.port)
        server.answers = [Raw(json.dumps({"models": [{"name": "llama3.2:3b"}, {"name": "qwen"}]}).encode())]
        assert choose_default({}, here) == "ollama:llama3.2:3b"
        for other in (Raw(b'{"models": []}'), Raw(b"<html>"), Raw(b"[]"), Raw(drop=True), Raw(hang=2.0)):
            server.answers = [other]
            assert local_models(here) == []


@pytest.mark.parametrize("name", HOSTED.values())
def test_the_defaults_have_a_price(name: str) -> None:
    price = price_of(name)
    assert price is not None
    assert 0 < price(1000, 0) < price(1000, 1000) < 1


def test_a_price_that_is_not_known_is_none() -> None:
    assert price_of("openai:gpt-of-my-own") is None
    assert price_of("moon:tide") is None
    assert price_of("openai:gpt-5.5", "http://127.0.0.1:4000/v1") is None
    assert price_of("ollama:gpt-oss:120b-cloud") is None


def test_a_price_at_the_providers_own_address_is_the_providers() -> None:
    there, by_name = price_of("openai:gpt-5.5", "https://api.openai.com/v1"), price_of("openai:gpt-5.5")
    assert there is not None
    assert by_name is not None
    assert there(1000, 100) == by_name(1000, 100)
    local = price_of("ollama:llama3.2")
    assert local is not None
    assert local(1000, 1000) == 0.0
