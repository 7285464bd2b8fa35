"""What holds for every test: no key around, no connection beyond this machine, no skip that hides a fault."""

from __future__ import annotations

import ipaddress
import os
import re
import socket
import sys
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

KEY = re.compile(r"(API_?KEY|_TOKEN|_SECRET|SECRET_ACCESS_KEY|_CREDENTIALS|_BASE_URL)$")

ALLOWED_SKIPS = re.compile(r"this machine has no (docker engine|gpu)\b")
"""The reasons that stand when AI_SCIENTIST_NO_SKIPS is set: what the checking machine really may lack."""


class BeyondLoopbackError(AssertionError):
    """Not an OSError: code under test that takes an outage in its stride must not take this one."""


def _is_local(host: object) -> bool:
    if isinstance(host, bytes):
        host = host.decode("ascii", "replace")
    if host in (None, "", "localhost"):
        return True
    try:
        return ipaddress.ip_address(str(host)).is_loopback
    except ValueError:
        return False


def _guard_sockets() -> None:
    """Programs that a test starts are out of reach of this; those in a sandbox have no network at all."""
    connect, connect_ex, sendto, lookup = (
        socket.socket.connect,
        socket.socket.connect_ex,
        socket.socket.sendto,
        socket.getaddrinfo,
    )

    def check(family: int, address: Any) -> None:
        if family in (socket.AF_INET, socket.AF_INET6) and not _is_local(address[0]):
            raise BeyondLoopbackError(f"a test may not connect to {address[0]}")

    def guarded_connect(self: socket.socket, address: Any) -> None:
        check(self.family, address)
        connect(self, address)

    def guarded_connect_ex(self: socket.socket, address: Any) -> int:
        check(self.family, address)
        return connect_ex(self, address)

    def guarded_sendto(self: socket.socket, *arguments: Any) -> int:
        check(self.family, arguments[-1])
        return sendto(self, *arguments)

    def guarded_lookup(host: Any, *arguments: Any, **named: Any) -> Any:
        if not _is_local(host):
            raise BeyondLoopbackError(f"a test may not look up {host}")
        return lookup(host, *arguments, **named)

    socket.socket.connect = guarded_connect
    socket.socket.connect_ex = guarded_connect_ex
    socket.socket.sendto = guarded_sendto
    socket.getaddrinfo = guarded_lookup


def pytest_configure() -> None:
    # What several tests share is imported from the root, as in `from tests.sandbox.conformance import …`.
    sys.path.insert(0, str(Path(__file__).parents[1]))
    for name in [name for name in os.environ if KEY.search(name)]:
        del os.environ[name]
    os.environ["MPLBACKEND"] = "Agg"
    _guard_sockets()


def _refuse(report: pytest.TestReport | pytest.CollectReport) -> None:
    """Turn a skip whose reason is not allowed into a failure."""
    if not os.environ.get("AI_SCIENTIST_NO_SKIPS") or not report.skipped or hasattr(report, "wasxfail"):
        return
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    if not ALLOWED_SKIPS.search(reason):
        report.outcome = "failed"
        report.longrepr = f"skipped, and this machine could run it: {reason}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    _refuse(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    _refuse(report)
    return report
