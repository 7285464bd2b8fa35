"""LaTeX markup to the characters that a reader sees, each with whether it is bold and the line of its source."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from ai_scientist_reviewer.latex.unwalked import argument, group, past_options

_MAX_DEPTH = 40

_BOLD = {"textbf", "mathbf", "boldsymbol", "bm", "pmb", "symbf", "textbfseries", "best", "bft", "tb"}
_BOLD_FROM_HERE = {"bf", "bfseries", "boldmath"}
_DROPPED: Mapping[str, int] = {
    **dict.fromkeys(("cite", "citep", "citet", "citealp", "citealt", "citeauthor", "citeyear", "parencite", "textcite"), 1),
    **dict.fromkeys(("label", "vspace", "hspace", "includegraphics", "footnote", "footnotetext", "tnote", "phantom"), 1),
    **dict.fromkeys(("color", "cellcolor", "rowcolor", "arrayrulecolor", "usepackage", "bibliographystyle", "input"), 1),
    **dict.fromkeys(("cline", "cmidrule", "noalign", "hphantom", "vphantom", "pagestyle", "thispagestyle"), 1),
    **dict.fromkeys(("setlength", "addtolength", "renewcommand", "newcommand", "fontsize", "setcounter"), 2),
    "rule": 2, "specialrule": 3,
}  # fmt: skip
"""Commands that leave nothing on the page, with the number of their arguments."""
_LAST_ARGUMENT: Mapping[str, int] = {
    "textcolor": 2, "colorbox": 2, "href": 2, "raisebox": 2, "scalebox": 2, "rotatebox": 2, "resizebox": 3, "parbox": 2,
    "multicolumn": 3, "multirow": 3, "hyperlink": 2, "hypertarget": 2, "adjustbox": 2, "foreignlanguage": 2,
}  # fmt: skip
"""Commands that show the last of so many arguments."""
_SYMBOLS: Mapping[str, str] = {
    "pm": "±", "textpm": "±", "mp": "∓", "times": "×", "texttimes": "×", "cdot": "·", "uparrow": "↑", "downarrow": "↓",
    "Uparrow": "↑", "Downarrow": "↓", "rightarrow": "→", "to": "→", "leftarrow": "←", "leq": "≤", "le": "≤",
    "geq": "≥", "ge": "≥", "approx": "≈", "sim": "∼", "simeq": "≈", "infty": "∞", "dagger": "†", "ddagger": "‡",
    "checkmark": "✓", "degree": "°", "chi": "χ", "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "Delta": "Δ",
    "epsilon": "ε", "lambda": "λ", "mu": "μ", "sigma": "σ", "rho": "ρ", "tau": "τ", "theta": "θ", "eta": "η", "phi": "φ",
    "kappa": "κ", "omega": "ω", "pi": "π", "ll": "≪", "gg": "≫", "neq": "≠", "ne": "≠", "ldots": "…", "dots": "…",
    "textendash": "–", "textemdash": "—", "textasciitilde": "~", "percent": "%", "textpercent": "%", "lt": "<",
    "gt": ">", "textless": "<", "textgreater": ">", "quad": " ", "qquad": " ", "textbackslash": "\\", "newline": " ",
    "par": "\n", "item": "\n• ", "S": "§", "ast": "∗", "star": "⋆", "textasteriskcentered": "∗", "prime": "′",
}  # fmt: skip
_ACCENTS = "`'^\"~=.Hcdbkruv"
_NARROW = "\u202f"


class Mark(NamedTuple):
    """A character as printed."""

    char: str
    bold: bool
    line: int
    """Of the source, from 1."""


def marks(source: str, first_line: int = 1) -> list[Mark]:
    """The characters that the source prints. What stands high or low is put in ^{…} and _{…}."""
    return list(_marks(source, first_line, bold=False, depth=0))


def shown(source: str) -> str:
    """The same as text, white space put together."""
    return re.sub(r"[ \t\n]+", " ", "".join(mark.char for mark in marks(source))).strip()


def _marks(source: str, line: int, *, bold: bool, depth: int) -> Iterator[Mark]:
    i = 0
    while i < len(source):
        char = source[i]
        if char == "\n":
            yield Mark("\n", bold, line)
            line, i = line + 1, i + 1
        elif char == "\\":
            match = re.compile(r"\\([A-Za-z]+)\*?[ \t]*|\\(.)", re.DOTALL).match(source, i)
            if match is None:
                return
            end = match.end()
            if match[2] is not None:
                shown, end = _escaped(source, match[2], end)
                yield from (Mark(one, bold, line) for one in shown)
            elif match[1] in _BOLD_FROM_HERE:
                bold = True
            elif match[1] in ("mdseries", "normalfont", "unboldmath"):
                bold = False
            else:
                inner, end, heavy = _command(source, match[1], end)
                if depth < _MAX_DEPTH:
                    start = line + source.count("\n", i, max(i, end - len(inner) - 1))
                    yield from _marks(inner, start, bold=bold or heavy, depth=depth + 1)
            line += source.count("\n", i, end)
            i = end
        elif char in "{}$":
            found = group(source, i) if char == "{" else None
            if found is not None and depth < _MAX_DEPTH:
                yield from _marks(found[0], line, bold=bold, depth=depth + 1)
                line += source.count("\n", i, found[1])
                i = found[1]
            else:
                i += 1
        elif char in "^_" and source[i - 1 : i] != "\\":
            value, end = argument(source, i + 1)
            yield from (Mark(one, bold, line) for one in char + "{")
            if depth < _MAX_DEPTH:
                yield from _marks(value, line, bold=bold, depth=depth + 1)
            yield Mark("}", bold, line)
            line += source.count("\n", i, end)
            i = end
        else:
            length = next((len(dash) for dash in ("---", "--") if source.startswith(dash, i)), 1)
            yield Mark({3: "—", 2: "–"}.get(length, " " if char in "~\t" else char), bold, line)
            i += length


def _escaped(source: str, char: str, end: int) -> tuple[str, int]:
    """A backslash and one character that is no letter."""
    if char == "\\":  # a line's end, with an optional distance
        skip = re.compile(r"\*?[ \t]*(\[[^\]]*\])?").match(source, end)
        return " ", skip.end() if skip else end
    if char in ",;:! /":
        return {",": _NARROW, "!": "", "/": ""}.get(char, " "), end
    if char in "()[]":
        return "", end
    if char in _ACCENTS and not char.isalpha():
        return "", end
    return char, end


def _command(source: str, name: str, end: int) -> tuple[str, int, bool]:
    """The source that a command stands for, where it ends, and whether it makes bold."""
    if name in _SYMBOLS:
        return _SYMBOLS[name], end, False
    if name in ("begin", "end"):
        environment, end = argument(source, end)
        end = past_options(source, end)
        if environment.rstrip("*") in ("tabular", "array", "minipage") and name == "begin":
            _, end = argument(source, end)
        return "", end, False
    if name in ("cmidrule",) and source[end : end + 1] == "(":
        end = source.find(")", end) + 1 or end
    if name != "item":
        end = past_options(source, end)
    if name in _DROPPED:
        for _ in range(_DROPPED[name]):
            _, end = argument(source, end)
        return "", end, False
    if name in ("SI", "qty"):
        number, end = argument(source, end)
        unit, end = argument(source, end)
        return f"{number} {unit}", end, False
    if name in ("ref", "eqref", "autoref", "cref", "Cref", "pageref"):
        _, end = argument(source, end)
        return "⟨ref⟩", end, False
    if name in ("textsuperscript", "textsubscript"):
        value, end = argument(source, end)
        return f"{'^' if name == 'textsuperscript' else '_'}{{{value}}}", end, False
    if name in ("frac", "tfrac", "dfrac", "nicefrac", "sfrac"):
        over, end = argument(source, end)
        under, end = argument(source, end)
        return f"{over}/{under}", end, False
    value = ""
    for _ in range(_LAST_ARGUMENT.get(name, 1)):
        if name not in _LAST_ARGUMENT and source[end : end + 1] != "{":
            break  # a command of no arguments that is not known prints nothing that is known
        value, end = argument(source, end)
    return value, end, name in _BOLD
