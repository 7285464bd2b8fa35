"""What a review is given beside the paper: result files, other work, an earlier review and the authors' letter."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ai_scientist_reviewer.files import ReviewError, read_review
from ai_scientist_reviewer.forms import Form, FormError, form
from ai_scientist_reviewer.hidden import Examined
from ai_scientist_reviewer.lenses import Lens, LensError, lens
from ai_scientist_reviewer.paper import Paper, PaperError
from ai_scientist_reviewer.records import Review, Work
from ai_scientist_reviewer.results import Results, ResultsError
from ai_scientist_reviewer.venues import Venue, VenueError, venue

from ai_scientist.config import Config
from ai_scientist.errors import InputError, cause
from ai_scientist.literature.base import LiteratureSource
from ai_scientist.models.base import ChatModel
from ai_scientist.reviewing.related import from_bib, searched

LARGEST_LETTER = 1024 * 1024
"""Bytes."""


@dataclass(frozen=True)
class Material:
    related: tuple[Work, ...] = ()
    notes: tuple[str, ...] = ()
    """How other work was looked for."""
    results: Results | None = None
    held_against: str = ""
    """Of the results, in words."""
    earlier: Review | None = None
    earlier_text: str = ""
    """Of the version that was reviewed then."""
    letter: str = ""
    letter_name: str = ""


@dataclass(frozen=True)
class Terms:
    """By what a paper is judged."""

    form: Form
    lenses: tuple[Lens, ...]
    venue: Venue | None


def terms(config: Config) -> Terms:
    """Raises InputError: there is no such form, lens or venue."""
    review = config.review
    try:
        sheet = form(review.form)
        named = sheet.checks if review.venue == "form" else review.venue
        return Terms(sheet, tuple(lens(name) for name in review.lenses), venue(named) if named else None)
    except (FormError, LensError, VenueError) as error:
        raise InputError(str(error)) from None


def read_results(config: Config) -> tuple[Results | None, str]:
    """The authors' result files, and what was read in words.

    Raises:
        InputError: there is no such folder.
    """
    if not config.review.results:
        return None, ""
    folder = Path(config.review.results)
    try:
        results = Results.read(folder)
    except ResultsError as error:
        raise InputError(str(error)) from None
    files = len({value.file for value in results.values})
    unread = f"; {len(results.unread)} files were not read" if results.unread else ""
    return results, f"{len(results.values):,} numbers in {files} result files of {folder.name}{unread}"


def read_earlier(config: Config) -> tuple[Review | None, str, str]:
    """The earlier review, the text that it was about, and the authors' letter.

    Raises:
        InputError: one of them cannot be read, or a letter is given without a review.
    """
    if not config.review.since:
        if config.review.response:
            raise InputError("A letter answers an earlier review: name it with --since.")
        return None, "", ""
    try:
        earlier, text = read_review(Path(config.review.since))
    except ReviewError as error:
        raise InputError(str(error)) from None
    return earlier, text, letter(Path(config.review.response)) if config.review.response else ""


def letter(file: Path) -> str:
    """Raises InputError: it cannot be read."""
    try:
        if file.suffix.lower() == ".pdf":
            return Paper.read(file).examined.paper.text
        with file.open("rb") as handle:
            data = handle.read(LARGEST_LETTER + 1)
        if len(data) > LARGEST_LETTER:
            raise InputError(f"The letter {file} is larger than {LARGEST_LETTER >> 20} MiB.")
        return data.decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"The letter {file} cannot be read ({cause(error)}).") from None
    except PaperError as error:
        raise InputError(f"The letter cannot be read: {error}") from None


def related(
    config: Config, examined: Examined, sources: list[LiteratureSource], model: ChatModel | None
) -> tuple[tuple[Work, ...], tuple[str, ...]]:
    """Other work, as the configuration asks for it, and what is to be said of the search.

    Raises:
        InputError: the bibliography cannot be read.
    """
    match config.review.related:
        case "none" | "":
            return (), ()
        case "auto":
            return searched(examined, sources, config.review.works, model)
        case file:
            return from_bib(examined.paper, Path(file), config.review.works)


def check(config: Config) -> None:
    """Find out what would end a review, before anything is spent.

    Raises:
        InputError: names what cannot be used.
    """
    terms(config)
    read_results(config)
    read_earlier(config)
    wanted = config.review.related
    if wanted not in ("", "none", "auto") and not Path(wanted).is_file():
        raise InputError(f"There is no bibliography {wanted}: give `auto`, `none`, or the path of a .bib file.")
