"""Manuscript → PDF."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ai_scientist_sandbox.base import SandboxHost

from ai_scientist.claims.macros import claims_tex
from ai_scientist.config import Writing
from ai_scientist.records import Fault, Figure, Manuscript, Reference
from ai_scientist.writing.about import Material
from ai_scientist.writing.compile import compile
from ai_scientist.writing.document import END_OF_TEXT, document


@dataclass(frozen=True)
class Typeset:
    """A paper as files. An empty `pdf`: it could not be compiled, and `faults` say why."""

    tex: str
    claims: str
    """claims.tex, which the paper reads."""
    bib: str
    pdf: bytes
    log: str
    faults: tuple[Fault, ...]
    pages: int


def typeset(
    manuscript: Manuscript,
    material: Material,
    figures: Sequence[Figure],
    pictures: Mapping[str, bytes],
    references: Sequence[Reference],
    bibtex: str,
    host: SandboxHost,
    config: Writing | None = None,
) -> Typeset:
    """Build the document and compile it in a sandbox. `pictures`: a figure's name to its PDF file.

    Only what the text cites is in the reference list; `bibtex` may hold more.

    Raises:
        MachineError: the machine failed, not the paper.
    """
    config = config or Writing()
    cited = [reference for reference in references if is_cited(reference.key, manuscript, figures)]
    shown = {f"figures/{figure.name}.pdf": figure for figure in figures if pictures.get(figure.name)}
    tex = document(manuscript, material, shown, cited, config.venue)
    claims = claims_tex(material.claims)
    files = {"paper.tex": tex.encode(), "claims.tex": claims.encode(), "references.bib": bibtex.encode()}
    files |= {path: pictures[figure.name] for path, figure in shown.items()}
    made = compile(files, host, END_OF_TEXT)
    faults = list(made.faults)
    if made.text_pages > config.pages:
        message = f"The text takes {made.text_pages} pages and may take {config.pages}, references and appendix aside."
        faults.append(Fault(rule="pages", message=message))
    return Typeset(tex, claims, bibtex, made.pdf, made.log, tuple(faults), made.pages)


def is_cited(key: str, manuscript: Manuscript, figures: Sequence[Figure]) -> bool:
    texts = [manuscript.abstract, *(text for section in manuscript.sections for text in section.paragraphs)]
    texts += [figure.caption for figure in figures]
    return any(key in text for text in texts)
