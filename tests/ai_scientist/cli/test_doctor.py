"""The doctor says what is missing and how to get it, builds nothing, and shows no key."""

from __future__ import annotations

from pathlib import Path

import pytest
from ai_scientist_sandbox import Image, SandboxError
from ai_scientist_sandbox.choose import Available

from ai_scientist.cli.doctor import examine, images

BROKEN = Available("bubblewrap", {"memory": "no cgroup is lent to this user", "wall": None})


class Images:
    """A host that has the images named."""

    def __init__(self, *there: str) -> None:
        self.there = there

    def image(self, name: str) -> Image:
        if name not in self.there:
            raise SandboxError("cannot find pdflatex: apt-get install texlive-latex-recommended")
        return Image(name, "sha256:" + "ab" * 32, {"numpy": "2.4.6", "pdflatex": "pdfTeX 3.14159-1.40 (TeX Live)"})


@pytest.fixture(autouse=True)
def machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine with everything, but for a strong sandbox, keys and a local server."""
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    monkeypatch.delenv("ANTHROPIC_API_KEY", raising=False)
    monkeypatch.setattr("ai_scientist.models.defaults.local_models", lambda *_: [])
    monkeypatch.setattr("ai_scientist_sandbox.available", lambda: [BROKEN])
    monkeypatch.setattr("ai_scientist_sandbox.open_host", lambda *_, **__: Images("python", "latex"))


def test_what_a_run_needs_is_there(capsys: pytest.CaptureFixture[str]) -> None:
    assert examine() == 0
    printed = capsys.readouterr().out
    assert "Ready: " in printed
    assert "does not hold memory: no cgroup is lent to this user" in printed
    assert "programs that a model writes do not run here" in printed
    assert "export OPENAI_API_KEY=" in printed
    assert all(len(line) <= 100 for line in printed.splitlines())


def test_what_is_missing_has_its_remedy_and_an_exit_code(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("ai_scientist_sandbox.open_host", lambda *_, **__: Images("python"))
    assert examine() == 4
    printed = capsys.readouterr().out
    assert "apt-get install texlive-latex-recommended" in printed
    assert "Missing: image latex" in printed
    assert "Ready" not in printed


def test_looking_for_an_image_does_not_build_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.undo()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    mark, what, text = next(images([]))
    assert (mark, what) == ("missing", "image python")
    assert "make setup" in text
    assert not list(tmp_path.rglob("python-*"))


def test_a_key_is_named_and_never_shown(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-ant-very-secret")
    examine()
    printed = capsys.readouterr().out
    assert "ANTHROPIC_API_KEY is set" in printed
    assert "very-secret" not in printed
