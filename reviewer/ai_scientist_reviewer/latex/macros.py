"""The paper's own macros: \\newcommand, \\def and their kin, and the conditions of \\newif."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NamedTuple

from ai_scientist_reviewer.latex.marked import Marked
from ai_scientist_reviewer.latex.walk import HANDLERS, Walker, handles
from ai_scientist_reviewer.source import Spot

MAX_BODY = 20_000
"""Characters of one expansion."""
_NAME = re.compile(r"\s*(?:\{\s*\\([a-zA-Z@]+|.)\s*\}|\\([a-zA-Z@]+|.))")
_COUNT = re.compile(r"\s*\[(\d)\]")
_PARAMETERS = re.compile(r"([^{}\\]{0,60}?)(?=\{)")
_SLOT = re.compile(r"#([1-9])")
_ENDS = re.compile(r"\\endcsname(?![a-zA-Z@])\s*")
_BRANCH = re.compile(r"\\(if(?!f(?![a-zA-Z@]))[a-zA-Z@]*|else|fi)(?![a-zA-Z@])")


class Macro(NamedTuple):
    body: str
    arguments: int = 0
    default: str | None = None
    """Of the first argument, where that is optional."""


@dataclass
class Macros:
    known: dict[str, Macro] = field(default_factory=dict)
    conditions: dict[str, bool] = field(default_factory=dict)
    colours: dict[str, str] = field(default_factory=dict)
    """As "model:values"."""

    def define(self, name: str, macro: Macro) -> None:
        """Commands whose meaning is built in keep it."""
        if name and name not in HANDLERS and len(macro.body) <= MAX_BODY:
            self.known[name] = macro

    def expansion(self, walker: Walker, name: str) -> Marked:
        macro, spot = self.known[name], walker.spot
        values: list[Marked] = []
        for index in range(macro.arguments):
            given = walker.option() if index == 0 and macro.default is not None else walker.group()
            values.append(given if given is not None else Marked.at(macro.default or "", spot))
        if not values:
            return Marked.at(macro.body, spot)
        return Marked.joined(_filled(macro.body, values, spot))

    def turned(self, walker: Walker, name: str) -> bool:
        """Goes on by a condition that the source itself defines, or sets it; False where `name` does neither."""
        if name.startswith("if") and name[2:] in self.conditions:
            _branch(walker, self.conditions[name[2:]])
            return True
        for end, value in (("true", True), ("false", False)):
            if name.endswith(end) and name.removesuffix(end) in self.conditions:
                self.conditions[name.removesuffix(end)] = value
                return True
        return False


def _filled(body: str, values: list[Marked], spot: Spot) -> list[Marked]:
    parts, start, size = [], 0, len(body)
    for match in _SLOT.finditer(body):
        parts.append(Marked.at(body[start : match.start()], spot))
        value = values[int(match[1]) - 1] if int(match[1]) <= len(values) else Marked("", ())
        size += len(value)
        if size <= 50 * MAX_BODY:
            parts.append(value)
        start = match.end()
    return [*parts, Marked.at(body[start:], spot)]


def _name(walker: Walker) -> str:
    match = walker.matched(_NAME)
    name = (match[1] or match[2]) if match else ""
    if name == "csname":
        return "csname " + _plain(walker, walker.until(_ENDS))
    return name


def _plain(walker: Walker, text: Marked) -> str:
    return "".join(sign.char for sign in walker.seen(text)).strip()


@handles("newcommand", "renewcommand", "providecommand", "DeclareRobustCommand")
def new_command(walker: Walker, command: str) -> None:
    walker.star()
    name = _name(walker)
    count = walker.matched(_COUNT)
    default = walker.option() if count else None
    body = walker.group()
    if body is not None and not (command == "providecommand" and name in walker.macros.known):
        arguments = int(count[1]) if count else 0
        walker.macros.define(name, Macro(body.text, arguments, default.text if default is not None else None))


@handles("def", "gdef", "edef", "xdef")
def plain_definition(walker: Walker, _: str) -> None:
    name = _name(walker)
    parameters = walker.matched(_PARAMETERS)
    body = walker.group()
    given = re.sub(r"\s", "", parameters[1]) if parameters else ""
    if body is not None and re.fullmatch(r"(#[1-9])*", given):  # with other delimiters it is beyond this reader
        walker.macros.define(name, Macro(body.text, len(given) // 2))


@handles("DeclareMathOperator")
def operator(walker: Walker, _: str) -> None:
    walker.star()
    name, body = _name(walker), walker.group()
    if body is not None:
        walker.macros.define(name, Macro(body.text))


@handles("NewDocumentCommand", "RenewDocumentCommand", "ProvideDocumentCommand", "DeclareDocumentCommand")
def document_command(walker: Walker, _: str) -> None:
    name, given, body = _name(walker), walker.word(), walker.group()
    if body is not None and re.fullmatch(r"[\s+m]*", given):
        walker.macros.define(name, Macro(body.text, given.count("m")))


@handles("let")
def let(walker: Walker, _: str) -> None:
    name = _name(walker)
    walker.matched(re.compile(r"\s*=?\s*"))
    other = _name(walker)
    if other in walker.macros.known:
        walker.macros.define(name, walker.macros.known[other])


@handles("csname")
def by_name(walker: Walker, _: str) -> None:
    name = _plain(walker, walker.until(_ENDS))
    if f"csname {name}" in walker.macros.known:
        walker.walk(walker.macros.expansion(walker, f"csname {name}"))


@handles(
    "expandafter", "noexpand", "global", "long", "protected", "relax", "makeatletter", "makeatother", "ignorespaces"
)
def nothing(walker: Walker, _: str) -> None:
    pass


@handles("newif")
def new_condition(walker: Walker, _: str) -> None:
    name = _name(walker).removeprefix("if")
    if re.fullmatch(r"[a-zA-Z@]+", name):
        walker.macros.conditions[name] = False


@handles("ifcsname")
def if_named(walker: Walker, _: str) -> None:
    _branch(walker, f"csname {_plain(walker, walker.until(_ENDS))}" in walker.macros.known)


@handles("iftrue")
def if_true(walker: Walker, _: str) -> None:
    _branch(walker, True)


@handles("else")
def otherwise(walker: Walker, _: str) -> None:
    """The branch before it was taken: what follows is not."""
    _pass(walker, ("fi",))


@handles("fi")
def condition_ends(walker: Walker, _: str) -> None:
    pass


def _branch(walker: Walker, holds: bool) -> None:
    if not holds:
        _pass(walker, ("else", "fi"))


def _pass(walker: Walker, stops: tuple[str, ...]) -> None:
    depth = 0
    while True:
        walker.until(_BRANCH_AHEAD)
        match = walker.matched(_BRANCH)
        if match is None:
            return
        if depth == 0 and match[1] in stops:
            return
        depth += {"fi": -1, "else": 0}.get(match[1], 1)


_BRANCH_AHEAD = re.compile(rf"(?={_BRANCH.pattern})")
