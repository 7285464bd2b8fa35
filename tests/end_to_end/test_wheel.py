"""What a person installs is the wheel: it brings all that it needs, and works from any folder."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from tests.end_to_end.shell import DONE, ROOT, TOPIC
from tests.sandbox.wheels import TINY, fresh_cache, serving

UV = Path(sysconfig.get_path("scripts")) / "uv"


def do(*command: object, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run it without what a checkout's environment would lend."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV"))}
    return subprocess.run(
        [str(word) for word in command],
        cwd=cwd,
        env={**kept, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    built = do(
        UV, "build", "--wheel", "--offline", "--no-build-isolation", "--python", sys.executable, "-o", out, cwd=ROOT
    )
    assert built.returncode == 0, built.stderr
    (file,) = out.glob("*.whl")
    return file


@pytest.fixture(scope="module")
def bin(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of an environment that holds the wheel, and what the wheel asks for, and no checkout."""
    folder = tmp_path_factory.mktemp("installed") / "env"
    for command in (
        (UV, "venv", "--offline", "--no-project", "--python", sys.executable, folder),
        (UV, "pip", "install", "--offline", "--no-deps", "--python", folder / "bin" / "python", wheel),
    ):
        done = do(*command, cwd=folder.parent)
        assert done.returncode == 0, done.stderr
    (packages,) = folder.glob("lib/python*/site-packages")
    # A plain path: the file in there that leads to the checkout is not followed.
    (packages / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return folder / "bin"


def test_it_holds_every_file_that_the_program_reads(wheel: Path) -> None:
    held = set(zipfile.ZipFile(wheel).namelist())
    for folder, into in (
        ("configs", "ai_scientist/_bundled/configs"),
        ("templates", "ai_scientist/_bundled/templates"),
        ("ai_scientist", "ai_scientist"),
        ("reviewer/ai_scientist_reviewer", "ai_scientist_reviewer"),
        ("sandbox/ai_scientist_sandbox", "ai_scientist_sandbox"),
    ):
        files = [file for file in (ROOT / folder).rglob("*") if file.is_file() and "__pycache__" not in file.parts]
        missing = {str(file) for file in files if f"{into}/{file.relative_to(ROOT / folder)}" not in held}
        assert files and not missing


@pytest.mark.full
def test_it_runs_from_any_folder(bin: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    fresh_cache(tmp_path / "cache")
    environment = {"HOME": str(home), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    where = do(bin / "python", "-c", "import ai_scientist; print(ai_scientist.__file__)", cwd=tmp_path)
    assert str(bin.parent) in where.stdout, where.stderr
    options = ("--model", "offline", "--config", "tiny", "--sandbox", "bubblewrap")
    with serving() as index:
        index.add(*TINY)
        environment["UV_DEFAULT_INDEX"] = index.url
        asked = (TOPIC, *options, "experiment.packages=[tinysum]")
        ran = do(bin / "ai-scientist", "run", *asked, cwd=tmp_path, **environment)
    assert ran.returncode in DONE, ran.stderr
    (run,) = (tmp_path / "experiments").iterdir()
    assert json.loads((run / "run.json").read_text())["environment"]["installed"]["tinysum"] == "1.5"
    verified = do(bin / "ai-scientist", "verify", run, cwd=tmp_path, **environment)
    assert verified.returncode == 0, verified.stdout + verified.stderr
