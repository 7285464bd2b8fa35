"""One text of a LaTeX project: what it inputs put in place, comments taken out, verbatim text kept from being LaTeX."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from ai_scientist_reviewer.document import PaperError
from ai_scientist_reviewer.latex.folder import Folder, OutsideError
from ai_scientist_reviewer.latex.marked import Marked
from ai_scientist_reviewer.source import Mention

MAX_INPUTS = 400
"""Files put in place, repetitions included."""
MAX_CHARACTERS = 8_000_000
_DEEPEST = 15
_SPECIAL = "\\{}$%&~^_#`'-"
_HIDE = {ord(char): 0xE000 + ord(char) for char in _SPECIAL}
_SHOW = {code: char for char, code in _HIDE.items()}

_TOKEN = re.compile(
    r"""
      \\(?:verb\*?|(?:lstinline|mintinline)(?:\[[^\]\n]*\])?(?:\{\w+\})?)(?P<fence>[^\sa-zA-Z*{\\])(?P<verb>[^\n]*?)(?P=fence)
    | \\begin\{(?P<raw>verbatim\*?|[BLS]?Verbatim\*?|lstlisting|minted|comment|filecontents\*?)\}
    | \\(?P<address>url|path|nolinkurl|href)\s*\{
    | \\(?P<input>input|include|subfile|subfileinclude|InputIfFileExists)(?![a-zA-Z@])\s*(?:\{(?P<file>[^{}\n]*)\}|(?P<bare>[\w./-]+))
    | \\(?:sub)?(?P<import>import|includefrom|inputfrom)\*?\s*\{(?P<folder>[^{}\n]*)\}\s*\{(?P<part>[^{}\n]*)\}
    | (?P<iffalse>\\iffalse(?![a-zA-Z@]))
    | (?P<endinput>\\endinput(?![a-zA-Z@]))
    | (?P<end>\\end\{document\})
    | \\.
    | (?P<comment>%[^\n]*)
    """,
    re.VERBOSE | re.DOTALL,
)
_CONDITION = re.compile(r"\\(if(?!f\b)[a-zA-Z@]*|fi)(?![a-zA-Z@])")


def shown(text: str) -> str:
    """Verbatim text as it was written."""
    return text.translate(_SHOW)


@dataclass
class Flat:
    """A project in one piece."""

    folder: Folder
    missing: list[Mention] = field(default_factory=list)
    outside: list[Mention] = field(default_factory=list)
    """Those of `missing` that are called by a name that leads out of the folder."""
    blocks: dict[str, tuple[Marked, bool]] = field(default_factory=dict)
    """What filecontents would write, by name, and whether it replaces a file that is there."""
    _inputs: int = 0
    _size: int = 0

    def read(self, path: str) -> Marked:
        """The file at a path below the root with all that it inputs.

        Raises:
            PaperError: it cannot be read, or goes beyond the bounds above.
        """
        return Marked.joined(self._parts(Marked.of_file(path, self.folder.text(path)), (path,)))

    def _parts(self, whole: Marked, within: tuple[str, ...]) -> Iterator[Marked]:
        text, start = whole.text, 0
        self._size += len(text)
        if self._size > MAX_CHARACTERS:
            raise PaperError(f"The paper's source holds more than {MAX_CHARACTERS:,} characters.")
        while match := _TOKEN.search(text, start):
            yield whole[start : match.start()]
            start = match.end()
            if match["comment"] is not None:
                start = _after_comment(text, start)
            elif match["verb"] is not None:
                yield _verbatim(whole[match.start("verb") : match.end("verb")])
            elif match["raw"]:
                stop = text.find(f"\\end{{{match['raw']}}}", start)
                stop, start = (stop, stop + len(match["raw"]) + 6) if stop >= 0 else (len(text), len(text))
                yield from self._raw(match["raw"], whole[match.end() : stop])
            elif match["address"]:
                stop = text.find("}", start)
                stop = stop if stop >= 0 else len(text)
                yield whole[match.start() : match.end()]
                yield _verbatim(whole[start:stop])
                start = stop
            elif match["input"] or match["import"]:
                name = (
                    match["folder"] + "/" + match["part"] if match["import"] else match["file"] or match["bare"] or ""
                )
                mention = Mention(name.strip(), whole.spots[match.start()], match["input"] or match["import"])
                yield from self._input(mention, within)
            elif match["iffalse"]:
                start = _after_condition(text, start)
            elif match["endinput"]:
                return
            elif match["end"]:
                yield whole[match.start() : match.end()]
                return
            else:
                yield whole[match.start() : match.end()]
        yield whole[start:]

    def _raw(self, environment: str, content: Marked) -> Iterator[Marked]:
        if environment == "comment":
            return
        if environment.startswith("filecontents"):
            head = re.match(r"\s*(?:\[([^\]]*)\])?\s*\{([^{}\n]*)\}", content.text)
            if head and head[2].strip() not in self.blocks:
                replaces = any(word in (head[1] or "") for word in ("overwrite", "force"))
                self.blocks[head[2].strip()] = content[head.end() :], replaces
            return
        options = re.match(r"[ \t]*(?:\[[^\]]*\])?(?:\{\w*\})?", content.text) if environment != "verbatim" else None
        content = content[options.end() :] if options else content
        if content.spots:
            yield Marked.at("\n", content.spots[0])
            yield _verbatim(content)
            yield Marked.at("\n", content.spots[-1])

    def _input(self, mention: Mention, within: tuple[str, ...]) -> Iterator[Marked]:
        path = self.find(mention, [mention.key, f"{mention.key}.tex", f"{mention.key}.ltx"])
        if path is None:
            return
        self._inputs += 1
        if path in within or len(within) > _DEEPEST or self._inputs > MAX_INPUTS:
            raise PaperError(f"{mention.spot.file}:{mention.spot.line}: the inputs of the paper's source have no end.")
        yield from self._parts(Marked.of_file(path, self.folder.text(path)), (*within, path))

    def find(self, mention: Mention, names: list[str]) -> str | None:
        """The path of the first of these names that is there; where none is, the mention is noted as missing."""
        out = False
        for name in names:
            try:
                if path := self.folder.path(name):
                    return path
            except OutsideError:
                out = True
        self.missing.append(mention)
        if out:
            self.outside.append(mention)
        return None


def _verbatim(text: Marked) -> Marked:
    return Marked(text.text.translate(_HIDE), text.spots)


def _after_comment(text: str, end: int) -> int:
    """A comment takes its line's end and the blanks of the next line with it, unless that line is empty."""
    after = re.compile(r"\n[ \t]*(?!\n|[ \t])").match(text, end)
    return after.end() if after and after.end() < len(text) and text[after.end()] != "\n" else end


def _after_condition(text: str, start: int) -> int:
    depth = 1
    for match in _CONDITION.finditer(text, start):
        depth += -1 if match[1] == "fi" else 1
        if depth == 0:
            return match.end()
    return len(text)
