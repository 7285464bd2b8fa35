"""The markup: what it lets through to LaTeX, what it refuses, how sentences are cut."""

from __future__ import annotations

import pytest

from ai_scientist.claims.binding import names_of
from ai_scientist.writing.markup import Known, check, latex, split
from tests.ai_scientist.claims import study
from tests.ai_scientist.writing import paper

KNOWN = Known(paper.CLAIMS, paper.FIGURES, paper.REFERENCES, names_of(study.IDEA, paper.CLAIMS))


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        (r"It is \input{/etc/passwd} here.", "markup"),
        (r"It is \textbf{so}.", "markup"),
        (r"A formula $\write18{id}$.", "markup"),
        (r"A formula $a_{b$.", "markup"),
        (r"It costs $ and is not closed.", "markup"),
        (r"It is \val{accuracy-proposed-all.", "markup"),
        (r"See \val{accuracy-of-dreams}.", "unknown-id"),
        (r"See \compare{accuracy-proposed-all}.", "unknown-id"),
        (r"As \cite{arpit2017closer, nobody1999} say.", "unknown-reference"),
        (r"See \figref{missing}.", "unknown-id"),
        ("It is 你好.", "character"),
        (r"It reaches $0.93$.", "bare-number"),
        (r"It reaches \emph{0.93}.", "bare-number"),
        (r"It reaches \texttt{0.93}.", "bare-number"),
        (r"It gains \val{accuracy-proposed-all}\%.", "bare-number"),
    ],
)
def test_what_cannot_stand_is_refused(text: str, rule: str) -> None:
    assert [fault.rule for fault in check(text, KNOWN, True, "results")] == [rule]


def test_what_is_written_is_set() -> None:
    text = r'Costs & gains of "shifts" (\tabref{main}, Figure~\figref{parts}) are \val{count-seeds} \cite{arpit2017closer}, $\theta_i$, a_b, 10 \% off.'
    assert latex(text) == (
        r"Costs \& gains of ``{}shifts''{} (\hyperref[tab:main]{Table~\ref*{tab:main}}, \hyperref[fig:parts]{Figure~\ref*{fig:parts}}) are "
        r"\val{count-seeds}~\citep{arpit2017closer}, $\theta_i$, a\_\hspace{0pt}b, 10 \% off."
    )


def test_sentences_are_cut_outside_of_groups_alone() -> None:
    text = r"One thing. \emph{Two. Things.} follow (see A. B.). Then $a. B$ ends. \compare{x} is it"
    assert split(text) == [
        "One thing.",
        r"\emph{Two. Things.} follow (see A. B.).",
        "Then $a. B$ ends.",
        r"\compare{x} is it",
    ]
