"""A paper's LaTeX folder in memory: one main file that holds all the text, and what lies beside it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from ai_scientist_reviewer.bench.seeded.latex import Document, braced
from ai_scientist_reviewer.bench.seeded.values import read_values

MAIN = "paper.tex"
"""What the main file is called here, whatever it was called."""
TEXT = (".tex", ".bib", ".bbl", ".sty", ".cls", ".bst")
PICTURES = (".png", ".pdf", ".jpg", ".jpeg", ".eps")
MOST_BYTES = 64 * 2**20
"""Of a project's files together."""


class ProjectError(Exception):
    """The folder holds no LaTeX paper that can be used. The message is one sentence for the person who gave it."""


@dataclass(frozen=True)
class Project:
    name: str
    files: Mapping[str, bytes]
    """By path below the folder. `MAIN` has all the text: what it takes in with \\input stands in it."""
    values: tuple[float, ...] = ()
    """The numbers of the paper's result files, and means over repeats where the files tell repeats."""
    results: Path | None = None
    """Where those files are."""

    @classmethod
    def read(cls, folder: Path, *, name: str = "", main: str = "", results: Path | None = None) -> Project:
        """The project in a folder; `main`: the file with \\documentclass, where there are several.

        Raises:
            ProjectError: there is no such file, or too much beside it.
        """
        top = folder / main if main else _main_file(folder)
        if not top.is_file():
            raise ProjectError(f"{folder} has no {main}.")
        root = top.parent
        files: dict[str, bytes] = {}
        for path in sorted(root.rglob("*")):
            if path.is_file() and path.suffix.lower() in TEXT + PICTURES and path != top.with_suffix(".pdf"):
                files[path.relative_to(root).as_posix()] = path.read_bytes()
            if sum(map(len, files.values())) > MOST_BYTES:
                raise ProjectError(f"{root} holds more than {MOST_BYTES >> 20} MiB of sources and pictures.")
        text = files.pop(top.name).decode("utf-8", "replace")
        if re.search(r"\\graphicspath\{.*\.\./", text):  # pictures kept a folder above their paper
            for path in sorted(root.parent.iterdir()):
                if path.suffix.lower() in PICTURES:
                    files.setdefault(path.name, path.read_bytes())
        return cls.of({**files, MAIN: text.encode()}, name or folder.resolve().name, results)

    @classmethod
    def of(
        cls, given: Mapping[str, bytes], name: str, results: Path | None = None, measured: Path | None = None
    ) -> Project:
        """The project of these files, of which `MAIN` is the main one; pictures that it does not show are left out. `measured`:
        the part of `results` in which the numbers of the tables are looked for."""
        files = dict(given)
        text = files.pop(MAIN).decode("utf-8", "replace")
        taken: set[str] = set()
        text = _whole(text, files, taken)
        files = {path: data for path, data in files.items() if path not in taken}
        text = _lifted(text, files)
        shown = {Path(path).stem for path in re.findall(r"\\includegraphics\*?(?:\[[^\]]*\])?\{([^}]*)\}", text)}
        files = {p: data for p, data in files.items() if not p.lower().endswith(PICTURES) or Path(p).stem in shown}
        files[MAIN] = text.encode()
        numbers = measured or results
        return cls(name, files, read_values(numbers) if numbers else (), results)

    @cached_property
    def document(self) -> Document:
        return Document(self.text)

    @property
    def text(self) -> str:
        return self.files[MAIN].decode("utf-8", "replace")

    def with_text(self, text: str) -> Project:
        return self.with_file(MAIN, text.encode())

    def with_file(self, path: str, data: bytes) -> Project:
        return replace(self, files={**self.files, path: data})

    def write(self, folder: Path) -> None:
        for path, data in self.files.items():
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)


def _main_file(folder: Path) -> Path:
    """The file with \\documentclass; of several, the one with the commonest name, or else the largest."""
    found = [
        path for path in sorted(folder.rglob("*.tex")) if "\\documentclass" in path.read_text("utf-8", errors="replace")
    ]
    if not found:
        raise ProjectError(f"{folder} has no .tex file with \\documentclass.")
    known = ("paper.tex", "main.tex", "template.tex", "ms.tex")
    return min(found, key=lambda path: (known.index(path.name) if path.name in known else 9, -path.stat().st_size))


def _whole(text: str, files: Mapping[str, bytes], taken: set[str], depth: int = 0) -> str:
    """The text with the files that it takes in, as far as they are there; their paths are added to `taken`."""

    def put(match: re.Match[str]) -> str:
        name = match[1].strip()
        path = name if name in files else f"{name}.tex"
        if path not in files or depth > 8:
            return match[0]
        taken.add(path)
        return _whole(files[path].decode("utf-8", "replace"), files, taken, depth + 1)

    return re.sub(r"(?<![\\%])\\(?:input|include)\{([^}]*)\}", put, text)


def _lifted(text: str, files: dict[str, bytes]) -> str:
    """The text without filecontents blocks, each of which becomes a file, unless one of that name is there."""
    while block := re.search(r"\\begin\{filecontents\*?\}(?:\[[^\]]*\])?\{", text):
        after = braced(text, block.end() - 1)
        name = text[block.end() : after - 1]
        end = re.compile(r"\\end\{filecontents\*?\}").search(text, after)
        if end is None:
            return text
        files.setdefault(name, text[after : end.start()].strip("\n").encode() + b"\n")
        text = text[: block.start()] + text[end.end() :]
    return text
