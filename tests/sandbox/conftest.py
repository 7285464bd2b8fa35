from __future__ import annotations

from collections.abc import Iterator

import pytest
from ai_scientist_sandbox import SandboxError
from ai_scientist_sandbox.bubblewrap import BubblewrapHost
from ai_scientist_sandbox.docker import DockerHost
from ai_scientist_sandbox.engine import Engine

from tests.sandbox.engines import engine_or_skip

pytest.register_assert_rewrite("tests.sandbox.conformance", "tests.sandbox.strong")


@pytest.fixture(scope="session")
def bubblewrap_host() -> BubblewrapHost:
    """Where the machine cannot hold what bubblewrap promises, the reason; a checking machine allows no such skip."""
    try:
        host = BubblewrapHost()
    except SandboxError as error:
        pytest.skip(f"this machine has no bubblewrap: {error}")
    broken = {limit: why for limit, why in host.holds().items() if why}
    if broken:
        pytest.skip(f"this machine cannot hold what bubblewrap promises: {broken}")
    return host


@pytest.fixture(scope="session")
def engine() -> Engine:
    return engine_or_skip()


@pytest.fixture(scope="session")
def docker_host(engine: Engine) -> Iterator[DockerHost]:
    """Builds the images where they are not there. An engine that answers and does not hold is a fault, and no skip."""
    del engine
    with DockerHost(print) as host:
        yield host
