"""A paper as the reviewer sees it: pages with positions, and what can be told from them without a model."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from ai_scientist_reviewer import papers, passages, pdf, structure, tables
from ai_scientist_reviewer.document import (
    MAX_BYTES,
    Beside,
    Box,
    Caption,
    Line,
    Page,
    PaperError,
    Place,
    Reference,
    Section,
    Table,
)
from ai_scientist_reviewer.latex import project as latex
from ai_scientist_reviewer.passages import Passage
from ai_scientist_reviewer.quotes import Break, Compact
from ai_scientist_reviewer.source import Source, Spot

if TYPE_CHECKING:
    from ai_scientist_reviewer.hidden import Examined

__all__ = ["Paper", "PaperError"]


@dataclass(frozen=True)
class Paper:
    name: str
    """The file's name; of a folder, its PDF's or else its main file's."""
    sha256: str
    """Of the PDF, or of the source's files."""
    source: Literal["pdf", "tex"]
    """Where the pages come from."""
    pages: tuple[Page, ...]
    metadata: Mapping[str, str] = field(default_factory=dict)
    attachments: tuple[str, ...] = ()
    beside: tuple[Beside, ...] = ()
    """Texts that it carries and does not show; annotations stand with their page."""
    data: bytes = field(default=b"", repr=False, compare=False)
    """The file itself, for pictures."""
    latex: Source | None = field(default=None, repr=False)
    """What the LaTeX source defines and uses, where it was given."""
    written: Page | None = field(default=None, repr=False)
    """The source's text as one page; the only page where there is no PDF."""

    @classmethod
    def read(cls, path: Path) -> Paper:
        """The paper in a PDF, in a LaTeX file, or in a folder that holds LaTeX, a PDF of it, or both.

        A LaTeX file is read with what it names in its folder. In a folder, the main file is told by its \\documentclass;
        the PDF of the same name, or the only one that is named as a paper, gives the pages, and the source is attached.
        A single file is read as it is: what may lie beside it is not joined to it.

        Raises:
            PaperError: not there, not a PDF, encrypted, truncated, without a text layer, or beyond the bounds above.
        """
        path = Path(path)
        if path.is_dir():
            return cls._of_folder(path)
        if path.suffix.lower() in papers.TEX:
            return cls._of_source(path, path.parent)
        return cls._of_pdf(path)

    @classmethod
    def _of_pdf(cls, path: Path) -> Paper:
        data = _content(path)
        content = pdf.read(data, path.name)
        digest = hashlib.sha256(data).hexdigest()
        return cls(
            path.name, digest, "pdf", content.pages, content.metadata, content.attachments, content.beside, data
        )  # fmt: skip

    @classmethod
    def _of_source(cls, path: Path, folder: Path) -> Paper:
        _content(path)
        project = latex.read(folder, path.relative_to(folder).as_posix())
        digest = hashlib.sha256()
        for name, text in sorted(project.source.files.items()):
            digest.update(f"{name}\0{text}\0".encode("utf-8", "surrogatepass"))
        return cls(
            path.name, digest.hexdigest(), "tex", (project.page,), latex=project.source, written=project.page
        )  # fmt: skip

    @classmethod
    def _of_folder(cls, folder: Path) -> Paper:
        main = papers.main_file(folder)
        made = papers.made_of(main, folder) if main else papers.any_paper(folder)
        if main is None and made is None:
            raise PaperError(
                f"{folder.name or folder} holds no paper: no LaTeX file with \\documentclass, and no PDF that is alone or named "
                "as a paper (paper.pdf, main.pdf). Name the file that is meant."
            )
        if made is None or main is None:
            return cls._of_source(main, folder) if main else cls._of_pdf(made or folder)
        project = latex.read(folder, main.relative_to(folder).as_posix())
        return replace(cls._of_pdf(made), latex=project.source, written=project.page)

    def page_picture(self, number: int, dpi: float = 100) -> bytes:
        """Page `number` (from 1) as a PNG file.

        Raises:
            PaperError: LaTeX source has no pages to show, or there is no such page.
        """
        return self.page_pictures([number], dpi)[0]

    def page_pictures(self, numbers: Sequence[int], dpi: float = 100) -> list[bytes]:
        """Several pages at once, which is faster than one by one.

        Raises:
            PaperError: LaTeX source has no pages to show, or there is no such page.
        """
        if self.source != "pdf":
            raise PaperError(f"{self.name} is LaTeX source and has no pages to show.")
        for number in numbers:
            if not 1 <= number <= len(self.pages):
                raise PaperError(f"{self.name} has no page {number}.")
        return pdf.pictures(self.data, self.name, numbers, dpi)

    def page_pictures_for_models(self, numbers: Sequence[int], dpi: float) -> list[bytes]:
        """The pages without annotations, and painted over where something is withheld. Raises PaperError as `page_pictures`."""
        withheld = [self.pages[number - 1].withheld for number in numbers]
        return pdf.pictures(self.data, self.name, numbers, dpi, withheld)

    def with_pages(self, pages: Iterable[Page], written: Page | None) -> Paper:
        """The paper with other pages, and another text of its source: what is asked of it then follows from these."""
        return replace(self, pages=tuple(pages), written=written)

    @cached_property
    def examined(self) -> Examined:
        """The paper as it may be shown to a model, and what was hidden in it; see `hidden.examine`.

        Raises:
            PaperError: the pages cannot be drawn within the bounds of reading.
        """
        from ai_scientist_reviewer import hidden

        return hidden.examine(self)

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
    def data_tables(self) -> tuple[Table, ...]:
        """The tables with their cells, as far as rules on the pages or tabulars in the source show them."""
        return tables.tables_of(self)

    @cached_property
    def passages(self) -> tuple[Passage, ...]:
        """The prose, captions included, in paragraphs whose every character knows its place."""
        return passages.passages_of(self)

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
        return _compact(self.lines)

    @cached_property
    def _breaks(self) -> tuple[Break, ...]:
        starts = {(line.page, line.start) for line in self.lines}
        return self._compact.breaks(lambda mark: mark[0], starts.__contains__)

    @cached_property
    def _compact_source(self) -> Compact[tuple[int, int]]:
        return _compact(structure.lines_of(self.written) if self.written else ())

    def locate(self, quote: str, on: int | None = None) -> Place | None:
        """Where the quote stands word for word, white space and hyphens at line ends aside; None where it does not.

        Words that stand in several places are taken to be meant on page `on`, where they stand there.
        Where there is LaTeX source too, with the file and the line in which it begins.
        """
        marks = self._compact.find(quote, self._breaks, lambda mark: mark[0] == on)
        if not marks:
            return None
        page = self.pages[marks[0][0] - 1]
        boxes = [page.glyphs[i].box for number, i in marks if number == page.number and i < len(page.glyphs)]
        spot = self.spot_of(*marks[0]) or self.spot_of_quote(quote)
        file, line = spot if spot else ("", None)
        return Place(page.number, Box.around(boxes), file, line)

    def spot_of(self, page: int, index: int) -> Spot | None:
        """File and line of a page's glyph; None where the pages are a PDF's."""
        glyphs = self.pages[page - 1].glyphs
        return next((glyph.spot for glyph in glyphs[index : index + 2] if glyph.spot is not None), None)

    def spot_of_quote(self, quote: str) -> Spot | None:
        """File and line where the quote begins in the LaTeX source; None where it is not there word for word."""
        marks = self._compact_source.find(quote)
        return self.written.glyphs[marks[0][1]].spot if marks and self.written else None


def _compact(lines: Iterable[Line]) -> Compact[tuple[int, int]]:
    marked = ((char, (line.page, line.start + i)) for line in lines for i, char in enumerate(line.text + "\n"))
    return Compact.of(marked)


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise PaperError(f"{path.name} cannot be opened: {error.strerror or error}.") from error
    if len(data) > MAX_BYTES:
        raise PaperError(f"{path.name} is larger than {MAX_BYTES // 1024**2} MiB, the most that is read.")
    if not data.strip():
        raise PaperError(f"{path.name} is empty.")
    return data
