from __future__ import annotations

import re

from ai_scientist.claims.latex import escape, signed
from ai_scientist.claims.macros import claims_tex, link_texts
from tests.ai_scientist.writing import paper


def test_each_claim_has_a_macro_and_a_text_to_be_checked_against() -> None:
    tex = claims_tex(paper.CLAIMS)
    for value in paper.CLAIMS.values:
        assert f"\\claim@define{{val}}{{{value.id}}}{{{signed(value.text)}}}" in tex
    assert {f"claim.{c.id}" for c in paper.CLAIMS.comparisons} <= set(link_texts(paper.CLAIMS))


def test_whatever_is_in_a_text_it_is_no_command() -> None:
    hostile = r"\input{/etc/passwd} $x$ 100% #1 ^^41 {a} ~ & _ \write18{id} 你好 ﬁ --"
    safe = escape(hostile)
    commands = set(re.findall(r"\\([A-Za-z]+)", safe))
    assert commands <= {"textbackslash", "textasciicircum", "textasciitilde", "hspace"}
    assert not re.search(r"(?<!\\)[$%#&_]", safe)
    assert signed("-0.01 [-0.02, 0.00]") == r"\ensuremath{-}0.01 [\ensuremath{-}0.02,~0.00]"
    assert signed("20-fold, a-1") == "20-fold, a-1"
