"""LaTeX source line by line, as far as it is printed: what rules need that look for words rather than for commands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from ai_scientist_reviewer.checks.base import Subject, UncheckableError
from ai_scientist_reviewer.source import Source, Spot

_COMMENT = re.compile(r"(?<!\\)(?:\\\\)*%")
_VERBATIM = re.compile(r"\\(begin|end)\{(verbatim\*?|lstlisting|minted|comment|filecontents\*?|Verbatim|alltt)\}")


class Written(NamedTuple):
    text: str
    """Without its comment."""
    comment: str
    """From the percent sign on; "" where there is none."""
    spot: Spot


def needed(subject: Subject) -> Source:
    """The paper's source.

    Raises:
        UncheckableError: it was given as a PDF alone.
    """
    if subject.paper.latex is None:
        raise UncheckableError("it needs the LaTeX source")
    return subject.paper.latex


def written(source: Source) -> Iterator[Written]:
    """The lines of the document's body: after its preamble, without listings and bibliography databases."""
    for file, text in source.files.items():
        if file.endswith((".tex", ".ltx")):
            yield from _body(file, text)


def _body(file: str, text: str) -> Iterator[Written]:
    inside = "\\begin{document}" not in text
    verbatim = False
    for number, line in enumerate(text.splitlines(), start=1):
        plain, comment = parted(line)
        if not inside:
            inside = "\\begin{document}" in plain
            continue
        if "\\end{document}" in plain:
            return
        for mark in _VERBATIM.finditer(plain):
            verbatim = mark[1] == "begin"
        if not verbatim and not _VERBATIM.search(plain):
            yield Written(plain, comment, Spot(file, number))


def parted(line: str) -> tuple[str, str]:
    """What LaTeX reads of a line, and its comment."""
    comment = _COMMENT.search(line)
    if comment is None:
        return line, ""
    return line[: comment.end() - 1], line[comment.end() - 1 :]


def everything(source: Source) -> str:
    """All that LaTeX reads of the project's .tex files, comments aside."""
    texts = (text for file, text in source.files.items() if file.endswith((".tex", ".ltx", ".sty", ".cls")))
    return "\n".join(parted(line)[0] for text in texts for line in text.splitlines())
