"""From a paper's file to a review's files."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ai_scientist_reviewer.panel import review
from ai_scientist_reviewer.paper import Paper
from ai_scientist_reviewer.ports import FormFiller
from ai_scientist_reviewer.records import Review
from ai_scientist_reviewer.render import markdown


def review_file(
    path: Path,
    fillers: Sequence[FormFiller],
    out: Path,
    *,
    form: str = "neurips",
    related: Sequence[str] = (),
    results: Mapping[str, Any] | None = None,
    lenses: Sequence[str] = (),
    stop_on: tuple[type[Exception], ...] = (),
) -> Review:
    """Reviews the paper at `path` and writes referee-1.json, …, review.json and review.md into the folder `out`.

    Raises:
        PaperError: the paper cannot be read.
        OSError: `out` cannot be written.
    """
    paper = Paper.read(path)
    done = review(paper, fillers, form=form, related=related, results=results, lenses=lenses, stop_on=stop_on)
    write(done, out)
    return done


def write(done: Review, out: Path) -> None:
    """The review's files, each whole or not there; review.json comes last, so where it is the others are too."""
    out.mkdir(parents=True, exist_ok=True)
    (out / "review.json").unlink(missing_ok=True)
    for stale in out.glob("referee-*.json"):  # of an earlier review by a larger panel
        stale.unlink()
    for report in done.reports:
        _put(out / f"referee-{report.number}.json", report.model_dump_json(indent=2) + "\n")
    _put(out / "review.md", markdown(done))
    _put(out / "review.json", done.model_dump_json(indent=2) + "\n")


def _put(path: Path, text: str) -> None:
    part = path.with_name(f".{path.name}.part")
    with part.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
