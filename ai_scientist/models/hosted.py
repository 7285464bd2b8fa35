"""Hosted models: one adapter over LangChain's `init_chat_model("provider:model")`."""

from __future__ import annotations

import base64
import json
import os
import re
from collections.abc import Sequence
from typing import Any

from pydantic import ValidationError

from ai_scientist.errors import ModelError
from ai_scientist.models.base import F, Reply
from ai_scientist.models.faults import KEYS, Unreadable, cleaned, describe, told_apart
from ai_scientist.records import Prompt

OLLAMA = "http://127.0.0.1:11434/v1"
CUT = {"length", "max_tokens", "max_output_tokens", "incomplete"}
"""How the providers say that a reply was cut off."""


class HostedModel:
    """A model behind an API. One request a call: whoever wraps it retries, and books each try."""

    def __init__(
        self,
        name: str,
        *,
        base_url: str = "",
        temperature: float | None = None,
        max_output_tokens: int = 16_384,
        timeout: float = 600,
    ) -> None:
        """`name`: `provider:model`. `timeout`: seconds.

        Raises:
            ModelError: no such provider, its package is missing, or there is no key.
        """
        self.name = name
        self.max_output_tokens = max_output_tokens
        options: dict[str, Any] = {"max_retries": 0, "timeout": timeout, "max_tokens": max_output_tokens}
        if temperature is not None:
            options["temperature"] = temperature
        self._model = _open(name, base_url, options)

    def write(self, prompt: Prompt, pictures: Sequence[bytes] = ()) -> Reply[str]:
        """Raises ModelError, Passing or Unreadable."""
        message = self._invoke(self._model, prompt, pictures)
        text, tokens = _text(message), _tokens(message)
        if declined := _declined(message):
            raise Unreadable(declined, text, tokens)
        if _cut(message):
            raise _cut_off(text, tokens)
        if not text.strip():
            raise Unreadable("it was empty", text, tokens)
        return Reply(text, author="model", model=self.name, tokens_in=tokens[0], tokens_out=tokens[1])

    def fill(self, prompt: Prompt, form: type[F], pictures: Sequence[bytes] = ()) -> Reply[F]:
        """Raises ModelError, Passing or Unreadable."""
        # Function calling, not a provider's strict schemas: those refuse open mappings, and fewer servers know them.
        asking = self._model.with_structured_output(form, include_raw=True, method="function_calling")
        answer = self._invoke(asking, prompt, pictures)
        message, value = answer["raw"], answer["parsed"]
        tokens = _tokens(message)
        if value is None:
            said = _said(message)
            if declined := _declined(message):
                raise Unreadable(declined, said, tokens)
            if _cut(message):
                raise _cut_off(said, tokens)
            if not said.strip():
                raise Unreadable("it was empty", said, tokens)
            value = _from_text(message, form, answer["parsing_error"], tokens)
        return Reply(value, author="model", model=self.name, tokens_in=tokens[0], tokens_out=tokens[1])

    def _invoke(self, model: Any, prompt: Prompt, pictures: Sequence[bytes]) -> Any:
        from langchain_core.exceptions import OutputParserException
        from langchain_core.messages import HumanMessage

        content: list[str | dict[Any, Any]] = [{"type": "text", "text": prompt.text}]
        content += [
            {"type": "image", "base64": base64.b64encode(picture).decode(), "mime_type": "image/png"}
            for picture in pictures
        ]
        try:
            return model.invoke([HumanMessage(content)])
        except OutputParserException as error:
            raise Unreadable(cleaned(str(error)), cleaned(error.llm_output or "")) from error
        except Exception as error:  # every provider's SDK has its own; what is none of theirs is raised as it is
            meant = told_apart(error, self.name)
            if meant is None:
                raise
            raise meant from error


def _open(name: str, base_url: str, options: dict[str, Any]) -> Any:
    provider, colon, model = name.partition(":")
    if not colon or not provider or not model:
        raise ModelError(
            f"There is no model '{name}'. Write `offline`, or `provider:model`, for instance openai:NAME, "
            "anthropic:NAME, ollama:NAME, or another provider of LangChain whose package is installed."
        )
    if provider == "ollama":  # by its OpenAI-compatible door, which needs no package of its own
        provider, base_url = "openai", base_url or os.environ.get("OLLAMA_BASE_URL", OLLAMA)
        options["api_key"] = "ollama"
    key = KEYS.get(provider)
    if base_url:
        options["base_url"] = base_url
    if key and not os.environ.get(key) and "api_key" not in options:
        if not base_url or provider != "openai":
            raise ModelError(f"There is no key for {name}: set {key} in the environment, or use `--model offline`.")
        options["api_key"] = "none"  # a server of one's own may need none, and the SDK insists on one

    from langchain.chat_models import init_chat_model

    try:
        return init_chat_model(model, model_provider=provider, **options)
    except ImportError as error:
        raise ModelError(f"{name} cannot be used: {cleaned(str(error))}.") from error
    except ValueError as error:
        if "Unsupported" in str(error):
            known = " ".join(str(error).rpartition(":")[2].split())
            raise ModelError(f"There is no provider '{provider}' of models. There are: offline, {known}.") from error
        raise ModelError(f"{name} cannot be used: {cleaned(str(error))}.") from error


def _tokens(message: Any) -> tuple[int, int]:
    usage = message.usage_metadata or {}
    return int(usage.get("input_tokens", 0)), int(usage.get("output_tokens", 0))


def _text(message: Any) -> str:
    return str(message.text)


def _cut(message: Any) -> bool:
    told = message.response_metadata or {}
    return any(told.get(field) in CUT for field in ("finish_reason", "stop_reason", "status"))


def _cut_off(said: str, tokens: tuple[int, int]) -> Unreadable:
    fault = f"it was cut off after {tokens[1]} tokens: answer more briefly"
    return Unreadable(fault, said, tokens, remedy="raise models.max_output_tokens")


def _declined(message: Any) -> str:
    """That the model would not answer, and what it or its provider said on that; "" where it did not decline."""
    told = message.response_metadata or {}
    by_provider = {told.get("finish_reason"), told.get("stop_reason")} & {"content_filter", "refusal"}
    blocks = message.content if isinstance(message.content, list) else []
    said = message.additional_kwargs.get("refusal") or next(
        (
            str(block.get("refusal") or "")
            for block in blocks
            if isinstance(block, dict) and block.get("type") == "refusal"
        ),
        "",
    )
    if not said and not by_provider:
        return ""
    why = cleaned(str(said) or _text(message))
    return "it declines to answer" + (f" ({why})" if why else "")


def _said(message: Any) -> str:
    """What the model answered, tool calls that could not be read included."""
    calls = [*(message.tool_calls or ()), *(message.invalid_tool_calls or ())]
    return _text(message) or "\n".join(
        call["args"] if isinstance(call["args"], str) else json.dumps(call["args"]) for call in calls
    )


def _from_text(message: Any, form: type[F], error: BaseException | None, tokens: tuple[int, int]) -> F:
    """The form out of a plain reply: some servers answer with JSON as text. Raises Unreadable."""
    said = _said(message)
    fenced = re.search(r"```(?:json)?\s*\n(.*?)```", said, re.DOTALL)
    try:
        return form.model_validate_json(fenced.group(1) if fenced else said)
    except ValidationError as fault:
        told = describe(error if isinstance(error, ValidationError) else fault)
        raise Unreadable(told, said, tokens) from None
