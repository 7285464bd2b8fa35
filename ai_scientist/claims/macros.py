"""Claims → claims.tex: what `\\val{id}`, `\\compare{id}`, `\\statistics{id}`, `\\arm{id}` and `\\data{name}` expand to.

Each use is a link (`claim.<id>`, `arm.<id>`, `data.<name>`) to its target in the paper's appendix: a reader who clicks on a number
lands on the row that says what it is, and a checker finds every number in the PDF by its link.
"""

from __future__ import annotations

from collections.abc import Iterable

from ai_scientist.claims.latex import escape, legible, signed
from ai_scientist.claims.words import column_digits, number, p_value, slug, telling
from ai_scientist.records import Claims, Comparison

HEAD = r"""% Written by the program from claims.json. An id that is not here stops the build.
\makeatletter
\newcommand{\claim@define}[3]{\expandafter\gdef\csname claim@#1@#2\endcsname{#3}}
\newcommand{\claim@use}[3]{\ifcsname claim@#1@#3\endcsname
  {\def\@linkcolor{claim}\hyperlink{#2.#3}{\csname claim@#1@#3\endcsname}}%
  \else\PackageError{claims}{There is no #1 '#3'}{Only ids of claims.json can be used.}\fi}
\DeclareRobustCommand{\val}[1]{\claim@use{val}{claim}{#1}}
\DeclareRobustCommand{\compare}[1]{\claim@use{compare}{claim}{#1}}
\DeclareRobustCommand{\statistics}[1]{\claim@use{statistics}{statistics}{#1}}
\DeclareRobustCommand{\arm}[1]{\claim@use{arm}{arm}{#1}}
\DeclareRobustCommand{\data}[1]{\claim@use{data}{data}{#1}}
"""


def claims_tex(claims: Claims) -> str:
    """The definitions."""
    defined = [("val", value.id, signed(value.text)) for value in claims.values]
    for comparison in claims.comparisons:
        defined.append(("compare", comparison.id, signed(comparison.text)))
        defined.append(("statistics", comparison.id, signed(statistics(claims, comparison))))
    defined += [("arm", arm, escape(label)) for arm, label in claims.labels.items()]
    defined += [("data", slug(column), escape(column)) for column in columns(claims)]
    return (
        HEAD
        + "".join(f"\\claim@define{{{kind}}}{{{id}}}{{{text}}}\n" for kind, id, text in defined)
        + "\\makeatother\n"
    )


def columns(claims: Claims) -> Iterable[str]:
    """The headings of the tables' columns, label columns aside, each once."""
    return dict.fromkeys(column for table in claims.tables for column in table.columns[1:])


def statistics(claims: Claims, comparison: Comparison) -> str:
    """What stands behind a comparison, for the appendix."""
    left = claims.value(comparison.left)
    digits = telling(comparison.low, comparison.high, column_digits(left.text) if left else 3)
    difference, low, high = (number(v, digits) for v in (comparison.difference, comparison.low, comparison.high))
    return (
        f"{difference} [{low}, {high}], n = {comparison.n}, p: {p_value(comparison.p)}, "
        f"adjusted: {p_value(comparison.p_adjusted)}"
    )


def link_texts(claims: Claims) -> dict[str, str]:
    """Each link's destination to the text that has to stand under it in the PDF."""
    texts = {f"claim.{value.id}": value.text for value in claims.values}
    texts |= {f"claim.{comparison.id}": comparison.text for comparison in claims.comparisons}
    texts |= {f"statistics.{comparison.id}": statistics(claims, comparison) for comparison in claims.comparisons}
    texts |= {f"arm.{arm}": label for arm, label in claims.labels.items()}
    texts |= {f"data.{slug(column)}": column for column in columns(claims)}
    return {destination: legible(text) for destination, text in texts.items()}
