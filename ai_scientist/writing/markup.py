"""The markup that prose is written in: plain text, `$math$` of a safe subset, and eight macros. Everything else is refused.

    \\val{id} \\compare{id} \\cite{key,key} \\citet{key} \\figref{name} \\tabref{id} \\emph{…} \\texttt{…}

and, as people write them, `\\%`, `\\&`, `\\_`, `\\#`, `\\$`, `~`. A model's text reaches LaTeX through here and in no other way.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from ai_scientist.claims.binding import BOUND, COMPARED, Names, unbound
from ai_scientist.claims.latex import escape, typesettable
from ai_scientist.records import Claims, Fault, Figure, Reference

Kind = Literal["text", "math", "val", "compare", "cite", "citet", "figref", "tabref", "emph", "texttt"]
MACRO = re.compile(r"\\(val|compare|cite|citep|citet|figref|tabref|emph|texttt)\s*\{")
ESCAPED = re.compile(r"\\([%&_#$ ])")
MATH_COMMANDS = frozenset(
    "alpha beta gamma delta epsilon varepsilon zeta eta theta kappa lambda mu nu xi pi rho sigma tau phi varphi chi psi omega "
    "Gamma Delta Theta Lambda Pi Sigma Phi Psi Omega frac sqrt sum prod int log exp min max arg argmin argmax cos sin tanh lim sup inf "
    "hat bar tilde vec mathbf mathcal mathbb mathrm mathit text operatorname left right cdot times pm mp leq geq le ge neq approx "
    "sim propto in notin subset cup cap to rightarrow mapsto infty partial nabla ell ldots cdots dots top mid quad ne lVert rVert lvert rvert "
    "langle rangle forall exists Pr".split()
)  # fmt: skip
MATH = re.compile(r"[A-Za-z0-9\s+\-*/=<>()\[\]|.,:;!'^_{}\\&]*")


@dataclass(frozen=True)
class Piece:
    kind: Kind
    text: str
    """Plain text, math without its dollars, or what stands in the braces."""
    inside: tuple[Piece, ...] = ()
    """Of `emph`."""


@dataclass(frozen=True)
class Known:
    """What prose may point to."""

    claims: Claims
    figures: tuple[Figure, ...]
    references: tuple[Reference, ...]
    names: Names

    def ids(self, kind: Kind) -> Collection[str]:
        match kind:
            case "val":
                return {value.id for value in self.claims.values}
            case "compare":
                return {comparison.id for comparison in self.claims.comparisons}
            case "cite" | "citet":
                return {reference.key for reference in self.references}
            case "figref":
                return {figure.name for figure in self.figures}
            case "tabref":
                return {table.id for table in self.claims.tables}
            case _:
                return ()


def parse(text: str) -> tuple[tuple[Piece, ...], tuple[str, ...]]:
    """The pieces of a paragraph, and what was wrong with it, each in a few words."""
    pieces: list[Piece] = []
    faults: list[str] = []
    plain: list[str] = []
    place = 0

    def flush() -> None:
        if plain:
            pieces.append(Piece("text", "".join(plain)))
            plain.clear()

    while place < len(text):
        if text[place] == "$":
            end = text.find("$", place + 1)
            if end < 0:
                faults.append("a '$' that opens math and is not closed (write \\$ for the character)")
                place += 1
                continue
            flush()
            pieces.append(Piece("math", text[place + 1 : end]))
            faults += math_faults(text[place + 1 : end])
            place = end + 1
        elif macro := MACRO.match(text, place):
            end = closing(text, macro.end())
            if end is None:
                faults.append(f"'\\{macro[1]}{{' is not closed")
                place = macro.end()
                continue
            flush()
            argument = text[macro.end() : end]
            if macro[1] == "emph":
                inside, wrong = parse(argument)
                faults += wrong
                pieces.append(Piece("emph", argument, inside))
            else:
                kind: Kind = "cite" if macro[1] == "citep" else macro[1]  # type: ignore[assignment]
                pieces.append(Piece(kind, argument.strip() if kind != "texttt" else unescaped(argument)))
            place = end + 1
        elif escaped := ESCAPED.match(text, place):
            plain.append(escaped[1])
            place = escaped.end()
        elif text[place] == "\\":
            command = re.match(r"\\([A-Za-z]+|.?)", text[place:], re.DOTALL)
            faults.append(f"'{command.group() if command else ''}' is no macro of this markup")
            place += len(command.group()) if command else 1
        else:
            plain.append("\u00a0" if text[place] == "~" else text[place])
            place += 1
    flush()
    return tuple(pieces), tuple(faults)


def closing(text: str, start: int) -> int | None:
    """Where the brace that was opened before `start` closes."""
    depth = 1
    for place in range(start, len(text)):
        depth += {"{": 1, "}": -1}.get(text[place], 0)
        if depth == 0:
            return place
    return None


def unescaped(text: str) -> str:
    return ESCAPED.sub(r"\1", text)


def math_faults(math: str) -> list[str]:
    faults = [
        f"'\\{name}' is not allowed in math" for name in re.findall(r"\\([A-Za-z]+)", math) if name not in MATH_COMMANDS
    ]
    faults += [f"'\\{sign}' is not allowed in math" for sign in re.findall(r"\\([^A-Za-z,;|{}!])", math)]
    if not MATH.fullmatch(math) or "&" in math or not math.strip():
        faults.append(f"'${math}$' has characters that math may not have")
    if closing(math + "}", 0) != len(math):
        faults.append(f"the braces in '${math}$' do not match")
    return faults


def latex(text: str) -> str:
    """LaTeX for a paragraph that `check` has passed."""
    return render(parse(text)[0])


def render(pieces: Sequence[Piece]) -> str:
    out: list[str] = []
    for piece in pieces:
        match piece.kind:
            case "text":
                out.append(quoted(piece.text))
            case "math":
                out.append(f"${piece.text}$")
            case "emph":
                out.append(f"\\emph{{{render(piece.inside)}}}")
            case "texttt":
                out.append(f"\\texttt{{{escape(piece.text)}}}")
            case "cite" | "citet":
                if out and piece.kind == "cite":
                    out[-1] = re.sub(r"\s+$", "~", out[-1])
                command = (
                    "citep" if piece.kind == "cite" else "citet"
                )  # "Arpit et al. [2]", with the names as its subject
                out.append(f"\\{command}{{{','.join(keys(piece.text))}}}")
            case "figref" | "tabref":
                word = "Figure" if piece.kind == "figref" else "Table"
                if out:  # "Figure \figref{x}": the word comes with the macro
                    out[-1] = re.sub(rf"(?<![A-Za-z])(?:{word}|Fig\.|Tab\.)[~\s]*$", "", out[-1], flags=re.IGNORECASE)
                label = f"{'fig' if piece.kind == 'figref' else 'tab'}:{piece.text}"
                out.append(f"\\hyperref[{label}]{{{word}~\\ref*{{{label}}}}}")
            case "val" | "compare":
                out.append(f"\\{piece.kind}{{{piece.text}}}")
    return "".join(out)


def quoted(text: str) -> str:
    """Straight double quotes become pairs, and TeX's own quotes and dashes stay what they are meant to be."""
    text = text.replace("``", "“").replace("''", "”").replace("---", "—").replace("--", "–")
    return escape(re.sub(r'"([^"]*)"', r"“\1”", text))


