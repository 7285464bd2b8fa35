"""Words from a paper or a model are words in Markdown, whatever they look like."""

from __future__ import annotations

import pytest
from ai_scientist_reviewer.render.escape import listed, plain


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a *b* _c_ `d` [e](f) <g>", r"a \*b\* \_c\_ \`d\` \[e\](f) \<g\>"),
        ("one | two\n\n# three", r"one \| two \# three"),
        ("# heading", r"\# heading"),
        ("- item", r"\- item"),
        ("3. item", r"3\. item"),
        ("3.5 percent", "3.5 percent"),
        ("=====", r"\====="),
        ("~~~ fence", r"\~\~\~ fence"),
        ("see https://a.b/c and www.a.b, or x@y.z", r"see https\://a.b/c and www\.a.b, or x\@y.z"),
        ("&lt;b&gt; and $x$", r"\&lt;b\&gt; and \$x\$"),
    ],
)
def test_nothing_of_it_becomes_markup(text: str, shown: str) -> None:
    assert plain(text) == shown


def test_a_list_has_as_many_items_as_it_was_given() -> None:
    assert listed(["one\n- two", "three"]) == "- one - two\n- three\n"
