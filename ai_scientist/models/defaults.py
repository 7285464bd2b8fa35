"""Which model is meant by `auto`: one whose key is in the environment, one on this machine, or else the offline one."""

from __future__ import annotations

import http.client
import json
import os
from collections.abc import Mapping

from ai_scientist.models.faults import KEYS

OFFLINE = "offline"
HOSTED: Mapping[str, str] = {"openai": "openai:gpt-5.5", "anthropic": "anthropic:claude-sonnet-5"}
"""Provider to the model that is taken where only its key is known. In order of preference."""
LOCAL = ("127.0.0.1", 11434)
"""Where Ollama listens."""
PATIENCE = 0.5
"""Seconds to wait for a local server's answer."""


def choose_default(environment: Mapping[str, str] | None = None, local: tuple[str, int] = LOCAL) -> str:
    """The name of the model that `auto` means here."""
    environment = os.environ if environment is None else environment
    for provider, model in HOSTED.items():
        if environment.get(KEYS[provider]):
            return model
    served = local_models(local)
    return f"ollama:{served[0]}" if served else OFFLINE


def local_models(local: tuple[str, int] = LOCAL) -> list[str]:
    """The models that a local Ollama offers, the one changed last first; none where there is no server."""
    connection = http.client.HTTPConnection(*local, timeout=PATIENCE)
    try:
        connection.request("GET", "/api/tags")
        answer = connection.getresponse()
        if answer.status != 200:
            return []
        offered = json.loads(answer.read(1_000_000))["models"]
        return [str(model["name"]) for model in offered]
    except (OSError, http.client.HTTPException, ValueError, KeyError, TypeError):
        return []
    finally:
        connection.close()
