from __future__ import annotations

import pytest
from ai_scientist_sandbox.docker import DockerHost

from tests.sandbox.red_team.suite import RedTeam


@pytest.fixture
def host(docker_host: DockerHost) -> DockerHost:
    return docker_host


class TestDocker(RedTeam): ...
