from __future__ import annotations

from ai_scientist.writing.compile import compile, read_log
from tests.ai_scientist.writing.plain_host import PlainHost

LOG = r"""
./paper.tex:12: Undefined control sequence.
l.12 \nonsense
LaTeX Warning: Citation `nobody' on page 1 undefined on input line 3.
LaTeX Warning: Reference `tab:x' on page 2 undefined on input line 9.
Overfull \hbox (12.3pt too wide) in paragraph at lines 5--9
[]\T1/lmr/m/n/10.95 averylongword
Overfull \hbox (2.0pt too wide) in paragraph at lines 15--19
Output written on paper.pdf (9 pages, 1000 bytes).
"""


def test_a_log_is_read_as_faults() -> None:
    faults = read_log(LOG)
    assert [fault.rule for fault in faults] == ["latex-error", "undefined-citation", "undefined-reference", "overfull"]
    assert faults[0].where == "paper.tex:12"
    assert "\\nonsense" in faults[0].message
    assert "averylongword" in faults[3].message


def test_an_unknown_claim_stops_the_build() -> None:
    from ai_scientist.claims.macros import claims_tex
    from tests.ai_scientist.writing import paper

    tex = "\\documentclass{article}\n\\usepackage{hyperref}\n\\input{claims.tex}\n\\begin{document}\n\\val{dreams}\n\\end{document}\n"
    files = {"paper.tex": tex.encode(), "claims.tex": claims_tex(paper.CLAIMS).encode()}
    made = compile(files, PlainHost())
    assert "There is no val 'dreams'" in made.faults[0].message
