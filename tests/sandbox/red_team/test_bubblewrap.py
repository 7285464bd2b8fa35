from __future__ import annotations

import pytest
from ai_scientist_sandbox.bubblewrap import BubblewrapHost

from tests.sandbox.red_team.suite import RedTeam


@pytest.fixture
def host(bubblewrap_host: BubblewrapHost) -> BubblewrapHost:
    return bubblewrap_host


class TestBubblewrap(RedTeam): ...
