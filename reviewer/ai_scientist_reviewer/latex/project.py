"""A LaTeX project: the main file found, all that it names read, and what it defines, uses and says."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from ai_scientist_reviewer.document import Glyph, Page, PaperError
from ai_scientist_reviewer.latex import commands, floats, links, macros, parts, style  # noqa: F401  (they register what commands do)
from ai_scientist_reviewer.latex.bibliography import cited, entries_of, listing
from ai_scientist_reviewer.latex.flatten import Flat, shown
from ai_scientist_reviewer.latex.folder import MAX_PICTURE, PICTURES, Folder, OutsideError
from ai_scientist_reviewer.latex.marked import Marked
from ai_scientist_reviewer.latex.signs import Sign
from ai_scientist_reviewer.latex.walk import Found, Walker
from ai_scientist_reviewer.source import Entry, Mention, Source

MAX_LOG = 8 * 1024 * 1024
_STYLE = re.compile(r"\\(?:usepackage|RequirePackage)\s*(?:\[[^\]]*\])?\s*\{([^{}]*)\}")
_SMALL_MACRO = re.compile(r"\\(?:newcommand|providecommand|def)\s*\*?\s*\{?\\[a-zA-Z]+\}?\s*\{[^{}@#]{0,200}\}")


class Project(NamedTuple):
    source: Source
    page: Page
    """All of its text as a reader would see it, each character with its place in the source."""


def read(root: Path, main: str) -> Project:
    """The project whose main file is at `main` below the folder `root`.

    Raises:
        PaperError: it is no LaTeX, holds no text, or goes beyond the bounds of reading.
    """
    folder = Folder(root.resolve(), PurePosixPath(main).parent)
    flat = Flat(folder)
    text = flat.read(main)
    if "\\" not in text.text:
        raise PaperError(f"{main} is not LaTeX source.")
    styles = _styles(text, folder)
    made = _beside(folder, main, ".bbl")
    listed = flat.read(made) if made else None
    first = _walked(text, styles, Walker(listing=listed or ()))
    entries = _entries(first.found, flat)
    known = {entry.key: entry for entry in reversed(entries)}
    if first.found.items:
        order: Sequence[str] = [item.key for item in first.found.items]
        given: Marked | Sequence[Sign] = listed or ()
    else:
        order = cited([mention.key for mention in first.found.citations], known)
        given = listing(order, known)
    second = _walked(text, styles, Walker(first.found.numbers, known, order, given))
    glyphs = tuple(_glyphs([*second.front, *second.signs]))
    if not any(glyph.char.isalpha() for glyph in glyphs):
        raise PaperError(f"{main} holds no text.")
    found = second.found
    source = Source(
        main=main,
        labels=tuple(found.labels),
        numbers=dict(found.numbers),
        references=tuple(found.references),
        citations=tuple(found.citations),
        entries=tuple(entries),
        graphics=tuple(found.graphics),
        floats=tuple(found.floats),
        pictures=_pictures(found, flat),
        files=dict(folder.seen),
        missing=tuple(flat.missing),
        outside=tuple(flat.outside),
        log=_log(folder, main),
    )
    return Project(source, Page(1, 0.0, 0.0, glyphs))


def _walked(text: Marked, styles: Marked, walker: Walker) -> Walker:
    walker.walk(styles)
    walker.visible = "\\begin{document}" not in text.text
    walker.walk(text)
    return walker


def _styles(text: Marked, folder: Folder) -> Marked:
    """The short macros without arguments of the style files that lie in the folder; more of a style file is not for readers."""
    small: list[Marked] = []
    for used in _STYLE.finditer(text.text):
        for name in used[1].split(","):
            path = _there(folder, f"{name.strip()}.sty")
            if path is None or path in folder.seen:
                continue
            whole = Marked.of_file(path, folder.text(path))
            small += (whole[match.start() : match.end()] for match in _SMALL_MACRO.finditer(whole.text))
    return Marked.joined(small)


def _entries(found: Found, flat: Flat) -> list[Entry]:
    """Of the databases that the source names, and what its own list, or BibTeX's, holds beside them."""
    entries: list[Entry] = []
    for mention in found.databases:
        entries += entries_of(_database(mention, flat))
    keys = {entry.key for entry in entries}
    return [*entries, *(item for item in found.items if item.key not in keys)]


def _database(mention: Mention, flat: Flat) -> Marked:
    """A file that is there comes before a filecontents block, as with LaTeX, unless the block replaces it."""
    names = [mention.key] if mention.key.endswith(".bib") else [f"{mention.key}.bib", mention.key]
    block, replaces = next((flat.blocks[name] for name in names if name in flat.blocks), (None, False))
    path = next((path for name in names if (path := _there(flat.folder, name))), None)
    if block is not None and (replaces or path is None):
        return block
    if path is None:
        flat.find(mention, names)
        return Marked("", ())
    return Marked.of_file(path, flat.folder.text(path))


def _pictures(found: Found, flat: Flat) -> dict[str, bytes]:
    pictures: dict[str, bytes] = {}
    for mention in found.graphics:
        if mention.key in pictures or mention.key in [lost.key for lost in flat.missing]:
            continue
        names = [f"{start}{mention.key}{end}" for start in ("", *found.folders) for end in ("", *PICTURES)]
        path = flat.find(mention, names)
        if path is not None:
            pictures[mention.key] = flat.folder.data(path, MAX_PICTURE)
    return pictures


def _there(folder: Folder, name: str) -> str | None:
    try:
        return folder.path(name)
    except OutsideError:
        return None


def _beside(folder: Folder, main: str, suffix: str) -> str | None:
    return _there(folder, PurePosixPath(main).with_suffix(suffix).name)


def _log(folder: Folder, main: str) -> str:
    path = _beside(folder, main, ".log")
    return folder.data(path, MAX_LOG).decode("utf-8", "replace") if path else ""


def _glyphs(signs: Iterable[Sign]) -> Iterator[Glyph]:
    """White space as a reader would see it: none at a line's ends, one blank within, at most one empty line."""
    blank, breaks, begun = None, 0, False
    for sign in signs:
        if sign.char.isspace():
            breaks += sign.char == "\n"
            blank = blank or sign
            continue
        if begun and blank is not None:
            if breaks:
                yield from [Glyph("\n", None, 0.0, "", 0, blank.spot)] * min(breaks, 2)
            else:
                yield Glyph(" ", None, sign.size, blank.font, blank.mode, blank.spot)
        blank, breaks, begun = None, 0, True
        yield Glyph(shown(sign.char), None, sign.size, sign.font, sign.mode, sign.spot)
