"""How a sitting of a run ends, whatever it was about, and what is to be said of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ai_scientist.errors import AIScientistError
from ai_scientist.phases.gates import Waiting
from ai_scientist.runs import RunDirectory
from ai_scientist.runs.events import RunStopped


@dataclass(frozen=True)
class Outcome:
    """How a run ended, for now."""

    path: Path
    exit_code: int
    """See docs/exit-codes.md."""
    message: str = ""
    """Why it is not done, in a sentence; "" where it is."""
    paper: Path | None = None
    review: Path | None = None
    report: Path | None = None
    bundle: Path | None = None
    page: Path | None = None
    """review.html."""
    annotated: Path | None = None
    """The reviewed PDF with the points as comments."""
    judged: str = ""
    """What the review came to, in a line; "" where there is none."""

    @property
    def done(self) -> bool:
        return self.exit_code in (0, 10)


def outcome(run: RunDirectory, exit_code: int, message: str = "") -> Outcome:
    def there(path: Path) -> Path | None:
        return path if path.exists() else None

    return Outcome(
        path=run.path,
        exit_code=exit_code,
        message=message,
        paper=there(run.last_paper),
        review=there(run.review_md),
        report=there(run.report_html),
        bundle=there(run.bundle_zip),
        page=there(run.review_html),
        annotated=there(run.annotated_pdf),
        judged=judged(run),
    )


def judged(run: RunDirectory) -> str:
    from ai_scientist_reviewer.files import ReviewError, read_review
    from ai_scientist_reviewer.render.told import in_a_line

    if not run.review_json.exists():
        return ""
    try:
        return in_a_line(read_review(run.review_json)[0])
    except ReviewError:  # damaged since, or of a newer version: its files are named all the same
        return ""


@contextmanager
def stopped_is_written(run: RunDirectory) -> Iterator[None]:
    """What ends the work early is written into the run before it goes on to the caller."""
    try:
        yield
    except Waiting:
        raise
    except AIScientistError as error:
        run.append(RunStopped(why=str(error), exit_code=error.exit_code))
        raise
    except BaseException as error:  # a fault of ours too has to leave a run that says so and can be resumed
        run.append(RunStopped(why=f"{type(error).__name__}: {error}", exit_code=1))
        raise
