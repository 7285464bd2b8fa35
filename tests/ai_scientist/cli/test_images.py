"""`ai-scientist images` looks and says; what it builds is in tests/sandbox."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from ai_scientist import cli
from ai_scientist.errors import InputError


@pytest.fixture(autouse=True)
def bare_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No engine, and nothing built."""
    monkeypatch.setenv("DOCKER_HOST", "unix:///nowhere/docker.sock")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))


def test_the_list_says_what_is_not_there_and_builds_nothing(tmp_path: Path) -> None:
    said = CliRunner().invoke(cli.commands, ["images"]).output
    lines = {tuple(line.split()[:2]): line for line in said.splitlines()}
    assert "no Docker engine answers at unix:///nowhere/docker.sock" in lines["docker", "-"]
    assert "not built yet" in lines["bubblewrap", "python"]
    assert "sha256:" in lines["bubblewrap", "latex"]
    assert not list(tmp_path.rglob("python-*"))


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [(["jax"], "no image 'jax'; there are python, latex, torch"), (["--base", "debian:12"], "are for Docker images")],
)
def test_what_cannot_be_built_is_said(arguments: list[str], sentence: str) -> None:
    ended = CliRunner().invoke(cli.commands, ["images", "build", *arguments])
    assert isinstance(ended.exception, InputError) and sentence in str(ended.exception)
