"""One finished run for all the tests that only read it, or take up a copy of it."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

import pytest

from tests.end_to_end.shell import DONE, LAUNCH, call


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of configs/tiny.yaml that nothing interrupted. Made once, however many workers the tests have. Not to be
    changed: see `rewinding.rewound` for a copy that stands where it stood earlier."""
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    folder = shared / "finished"
    folder.mkdir(exist_ok=True)
    with (shared / "finished.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not list(folder.glob("*/report.html")):
            ended = call(*LAUNCH, "--runs", folder, cwd=shared)
            assert ended.returncode in DONE, ended.stderr
    return next(folder.iterdir())
