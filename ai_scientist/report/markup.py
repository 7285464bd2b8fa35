"""The markup of captions and prose → HTML. Lenient where the paper's own reader refuses: what it does not know stays text."""

from __future__ import annotations

import re

from markupsafe import Markup, escape

from ai_scientist.records import Claims

TOKEN = re.compile(
    r"\\(?P<macro>val|compare|citep|citet|cite|figref|tabref|emph|texttt)\s*\{"
    r"|\\(?P<sign>[%&_#$ ])|\$(?P<math>[^$]+)\$|(?P<tie>~)"
)
BRACE = re.compile(r"[{}]")
FARTHEST = 2000
"""Characters between the braces of a macro: with a bound, a text of open braces takes no longer than another."""
DEEPEST = 8
"""Of `\\emph` within `\\emph`; what lies deeper stays as it was written."""


def expand(text: str, claims: Claims | None, depth: int = 0) -> Markup:
    """Prose with its numbers and comparisons filled in from the claims, each saying on hover what it is a value of."""
    out, place = Markup(), 0
    while token := TOKEN.search(text, place):
        out += plain(text[place : token.start()])
        place = token.end()
        if macro := token["macro"]:
            end = closing(text, place) if depth < DEEPEST else None
            if end is None:
                out += escape(token.group())
                continue
            out += filled(macro, text[place:end], claims, depth)
            place = end + 1
        elif math := token["math"]:
            out += Markup('<i class="math">{}</i>').format(math)
        else:
            out += Markup("\u00a0") if token["tie"] else escape(token["sign"])
    return out + plain(text[place:])


def filled(macro: str, argument: str, claims: Claims | None, depth: int) -> Markup:
    """What stands for a macro."""
    match macro:
        case "emph":
            return Markup("<em>{}</em>").format(expand(argument, claims, depth + 1))
        case "texttt":
            return Markup("<code>{}</code>").format(re.sub(r"\\([%&_#$ ])", r"\1", argument))
        case "cite" | "citep" | "citet":
            return Markup("[{}]").format(", ".join(key.strip() for key in argument.split(",")))
        case "figref" | "tabref":
            word = "figure" if macro == "figref" else "table"
            return Markup('<a href="#{}-{}">{} “{}”</a>').format(word, argument, word.capitalize(), argument)
    value = claims.value(argument) if claims and macro == "val" else None
    comparison = claims.comparison(argument) if claims and macro == "compare" else None
    if value:
        return Markup('<span class="claim" title="{}">{}</span>').format(value.what, value.text)
    if comparison:
        title = f"{comparison.n} pairs of seeds"
        return Markup('<span class="claim" title="{}">{}</span>').format(title, comparison.text)
    return Markup('<span class="bad">[no claim “{}”]</span>').format(argument)


def plain(text: str) -> Markup:
    """Text with TeX's quotes and dashes as they are meant."""
    for written, meant in (("``", "“"), ("''", "”"), ("---", "—"), ("--", "–")):
        text = text.replace(written, meant)
    return escape(text)


def closing(text: str, start: int) -> int | None:
    """Where the brace that was opened before `start` closes; None where it does not, or too far away."""
    depth = 1
    for brace in BRACE.finditer(text, start, start + FARTHEST):
        depth += 1 if brace.group() == "{" else -1
        if depth == 0:
            return brace.start()
    return None
