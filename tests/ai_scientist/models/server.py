"""A server on this machine that speaks enough of three protocols: OpenAI's chat completions and responses, and
Anthropic's messages. What it answers is queued, or follows from what it is asked; what it was asked is kept."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Say:
    """A reply: a text, or a form filled in (as the argument of the one tool that is offered)."""

    text: str = ""
    form: Any = None
    """A mapping, or a string that stands where its JSON should."""
    cut: bool = False
    declined: bool = False
    """Whether the provider says that the model declines to answer."""
    tokens: tuple[int, int] = (11, 7)


@dataclass(frozen=True)
class Refuse:
    """An error of the provider."""

    status: int
    message: str = "refused"
    code: str = ""
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Raw:
    """Whatever else may come over a connection; `hang`: seconds of silence, then the connection is dropped."""

    body: bytes = b""
    kind: str = "application/json"
    hang: float = 0.0
    drop: bool = False


@dataclass
class Asked:
    path: str
    headers: dict[str, str]
    body: dict[str, Any]


Answer = Say | Refuse | Raw


@dataclass
class Server:
    port: int
    answers: list[Answer] = field(default_factory=list)
    script: Callable[[Asked], Answer] | None = None
    """Answers what is asked, where `answers` is empty."""
    asked: list[Asked] = field(default_factory=list)

    def answer(self, asked: Asked) -> Answer:
        self.asked.append(asked)
        return self.script(asked) if self.script and not self.answers else self.answers.pop(0)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def serving() -> Iterator[Server]:
    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    http.daemon_threads = True
    http.told = Server(http.server_address[1])  # type: ignore[attr-defined]
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield http.told  # type: ignore[attr-defined]
    finally:
        http.shutdown()
        http.server_close()
        thread.join()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        told: Server = self.server.told  # type: ignore[attr-defined]
        self._answer(told.answer(Asked(self.path, dict(self.headers), {})), {})

    def do_POST(self) -> None:
        told: Server = self.server.told  # type: ignore[attr-defined]
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self._answer(told.answer(Asked(self.path, {k.lower(): v for k, v in self.headers.items()}, body)), body)

    def _answer(self, answer: Answer, body: dict[str, Any]) -> None:
        match answer:
            case Raw(hang=hang, drop=drop) if hang or drop:
                time.sleep(hang)
                self.close_connection = True
            case Raw():
                self._send(200, answer.body, answer.kind, {})
            case Refuse():
                told = {"message": answer.message, "type": answer.code or "error", "code": answer.code or None}
                self._send(answer.status, _json({"type": "error", "error": told}), headers=answer.headers)
            case Say() if self.path.endswith("/chat/completions"):
                self._send(200, _json(completion(answer, body)))
            case Say() if self.path.endswith("/responses"):
                self._send(200, _json(response(answer, body)))
            case Say() if self.path.endswith("/messages"):
                self._send(200, _json(message(answer, body)))
            case Say():
                self._send(404, _json({"error": {"message": f"no {self.path}"}}))

    def _send(
        self, status: int, body: bytes, kind: str = "application/json", headers: dict[str, str] | None = None
    ) -> None:
        self.send_response(status)
        for name, value in {"content-type": kind, "content-length": str(len(body)), **(headers or {})}.items():
            self.send_header(name, value)
        try:
            self.end_headers()
            self.wfile.write(body)
        except ConnectionError:  # who asked is gone
            self.close_connection = True

    def log_message(self, format: str, *args: Any) -> None:
        pass


def completion(answer: Say, body: dict[str, Any]) -> dict[str, Any]:
    said: dict[str, Any] = {"role": "assistant", "content": answer.text or None}
    reason = "length" if answer.cut else "stop"
    if answer.form is not None:
        function = {"name": body["tools"][0]["function"]["name"], "arguments": _text(answer.form)}
        said["tool_calls"] = [{"id": "call_1", "type": "function", "function": function}]
        reason = "length" if answer.cut else "tool_calls"
    if answer.declined:
        said["refusal"], reason = answer.text, "content_filter"
    into, out = answer.tokens
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1,
        "model": body["model"],
        "choices": [{"index": 0, "message": said, "finish_reason": reason}],
        "usage": {"prompt_tokens": into, "completion_tokens": out, "total_tokens": into + out},
    }


def response(answer: Say, body: dict[str, Any]) -> dict[str, Any]:
    if answer.form is not None:
        output = {
            "type": "function_call",
            "id": "fc_1",
            "call_id": "call_1",
            "name": body["tools"][0]["name"],
            "arguments": _text(answer.form),
            "status": "completed",
        }
    else:
        text = {"type": "output_text", "text": answer.text, "annotations": []}
        if answer.declined:
            text = {"type": "refusal", "refusal": answer.text}
        output = {"type": "message", "id": "msg_1", "role": "assistant", "status": "completed", "content": [text]}
    into, out = answer.tokens
    return {
        "id": "resp_1",
        "object": "response",
        "created_at": 1,
        "model": body["model"],
        "status": "incomplete" if answer.cut else "completed",
        "incomplete_details": {"reason": "max_output_tokens"} if answer.cut else None,
        "error": None,
        "output": [output],
        "parallel_tool_calls": False,
        "tool_choice": "auto",
        "tools": [],
        "usage": {
            "input_tokens": into,
            "output_tokens": out,
            "total_tokens": into + out,
            "input_tokens_details": {"cached_tokens": 0},
            "output_tokens_details": {"reasoning_tokens": 0},
        },
    }


def message(answer: Say, body: dict[str, Any]) -> dict[str, Any]:
    content: list[dict[str, Any]] = [{"type": "text", "text": answer.text}] if answer.text else []
    reason = "end_turn"
    if answer.form is not None:
        content.append({"type": "tool_use", "id": "toolu_1", "name": body["tools"][0]["name"], "input": answer.form})
        reason = "tool_use"
    into, out = answer.tokens
    return {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": body["model"],
        "content": content,
        "stop_reason": "max_tokens" if answer.cut else "refusal" if answer.declined else reason,
        "stop_sequence": None,
        "usage": {"input_tokens": into, "output_tokens": out},
    }


def _json(value: Any) -> bytes:
    return json.dumps(value).encode()


def _text(form: Any) -> str:
    return form if isinstance(form, str) else json.dumps(form)
