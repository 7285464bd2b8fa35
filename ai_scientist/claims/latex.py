"""Plain text → LaTeX that typesets as that text, whatever is in it."""

from __future__ import annotations

import re
import unicodedata

SPECIAL = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#", "_": r"\_\hspace{0pt}", "%": r"\%",
    "/": r"/\hspace{0pt}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "<": r"\textless{}", ">": r"\textgreater{}", "|": r"\textbar{}",
    '"': r"\textquotedbl{}", "`": r"\textasciigrave{}",
    "“": "``{}", "”": "''{}", "‘": "`{}", "’": "'{}", "–": "--", "—": "---", "…": r"\ldots{}", "\u00a0": "~", "\u00ad": "",
    "−": r"\ensuremath{-}", "±": r"\ensuremath{\pm}", "×": r"\ensuremath{\times}", "≤": r"\ensuremath{\leq}",
    "≥": r"\ensuremath{\geq}", "≈": r"\ensuremath{\approx}", "≠": r"\ensuremath{\neq}", "→": r"\ensuremath{\rightarrow}",
    "·": r"\ensuremath{\cdot}", "∞": r"\ensuremath{\infty}", "∈": r"\ensuremath{\in}", "°": r"\ensuremath{^\circ}",
    "α": r"\ensuremath{\alpha}", "β": r"\ensuremath{\beta}", "γ": r"\ensuremath{\gamma}", "δ": r"\ensuremath{\delta}",
    "ε": r"\ensuremath{\varepsilon}", "η": r"\ensuremath{\eta}", "θ": r"\ensuremath{\theta}", "λ": r"\ensuremath{\lambda}",
    "μ": r"\ensuremath{\mu}", "π": r"\ensuremath{\pi}", "ρ": r"\ensuremath{\rho}", "σ": r"\ensuremath{\sigma}",
    "τ": r"\ensuremath{\tau}", "χ": r"\ensuremath{\chi}", "ω": r"\ensuremath{\omega}", "Δ": r"\ensuremath{\Delta}",
    "Σ": r"\ensuremath{\Sigma}",
}  # fmt: skip


def typesettable(character: str) -> bool:
    """Whether the fonts of the paper have the character, as it is or by another way of writing it."""
    return (
        character in SPECIAL or " " <= character <= "~" or "\u00c0" <= character <= "\u017f" or character in "¡¿§¶©®£"
    )


def legible(text: str) -> str:
    """The text as the paper's fonts can show it: what they lack is written with plain letters, or as a question mark."""
    out = []
    for character in unicodedata.normalize("NFC", text):
        if character.isspace() and character != "\u00a0":
            out.append(" ")
        elif typesettable(character):
            out.append(character)
        else:
            plain = unicodedata.normalize("NFKD", character).encode("ascii", "ignore").decode()
            out.append("".join(letter for letter in plain if letter.isprintable()) or "?")
    return "".join(out)


def escape(text: str) -> str:
    """LaTeX that typesets as the legible text."""
    joined = "".join(SPECIAL.get(character, character) for character in legible(text))
    return joined.replace("--", "-{}-") if "--" in text else joined  # two hyphens would be a dash


def signed(text: str) -> str:
    """A number or a clause: as `escape`, with each minus before a digit set as a minus."""
    out = []
    for place, character in enumerate(text):
        before = text[place - 1] if place else " "
        minus = character == "-" and text[place + 1 : place + 2].isdigit() and not before.isalnum()
        out.append("−" if minus else character)
    # A value stays with its spread, and an interval with itself.
    tied = escape("".join(out)).replace(r" \ensuremath{\pm} ", r"~\ensuremath{\pm}~").replace("p = ", "p~=~")
    return re.sub(r"(\[[^\[\],]{1,30},) (?=[^\[\],]{1,30}\])", r"\1~", tied)
