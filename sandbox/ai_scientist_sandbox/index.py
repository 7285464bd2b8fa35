"""Where Python packages come from when an image is built: what the user has told pip or uv."""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
import sys


def configured_index() -> str | None:
    """The package index that the user set for uv or pip, by variable or by pip's own files; None: the public one."""
    for name in ("UV_DEFAULT_INDEX", "UV_INDEX_URL", "PIP_INDEX_URL"):
        if os.environ.get(name):
            return os.environ[name]
    return _pips()


@functools.cache
def _pips() -> str | None:
    for pip in ([sys.executable, "-m", "pip"], [shutil.which("pip3") or "pip3"]):
        try:
            done = subprocess.run(
                [*pip, "config", "get", "global.index-url"], capture_output=True, text=True, check=False, timeout=20
            )
        except (OSError, subprocess.TimeoutExpired):
            continue
        if done.returncode == 0 and done.stdout.strip():
            return done.stdout.strip()
    return None


def extra_index() -> str:
    """Another index that the user set for uv or pip beside that one, or the builds of torch that uv was told to take; "" for none."""
    for name in ("UV_INDEX", "UV_EXTRA_INDEX_URL", "PIP_EXTRA_INDEX_URL"):
        if found := os.environ.get(name):
            return " ".join(one.partition("=")[2] if "=" in one.partition("://")[0] else one for one in found.split())
    builds = os.environ.get("UV_TORCH_BACKEND", "")
    return f"https://download.pytorch.org/whl/{builds}" if builds and builds != "auto" else ""
