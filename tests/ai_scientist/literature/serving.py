"""A service on this machine that answers as a test says."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Service:
    """What it was asked, and what it answers: to an address, the replies that were put under the longest fitting start of it."""

    def __init__(self) -> None:
        self.address = ""
        self.asked: list[str] = []
        self.headers: list[dict[str, str]] = []
        self.times: list[float] = []
        self.delay = 0.0
        """Seconds before it answers."""
        self._replies: dict[str, list[tuple[int, bytes, dict[str, str]]]] = {}

    def say(self, under: str, *replies: tuple[int, str] | tuple[int, str, dict[str, str]]) -> None:
        """Each reply once, and the last one from then on."""
        self._replies[under] = [(r[0], r[1].encode(), r[2] if len(r) == 3 else {}) for r in replies]

    def reply(self, path: str) -> tuple[int, bytes, dict[str, str]]:
        under = max((start for start in self._replies if path.startswith(start)), key=len, default="")
        replies = self._replies.get(under, [(404, b"{}", {})])
        return replies.pop(0) if len(replies) > 1 else replies[0]


@contextmanager
def serving() -> Iterator[Service]:
    told = Service()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            told.asked.append(self.path)
            told.headers.append({name.lower(): value for name, value in self.headers.items()})
            told.times.append(time.monotonic())
            time.sleep(told.delay)
            status, body, headers = told.reply(self.path)
            try:
                self.send_response(status)
                for name, value in {"Content-Length": str(len(body)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)
            except OSError:  # the one who asked has gone
                pass

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    told.address = f"http://127.0.0.1:{server.server_port}"
    yield told
    server.shutdown()
    thread.join()
    server.server_close()
