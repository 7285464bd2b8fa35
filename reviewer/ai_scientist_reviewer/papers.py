"""Which files are the paper: in a folder, the main LaTeX file and the PDF that was made of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from ai_scientist_reviewer.document import PaperError

TEX = (".tex", ".ltx")
_PAPERS = re.compile(
    r"(the[-_ ]?)?(paper|manuscript|main|article|ms|draft|preprint|submission|camera[-_ ]?ready|thesis|report)"
    r"([-_ ]?(v?\d+|final|draft|submission|submitted|anonymous|camera[-_ ]?ready))*",
    re.IGNORECASE,
)
_NOT_PAPERS = re.compile(
    r"\\documentclass\s*(?:\[[^\]]*\])?\s*\{(standalone|subfiles|letter|beamer|moderncv|minimal)\}"
)
_COMMENT = re.compile(r"(?<!\\)%[^\n]*")
_INPUT = re.compile(r"\\(?:input|include|subfile)\s*\{?\s*([\w./-]+)")
_MOST_FILES, _DEEPEST, _MOST_BYTES = 2000, 3, 4 * 1024 * 1024


def main_file(folder: Path) -> Path | None:
    """The file with \\documentclass and \\begin{document}; None where there is none.

    Raises:
        PaperError: there are several and nothing tells which is the paper.
    """
    texts = {path: _COMMENT.sub("", _text(path)) for path in _sources(folder)}
    mains = [
        path
        for path, text in texts.items()
        if re.search(r"\\documentclass\b", text) and "\\begin{document}" in text and not _NOT_PAPERS.search(text)
    ]
    used = {Path(name).stem for path in mains for name in _INPUT.findall(texts[path])}
    mains = [path for path in mains if path.stem not in used or len(mains) == 1]
    for choose in (_highest, _named_as_papers, _called_as_folder, _compiled):
        mains = choose(mains) or mains
    if len(mains) > 1:
        names = ", ".join(sorted(path.relative_to(folder).as_posix() for path in mains)[:6])
        raise PaperError(f"{folder.name} holds several LaTeX papers ({names}); name the one that is meant.")
    return mains[0] if mains else None


def made_of(main: Path, folder: Path) -> Path | None:
    """The PDF of a main file: of its name, or else the only one in its folder that is named as a paper."""
    own = main.with_suffix(".pdf")
    if _plain_file(own, folder):
        return own
    return only_paper(main.parent, folder) or (only_paper(folder, folder) if main.parent != folder else None)


def only_paper(place: Path, folder: Path) -> Path | None:
    there = [path for path in _listed(place) if path.suffix.lower() == ".pdf" and _plain_file(path, folder)]
    named = [path for path in there if _PAPERS.fullmatch(path.stem) or path.stem == folder.name]
    return named[0] if len(named) == 1 else None


def any_paper(folder: Path) -> Path | None:
    """The PDF of a folder without LaTeX: the only one that is named as a paper, or the only one."""
    there = [path for path in _listed(folder) if path.suffix.lower() == ".pdf" and _plain_file(path, folder)]
    return only_paper(folder, folder) or (there[0] if len(there) == 1 else None)


def _plain_file(path: Path, folder: Path) -> bool:
    """Whether it is a file that lies in the folder itself: links out of it are not followed."""
    try:
        return path.is_file() and path.resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError):
        return False


def _sources(folder: Path) -> Iterator[Path]:
    places, seen = [(folder, 0)], 0
    while places:
        place, depth = places.pop(0)
        for path in _listed(place):
            seen += 1
            if seen > _MOST_FILES:
                return
            if path.suffix.lower() in TEX and _plain_file(path, folder):
                yield path
            elif depth < _DEEPEST and not path.name.startswith(".") and path.is_dir() and not path.is_symlink():
                places.append((path, depth + 1))


def _listed(place: Path) -> list[Path]:
    try:
        return sorted(place.iterdir())
    except OSError as error:
        raise PaperError(f"{place.name} cannot be opened: {error.strerror or error}.") from error


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return file.read(_MOST_BYTES).decode("utf-8", "replace")
    except OSError:
        return ""


def _highest(mains: Sequence[Path]) -> list[Path]:
    least = min((len(path.parts) for path in mains), default=0)
    return [path for path in mains if len(path.parts) == least]


def _named_as_papers(mains: Sequence[Path]) -> list[Path]:
    return [path for path in mains if _PAPERS.fullmatch(path.stem)]


def _called_as_folder(mains: Sequence[Path]) -> list[Path]:
    return [path for path in mains if path.stem == path.parent.name]


def _compiled(mains: Sequence[Path]) -> list[Path]:
    return [path for path in mains if path.with_suffix(".pdf").exists() or path.with_suffix(".bbl").exists()]
