"""Who may import what, and what importing may do."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

# fmt: off
HEAVY = [
    "anthropic", "docker", "langchain", "langchain_core", "langgraph", "matplotlib", "numpy", "openai",
    "pandas", "pdfplumber", "pylatex", "pypdfium2", "scipy", "semanticscholar", "sklearn",
]
# fmt: on

PROBE = """
import importlib, os, sys, threading
before = set(os.listdir("."))
importlib.import_module(sys.argv[1])
heavy = sorted(set(sys.argv[2:]) & set(sys.modules))
assert not heavy, f"imports {heavy}"
assert threading.active_count() == 1, f"starts {threading.enumerate()}"
assert set(os.listdir(".")) == before, "writes files"
"""


def test_the_contracts_in_importlinter_hold() -> None:
    tool = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([tool, "--no-cache"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    "module", ["ai_scientist", "ai_scientist.cli", "ai_scientist_reviewer", "ai_scientist_sandbox"]
)
def test_importing_does_nothing_and_is_light(module: str, tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", PROBE, module, *HEAVY], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert not done.stdout, "importing prints"
