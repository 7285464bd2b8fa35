"""Asking over HTTP: what is asked again, what is not, and how fast."""

from __future__ import annotations

import time
from email.utils import formatdate

import pytest

from ai_scientist.literature.http import LONGEST_WAIT, Client, Outage, wait_asked
from tests.ai_scientist.literature.serving import Service


def client(pause: float = 0.0, timeout: float = 5.0) -> Client:
    return Client(pause, timeout, contact="a@example.org")


def test_retry_after_is_a_number_or_a_date() -> None:
    assert wait_asked({"retry-after": "7"}, now=0) == 7
    assert wait_asked({"retry-after": formatdate(1_000_060, usegmt=True)}, now=1_000_000) == 60
    assert wait_asked({"retry-after": formatdate(999_000, usegmt=True)}, now=1_000_000) == 0
    assert wait_asked({"retry-after": "soon"}, now=0) is None
    assert wait_asked({}, now=0) is None


def test_an_answer_and_who_asks(service: Service) -> None:
    service.say("/thing", (200, "here"))
    assert client().get(f"{service.address}/thing", {"a": "b c"}) == b"here"
    assert service.asked in (["/thing?a=b+c"], ["/thing?a=b%20c"])
    assert service.headers[0]["user-agent"].startswith("ai-scientist-lab/")
    assert service.headers[0]["user-agent"].endswith("(mailto:a@example.org)")


def test_what_is_not_there_is_none_and_asked_once(service: Service) -> None:
    assert client().get(f"{service.address}/absent") is None
    assert len(service.asked) == 1


def test_it_waits_as_long_as_the_service_asks(service: Service) -> None:
    service.say("/", (429, "", {"Retry-After": "1"}), (200, "here"))
    assert client().get(f"{service.address}/") == b"here"
    assert service.times[1] - service.times[0] >= 1


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_passing_fault_is_asked_again_and_then_told(service: Service, status: int) -> None:
    service.say("/", (status, ""))
    with pytest.raises(Outage, match=f"HTTP {status}"):
        client().get(f"{service.address}/")
    assert len(service.asked) == 3


def test_what_will_not_pass_is_asked_once(service: Service) -> None:
    service.say("/forbidden", (403, ""))
    service.say("/later", (503, "", {"Retry-After": str(int(LONGEST_WAIT) + 1)}))
    for path in ("/forbidden", "/later"):
        with pytest.raises(Outage):
            client().get(service.address + path)
    assert service.asked == ["/forbidden", "/later"]


def test_a_service_that_is_silent_or_not_there(service: Service) -> None:
    service.delay = 0.4
    service.say("/", (200, "late"))
    with pytest.raises(Outage, match="Timeout"):
        client(timeout=0.1).get(f"{service.address}/")
    with pytest.raises(Outage, match="Connect"):
        client().get("http://127.0.0.1:9/")


def test_requests_are_paced(service: Service) -> None:
    service.say("/", (200, ""))
    asking = client(pause=0.3)
    started = time.monotonic()
    for _ in range(3):
        asking.get(f"{service.address}/")
    assert time.monotonic() - started >= 0.6