def keys(text: str) -> list[str]:
    return [key.strip() for key in text.split(",") if key.strip()]


def bound_text(pieces: Sequence[Piece]) -> str:
    """The paragraph as a reader has it, with BOUND for what a claim stands behind."""
    words = {"val": BOUND, "compare": COMPARED, "cite": "", "citet": "", "figref": "Figure", "tabref": "Table"}
    return "".join(bound_text(p.inside) if p.kind == "emph" else words.get(p.kind, p.text) for p in pieces)


def check(text: str, known: Known, strict: bool, where: str) -> tuple[Fault, ...]:
    """Everything that keeps a paragraph from being typeset or believed."""
    pieces, wrong = parse(text)
    faults = [Fault(rule="markup", message=f"{why}; in: {text[:200]}", where=where) for why in wrong]
    for piece in walk(pieces):
        if piece.kind in ("val", "compare", "cite", "citet", "figref", "tabref"):
            wanted = keys(piece.text) if piece.kind.startswith("cite") else [piece.text]
            for id in wanted if wanted else [""]:
                if id not in known.ids(piece.kind):
                    rule = "unknown-reference" if piece.kind.startswith("cite") else "unknown-id"
                    faults.append(
                        Fault(rule=rule, message=f"There is no {piece.kind} '{id}'; in: {text[:200]}", where=where)
                    )
        elif piece.kind in ("text", "texttt"):
            strange = sorted({c for c in piece.text if not c.isspace() and not typesettable(c)})
            if strange:
                message = f"No font of the paper has {' '.join(strange)}; in: {text[:200]}"
                faults.append(Fault(rule="character", message=message, where=where))
    return (*faults, *unbound(bound_text(pieces), known.names, strict, where))


def walk(pieces: Sequence[Piece]) -> list[Piece]:
    return [one for piece in pieces for one in (piece, *walk(piece.inside))]


def split(text: str) -> list[str]:
    """The sentences of a paragraph, in its markup; what stands in braces or parentheses, or is math, is never cut."""
    found, start, depth, math = [], 0, 0, False
    for place, character in enumerate(text):
        if character == "$" and text[place - 1 : place] != "\\":
            math = not math
        depth = max(0, depth + {"{": 1, "(": 1, "}": -1, ")": -1}.get(character, 0))
        ends = character.isspace() and text[place - 1 : place] in (".", "!", "?", ")") and depth == 0 and not math
        if (
            ends
            and text[start:place].rstrip(")").endswith((".", "!", "?"))
            and re.match(r"[A-Z\\“\"$]", text[place:].lstrip())
        ):
            found.append(text[start:place].strip())
            start = place
    return [sentence for sentence in (*found, text[start:].strip()) if sentence]
