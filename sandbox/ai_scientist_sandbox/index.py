"""Where Python packages come from when an image is built: what the user has told pip or uv."""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
import sys


@functools.cache
def configured_index() -> str | None:
    """The package index that the user set for uv or pip, by variable or by pip's own files; None: the public one."""
    for name in ("UV_DEFAULT_INDEX", "UV_INDEX_URL", "PIP_INDEX_URL"):
        if os.environ.get(name):
            return os.environ[name]
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
