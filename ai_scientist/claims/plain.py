"""A run's paper as plain LaTeX, as anyone would have written it: macros for claims are written out."""

from __future__ import annotations

import re

from ai_scientist.runs import RunDirectory


def written_out(run: RunDirectory) -> dict[str, bytes]:
    """The last version's sources and figures, by path below a folder; empty where no paper was written."""
    version = run.progress.rounds("write")
    source = run.paper_file(version, "paper.tex")
    if not version or not source.is_file():
        return {}
    files: dict[str, bytes] = {}
    for name in ("claims.tex", "references.bib"):
        beside = run.paper_file(version, name)
        if beside.is_file():
            files[name] = beside.read_bytes()
    macros = files.pop("claims.tex", b"").decode()
    text = expanded(source.read_text(encoding="utf-8"), macros)
    files["paper.tex"] = text.encode()
    for name in re.findall(r"\\includegraphics(?:\[[^\]]*\])?\{figures/([^}]*)\.pdf\}", text):
        files[f"figures/{name}.pdf"] = (run.figure(name) / "final.pdf").read_bytes()
    return files


def expanded(text: str, macros: str) -> str:
    """The paper's text with what claims.tex defines put in place of each use."""
    defined = {
        (kind, key): value
        for kind, key, value in re.findall(r"^\\claim@define\{(\w+)\}\{([^{}]*)\}\{(.*)\}$", macros, re.MULTILINE)
    }
    text = re.sub(r"\\input\{claims(?:\.tex)?\}", "", text)
    return re.sub(r"\\(val|compare|statistics|arm|data)\{([^{}]*)\}", lambda m: defined.get((m[1], m[2]), m[0]), text)
