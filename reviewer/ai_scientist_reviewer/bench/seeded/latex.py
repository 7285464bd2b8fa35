"""LaTeX as the mutators need it: where the prose, numbers, tables, floats and headings of a text stand, to the character.

It is kept apart from the reader that the checks use, so that one does not inherit the other's mistakes.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

_MATH = r"equation|align|gather|multline|eqnarray|displaymath|math|flalign"
_APART = (
    r"figure|table|wrapfigure|wraptable|tabular|tabularx|longtable|algorithm|algorithmic|verbatim|lstlisting|"
    r"thebibliography|filecontents|tikzpicture|center|titlepage"
)
_NOT_PRINTED = re.compile(
    r"\\(?:label|(?:page|eq|auto|name|[cC])?ref\*?|[cC]ite\w*\*?|includegraphics|url|bibliography(?:style)?|[vh]space\*?|"
    r"usepackage|input|include|hypertarget|hyperlink|href|hyperref|raisebox|setlength|setcounter|addtocounter|ensuremath|"
    r"renewcommand|newcommand|definecolor|pagestyle|thispagestyle|nocite|phantomsection|color|textcolor|fontsize)(?![a-zA-Z])"
)
_HEADING = re.compile(r"\\(?P<kind>(?:sub){0,2}section|paragraph)(?P<star>\*?)\s*\{")
_LEVELS = ("section", "subsection", "subsubsection", "paragraph")
_NUMBER = re.compile(r"(?<![\w.,\-/^_])\d+(?:,\d{3})*(?:\.\d+)?(?![\w/]|[.,]\d|-\w)")
_SENTENCE_END = re.compile(r"(?<=[a-z0-9)\]%'])[.!?]['\")]*(?=\s+[A-Z`\"(]|\s*\Z)")
_ABBREVIATION = re.compile(r"\b(?:et al|e\.g|i\.e|cf|vs|Fig|Figs|Tab|Eq|Sec|resp|approx|Dr|No)$")


def braced(text: str, start: int) -> int:
    """Just after the brace that closes the one at `start`; the end of the text where none does."""
    depth, i = 0, start
    while i < len(text):
        if text[i] == "\\":
            i += 2
            continue
        depth += (text[i] == "{") - (text[i] == "}")
        i += 1
        if depth == 0:
            return i
    return len(text)


class Span(NamedTuple):
    start: int
    end: int


class Environment(NamedTuple):
    name: str
    """Without a star."""
    start: int
    inner: Span
    end: int


class Number(NamedTuple):
    """A number in prose or in a cell."""

    start: int
    end: int
    text: str
    value: float
    percent: bool

    @property
    def decimals(self) -> int:
        return len(self.text.partition(".")[2])


class Heading(NamedTuple):
    level: int
    """0: section."""
    title: str
    start: int
    content: int
    """Just after its brace."""
    end: int
    """Where the next heading of this level or a higher one begins, or the text ends."""


class Cell(NamedTuple):
    row: int
    column: int
    span: Span
    """In the text, white space aside."""
    text: str
    """Without markup."""

    @property
    def number(self) -> float | None:
        found = _NUMBER.search(self.text)
        return float(found[0].replace(",", "")) if found and self.text[: found.start()].strip() in ("", "-") else None


@dataclass(frozen=True)
class Table:
    span: Span
    cells: tuple[Cell, ...]
    caption: str
    label: str

    def row(self, index: int) -> tuple[Cell, ...]:
        return tuple(cell for cell in self.cells if cell.row == index)

    def cell(self, row: int, column: int) -> Cell | None:
        return next((cell for cell in self.cells if cell.row == row and cell.column == column), None)


@dataclass(frozen=True)
class FloatBox:
    """A figure or table environment."""

    kind: str
    span: Span
    caption: Span | None
    """What stands between the braces of its last \\caption."""
    labels: tuple[str, ...]
    graphics: tuple[Span, ...]
    """The file names in \\includegraphics."""


@dataclass(frozen=True)
class Document:
    text: str

    @cached_property
    def seen(self) -> str:
        """The text with comments blanked; every character keeps its place."""
        return re.sub(r"(?<!\\)((?:\\\\)*)%[^\n]*", lambda m: m[1] + " " * (len(m[0]) - len(m[1])), self.text)

    @cached_property
    def body(self) -> Span:
        begin = self.seen.find("\\begin{document}")
        start = begin + len("\\begin{document}") if begin >= 0 else 0
        end = self.seen.find("\\end{document}")
        return Span(start, end if end >= 0 else len(self.text))

    @cached_property
    def matter(self) -> Span:
        """The body up to the references or the appendix."""
        stop = re.compile(r"\\(?:bibliography\{|printbibliography|begin\{thebibliography\}|appendix(?![a-z]))")
        found = stop.search(self.seen, self.body.start)
        return Span(self.body.start, min(found.start(), self.body.end) if found else self.body.end)

    @cached_property
    def environments(self) -> tuple[Environment, ...]:
        opened: list[tuple[str, int, int]] = []
        found: list[Environment] = []
        for match in re.finditer(r"\\(begin|end)\{([a-zA-Z]+)\*?\}", self.seen):
            if match[1] == "begin":
                opened.append((match[2], match.start(), match.end()))
            elif any(name == match[2] for name, _, _ in opened):
                while opened:
                    name, start, inner = opened.pop()
                    if name == match[2]:
                        found.append(Environment(name, start, Span(inner, match.start()), match.end()))
                        break
        return tuple(sorted(found, key=lambda one: one.start))

    def named(self, *names: str) -> tuple[Environment, ...]:
        return tuple(one for one in self.environments if one.name in names)

    def line(self, position: int) -> int:
        """From 1."""
        return self.text.count("\n", 0, position) + 1

    @cached_property
    def prose(self) -> str:
        """The body's running text; everything else is blank, and every character keeps its place. Paragraphs are parted by
        an empty line."""
        chars = list(self.seen)

        def blank(start: int, end: int, part: bool = False) -> None:
            chars[start:end] = " " * (end - start)
            if part and end - start >= 2:
                chars[start] = chars[start + 1] = "\n"

        blank(0, self.body.start, True)
        blank(self.body.end, len(chars), True)
        for one in self.environments:
            if re.fullmatch(_MATH, one.name):
                blank(one.start, one.end)
            elif re.fullmatch(_APART, one.name):
                blank(one.start, one.end, True)
        text = "".join(chars)
        for match in re.finditer(r"(?<!\\)\$\$?([^$]*)\$\$?|\\\((.*?)\\\)|\\\[(.*?)\\\]", text, re.DOTALL):
            if not re.fullmatch(r"[\d.,\s]+(\\%)?", match[1] or ""):
                blank(*match.span())
        text = "".join(chars)
        for match in _HEADING.finditer(text):
            blank(match.start(), braced(text, match.end() - 1), True)
        for match in _NOT_PRINTED.finditer(text):
            end = match.end()
            while end < len(text) and text[end] in "[{":
                printed = text[end] == "{" and match[0] in ("\\href", "\\hyperref", "\\hyperlink", "\\textcolor")
                first = match[0] != "\\hyperref" and end == match.end()
                if printed and not first:
                    break
                end = braced(text, end) if text[end] == "{" else text.find("]", end) + 1 or len(text)
            blank(match.start(), end)
        text = "".join(chars)
        for match in re.finditer(
            r"\\item(?![a-zA-Z])|\\(?:begin|end)\{[a-zA-Z]+\*?\}(?:\[[^\]]*\])?|\\par(?![a-zA-Z])", text
        ):
            blank(*match.span(), True)
        text = re.sub(r"\\[a-zA-Z]+\*?", lambda m: " " * len(m[0]), "".join(chars))
        return re.sub(r"\\(?=[%&_#$])|[{}~$]|\\.", lambda m: " " * len(m[0]), text)

    @cached_property
    def paragraphs(self) -> tuple[Span, ...]:
        """Of the prose, before the references."""
        found: list[Span] = []
        for match in re.finditer(r"\S(?:.*?)(?=\n[ \t]*\n|\Z)", self.prose[: self.matter.end], re.DOTALL):
            stripped = match[0].rstrip()
            if len(stripped) > 20:
                found.append(Span(match.start(), match.start() + len(stripped)))
        return tuple(found)

    @cached_property
    def sentences(self) -> tuple[Span, ...]:
        found: list[Span] = []
        for start, end in self.paragraphs:
            begin = start
            for match in _SENTENCE_END.finditer(self.prose, start, end):
                if _ABBREVIATION.search(self.prose[max(start, match.start() - 8) : match.start()]):
                    continue
                found.append(Span(begin, match.end()))
                begin = match.end() + len(self.prose[match.end() : end]) - len(self.prose[match.end() : end].lstrip())
            if begin < end:
                found.append(Span(begin, end))
        return tuple(found)

    def numbers(self, span: Span) -> tuple[Number, ...]:
        """The numbers of a piece of prose."""
        return tuple(
            Number(
                m.start(), m.end(), m[0], float(m[0].replace(",", "")), bool(re.match(r"\s?%", self.prose[m.end() :]))
            )
            for m in _NUMBER.finditer(self.prose, span.start, span.end)
        )

    def words(self, start: int, end: int, around: int = 40) -> str:
        """What a reader sees at a place and beside it, in one line."""
        piece = self.prose[max(0, start - around) : end + around]
        return " ".join(piece.split())

    @cached_property
    def headings(self) -> tuple[Heading, ...]:
        found: list[Heading] = []
        matches = list(_HEADING.finditer(self.seen, self.body.start, self.matter.end))
        for i, match in enumerate(matches):
            level, content = _LEVELS.index(match["kind"]), braced(self.seen, match.end() - 1)
            after = (m.start() for m in matches[i + 1 :] if _LEVELS.index(m["kind"]) <= level)
            title = " ".join(self.seen[match.end() : content - 1].split())
            found.append(Heading(level, title, match.start(), content, next(after, self.matter.end)))
        return tuple(found)

    @cached_property
    def floats(self) -> tuple[FloatBox, ...]:
        found: list[FloatBox] = []
        for one in self.named("figure", "table", "wrapfigure", "wraptable"):
            captions = list(re.finditer(r"\\caption(?:\[[^\]]*\])?\{", self.seen[one.start : one.end]))
            caption = None
            if captions:
                start = one.start + captions[-1].end()
                caption = Span(start, braced(self.seen, start - 1) - 1)
            inside = self.seen[one.start : one.end]
            labels = tuple(re.findall(r"\\label\{([^}]*)\}", inside))
            graphics = tuple(
                Span(one.start + m.start(1), one.start + m.end(1))
                for m in re.finditer(r"\\includegraphics\*?(?:\[[^\]]*\])?\{([^}]*)\}", inside)
            )
            found.append(FloatBox(one.name.removeprefix("wrap"), Span(one.start, one.end), caption, labels, graphics))
        return tuple(found)

    @cached_property
    def tables(self) -> tuple[Table, ...]:
        """Those with a caption of their own."""
        found: list[Table] = []
        for one in self.named("tabular", "tabularx", "longtable"):
            around = next((f for f in self.floats if f.span.start < one.start < f.span.end and f.kind == "table"), None)
            if around is None or around.caption is None:
                continue
            caption = plain(self.seen[around.caption.start : around.caption.end])
            cells = tuple(self._cells(one))
            found.append(Table(Span(one.start, one.end), cells, caption, around.labels[0] if around.labels else ""))
        return tuple(found)

    def _cells(self, one: Environment) -> Iterator[Cell]:
        start, end = one.inner
        for _ in range(2 if one.name == "tabularx" else 1):
            optional = re.compile(r"\s*(?:\[[^\]]*\])?\s*").match(self.seen, start)
            start = optional.end() if optional else start
            if self.seen[start : start + 1] == "{":
                start = braced(self.seen, start)
        row = column = 0
        begin = start
        for match in [*re.finditer(r"\\\\(?:\[[^\]]*\])?|(?<!\\)&|\Z", self.seen[start:end])]:
            stop = start + match.start()
            piece = self.seen[begin:stop]
            lead = re.match(
                r"(?:\s|\\(?:top|mid|bottom|h)(?:rule|line)(?:\[[^\]]*\])?|\\c(?:mid)?rule(?:\([^)]*\))?\{[^}]*\}|\\endhead)*",
                piece,
            )
            first = begin + (lead.end() if lead else 0)
            inner = self.seen[first:stop].rstrip()
            if inner or match[0] == "&" or column:
                yield Cell(row, column, Span(first, first + len(inner)), plain(inner))
            begin = start + match.end()
            wide = re.match(r"\\multicolumn\{(\d+)\}", inner)
            column += int(wide[1]) if wide else 1
            if match[0] != "&":
                row, column = row + 1, 0


_COMBINING = dict(
    zip("'`^\"~=.cvuHk", "\u0301\u0300\u0302\u0308\u0303\u0304\u0307\u0327\u030c\u0306\u030b\u0328", strict=True)
)
"""An accent's command to the combining character."""
_ACCENT = re.compile(r"\\(['`^\"~=.]|[cvuHk](?=[{\s]))\s*\{?\s*(\\i|[A-Za-z])\}?")
_LETTERS = {"l": "ł", "L": "Ł", "o": "ø", "O": "Ø", "ss": "ß", "ae": "æ", "aa": "å", "i": "ı"}
_LETTER = re.compile(r"\\(l|L|o|O|ss|ae|aa|i)(?![a-zA-Z])\s?")


def plain(source: str) -> str:
    """A short piece of LaTeX as a reader sees it."""
    text = re.sub(r"\\multirow\{[^}]*\}\{[^}]*\}|\\multicolumn\{[^}]*\}\{[^}]*\}", "", source)
    text = re.sub(r"\\pm(?![a-z])", "±", text)
    text = _ACCENT.sub(lambda m: unicodedata.normalize("NFC", m[2].replace("\\i", "i") + _COMBINING[m[1]]), text)
    text = _LETTER.sub(lambda m: _LETTERS[m[1]], text)
    text = re.sub(r"\\[,;:! ]|~", " ", text)
    text = re.sub(r"\\(?:label|cite\w*)\{[^}]*\}", "", text)
    text = re.sub(r"\\[a-zA-Z]+\*?", "", text)
    text = re.sub(r"\\([%&_#$])", r"\1", text)
    return " ".join(re.sub(r"[{}$]", "", text).split())
