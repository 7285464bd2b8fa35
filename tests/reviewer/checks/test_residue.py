"""What was left in, or lost, in the source."""

import pytest
from ai_scientist_reviewer.paper import Paper


@pytest.mark.parametrize(
    ("line", "lost"),
    [
        ("Errors fall by up to 12.8% compared to the baseline in all runs.", True),
        ("Errors fall by up to 12.8\\% compared to the baseline in all runs.", False),
        ("Errors fall by up to 12.8 percent. % TODO compare this to the baseline", False),
        ("\\vspace{2em} \\includegraphics[width=0.5 % half of a line is enough\n]{error.png}", False),
        ("Errors fall by 12%", False),
    ],
)
def test_a_percent_sign_that_swallows_a_sentence(line, lost, project, found) -> None:
    told = found(project(("The error falls", f"{line}\nThe error falls")), "sentence-cut")
    assert [(one.file, one.severity) for one in told] == ([("paper.tex", "error")] if lost else [])
    assert all("12.8% compared" in one.quote for one in told)


@pytest.mark.parametrize(
    "line", ["TODO: say more", "We reach XX.X\\% there.", "[insert result]", "Conclusions here", "as shown in [CITE]", "\\todo{fix this}"]
)  # fmt: skip
def test_placeholders_have_file_and_line(line, project, found) -> None:
    (one,) = found(project(("One data set was tried.", line)), "placeholder")
    assert one.file == "paper.tex"
    assert one.line is not None


@pytest.mark.parametrize("line", ["The todo list of Emacs.", "% TODO: later", "Region XX is larger.", "We cite [1]."])
def test_words_that_are_no_placeholders(line, project, found) -> None:
    assert found(project(("One data set was tried.", f"{line}\nOne data set was tried.")), "placeholder") == []


@pytest.mark.parametrize(
    "line", ["As an AI\nlanguage model, I cannot run experiments.", "I'm sorry, but I cannot run the experiment."]
)
def test_the_voice_of_a_model(line, project, found) -> None:
    (one,) = found(project(("One data set was tried.", line)), "model-residue")
    assert one.severity == "error"


@pytest.mark.parametrize(("indent", "said"), [(15, ["with reductions of up to 12.8"]), (0, []), (200, [])])
def test_in_print_a_paragraph_may_break_off_before_an_indent(indent, said, write_pdf, show_text, found) -> None:
    def lines(top: float, *texts: tuple[str, float]) -> str:
        return "".join(show_text(text, x=72 + more, y=top - 12 * i) for i, (text, more) in enumerate(texts))

    full = "In each of the runs the samples are far better than before and the loss falls"
    text = lines(700, *[(full, 0)] * 4, ("with reductions of up to 12.8", 0), ("Our main contributions are told in the following.", indent), *[(full, 0)] * 4)  # fmt: skip
    assert [one.quote.splitlines()[-1] for one in found(Paper.read(write_pdf([text])), "sentence-cut")] == said
