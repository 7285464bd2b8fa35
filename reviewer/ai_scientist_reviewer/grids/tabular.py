"""Tables of LaTeX source: tabulars with their cells, captions and numbers."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from ai_scientist_reviewer.document import Cell, Table
from ai_scientist_reviewer.grids import markup
from ai_scientist_reviewer.grids.markup import Mark
from ai_scientist_reviewer.latex.macros import Macro
from ai_scientist_reviewer.latex.unwalked import argument, expanded, group, macros_of, past_options, without_comments

_MOST_TABLES = 200
_MOST_CELLS = 20_000
"""Of one table; what comes after is not read."""
_FLOAT = re.compile(r"\\begin\{(?P<name>table|wraptable|sidewaystable|longtable|margintable)(?P<star>\*?)\}")
_TABULAR = re.compile(r"\\begin\{(?P<name>tabular|tabularx|tabulary|longtable|NiceTabular|tblr)(?P<star>\*?)\}")
_RULE = re.compile(
    r"\s*\\(?P<name>hline|toprule|midrule|bottomrule|Xhline|cmidrule|cline|addlinespace|specialrule|rowcolor|noalign"
    r"|arrayrulecolor|endhead|endfirsthead|endfoot|endlastfoot|rule|hdashline|cdashline|morecmidrules)\b\s*"
)
_RULE_ARGUMENTS = {
    "Xhline": 1, "cmidrule": 1, "cline": 1, "cdashline": 1, "specialrule": 3, "rowcolor": 1, "noalign": 1,
    "arrayrulecolor": 1, "rule": 2,
}  # fmt: skip
_WHOLE_RULES = ("hline", "midrule", "Xhline", "specialrule", "endhead", "endfirsthead", "hdashline")


class _Row(NamedTuple):
    cells: list[str]
    lines: list[int]
    """Where each begins."""
    ruled: bool
    """A rule over the whole width stands above it."""


def tables_of(files: Mapping[str, str]) -> Iterator[Table]:
    """The tables of a LaTeX project, files in their order; numbered as LaTeX would number their captions."""
    macros: dict[str, Macro] = {}
    for source in files.values():
        macros.update(macros_of(without_comments(source)))
    number, found = 0, 0
    for name, source in files.items():
        if not name.endswith((".tex", ".ltx")):
            continue
        text = expanded(without_comments(source), macros)
        floats = list(_floats(text))
        for start, end in _tabulars(text):
            around = next(((a, b) for a, b in floats if a <= start < b), None)
            caption, here = "", ""
            if around is not None:
                caption = _caption(text[around[0] : around[1]])
                before = sum(1 for a, b in floats if a < around[0] and r"\caption" in text[a:b])
                here = str(number + before + 1) if caption else ""
            yield from _table(text, start, end, caption, here, name)
            found += 1
            if found >= _MOST_TABLES:
                return
        number += sum(1 for a, b in floats if r"\caption" in text[a:b])


def _floats(text: str) -> Iterator[tuple[int, int]]:
    for match in itertools.islice(_FLOAT.finditer(text), 2 * _MOST_TABLES):
        close = text.find(f"\\end{{{match['name']}{match['star']}}}", match.end())
        yield match.start(), close if close >= 0 else len(text)


def _tabulars(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each outermost tabular's body, its column specification left out."""
    at = 0
    while (match := _TABULAR.search(text, at)) is not None:
        name = match["name"] + match["star"]
        end = _closing(text, match.end(), name)
        start = match.end()
        start = past_options(text, start)
        for _ in range(2 if match["name"] in ("tabularx", "tabulary") or match["star"] else 1):
            _, start = argument(text, start)
            start = past_options(text, start)
        if end is None:
            return
        if start < end:
            yield start, end
        at = max(end, match.end())


def _closing(text: str, at: int, name: str) -> int | None:
    depth = 1
    for match in re.compile(rf"\\(begin|end)\{{{re.escape(name)}\}}").finditer(text, at):
        depth += 1 if match[1] == "begin" else -1
        if depth == 0:
            return match.start()
    return None


def _caption(text: str) -> str:
    """The last caption of a float, which is its own."""
    at = text.rfind(r"\caption")
    match = re.compile(r"\\caption(?:of\{table\})?\*?\s*").match(text, at) if at >= 0 else None
    if match is None:
        return ""
    end = match.end()
    end = past_options(text, end)
    found = group(text, end)
    return markup.shown(found[0]) if found else ""


def _table(text: str, start: int, end: int, caption: str, number: str, file: str) -> Iterator[Table]:
    first = text.count("\n", 0, start) + 1
    rows = list(_rows(text[start:end], first))
    cells: list[Cell] = []
    blocked: dict[tuple[int, int], Cell] = {}  # what a \multirow above already fills
    for index, row in enumerate(rows):
        column = 0
        for source, line in zip(row.cells, row.lines, strict=True):
            cell = _cell(source, index, column, line)
            held = blocked.get((index, column))
            if held is None or cell.text:
                cells.append(cell)
            blocked.update({(r, column): cell for r in range(index + 1, min(index + cell.rows, len(rows)))})
            column += cell.columns
        if len(cells) > _MOST_CELLS:
            break
    if cells:
        yield Table(
            tuple(cells), headings_of(cells, [row.ruled for row in rows]), 1, number, caption, None, file, first
        )


