"""Several papers reviewed together: a folder that holds a run for each, and how they stand."""

from __future__ import annotations

import datetime as dt
import json
import secrets
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml
from ai_scientist_reviewer.records import Review
from pydantic import ValidationError

from ai_scientist.config import Config, dump, parse
from ai_scientist.errors import AIScientistError, InputError, RunDirectoryError, cause
from ai_scientist.records import Record
from ai_scientist.runs import RunDirectory, Spent
from ai_scientist.runs.storage import whole_folder, write_whole, writing

BATCH = "reviews.json"
"""What tells the folder of a batch from that of a run."""
FORMAT = 1


class Judged(Record):
    """How one of the papers stands."""

    paper: str
    """Its path, absolute."""
    name: str
    """What tells it from the others: as much of the end of its path as that takes."""
    run: str = ""
    """Its run's folder within the batch's; "" where it was not begun."""
    status: str
    """done, partial (stopped on the way), refused (it cannot be read), failed, waiting (not begun)."""
    exit_code: int | None = None
    why: str = ""
    """Where it is not done."""
    title: str = ""
    decision: str = ""
    overall: float | None = None
    """Mean over the referees."""
    spread: float | None = None
    """Standard deviation over the referees."""
    major: int = 0
    minor: int = 0
    errors: int = 0
    """Error-level findings of the checks."""
    money: float | None = None
    """US dollars; None where a price is unknown."""
    tokens: int = 0


