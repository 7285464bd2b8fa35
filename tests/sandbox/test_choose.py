from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from ai_scientist_sandbox import ALL_LIMITS, Limit, SandboxError, available, bubblewrap, dockerfiles, open_host

NO_ENGINE = "unix:///nowhere/docker.sock"


@pytest.fixture
def no_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", NO_ENGINE)


@pytest.mark.usefixtures("docker_host")
def test_auto_takes_docker_where_an_engine_answers() -> None:
    assert open_host("auto", author="model").name == "docker"
    assert open_host("auto", author="ours").name == "docker"


@pytest.mark.usefixtures("bubblewrap_host", "no_engine")
def test_auto_takes_the_next_strong_one_where_all_holds() -> None:
    assert open_host("auto", author="model").name == "bubblewrap"
    assert open_host("auto", author="ours").name == "bubblewrap"


@pytest.mark.usefixtures("bubblewrap_host", "engine")
def test_auto_says_so_when_an_image_cannot_be_built_and_takes_the_next(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    recipe = dockerfiles.Recipe("python", {"Dockerfile": b"FROM no-such-registry.invalid/x:1\n"})
    monkeypatch.setattr(dockerfiles, "recipe", lambda name: recipe)
    said: list[str] = []
    assert open_host("auto", author="model", progress=said.append).name == "bubblewrap"
    assert "building the python image for Docker" in said[0] and "cannot be built" in said[-1]


@pytest.mark.usefixtures("engine")
def test_looking_builds_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(dockerfiles, "recipe", lambda name: dockerfiles.Recipe(name, {"Dockerfile": b"FROM x\n"}))
    found = {entry.name: entry for entry in available()}["docker"]
    assert found.unbuilt and not found.strong and "ai-scientist images build" in str(found.fault)


@pytest.mark.usefixtures("bubblewrap_host", "no_engine")
def test_a_missing_limit_stops_a_models_program_and_not_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    class Weak(bubblewrap.BubblewrapHost):
        def holds(self) -> Mapping[Limit, str | None]:
            return {**dict.fromkeys(ALL_LIMITS), "memory": "no control group; run systemd-run --user --scope"}

    monkeypatch.setattr(bubblewrap, "BubblewrapHost", Weak)
    with pytest.raises(SandboxError, match=r"bubblewrap does not hold memory: .*systemd-run"):
        open_host("auto", author="model")
    assert open_host("auto", author="ours").name == "process"
    assert open_host("bubblewrap", author="model").name == "bubblewrap"  # the user insists, by name


@pytest.mark.usefixtures("no_engine")
def test_what_is_missing_is_said_and_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bubblewrap, "_TOOLS", ("no-such-bwrap",))
    with pytest.raises(SandboxError, match=r"docker: no Docker engine .* apt-get install bubblewrap"):
        open_host("auto", author="model")
    assert open_host("auto", author="ours").name == "process"
    faults = {found.name: found.fault for found in available()}
    assert faults["process"] is None and "apt-get install" in str(faults["bubblewrap"])


@pytest.mark.usefixtures("bubblewrap_host", "docker_host")
def test_what_is_available_here() -> None:
    found = {entry.name: entry for entry in available()}
    assert found["docker"].strong and found["bubblewrap"].strong and not found["process"].strong


def test_a_name_that_is_none() -> None:
    with pytest.raises(SandboxError, match="auto, docker, bubblewrap, process"):
        open_host("podman")


def test_importing_is_light() -> None:
    program = (
        "import sys, ai_scientist_sandbox; print([m for m in ('uv', 'numpy', 'docker', 'ctypes') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
