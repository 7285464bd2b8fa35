"""`ai-scientist images` looks and says; what it builds is in tests/sandbox."""

from __future__ import annotations

from pathlib import Path

import pytest
from ai_scientist_sandbox import Image
from ai_scientist_sandbox.inventory import inventory
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
    assert "not built (3 GB to load): `ai-scientist images build torch`" in lines["bubblewrap", "torch"]
    assert not list(tmp_path.rglob("python-*"))


@pytest.mark.parametrize(
    ("arguments", "built"),
    [([], ["python", "latex"]), (["torch"], ["torch"]), (["latex", "torch"], ["latex", "torch"])],
)
def test_gigabytes_are_built_for_who_names_them_alone(
    monkeypatch: pytest.MonkeyPatch, arguments: list[str], built: list[str]
) -> None:
    asked: list[str] = []

    class Host:
        def image(self, name: str) -> Image:
            asked.append(name)
            return Image(name, "sha256:0")

    monkeypatch.setattr("ai_scientist_sandbox.open_host", lambda *_, **__: Host())
    ended = CliRunner().invoke(cli.commands, ["images", "build", *arguments])
    assert (ended.exit_code, asked) == (0, built)


def test_setting_up_does_not_miss_what_nobody_asked_for() -> None:
    """.ci/setup asks this of every image that is not there."""
    missing = {one.name for one in inventory() if one.digest is None and one.usual and one.name != "-"}
    assert missing == {"python"}


def test_there_may_be_nothing_to_remove() -> None:
    ended = CliRunner().invoke(cli.commands, ["images", "prune"])
    assert (ended.exit_code, ended.output) == (0, "There is no image with extra packages.\n")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [(["jax"], "no image 'jax'; there are python, latex, torch"), (["--base", "debian:12"], "are for Docker images")],
)
def test_what_cannot_be_built_is_said(arguments: list[str], sentence: str) -> None:
    ended = CliRunner().invoke(cli.commands, ["images", "build", *arguments])
    assert isinstance(ended.exception, InputError) and sentence in str(ended.exception)
