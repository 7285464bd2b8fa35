"""How long a person waits for the command line itself."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

from tests.bench.row import Row


def bench_help() -> Iterator[Row]:
    command = [Path(sys.executable).with_name("ai-scientist"), "--help"]
    subprocess.run(command, capture_output=True, check=True)  # compiles what was never imported
    repeats = []
    for _ in range(9):
        start = perf_counter()
        subprocess.run(command, capture_output=True, check=True)
        repeats.append(perf_counter() - start)
    yield Row.of("cli.help_seconds", repeats, "s", reach=0.3)