class Batch:
    """The folder, and what was asked for. `papers` is read anew from the runs each time: they are the truth."""

    def __init__(self, path: Path, files: tuple[Path, ...], config: Config, jobs: int) -> None:
        self.path, self.files, self.config, self.jobs = path, files, config, jobs
        self.refused: dict[Path, AIScientistError] = {}
        """Papers that could not be reviewed in this sitting, and why."""

    @classmethod
    def create(cls, runs: Path, files: tuple[Path, ...], config: Config, jobs: int) -> Batch:
        """A new batch under `runs`.

        Raises:
            MachineError: the folder cannot be written.
        """
        with writing(runs):
            runs.mkdir(parents=True, exist_ok=True)
        path = runs.absolute() / f"{dt.date.today().isoformat()}_reviews_{secrets.token_hex(2)}"
        made = cls(path, tuple(file.absolute() for file in files), config, jobs)
        with whole_folder(path) as part:
            write_whole(part / "settings.yaml", dump(config))
            write_whole(part / BATCH, made._told())
        return made

    @classmethod
    def read(cls, path: Path) -> Batch:
        """Raises RunDirectoryError: it is damaged, or of a newer format."""
        path = path.absolute()
        try:
            told = json.loads((path / BATCH).read_text(encoding="utf-8"))
            config = parse(yaml.safe_load((path / "settings.yaml").read_text(encoding="utf-8")))
            number, files, jobs = told["format"], tuple(Path(file) for file in told["papers"]), int(told["jobs"])
        except (OSError, ValueError, KeyError, TypeError, yaml.YAMLError, InputError) as error:
            raise RunDirectoryError(f"The folder {path} of reviews is damaged ({cause(error)}).") from None
        if number > FORMAT:
            raise RunDirectoryError(f"{path} has format {number}, and this ai-scientist reads up to format {FORMAT}.")
        return cls(path, files, config, jobs)

    def limited(self, limits: Mapping[str, Any]) -> Batch:
        """The same with other limits, kept for later sittings too."""
        budget = self.config.budget.model_copy(update=dict(limits))
        config = self.config.model_copy(update={"budget": budget})
        write_whole(self.path / "settings.yaml", dump(config))
        return Batch(self.path, self.files, config, self.jobs)

    @property
    def runs(self) -> dict[Path, Path]:
        """Of each paper that was begun, its run's folder."""
        found: dict[Path, Path] = {}
        for info in sorted(self.path.glob("*/run.json")):
            try:
                file = json.loads(info.read_text(encoding="utf-8")).get("reviews")
            except (OSError, ValueError, AttributeError):  # opening it says what is wrong
                continue
            if file:
                found[Path(file)] = info.parent
        return found

    @property
    def papers(self) -> tuple[Judged, ...]:
        runs = self.runs
        return tuple(self._judged(file, self._name(file), runs.get(file)) for file in self.files)

    def _name(self, file: Path) -> str:
        """The last parts of the path that no other paper ends with."""
        for size in range(1, len(file.parts)):
            end = file.parts[-size:]
            if sum(other.parts[-size:] == end for other in self.files) == 1:
                return "/".join(end)
        return str(file)

    @property
    def spent(self) -> Spent:
        """By all of them."""
        whole = Spent()
        for path in self.runs.values():
            one = RunDirectory.read(path).progress.spent
            whole.money += one.money
            whole.tokens += one.tokens
            whole.calls += one.calls
            whole.unpriced += one.unpriced
            whole.lost += one.lost
        return whole

    @property
    def seconds(self) -> float:
        """Wall-clock seconds in which any of them was worked on."""
        worked, until = 0.0, 0.0
        sittings = (one for path in self.runs.values() for one in RunDirectory.read(path).progress.sittings)
        for start, end in sorted(sittings):
            worked += max(0.0, end - max(start, until))
            until = max(until, end)
        return worked

    @property
    def exit_code(self) -> int:
        """0 where all are done, else that of the first that is not."""
        codes = [one.exit_code for one in self.papers if one.status != "done"]
        return next((code for code in codes if code), 0) or max((one.exit_code or 0 for one in self.papers), default=0)

    @property
    def message(self) -> str:
        left = [one for one in self.papers if one.status != "done"]
        were = "was" if len(left) == 1 else "were"
        return f"{len(left)} of {len(self.files)} papers {were} not reviewed to the end." if left else ""

    @property
    def summary(self) -> Path:
        """A table of all papers, in Markdown."""
        return self.path / "summary.md"

    @property
    def summary_json(self) -> Path:
        return self.path / "summary.json"

    def _judged(self, file: Path, name: str, path: Path | None) -> Judged:
        refused = self.refused.get(file)
        if path is None:
            why = str(refused) if refused else ""
            code = refused.exit_code if refused else None
            status = "refused" if isinstance(refused, InputError) else "waiting"
            return Judged(paper=str(file), name=name, status=status, exit_code=code, why=why)
        run = RunDirectory.read(path)
        done = run.progress.status == "done"
        review = _review(run)
        status = "done" if done else "partial" if review is not None else "failed" if refused else "waiting"
        told = dict(_told(review)) if review is not None else {}
        return Judged(
            paper=str(file),
            name=name,
            run=path.name,
            status=status,
            exit_code=run.progress.exit_code,
            why="" if done else run.progress.why_stopped or (str(refused) if refused else ""),
            money=None if run.progress.spent.unpriced else run.progress.spent.money,
            tokens=run.progress.spent.tokens,
            **told,
        )

    def _told(self) -> str:
        told = {"format": FORMAT, "jobs": self.jobs, "papers": [str(file) for file in self.files]}
        return json.dumps(told, indent=1, ensure_ascii=False) + "\n"


def _review(run: RunDirectory) -> Review | None:
    if not run.review_json.exists():
        return None
    try:
        return Review.model_validate_json(run.review_json.read_bytes())
    except (OSError, ValidationError):  # being written anew, or damaged: the run is what counts
        return None


def _told(review: Review) -> Iterator[tuple[str, Any]]:
    overall = review.scores.get(review.overall)
    yield "title", review.title
    yield "decision", review.chair.decision if review.chair else ""
    if overall is not None:
        yield "overall", overall.mean
        yield "spread", overall.sd
    yield "major", sum(point.severity == "major" for point in review.points)
    yield "minor", sum(point.severity == "minor" for point in review.points)
    yield "errors", sum(finding.checked and finding.severity == "error" for finding in review.findings)
