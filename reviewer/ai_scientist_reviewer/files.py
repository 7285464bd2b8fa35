"""From a paper's file to a review's files, and back."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from ai_scientist_reviewer.document import PaperError
from ai_scientist_reviewer.forms import Form
from ai_scientist_reviewer.lenses import Lens
from ai_scientist_reviewer.marks import Marks
from ai_scientist_reviewer.panel import review
from ai_scientist_reviewer.paper import Paper
from ai_scientist_reviewer.ports import FormFiller
from ai_scientist_reviewer.records import FORMAT, Review
from ai_scientist_reviewer.render.annotated import annotated
from ai_scientist_reviewer.render.html import html
from ai_scientist_reviewer.render.markdown import markdown
from ai_scientist_reviewer.render.notes import notes
from ai_scientist_reviewer.results import Results

LARGEST = 32 * 1024 * 1024
"""Bytes of a review.json that is read."""


class ReviewError(Exception):
    """There is no review to read there. The message is one sentence for the person who named it."""


def review_file(
    path: Path,
    fillers: Sequence[FormFiller],
    out: Path,
    *,
    form: str | Form = "neurips",
    related: Sequence[str] = (),
    results: Results | Mapping[str, Any] | None = None,
    lenses: Sequence[str | Lens] = (),
    stop_on: tuple[type[Exception], ...] = (),
) -> Review:
    """Reviews the paper at `path` and writes its files into the folder `out`; see `write`. Where one of `stop_on` ends it, what had
    come in is written first.

    Raises:
        PaperError: the paper cannot be read.
        OSError: `out` cannot be written.
    """
    paper = Paper.read(path)

    def keep(done: Review) -> None:
        write(done, out, paper)

    done = review(
        paper, fillers, form=form, related=related, results=results, lenses=lenses, stop_on=stop_on, on_stop=keep
    )
    return write(done, out, paper)


def write(done: Review, out: Path, paper: Paper | None = None) -> Review:
    """The review's files, each whole or not there: referee-1.json, …, review.html, review.md, with the paper also annotated.pdf and
    paper.txt, and last review.json, so that where it is the others are too. Returns the review as written.
    """
    out.mkdir(parents=True, exist_ok=True)
    for stale in (out / "review.json", out / "annotated.pdf", *out.glob("referee-*.json")):  # of an earlier review
        stale.unlink(missing_ok=True)
    comments = notes(done, Marks(paper)) if paper is not None else []
    try:
        if paper is None:
            raise PaperError("the paper was not at hand when this was written.")
        _put(out / "annotated.pdf", annotated(paper, comments))
    except PaperError as error:
        done = done.model_copy(update={"unannotated": str(error)})
    if paper is not None:
        # A later review holds the next version against it, before a model's eyes.
        _put(out / "paper.txt", paper.examined.paper.text.encode("utf-8", "replace"))
    for report in done.reports:
        _put(out / f"referee-{report.number}.json", f"{report.model_dump_json(indent=2)}\n".encode())
    _put(out / "review.html", html(done, comments, paper).encode("utf-8", "replace"))
    _put(out / "review.md", markdown(done).encode("utf-8", "replace"))
    _put(out / "review.json", f"{done.model_dump_json(indent=2)}\n".encode())
    return done


def read_review(path: Path) -> tuple[Review, str]:
    """The review in a file review.json, or in the folder (its own, or a run's) that holds one; and the text of the paper that
    it is about, "" where that does not lie beside it.

    Raises:
        ReviewError: there is none, or it is of a newer format.
    """
    places = (path, path / "review.json", path / "reviews" / "review.json")
    file = next((place for place in places if place.is_file()), None)
    if file is None:
        raise ReviewError(f"There is no review in {path}: name its review.json, or the folder of a review.")
    try:
        with file.open("rb") as handle:
            data = handle.read(LARGEST + 1)
    except OSError as error:
        raise ReviewError(f"The review {file} cannot be read ({error.strerror or error}).") from None
    if len(data) > LARGEST:
        raise ReviewError(f"The review {file} is larger than {LARGEST // 1024**2} MiB.")
    try:
        done = Review.model_validate_json(data)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        if first["loc"] == ("format",):
            raise ReviewError(
                f"The review {file} is of a newer format than {FORMAT}, the last that is read here."
            ) from None
        where = ".".join(str(step) for step in first["loc"])
        raise ReviewError(f"{file} is no review: at '{where}', {first['msg']}.") from None
    beside = file.with_name("paper.txt")
    text = beside.read_text(encoding="utf-8", errors="replace")[:LARGEST] if beside.is_file() else ""
    return done, text


def _put(path: Path, data: bytes) -> None:
    part = path.with_name(f".{path.name}.part")
    with part.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
