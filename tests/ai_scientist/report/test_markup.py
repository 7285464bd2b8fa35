"""Captions and prose become HTML: macros are filled in, everything else is text."""

from __future__ import annotations

import pytest

from ai_scientist.claims.build import build
from ai_scientist.report.markup import expand
from tests.ai_scientist.claims import study

CLAIMS = build(study.IDEA, study.ARMS, study.experiments())


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        (r"a \emph{very \emph{small} part} of it", "a <em>very <em>small</em> part</em> of it"),
        (r"5\% \& \_x\_ \$3", "5% &amp; _x_ $3"),
        ("``one'' -- two --- three~four", "“one” – two — three\u00a0four"),
        (r"\texttt{weight\_decay}", "<code>weight_decay</code>"),
        (r"$\alpha < 1$", r'<i class="math">\alpha &lt; 1</i>'),
        (r"\figref{effect}", '<a href="#figure-effect">Figure “effect”</a>'),
        (r"\val{no-such}", '<span class="bad">[no claim “no-such”]</span>'),
        (r"<b>\emph{<i>}\unknown{x} \val{open", r"&lt;b&gt;<em>&lt;i&gt;</em>\unknown{x} \val{open"),
    ],
)
def test_markup(written: str, shown: str) -> None:
    assert expand(written, CLAIMS) == shown


def test_numbers_and_comparisons_come_from_the_claims() -> None:
    value, comparison = CLAIMS.values[0], CLAIMS.comparisons[0]
    shown = expand(rf"\val{{{value.id}}}; \compare{{{comparison.id}}}", CLAIMS)
    assert f">{value.text}</span>; " in shown
    assert shown.endswith(f">{comparison.text}</span>")


def test_a_hostile_nest_is_text_in_the_end() -> None:
    deep = expand(r"\emph{" * 200 + "core" + "}" * 200, None)
    assert "core" in deep
    assert deep.count("<em>") == deep.count("</em>") == 8
    endless = r"\emph{" * 5000
    assert expand(endless, None) == endless
