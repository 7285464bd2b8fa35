"""From a paper's LaTeX to its PDF: through a function that is given, and with stand-ins for styles that are not here."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from ai_scientist_reviewer.bench.seeded.project import MAIN, Project


class Compiled(NamedTuple):
    pdf: bytes
    """Empty where none was made."""
    log: str


Compile = Callable[[Mapping[str, bytes]], Compiled]
"""Runs LaTeX and BibTeX on the files, as often as it takes, and goes on after errors; the main file is `MAIN`. The files may be
anybody's, so it has to be run in a sandbox."""

STYLES = frozenset(
    "plain plainnat abbrv abbrvnat unsrt unsrtnat alpha apalike ieeetr acm siam IEEEtran IEEEtranN ACM-Reference-Format".split()
)
"""Bibliography styles that come with TeX."""
_MISSING = re.compile(r"File `([\w@./+-]+\.sty)' not found")
_CONFERENCE = rb"""\ProvidesPackage{stand-in}
\RequirePackage[letterpaper,textwidth=5.5in,textheight=9in]{geometry}
\RequirePackage{natbib}
\setcitestyle{authoryear,round,citesep={;},aysep={,},yysep={;}}
\RequirePackage{xcolor}
\providecommand{\And}{\end{tabular}\hfil\begin{tabular}[t]{c}}
\providecommand{\AND}{\end{tabular}\hfil\begin{tabular}[t]{c}}
\providecommand{\iclrfinalcopy}{}
"""
_EMPTY = b"\\ProvidesPackage{stand-in}\n"


@dataclass(frozen=True)
class Prepared:
    """A paper that can be compiled here, or the reason why not."""

    project: Project
    compiled: Compiled
    notes: tuple[str, ...]
    """What was put in the place of what is not here."""


def prepared(project: Project, compile: Compile) -> Prepared:
    """The paper with what it needs to compile here: a venue's style or a package that TeX does not have becomes a stand-in, its
    bibliography style one that is here. Where no PDF comes of it, `compiled.pdf` is empty."""
    notes: list[str] = []
    style = re.search(r"\\bibliographystyle\{([^}]*)\}", project.document.seen)
    if style and style[1] not in STYLES and f"{style[1]}.bst" not in project.files:
        text = project.text[: style.start(1)] + "plainnat" + project.text[style.end(1) :]
        project = project.with_text(text)
        notes.append(f"bibliography style {style[1]} became plainnat")
    compiled = compile(project.files)
    while missing := _MISSING.search(compiled.log):
        if missing[1] in project.files:
            break
        venue = re.search(r"iclr|neurips|nips|icml|acl|aaai|conference", missing[1], re.I)
        project = project.with_file(missing[1], _CONFERENCE if venue else _EMPTY)
        notes.append(f"{missing[1]} became a stand-in")
        compiled = compile(project.files)
    return Prepared(project, compiled, tuple(notes))


class Compiler:
    """Compiles each set of files once; PDFs and logs are kept in a folder by the hash of what they were made of."""

    def __init__(self, compile: Compile, folder: Path) -> None:
        self._compile, self._folder = compile, folder
        folder.mkdir(parents=True, exist_ok=True)

    def __call__(self, files: Mapping[str, bytes]) -> Compiled:
        name = digest(files)
        pdf, log = self._folder / f"{name}.pdf", self._folder / f"{name}.log"
        if log.exists():
            return Compiled(pdf.read_bytes() if pdf.exists() else b"", log.read_text(encoding="utf-8"))
        made = self._compile(files)
        if made.pdf:
            pdf.write_bytes(made.pdf)
        log.write_text(made.log, encoding="utf-8")  # last: where it is, the PDF is whole
        return made


def digest(files: Mapping[str, bytes]) -> str:
    """A hash of names and contents."""
    total = hashlib.sha256()
    for name in sorted(files):
        total.update(f"{name}\0{len(files[name])}\0".encode())
        total.update(files[name])
    return total.hexdigest()


def main_log(compiled: Compiled) -> Mapping[str, bytes]:
    """What a compilation leaves beside the sources, as a user's folder has it."""
    stem = MAIN.removesuffix(".tex")
    left = {f"{stem}.log": compiled.log.encode()}
    return {**left, f"{stem}.pdf": compiled.pdf} if compiled.pdf else left
