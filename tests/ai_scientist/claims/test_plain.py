"""A run's paper as plain LaTeX."""

from __future__ import annotations

from ai_scientist.claims.plain import expanded

MACROS = r"""\newcommand{\claim@define}[3]{\expandafter\gdef\csname claim@#1@#2\endcsname{#3}}
\claim@define{val}{a}{0.965}
\claim@define{compare}{b}{is higher (0.965~\ensuremath{\pm}~0.004)}
"""


def test_macros_are_written_out_and_unknown_ones_stay() -> None:
    text = "\\input{claims.tex}%\nIt \\compare{b} with \\val{a} and \\val{missing}."
    assert expanded(text, MACROS) == "%\nIt is higher (0.965~\\ensuremath{\\pm}~0.004) with 0.965 and \\val{missing}."
