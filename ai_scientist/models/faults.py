"""What can go wrong with one request to a model, told apart: stop at once, try again, or show the model its fault."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from pydantic import ValidationError

from ai_scientist.errors import ModelError

KEYS: Mapping[str, str] = {
    "openai": "OPENAI_API_KEY",
    "anthropic": "ANTHROPIC_API_KEY",
    "google_genai": "GOOGLE_API_KEY",
    "groq": "GROQ_API_KEY",
    "mistralai": "MISTRAL_API_KEY",
    "deepseek": "DEEPSEEK_API_KEY",
    "xai": "XAI_API_KEY",
    "together": "TOGETHER_API_KEY",
    "fireworks": "FIREWORKS_API_KEY",
    "openrouter": "OPENROUTER_API_KEY",
    "perplexity": "PPLX_API_KEY",
}
"""Provider to the environment variable that holds its key."""
SECRET = re.compile(r"\b(sk|pk|key|gsk|xai)[-_][\w*.-]{6,}|\bBearer\s+\S+|\bAIza\S{8,}", re.IGNORECASE)
EMPTY = re.compile(r"insufficient_quota|credit balance|billing_(hard_limit|not_active)|payment_required", re.IGNORECASE)
"""Not the mere word billing: it also stands in what is said about a rate that passes."""
TOO_LONG = re.compile(
    r"context[_ ]length|context window|prompt is too long|too many tokens|maximum context", re.IGNORECASE
)


class Passing(Exception):
    """The request failed in a way that may pass: asked again, it may be answered."""

    def __init__(self, why: str, *, after: float | None = None, free: bool = False) -> None:
        """`after`: seconds that the server asks to wait. `free`: it was refused unread, so that it cost nothing."""
        super().__init__(why)
        self.after = after
        self.free = free


class Unreadable(Exception):
    """A reply came and cannot be used as it is."""

    def __init__(
        self, fault: str, said: str, tokens: tuple[int, int] | None = None, *, remedy: str = "raise models.attempts"
    ) -> None:
        """`fault`: what is wrong with it, for the model to read. `tokens`: in and out, where they are known. `remedy`: what
        a person can do about it, other than to choose another model."""
        super().__init__(fault)
        self.remedy = remedy
        self.said = said
        self.tokens = tokens


def told_apart(error: Exception, model: str) -> Exception | None:
    """What an SDK's exception means: a ModelError, a Passing, or None where it is no fault of the model's."""
    from httpx import HTTPError
    from langchain_core.exceptions import ContextOverflowError, ModelConnectionError, ModelTimeoutError

    provider = model.partition(":")[0]
    said, whole = _said(error), f"{error} {getattr(error, 'body', None)}"
    status = getattr(error, "status_code", None)
    if not isinstance(status, int):
        status = getattr(getattr(error, "response", None), "status_code", None)
    if isinstance(error, ContextOverflowError) or status == 413 or (status == 400 and TOO_LONG.search(whole)):
        return ModelError(f"A prompt is longer than {model} can read ({said}). Choose a model with a longer context.")
    if isinstance(status, int) and status >= 400:
        if status == 402 or (status in (400, 403, 429) and EMPTY.search(whole)):
            return ModelError(
                f"The account at {provider} is empty or over its quota ({said}). Top it up, or choose another model."
            )
        return _by_status(status, said, model, _after(error))
    if isinstance(error, ModelTimeoutError):
        return Passing(f"{model} did not answer in time")
    if isinstance(error, ModelConnectionError | HTTPError | ConnectionError | TimeoutError):
        return Passing(f"{provider} could not be reached ({_cause(error)})", free=_refused(error))
    if isinstance(error, ValueError | TypeError | LookupError | AttributeError):
        # What the SDKs raise when they read an answer that is none of the protocol's: a proxy's page, another server.
        return Passing(f"{provider} answered what cannot be read ({_cause(error)}; is models.base_url right?)")
    return None


def _by_status(status: int, said: str, model: str, after: float | None) -> Exception:
    provider = model.partition(":")[0]
    key = KEYS.get(provider, "the key in the environment")
    if status == 401:
        return ModelError(f"{provider} refuses the key ({said}). Set {key} to one that is valid.")
    if status == 403:
        return ModelError(f"{provider} does not let this key use {model} ({said}). Check {key} and what it may use.")
    if status == 404:
        return ModelError(
            f"{provider} does not know the model {model} ({said}). Check its name, and the base_url if one is set."
        )
    if status in (408, 409, 425, 429) or status >= 500:
        return Passing(f"{provider} answered {status} ({said})", after=after, free=status in (425, 429, 503, 529))
    return ModelError(f"{provider} refuses the request to {model} with status {status} ({said}).")


def _said(error: Exception) -> str:
    """The message in the provider's answer, or the exception's own where there is none."""
    body = getattr(error, "body", None)
    inner = body.get("error", body) if isinstance(body, dict) else None
    message = inner.get("message") if isinstance(inner, dict) else None
    return cleaned(message if isinstance(message, str) else str(error))


def cleaned(text: str) -> str:
    """One line, bounded, without a key or anything that looks like one."""
    for variable in KEYS.values():
        if len(key := os.environ.get(variable, "")) >= 8:
            text = text.replace(key, "[key]")
    return SECRET.sub("[key]", " ".join(text.split()))[:300]


def _after(error: Exception) -> float | None:
    """Seconds that a Retry-After header asks to wait."""
    headers = getattr(getattr(error, "response", None), "headers", None) or {}
    milliseconds, said = headers.get("retry-after-ms"), headers.get("retry-after")
    try:
        if milliseconds is not None:
            return max(0.0, float(milliseconds) / 1000)
        if said is None:
            return None
        if said.replace(".", "", 1).isdigit():
            return float(said)
        return max(0.0, (parsedate_to_datetime(said) - datetime.now(UTC)).total_seconds())
    except (TypeError, ValueError):
        return None


def _causes(error: BaseException) -> list[BaseException]:
    chain: list[BaseException] = []
    at: Any = error
    while at is not None and at not in chain:
        chain.append(at)
        at = at.__cause__ or at.__context__
    return chain


def _cause(error: Exception) -> str:
    last = _causes(error)[-1]
    return cleaned(str(last)) or type(last).__name__


def _refused(error: Exception) -> bool:
    """Whether no connection came about, so that nothing was asked."""
    return any(
        isinstance(cause, ConnectionRefusedError) or "ConnectError" in type(cause).__name__ for cause in _causes(error)
    )


def describe(error: ValidationError, most: int = 8) -> str:
    """What is wrong with a form, field by field, for the model to mend."""
    faults = [f"{'.'.join(map(str, e['loc'])) or 'the form'}: {e['msg']}" for e in error.errors(include_url=False)]
    return "; ".join(faults[:most]) + (f"; and {len(faults) - most} more" if len(faults) > most else "")
