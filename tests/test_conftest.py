"""The guards themselves."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

CONFTEST = Path(__file__).with_name("conftest.py")


def test_a_connection_beyond_loopback_is_refused_and_is_no_outage() -> None:
    with socket.socket() as outside, pytest.raises(AssertionError, match="may not connect"):
        outside.connect(("192.0.2.1", 80))
    with pytest.raises(AssertionError, match="may not look up"):
        socket.create_connection(("example.org", 80), timeout=1)


def test_loopback_works() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname(), timeout=5).close()


def test_no_key_is_in_the_environment() -> None:
    assert not [name for name in os.environ if name.endswith("API_KEY")]


SKIPS = """
import pytest
def test_engine(): pytest.skip("this machine has no docker engine")
def test_anything(): pytest.skip("flaky")
@pytest.mark.skip(reason="later")
def test_later(): pass
@pytest.mark.xfail(reason="known")
def test_known(): assert False
"""


@pytest.mark.parametrize(
    ("strict", "outcomes"), [("", {"skipped": 3}), ("1", {"skipped": 1, "failed": 1, "errors": 1})]
)
def test_a_skip_stands_only_for_what_a_machine_may_lack(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, strict: str, outcomes: dict[str, int]
) -> None:
    monkeypatch.setenv("AI_SCIENTIST_NO_SKIPS", strict)
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    pytester.makeconftest(CONFTEST.read_text(encoding="utf-8"))
    pytester.makepyfile(SKIPS)
    pytester.runpytest_subprocess("-p", "no:cacheprovider").assert_outcomes(**outcomes, xfailed=1)


def test_a_module_that_skips_itself_is_refused(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AI_SCIENTIST_NO_SKIPS", "1")
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    pytester.makeconftest(CONFTEST.read_text(encoding="utf-8"))
    pytester.makepyfile("import pytest\npytest.importorskip('no_such_module')\ndef test_it(): pass\n")
    pytester.runpytest_subprocess("-p", "no:cacheprovider").assert_outcomes(errors=1)
