"""Where everything of a run lies. No other module joins path segments; a bundle is laid out the same."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

from ai_scientist.errors import RunDirectoryError

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


class Layout:
    """The paths of a run directory, or of a bundle."""

    path: Path

    def __init__(self, path: Path) -> None:
        self.path = path

    def experiment(self, folder: str) -> Path:
        """The folder of an experiment (`Experiment.folder`)."""
        return self.path / "tree" / _name(folder)

    def program(self, folder: str) -> Path:
        return self.experiment(folder) / "program.py"

    def call(self, id: str) -> Path:
        return self.path / "calls" / f"{_name(id)}.json"

    def answer(self, name: str) -> Path:
        """What a literature source answered."""
        return self.path / "literature" / f"{_name(name)}.json"

    def arrays(self, folder: str) -> Path:
        """The folder of the arrays that an experiment saved."""
        return self.experiment(folder) / "output" / "arrays"

    def plan(self, stage: str, round: int) -> Path:
        """Goals and directions of a round of a stage."""
        return self.path / "plans" / f"{_name(stage)}-{round}.json"

    def manuscript(self, version: int) -> Path:
        return self.paper_file(version, "manuscript.json")

    def paper_file(self, version: int, name: str) -> Path:
        """A file of a version of the paper: paper.tex, claims.tex, references.bib, compile.log, paper.pdf."""
        return self.paper(version) / _name(name)

    def figure(self, name: str) -> Path:
        """The folder of a figure."""
        return self.figures / _name(name)

    def paper(self, version: int) -> Path:
        """The folder of a version of the paper."""
        return self.path / "paper" / str(version)

    @property
    def last_paper(self) -> Path:
        return self.path / "paper" / "paper.pdf"

    @property
    def tree(self) -> Path:
        return self.path / "tree"

    @property
    def calls(self) -> Path:
        return self.path / "calls"

    @property
    def figures(self) -> Path:
        return self.path / "figures"

    @property
    def reviews(self) -> Path:
        return self.path / "reviews"

    @property
    def review_json(self) -> Path:
        return self.reviews / "review.json"

    @property
    def idea_json(self) -> Path:
        return self.path / "idea.json"

    @property
    def claims_json(self) -> Path:
        return self.path / "claims.json"

    @property
    def report_html(self) -> Path:
        return self.path / "report.html"

    @property
    def bundle(self) -> Path:
        return self.path / "bundle"

    @property
    def bundle_zip(self) -> Path:
        return self.path / "bundle.zip"

    @property
    def config_yaml(self) -> Path:
        return self.path / "config.yaml"

    @property
    def environment_lock(self) -> Path:
        """The packages that the programs see, with hashes."""
        return self.path / "environment.lock"

    @property
    def run_json(self) -> Path:
        return self.path / "run.json"

    @property
    def events_jsonl(self) -> Path:
        return self.path / "events.jsonl"

    @property
    def review_md(self) -> Path:
        return self.reviews / "review.md"

    @property
    def review_html(self) -> Path:
        return self.reviews / "review.html"

    @property
    def annotated_pdf(self) -> Path:
        """The reviewed PDF with the points as comments."""
        return self.reviews / "annotated.pdf"

    @property
    def references_json(self) -> Path:
        return self.path / "references.json"


def _name(name: str) -> str:
    if not NAME.fullmatch(name):
        raise RunDirectoryError(f"'{name}' is no name for a file of a run.")
    return name


def is_run(path: Path) -> bool:
    """Whether a folder is a run's, whole or under way."""
    return Layout(path).run_json.is_file() and Layout(path).events_jsonl.is_file()


def resuming(path: Path) -> str:
    """The command that goes on with a run or a batch of reviews, as a shell takes it."""
    return f"ai-scientist resume {shlex.quote(str(path))}"