def headings_of(cells: Sequence[Cell], ruled: Sequence[bool]) -> int:
    """Rows at the top that name columns: those above the first rule, or else those without a value."""

    def values(row: int) -> int:
        return sum(1 for cell in cells if cell.row == row and re.match(r"[−–-]?\s*[\d.]*\d", cell.text))

    def filled(row: int) -> int:
        return sum(1 for cell in cells if cell.row == row and cell.text)

    for row in range(1, len(ruled)):
        if ruled[row]:
            heads = [r for r in range(row) if values(r) > 0.5 * filled(r) and values(r) > 1]
            if not heads:
                return row
            break
    row = 0
    while row < len(ruled) and values(row) == 0:
        row += 1
    return row if row < len(ruled) else 0


def _rows(body: str, first: int) -> Iterator[_Row]:
    ruled, start, line = False, 0, first
    for cut, after in _splits(body):
        yield_row, ruled_now = _cells(body[start:cut], line, ruled=ruled)
        if yield_row is not None:
            yield yield_row
            ruled = False
        else:
            ruled = ruled_now
        line += body.count("\n", start, after)
        start = after
    last, _ = _cells(body[start:], line, ruled=ruled)
    if last is not None:
        yield last


def _splits(body: str) -> Iterator[tuple[int, int]]:
    r"""Where the rows end: each \\ outside of braces and of environments within, and what follows it."""
    depth = nested = 0
    end = re.compile(r"\\\\\*?[ \t]*(\[[^\]]*\])?|\\tabularnewline\b")
    i = 0
    while i < len(body):
        char = body[i]
        if char == "\\":
            match = end.match(body, i)
            if match and depth == 0 and nested == 0:
                yield i, match.end()
            begins = re.compile(r"\\(begin|end)\{").match(body, i)
            nested += 0 if begins is None else 1 if begins[1] == "begin" else -1
            i = match.end() if match else i + 2
            continue
        depth += (char == "{") - (char == "}")
        i += 1


def _cells(source: str, line: int, *, ruled: bool) -> tuple[_Row | None, bool]:
    """The cells of a row; None where there are only rules."""
    while (rule := _RULE.match(source)) is not None:
        end = rule.end()
        ruled = ruled or rule["name"] in _WHOLE_RULES
        if source[end : end + 1] == "(":
            end = source.find(")", end) + 1 or end
        end = past_options(source, end)
        for _ in range(_RULE_ARGUMENTS.get(rule["name"], 0)):
            _, end = argument(source, end)
        line += source.count("\n", 0, end)
        source = source[end:]
    if not source.strip():
        return None, ruled
    parts: list[str] = []
    depth = nested = start = i = 0
    while i < len(source):
        char = source[i]
        if char == "\\":
            begins = re.compile(r"\\(begin|end)\{").match(source, i)
            nested += 0 if begins is None else 1 if begins[1] == "begin" else -1
            i += 2
            continue
        depth += (char == "{") - (char == "}")
        if char == "&" and depth == 0 and nested == 0:
            parts.append(source[start:i])
            start = i + 1
        i += 1
    parts.append(source[start:])
    lines: list[int] = []
    for part in parts:
        lead = len(part) - len(part.lstrip())
        lines.append(line + part.count("\n", 0, lead))
        line += part.count("\n")
    return _Row(parts, lines, ruled), False


def _cell(source: str, row: int, column: int, line: int) -> Cell:
    rows, columns = 1, 1
    text = source.strip()
    for _ in range(3):
        match = re.match(r"(?:\{\s*)?\\(multicolumn|multirow)\*?\s*", text)
        if match is None:
            break
        end = match.end()
        end = past_options(text, end)
        count, end = argument(text, end)
        end = past_options(text, end)
        _, end = argument(text, end)
        end = past_options(text, end)
        inner, _ = argument(text, end)
        size = int(found[0][:6]) if (found := re.findall(r"\d+", count)) else 1
        if match[1] == "multicolumn":
            columns = max(1, min(size, 100))
        else:
            rows = max(1, min(size, 1000))
            if count.strip().startswith("-"):
                row = max(0, row - rows + 1)
        text = inner.strip()
    printed = markup.marks(text, line)
    return Cell(_text(printed), row, column, is_bold(printed), None, line, rows, columns)


def _text(printed: Sequence[Mark]) -> str:
    """As a reader sees it; what stands high or low is kept where it is an exponent of ten."""
    text = re.sub(r"[ \t\n]+", " ", "".join(mark.char for mark in printed)).strip()
    text = re.sub(r"(?<![\d)])[\^_]\{[^}]*\}|(?<=[\d)])_\{[^}]*\}|\^\{[^}\d]*\}", _small, text)
    return text.strip()


def _small(match: re.Match[str]) -> str:
    inner = match.group()[2:-1].strip()
    return f" {inner}" if inner.startswith("±") else ""


def is_bold(printed: Sequence[Mark]) -> bool:
    """Whether the cell's first number is bold; where there is none, its letters."""
    text = "".join(mark.char for mark in printed)
    match = re.search(r"\d[\d.,]*", text) or re.search(r"\S.*\S|\S", text)
    if match is None:
        return False
    solid = [mark.bold for mark in printed[match.start() : match.end()] if not mark.char.isspace()]
    return bool(solid) and sum(solid) > 0.5 * len(solid)
