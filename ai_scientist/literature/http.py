"""Asking a service over HTTP, one request at a time and no faster than it likes."""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from functools import cache
from importlib.metadata import version

PASSING = frozenset({429, 500, 502, 503, 504})
"""Statuses that may be gone when asked again."""
LONGEST_WAIT = 60.0
"""Seconds. A service that asks for more patience is not asked again."""


class Outage(Exception):
    """A service gave no answer; says why."""


def agent(contact: str = "") -> str:
    """How we present ourselves. `contact`: an address to write to, which services ask for."""
    return f"ai-scientist-lab/{version('ai-scientist-lab')}" + (f" (mailto:{contact})" if contact else "")


def wait_asked(headers: Mapping[str, str], now: float) -> float | None:
    """Seconds that a Retry-After header asks for, a number or a date; None where there is none. `now`: seconds since 1970."""
    told = headers.get("retry-after", "").strip()
    if not told:
        return None
    try:
        return max(0.0, float(told))
    except ValueError:
        pass
    try:
        return max(0.0, parsedate_to_datetime(told).timestamp() - now)
    except ValueError:
        return None


@cache
def certificates() -> ssl.SSLContext:
    """What HTTPS is checked against, read once: to read it takes longer than to ask."""
    import httpx

    return httpx.create_ssl_context()


class Client:
    """`get` waits `pause` seconds from one request to the next, and asks again, `attempts` times in all, where a fault may pass."""

    def __init__(self, pause: float, timeout: float = 30, attempts: int = 3, contact: str = "") -> None:
        self.pause, self.timeout, self.attempts = pause, timeout, attempts
        self._headers = {"User-Agent": agent(contact)}
        self._turn = threading.Lock()
        self._last = float("-inf")

    def get(self, url: str, parameters: Mapping[str, str] | None = None) -> bytes | None:
        """What is there; None where the service says that it has no such thing (404).

        Raises:
            Outage: no answer that can be used; says why.
        """
        import httpx

        with self._turn:
            for attempt in range(self.attempts):
                time.sleep(max(0.0, self._last + self.pause - time.monotonic()))
                last, wait = attempt == self.attempts - 1, self.pause * 2**attempt
                try:
                    answer = httpx.get(
                        url,
                        params=parameters,
                        headers=self._headers,
                        timeout=self.timeout,
                        follow_redirects=True,
                        verify=certificates(),
                    )
                except httpx.HTTPError as error:
                    why = f"{type(error).__name__}: {error}"[:200]
                else:
                    if answer.status_code == 200:
                        return answer.content
                    if answer.status_code == 404:
                        return None
                    why = f"HTTP {answer.status_code}"
                    wait = max(wait, wait_asked(answer.headers, time.time()) or 0)
                    last = last or answer.status_code not in PASSING or wait > LONGEST_WAIT
                finally:
                    self._last = time.monotonic()
                if last:
                    raise Outage(why)
                time.sleep(wait)
        raise AssertionError("unreachable: the last attempt returns or raises")
