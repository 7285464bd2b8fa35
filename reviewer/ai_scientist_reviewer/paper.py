"""A paper as the reviewer sees it: pages with positions, and what can be told from them without a model."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Literal

from ai_scientist_reviewer import pdf, structure, tex
from ai_scientist_reviewer.document import (
    MAX_BYTES,
    Box,
    Caption,
    Line,
    Page,
    PaperError,
    Place,
    Reference,
    Section,
)
from ai_scientist_reviewer.quotes import Compact
from ai_scientist_reviewer.source import Source

__all__ = ["Paper", "PaperError"]


@dataclass(frozen=True)
class Paper:
    name: str
    """The file's name."""
    sha256: str
    source: Literal["pdf", "tex"]
    pages: tuple[Page, ...]
    metadata: Mapping[str, str] = field(default_factory=dict)
    attachments: tuple[str, ...] = ()
    data: bytes = field(default=b"", repr=False, compare=False)
    """The file itself, for pictures."""
    latex: Source | None = None
    """The LaTeX project; None for a PDF."""

    @classmethod
    def read(cls, path: Path) -> Paper:
        """The paper in a PDF or LaTeX file.

        Raises:
            PaperError: not there, not a PDF, encrypted, truncated, without a text layer, or beyond the bounds above.
        """
        path = Path(path)
        try:
            with path.open("rb") as file:
                data = file.read(MAX_BYTES + 1)
        except OSError as error:
            raise PaperError(f"{path.name} cannot be opened: {error.strerror or error}.") from error
        if len(data) > MAX_BYTES:
            raise PaperError(f"{path.name} is larger than {MAX_BYTES // 1024**2} MiB, the most that is read.")
        if not data.strip():
            raise PaperError(f"{path.name} is empty.")
        digest = hashlib.sha256(data).hexdigest()
        if path.suffix.lower() in (".tex", ".ltx"):
            return cls(path.name, digest, "tex", (tex.read_page(data, path.name),), data=data)
        content = pdf.read(data, path.name)
        return cls(path.name, digest, "pdf", content.pages, content.metadata, content.attachments, data)

    def page_picture(self, number: int, dpi: float = 100) -> bytes:
        """Page `number` (from 1) as a PNG file.

        Raises:
            PaperError: LaTeX source has no pages to show, or there is no such page.
        """
        if self.source != "pdf":
            raise PaperError(f"{self.name} is LaTeX source and has no pages to show.")
        if not 1 <= number <= len(self.pages):
            raise PaperError(f"{self.name} has no page {number}.")
        return pdf.picture(self.data, number, dpi)

    def with_pages(self, pages: Iterable[Page]) -> Paper:
        return replace(self, pages=tuple(pages))

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """All lines but page numbers and running heads."""
        return tuple(structure.body_lines(self.pages))

    @cached_property
    def text(self) -> str:
        """The lines, pages separated by a form feed."""
        pages = ["\n".join(line.text for line in self.lines if line.page == page.number) for page in self.pages]
        return "\n\f".join(pages)

    @cached_property
    def title(self) -> str:
        return structure.title_of(self.lines)

    @cached_property
    def sections(self) -> tuple[Section, ...]:
        return tuple(structure.sections_of(self.lines))

    @cached_property
    def captions(self) -> tuple[Caption, ...]:
        return tuple(structure.captions_of(self.lines, self.pages))

    @property
    def figures(self) -> tuple[Caption, ...]:
        return tuple(caption for caption in self.captions if caption.kind == "Figure")

    @property
    def tables(self) -> tuple[Caption, ...]:
        return tuple(caption for caption in self.captions if caption.kind == "Table")

    @cached_property
    def references(self) -> tuple[Reference, ...]:
        """The reference list; empty where no list was recognised."""
        return tuple(structure.references_of(self.lines))

    @property
    def abstract(self) -> str:
        return next((s.text for s in self.sections if s.title.casefold() == "abstract"), "")

    @property
    def body(self) -> str:
        """The text before the reference list."""
        return structure.body_of(self.lines)

    @cached_property
    def _compact(self) -> Compact[tuple[int, int]]:
        marked = ((char, (line.page, line.start + i)) for line in self.lines for i, char in enumerate(line.text + "\n"))
        return Compact.of(marked)

    def locate(self, quote: str) -> Place | None:
        """Where the quote stands word for word, white space and hyphens at line ends aside; None where it does not."""
        marks = self._compact.find(quote)
        if not marks:
            return None
        page = self.pages[marks[0][0] - 1]
        boxes = [page.glyphs[i].box for number, i in marks if number == page.number and i < len(page.glyphs)]
        return Place(page.number, Box.around(boxes))
