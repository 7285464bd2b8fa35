"""What a venue asks of a submission, as data: `venues/<name>.yaml`, each with the page that says so and when it was read."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
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
