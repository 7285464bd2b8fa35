"""What tests of several parts ask for."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.ai_scientist.literature.serving import Service, serving


@pytest.fixture
def service() -> Iterator[Service]:
    """A service on this machine that answers as the test says."""
    with serving() as told:
        yield told
