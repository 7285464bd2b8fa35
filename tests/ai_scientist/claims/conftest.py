"""A run directory with a compiled paper, made once."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from ai_scientist.writing.typeset import typeset
from tests.ai_scientist.claims import study
from tests.ai_scientist.writing import paper
from tests.ai_scientist.writing.plain_host import PlainHost

Recompile = Callable[[Path, str, str, str], None]


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The run, and beside it the folder in which its paper was compiled."""
    root = tmp_path_factory.mktemp("whole")
    study.save(root / "run", paper.CLAIMS, paper.EXPERIMENTS)
    drawn = paper.pictures()
    host = PlainHost(keep=root / "tex")
    made = typeset(
        paper.written(), paper.material(), paper.FIGURES, drawn, paper.REFERENCES, paper.BIBTEX, host
    )  # fmt: skip
    assert not made.faults
    (root / "run" / "paper").mkdir()
    (root / "run" / "paper" / "paper.pdf").write_bytes(made.pdf)
    return root


@pytest.fixture
def run(whole: Path, tmp_path: Path) -> Path:
    """A copy of the run to tamper with."""
    return Path(shutil.copytree(whole / "run", tmp_path / "run"))


@pytest.fixture
def retype(whole: Path, tmp_path: Path) -> Recompile:
    """Change something in one of the paper's sources and compile it again into the run."""

    def change(run: Path, file: str, old: str, new: str) -> None:
        folder = tmp_path / "tex"
        shutil.copytree(whole / "tex", folder)
        text = (folder / file).read_text(encoding="utf-8")
        assert old in text
        (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
        for name in ("paper.aux", "paper.bbl", "paper.out"):
            shutil.copy(folder / "output" / name, folder / name)
        subprocess.run(
            ["pdflatex", "-interaction=batchmode", "paper.tex"], cwd=folder, check=False, capture_output=True
        )
        shutil.copy(folder / "paper.pdf", run / "paper" / "paper.pdf")

    return change
