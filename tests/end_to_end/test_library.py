"""The library, as the README shows it."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import threading
from pathlib import Path

import pytest

import ai_scientist
from ai_scientist.config import load
from ai_scientist.errors import BudgetSpent, InputError, Stopped
from tests.end_to_end.rewinding import index, rewound
from tests.end_to_end.shell import DONE, ROOT, TINY, TOPIC


def test_importing_it_costs_nothing() -> None:
    heavy = "langchain_core", "langgraph", "matplotlib", "scipy", "pdfplumber", "numpy"
    code = f"import sys, ai_scientist, ai_scientist.cli; print([name for name in {heavy} if name in sys.modules])"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert said.strip() == "[]"


def test_it_offers_what_the_readme_shows() -> None:
    blocks = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    (shown,) = [block for block in blocks if "from ai_scientist import" in block]
    assert len(shown.splitlines()) <= 10
    imports = [node for node in ast.walk(ast.parse(shown)) if isinstance(node, ast.ImportFrom)]
    names = {alias.name for node in imports for alias in node.names}
    assert names == {"resume", "review", "run", "verify"}
    assert all(callable(getattr(ai_scientist, name)) for name in names)


def test_run_resume_verify_review(tmp_path: Path, finished: Path) -> None:
    from ai_scientist import resume, review, run, verify

    seen: list[Path] = []
    waiting = run(
        TOPIC, runs=tmp_path, config=load(TINY, ["approve=[idea]"]), watch=lambda directory: seen.append(directory.path)
    )
    assert (waiting.exit_code, waiting.done, waiting.paper) == (11, False, None)
    assert seen == [waiting.path]

    place = index(finished, lambda event: event.get("phase") == "check")
    ended = resume(rewound(finished, tmp_path / "run", place))
    assert ended.done
    assert ended.exit_code in DONE
    for file in (ended.paper, ended.review, ended.report, ended.bundle):
        assert file is not None
        assert file.stat().st_size > 500
    assert verify(ended.path).ok
    assert ended.bundle is not None
    assert verify(ended.bundle).ok
    assert ended.paper is not None
    judged = review(ended.paper, runs=tmp_path, config=TINY)
    assert judged.done
    assert judged.review is not None
    assert judged.review.read_text().startswith("#")


def test_a_stop_is_an_exception_and_the_run_can_go_on(tmp_path: Path) -> None:
    stop = threading.Event()
    stop.set()
    with pytest.raises(Stopped):
        ai_scientist.run(TOPIC, runs=tmp_path, config=TINY, stop=stop)
    (path,) = tmp_path.iterdir()
    assert (path / "report.html").exists()
    with pytest.raises(BudgetSpent):
        ai_scientist.resume(path, budget=["hours=0"])


def test_faults_are_exceptions_with_an_exit_code(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="empty") as caught:
        ai_scientist.run(" ", runs=tmp_path)
    assert caught.value.exit_code == 2
    assert not list(tmp_path.iterdir())
