"""A sandbox host without a sandbox, for LaTeX that the tests wrote themselves."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Self

from ai_scientist_sandbox.base import Completed, Image, Limit, Limits, SandboxHost


class PlainSandbox:
    def __init__(self, environment: Mapping[str, str], keep: Path | None) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.environment = environment
        self.keep = keep

    def put(self, files: Mapping[str, bytes]) -> None:
        for path, data in files.items():
            target = Path(self.folder.name, path)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)

    def run(self, command: Sequence[str]) -> Completed:
        began = time.monotonic()
        done = subprocess.run(
            command, cwd=self.folder.name, capture_output=True, text=True, errors="replace",
            env={**os.environ, **self.environment},
        )  # fmt: skip
        return Completed("exited", done.returncode, done.stdout + done.stderr, time.monotonic() - began)

    def fetch(self) -> Mapping[str, bytes]:
        root = Path(self.folder.name, "output")
        return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}

    def stop(self) -> None: ...

    def close(self) -> None:
        if self.keep:
            shutil.copytree(self.folder.name, self.keep)
        self.folder.cleanup()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()


class PlainHost(SandboxHost):
    name = "plain"

    def __init__(self, keep: Path | None = None) -> None:
        """`keep`: where the first job's folder is copied to when it closes."""
        self.keep = keep

    def holds(self) -> Mapping[Limit, str | None]:
        return {}

    def image(self, name: str) -> Image:
        return Image(name, "sha256:0")

    def open(self, image: str, limits: Limits, *, mounts: Mapping[str, Path] | None = None,
             environment: Mapping[str, str] | None = None) -> PlainSandbox:  # fmt: skip
        keep, self.keep = self.keep, None
        return PlainSandbox(environment or {}, keep)
