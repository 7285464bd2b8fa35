"""What a paper says of a figure, as its reader has it."""

from __future__ import annotations

from ai_scientist.claims.build import build
from ai_scientist.records import Manuscript, Section
from ai_scientist.writing.said import as_read, numbering, sentences_on
from tests.ai_scientist.claims import study

PAPER = Manuscript(
    title="T",
    abstract="We draw \\figref{effect}. It is not printed here.",
    sections=(
        Section(heading="Method", paragraphs=("See \\figref{curve}.",)),
        Section(
            heading="Results",
            paragraphs=(
                "Nothing yet. \\figref{effect} shows the gain. It is clear. \\tabref{main} has the values. They agree.",
                "Here \\emph{both \\figref{effect} and \\figref{curve}} say so.",
            ),
        ),
        Section(heading="Conclusion", paragraphs=("Done.",)),
    ),
    author="model",
    model="m",
)


def test_what_is_said_of_a_figure_ends_where_something_else_is_pointed_to() -> None:
    assert sentences_on(PAPER, "effect") == (
        ("abstract", "We draw \\figref{effect}."),
        ("abstract", "It is not printed here."),
        ("Results", "\\figref{effect} shows the gain."),
        ("Results", "It is clear."),
        ("Results", "Here \\emph{both \\figref{effect} and \\figref{curve}} say so."),
    )
    assert sentences_on(PAPER, "ablation") == ()


def test_figures_are_numbered_as_they_are_printed() -> None:
    assert numbering(PAPER, ["ablation", "effect", "curve"]) == {"curve": 1, "effect": 2, "ablation": 3}


def test_a_sentence_is_read_with_its_numbers() -> None:
    claims = build(study.IDEA, study.ARMS, study.experiments())
    value, clause = claims.values[0], claims.comparisons[0]
    text = f"In \\figref{{effect}}, \\val{{{value.id}}} of 95\\% \\emph{{or}} so: \\compare{{{clause.id}}} \\cite{{a}}."
    assert as_read(text, claims, {"effect": 2}) == f"In Figure 2, {value.text} of 95% or so: {clause.text} [a]."
    assert as_read("\\val{nothing}", claims) == "\\val{nothing}"
