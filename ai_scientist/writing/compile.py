"""LaTeX → PDF in a sandbox, and what the log says is wrong."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass

from ai_scientist_sandbox.base import MIB, Limits, SandboxError, SandboxHost

from ai_scientist.errors import MachineError
from ai_scientist.records import Fault

COMMAND = (
    "latexmk", "-norc", "-pdf", "-outdir=output", "-interaction=nonstopmode", "-file-line-error",
    "-pdflatex=pdflatex -no-shell-escape %O %S", "paper.tex",
)  # fmt: skip
_ON = (*COMMAND[:-1], "-f", COMMAND[-1])
# latexmk goes on after errors, but stops short of resolving citations unless it is sent once more.
ANYHOW = ("sh", "-c", f"{shlex.join(_ON)} || {shlex.join((*_ON[:-1], '-g', _ON[-1]))}")
LIMITS = Limits(wall=180, cpu=1, memory=1024 * MIB, processes=32, disk=128 * MIB, output=2 * MIB)
OVERFULL = 5.0
"""Points by which a line may stick out before it is a fault."""
MOST = 40
"""Faults of one kind at most."""


@dataclass(frozen=True)
class Compiled:
    pdf: bytes
    """Empty where none was made."""
    log: str
    faults: tuple[Fault, ...]
    pages: int = 0
    text_pages: int = 0
    """Before the references; 0 where unknown."""


def compile(files: Mapping[str, bytes], host: SandboxHost, label: str = "", *, anyhow: bool = False) -> Compiled:
    """Compile paper.tex with what lies beside it. `label`: of the place before the references. `anyhow`: go on after errors, for
    a paper of somebody else's whose PDF is wanted as good as it gets.

    Raises:
        MachineError: the machine failed, for instance there is no TeX; says what to do.
    """
    try:
        # Unbroken log lines, so that a fault's text is not cut at column 79.
        with host.open("latex", LIMITS, environment={"max_print_line": "2000", "SOURCE_DATE_EPOCH": "0"}) as sandbox:
            sandbox.put(files)
            completed = sandbox.run(ANYHOW if anyhow else COMMAND)
            left = sandbox.fetch()
    except SandboxError as error:
        raise MachineError(f"The paper cannot be compiled: {error}") from None
    log = left.get("paper.log", b"").decode("utf-8", "replace")
    pdf = left.get("paper.pdf", b"")
    if completed.ending == "exited" and completed.status in (126, 127):
        raise MachineError(f"The paper cannot be compiled, latexmk does not start: {completed.output[-300:].strip()}")
    faults = list(read_log(log))
    blg = left.get("paper.blg", b"").decode("utf-8", "replace")
    faults += [
        Fault(rule="bibtex", message=line[:300])
        for line in blg.splitlines()
        if line.startswith(("I couldn't", "I found no"))
    ]
    if not completed.succeeded and not any(fault.rule == "latex-error" for fault in faults):
        why = completed.output[-600:] if completed.ending == "exited" else f"latexmk ended as '{completed.ending}'"
        faults.append(Fault(rule="latex-error", message=why))
    pages = re.findall(r"Output written on .*?\((\d+) pages?", log)
    aux = left.get("paper.aux", b"").decode("utf-8", "replace")
    end = re.search(rf"\\newlabel{{{re.escape(label)}}}{{{{[^}}]*}}{{(\d+)}}", aux) if label else None
    return Compiled(pdf, log, tuple(faults), int(pages[-1]) if pages else 0, int(end[1]) if end else 0)


def read_log(log: str) -> tuple[Fault, ...]:
    """Errors with their lines, references to nothing, and lines that stick out."""
    faults: list[Fault] = []
    lines = log.splitlines()
    for number, line in enumerate(lines):
        if match := re.match(r"(?:\./)?([\w./-]+\.(?:tex|bbl)):(\d+): (.+)", line):
            after = next((one for one in lines[number + 1 : number + 8] if one.startswith("l.")), "")
            faults.append(
                Fault(rule="latex-error", message=f"{match[3]} {after}".strip()[:400], where=f"{match[1]}:{match[2]}")
            )
        elif line.startswith("! "):
            faults.append(Fault(rule="latex-error", message=line[2:400]))
        elif match := re.search(r"(Citation|Reference) [`']([^']+)' on page \d+ undefined", line):
            faults.append(Fault(rule=f"undefined-{match[1].lower()}", message=f"{match[1]} '{match[2]}' is undefined."))
        elif match := re.match(r"Overfull \\hbox \(([\d.]+)pt too wide\)(.*)", line):
            if float(match[1]) > OVERFULL:
                text = (
                    re.sub(r"\\[A-Za-z0-9/.-]+ |\[\]", "", lines[number + 1])[:200] if number + 1 < len(lines) else ""
                )
                message = f"A line is {match[1]} points too wide{match[2]}: {text}".strip()
                faults.append(Fault(rule="overfull", message=message))
        elif match := re.search(r"Missing character: There is no (\S+)", line):
            faults.append(Fault(rule="character", message=f"The font has no character {match[1]}."))
    return tuple(dict.fromkeys(faults))[:MOST]
