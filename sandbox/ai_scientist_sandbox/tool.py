"""Programs of ours that build images: run in no project of the user's, with what the user has told them."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Mapping

from .base import SandboxError
from .index import configured_index


def run(*command: str, environment: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Run it to its end, whatever that is."""
    # 0o022: another user id runs the programs where we are root, and has to be able to read the image.
    kept = {name: value for name, value in os.environ.items() if name not in ("VIRTUAL_ENV", "PYTHONPATH")}
    return subprocess.run(
        command,
        capture_output=True,
        text=True,
        umask=0o022,
        env={**kept, **(environment or {})},
        cwd="/",  # so that no project's settings are found; the user's own are
        check=False,
    )


def do(*command: str, environment: Mapping[str, str] | None = None) -> str:
    """What it printed.

    Raises:
        SandboxError: it failed; has the end of what it said.
    """
    done = run(*command, environment=environment)
    if done.returncode:
        raise SandboxError(f"{' '.join(command[:3])} failed: {without_secrets(done.stderr).strip()[-2000:]}")
    return done.stdout


def uv() -> str:
    """The path of uv."""
    import uv as package

    return package.find_uv_bin()


def index_options() -> tuple[str, ...]:
    """What tells uv where packages come from: it does not read pip's settings."""
    index = configured_index()
    return ("--default-index", index) if index else ()


def without_secrets(text: str) -> str:
    """Addresses without the user name and password in them."""
    return re.sub(r"//[^/@\s]+@", "//", text)


def plainly(said: str) -> str:
    """What uv or pip said, on one line, without its drawings."""
    return " ".join(
        re.sub(r"[│×╰├▶─]|\bcause:|Using Python \S+ environment at: \S+", " ", without_secrets(said)).split()
    )


def cause(said: str) -> str:
    """Of what was said plainly, where something was asked for and what came of it; else all of it, bounded."""
    where = re.search(r"https?://[^\s`)]+", said)
    last = re.split(r"tcp connect error|client error \(Connect\)|dns error", said)
    return f"{where[0]}: {last[-1].strip()[-200:]}" if where and len(last) > 1 else said.removeprefix("error: ")[-600:]
