"""What a venue asks of a submission, as data: `venues/<name>.yaml`, each with the page that says so and when it was read."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

import yaml
from pydantic import TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from ai_scientist_reviewer.findings import OptionError

_MOST = 64 * 1024


class VenueError(OptionError):
    """There is no such venue, or its file is not one; the message says which there are."""


@dataclass(frozen=True, config={"extra": "forbid"})
class Venue:
    name: str
    pages: int | None = None
    """Most pages of the body: references, appendix and the statements below aside."""
    anonymous: bool = False
    """Whether authors may not be told."""
    sections: tuple[str, ...] = ()
    """Sections that a submission has to have, as `limitations`."""
    source: str = ""
    """The page that says so."""
    read: str = ""
    """When it was read, as 2026-11."""
    uncounted: tuple[str, ...] = ()
    """Sections that do not count towards the pages, wherever they stand after the body, as `ethics statement`."""
    width: float | None = None
    """Inches of the text block, all columns together."""
    height: float | None = None
    """Inches of the text block."""


ANONYMOUS = Venue("a venue that is blind to authors", anonymous=True)
"""All that `--anonymous` says."""


def venue(name: str) -> Venue:
    """The venue of that name, or of the YAML file at that path.

    Raises:
        VenueError: there is none, or its file cannot be read.
    """
    if name in venues():
        return _read(resources.files("ai_scientist_reviewer").joinpath("venues", f"{name}.yaml").read_bytes(), name)
    path = Path(name)
    if path.suffix not in (".yaml", ".yml"):
        raise VenueError(f"There is no venue '{name}'. Known are {', '.join(venues())}, or the path of a YAML file.")
    try:
        with path.open("rb") as file:
            return _read(file.read(_MOST), name)
    except OSError as error:
        raise VenueError(f"{name} cannot be opened: {error.strerror or error}.") from error


def venues() -> tuple[str, ...]:
    """The names of those that come with this package."""
    folder = resources.files("ai_scientist_reviewer").joinpath("venues")
    return tuple(sorted(file.name.removesuffix(".yaml") for file in folder.iterdir() if file.name.endswith(".yaml")))


def _read(data: bytes, name: str) -> Venue:
    try:
        return TypeAdapter(Venue).validate_python(yaml.safe_load(data))
    except ValidationError as error:
        told = "; ".join(f"{'.'.join(map(str, e['loc'])) or 'it'}: {e['msg']}" for e in error.errors())
        raise VenueError(f"{name} does not describe a venue: {told}.") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise VenueError(f"{name} is not YAML: {' '.join(str(error).split())}.") from error
