"""LaTeX read as text, for whoever wants a part of it and not the paper: groups, arguments, and the authors' own macros written out.

`walk` and `macros` expand the same macros as they go, and keep the place of each character; here lines are kept.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from ai_scientist_reviewer.latex.macros import Macro

_MAX_BODY = 2_000
"""Characters of a macro."""
_MAX_EXPANDED = 2_000_000
"""Characters that macros may blow a text up to; the rest is left as it is written."""


def without_comments(source: str) -> str:
    """The source with comments gone and every line where it was."""
    return re.sub(r"(?<!\\)((?:\\\\)*)%[^\n]*", r"\1", source)


def macros_of(source: str) -> dict[str, Macro]:
    """Commands that the author defined, by name without the backslash."""
    found: dict[str, Macro] = {}
    head = re.compile(
        r"\\(?:(?:re|provide)?newcommand|providecommand|DeclareRobustCommand)\*?\s*\{?\s*\\(?P<name>[A-Za-z]+)\s*\}?"
        r"\s*(?:\[(?P<count>\d)\])?\s*(?:\[(?P<default>[^\]]*)\])?\s*(?=\{)"
        r"|\\def\s*\\(?P<plain>[A-Za-z]+)\s*(?P<hashes>(?:#\d)*)\s*(?=\{)"
        r"|\\DeclareMathOperator\*?\s*\{\s*\\(?P<operator>[A-Za-z]+)\s*\}\s*(?=\{)"
    )
    for match in head.finditer(source):
        body = group(source, match.end(), _MAX_BODY)
        if body is None:
            continue
        name = match["name"] or match["plain"] or match["operator"]
        count = int(match["count"] or 0) or (match["hashes"] or "").count("#")
        found[name] = Macro(body[0], count, match["default"])
    return found


def group(source: str, at: int, most: int = 2_000_000) -> tuple[str, int] | None:
    """What the braces that open at `at` hold, and where they have closed; None where there are none within `most` characters."""
    if at >= len(source) or source[at] != "{":
        return None
    depth, i, last = 0, at, min(len(source), at + most)
    while i < last:
        char = source[i]
        if char == "\\":
            i += 2
            continue
        depth += (char == "{") - (char == "}")
        i += 1
        if depth == 0:
            return source[at + 1 : i - 1], i
    return None


def option(source: str, at: int) -> tuple[str, int] | None:
    """The same for square brackets."""
    if at >= len(source) or source[at] != "[":
        return None
    depth = 0
    for i in range(at, min(len(source), at + 2000)):
        depth += (source[i] == "[") - (source[i] == "]")
        if depth == 0:
            return source[at + 1 : i], i + 1
    return None


def past_options(source: str, at: int) -> int:
    """Where the square brackets that open at `at`, one after another, have closed."""
    while (skipped := option(source, at)) is not None:
        at = skipped[1]
    return at


def argument(source: str, at: int) -> tuple[str, int]:
    """A command's argument: a group, or else the next character or command."""
    start = at
    while start < len(source) and source[start] in " \t\n":
        start += 1
    if (found := group(source, start)) is not None:
        return found
    match = re.compile(r"\\[A-Za-z]+|\\.|.", re.DOTALL).match(source, start)
    return (match.group(), match.end()) if match else ("", at)


def expanded(source: str, macros: Mapping[str, Macro]) -> str:
    """The source with the author's own commands written out, lines kept in place. Bounded in depth and length."""
    if not macros:
        return source
    names = re.compile(r"\\(" + "|".join(sorted(map(re.escape, macros), key=len, reverse=True)) + r")(?![A-Za-z])")
    for _ in range(6):
        parts: list[str] = []
        at, length = 0, 0
        for match in names.finditer(source):
            if match.start() < at or re.search(
                r"(?:command|def)\*?\s*\{?\s*$", source[max(0, match.start() - 24) : match.start()]
            ):
                continue
            macro, end = macros[match[1]], match.end()
            values: list[str] = []
            if macro.default is not None:
                given = option(source, end)
                values.append(given[0] if given else macro.default)
                end = given[1] if given else end
            while len(values) < macro.arguments:
                value, end = argument(source, end)
                values.append(value)
            body = _filled(macro.body, values)
            body = body.replace("\n", " ")
            lost = source.count("\n", match.start(), end)
            parts += [source[at : match.start()], "{", body, "}" + "\n" * lost]
            length += len(body) + 2 + match.start() - at
            at = end
            if length > _MAX_EXPANDED:
                return source
        if not parts:
            return source
        source = "".join(parts) + source[at:]
    return source


def _filled(body: str, values: Sequence[str]) -> str:
    return re.sub(r"#(\d)", lambda slot: values[int(slot[1]) - 1] if 0 < int(slot[1]) <= len(values) else "", body)
