"""Floats of the source, and captions that stand under the wrong figure."""

import pytest


def test_a_float_that_nothing_points_to(project, found) -> None:
    paper = project((r"as Table~\ref{tab:runs} shows", "as was seen"))
    (one,) = found(paper, "figure-unreferenced")
    assert one.message == "Table 1 (tab:runs) is never referred to in the text."
    assert paper.latex.files["paper.tex"].splitlines()[one.line - 1] == "\\begin{table}"
    by_number = project((r"Table~\ref{tab:runs}", "Table 1"))
    assert found(by_number, "figure-unreferenced") == []


FIGURES = r"""Figure~\ref{fig:loss} shows the training loss by epoch. Figure~\ref{fig:acc} shows the accuracy by noise.
\begin{figure}\includegraphics{train_loss.png}\caption{%s}\label{fig:loss}\end{figure}
\begin{figure}\includegraphics{accuracy_noise.png}\caption{%s}\label{fig:acc}\end{figure}
The error falls"""
LOSS, ACCURACY = "Training loss over epochs for five seeds.", "Accuracy against label noise for five seeds."


def test_a_sentence_that_names_a_table_and_a_figure_says_of_each_what_follows_it(project, found) -> None:
    tables = (
        "Table~\\ref{a} holds the log loss of all methods, and Figure~\\ref{fig:error} shows the spread.\n"
        "Table~\\ref{b} adds the calibration of all methods.\n"
        "\\begin{table}\\caption{Calibration on digits.}\\label{a}\\begin{tabular}{l}0.2\\end{tabular}\\end{table}\n"
        "\\begin{table}\\caption{Log loss on digits.}\\label{b}\\begin{tabular}{l}0.1\\end{tabular}\\end{table}\n"
    )
    (one,) = found(project(("The error falls", f"{tables}The error falls")), "caption-exchanged")
    assert "Table 1 and Table 2" in one.message


@pytest.mark.parametrize(("first", "second", "told"), [(LOSS, ACCURACY, False), (ACCURACY, LOSS, True)])
def test_captions_that_were_exchanged(first, second, told, project, found) -> None:
    paper = project(("The error falls", FIGURES % (first, second)))
    messages = [one.message for one in found(paper, "caption-exchanged")]
    assert messages == (
        ["The captions of Figure 1 and Figure 2 fit each other's better than their own."] if told else []
    )


def test_figures_that_only_their_captions_tell_of(project, unknown) -> None:
    bare = r"""\begin{figure}\includegraphics{1.png}\caption{Loss.}\end{figure}
\begin{figure}\includegraphics{2.png}\caption{Accuracy.}\end{figure}The error falls"""
    (one,) = unknown(project(("The error falls", bare)), "caption-exchanged")
    assert "Figure 1, Figure 2" in one


def test_tables_whose_headings_contradict_their_captions(project, found) -> None:
    table = r"""\begin{table}\caption{%s}
\begin{tabular}{ll}%s \\ 1 & 2\end{tabular}\end{table}
"""
    first, second = (
        ("Training time in seconds.", "time & seconds"),
        ("Recall of rare classes.", "recall & rare classes"),
    )
    right = table % first + table % second
    wrong = table % (second[0], first[1]) + table % (first[0], second[1])
    assert found(project(("The error falls", f"{right}The error falls")), "caption-exchanged") == []
    assert len(found(project(("The error falls", f"{wrong}The error falls")), "caption-exchanged")) == 1
