"""A LaTeX project as a reader sees it: its text with places, its labels, its files, and no file outside of it."""

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from ai_scientist_reviewer.document import PaperError
from ai_scientist_reviewer.latex import flatten, project
from ai_scientist_reviewer.paper import Paper
from ai_scientist_reviewer.source import Source, Spot

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes the files of a project; a body alone becomes the document of main.tex."""

    def written(body: str = "", preamble: str = "", **files: str) -> Path:
        folder = tmp_path / "project"
        main = f"\\documentclass{{article}}\n{preamble}\n\\begin{{document}}\n{body}\n\\end{{document}}\n"
        for name, text in (({"main.tex": main} if body else {}) | files).items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return folder

    return written


def text_of(folder: Path) -> str:
    return Paper.read(folder).text


def source_of(folder: Path) -> Source:
    source = Paper.read(folder).latex
    assert source is not None
    return source


def keys(mentions) -> list[str]:
    return [mention.key for mention in mentions]


def test_a_project_of_several_files_is_one_text_with_places(write: Write) -> None:
    folder = write(
        "\\input{parts/intro}\n\\include{end.tex}",
        **{
            "parts/intro.tex": "\\section{Start}\nWe begin with some words.\n",
            "end.tex": "\n\nAnd so it ends at last.",
        },
    )
    paper = Paper.read(folder)
    assert (paper.source, paper.name, [section.title for section in paper.sections]) == ("tex", "main.tex", ["Start"])
    place = paper.locate("so it ends at last")
    assert place is not None
    assert (place.file, place.line) == ("end.tex", 3)
    assert [line.spot for line in paper.lines][:2] == [Spot("parts/intro.tex", 1), Spot("parts/intro.tex", 2)]
    assert sorted(source_of(folder).files) == ["end.tex", "main.tex", "parts/intro.tex"]


@pytest.mark.parametrize(
    ("body", "shows"),
    [
        ("Seen% not seen \\ref{a}\n  joined.", "Seenjoined."),
        ("One.% comment\n\nTwo.", "One.\nTwo."),
        (r"5\% of \verb|a%b\ref{x}| and \url{http://x.org/a%20b_c} stay", "5% of a%b\\ref{x} and http://x.org/a%20b_c stay"),
        ("a\\begin{comment}\nno\n\\end{comment}b \\iffalse no \\if x\\fi no\\fi c", "ab c"),
        ("\\begin{verbatim}\n% kept \\cite{no}\n\\end{verbatim}", "% kept \\cite{no}"),
        ("\\newcommand{\\ours}{Our\\textsc{Net}\\xspace}\\ours beats \\ours.", "OurNet beats OurNet."),
        ("\\newcommand\\acc[2][the]{#1 accuracy of #2}\\acc{A}; \\acc[a]{B}", "the accuracy of A; a accuracy of B"),
        ("\\def\\n#1{[#1]}\\n{x}\\n y", "[x][y]"),
        ("\\newif\\ifdraft\\draftfalse\\ifdraft no\\else yes\\fi; \\drafttrue\\ifdraft yes\\else no\\fi", "yes; yes"),
        (r"$41.5 \pm 0.3\,\%$ at $\alpha=10^{-3}$ and $x_{t-1}$", "41.5 ± 0.3% at α=10^{−3} and x_{t−1}"),
        (r"Erd\H{o}s, na\"{\i}ve, \'Eric, \c{c}a, {\L}ukasz", "Erdős, naïve, Éric, ça, Łukasz"),
        ("``Quoted''---and 3--4", "“Quoted”—and 3–4"),
        ("a\\footnote{Below.} b", "a b\nBelow."),
        (r"\begin{tabular}{lc} a & \multicolumn{2}{c}{b} \\ \midrule \multirow{2}{*}{c} & d \end{tabular}", "a | b\nc | d"),
        ("\\SI{5}{ms} and \\num{1,234}", "5 ms and 1,234"),
        ("\\frac{a}{b+c}", "a/(b+c)"),
    ],
)  # fmt: skip
def test_what_a_reader_sees(write: Write, body: str, shows: str) -> None:
    assert text_of(write(body)) == shows


def test_references_are_said_as_latex_would(write: Write) -> None:
    folder = write(r"""
\section{One}\label{sec:one}
\begin{figure}\includegraphics{a}\caption{First.}\label{fig:a}\end{figure}
\begin{figure}
  \begin{subfigure}{3cm}\includegraphics{b}\caption{Left.}\label{fig:left}\end{subfigure}
  \caption{Second.}\label{fig:b}
\end{figure}
\begin{table}\caption{Numbers.}\label{tab:n}\end{table}
\begin{align} x &= 1 \label{eq:x} \\ y &= 2 \nonumber \\ z &= 3 \label{eq:z} \end{align}
\appendix \section{More}\label{app}
Said: \ref{sec:one}; \autoref{fig:a}; \Cref{fig:a,fig:b}; \ref{fig:left}; \cref{tab:n}; \eqref{eq:x}; \ref{eq:z}; \ref{app}; \ref{no}.
""")
    said = "Said: 1; Figure 1; Figures 1 and 2; 2a; Table 1; (1); 2; A; ??."
    assert said in text_of(folder)
    source = source_of(folder)
    assert source.numbers["fig:left"] == ("Figure", "2a", "")
    assert source.numbers["sec:one"] == ("Section", "1", "One")
    assert {"no"} == set(keys(source.references)) - set(keys(source.labels))
    assert [(one.kind, one.number, one.caption, one.graphics, one.labels) for one in source.floats] == [
        ("Figure", "1", "First.", ("a",), ("fig:a",)),
        ("Figure", "2", "Second.", ("b",), ("fig:b", "fig:left")),
        ("Table", "1", "Numbers.", (), ("tab:n",)),
    ]


BIB = """@string{icml = "Proc. of " # {ICML}}
@inproceedings{
  ho,
  title = {Denoising {Diffusion}}, author = "Ho, Jonathan and Jain, Ajay and Abbeel, Pieter",
  booktitle = icml, year = 2020}
@article{lone, author = {Erd\\H{o}s, Paul}, title={On \\emph{it}}, journal={J}, year={1960}}
"""


def test_citations_of_all_forms(write: Write) -> None:
    body = (
        "\\citet[see][p. 2]{ho} and \\citep{ho, lone}; \\citeauthor{lone} \\citeyear{ho}; \\parencites{ho}[3]{lone}; "
        "\\cite{ghost}. \\nocite{unseen}\n\\bibliography{refs}"
    )
    folder = write(body, **{"refs.bib": BIB})
    paper, source = Paper.read(folder), source_of(folder)
    assert "Ho et al. [see 1, p. 2] and [1, 2]; Erdős 2020; [1][2, 3]; [?]." in paper.text
    assert keys(source.citations) == ["ho", "ho", "lone", "lone", "ho", "ho", "lone", "ghost", "unseen"]
    ho, lone = source.entries
    assert (ho.key, ho.kind, ho.fields["booktitle"], ho.spot) == (
        "ho",
        "inproceedings",
        "Proc. of ICML",
        Spot("refs.bib", 2),
    )
    assert (lone.fields["author"], lone.fields["title"]) == ("Erdős, Paul", "On it")
    assert [(entry.surname, entry.year) for entry in paper.references] == [("Ho", "2020"), ("Erdős", "1960")]


def test_a_filecontents_block_is_a_database_unless_the_file_is_there(write: Write) -> None:
    block = "\\begin{filecontents}{refs.bib}\n@misc{inside, title={T}}\n\\end{filecontents}"
    body = "Words \\cite{inside}\n\\bibliography{refs}"
    (entry,) = source_of(write(body, preamble=block)).entries
    assert (entry.key, entry.spot) == ("inside", Spot("main.tex", 3))
    assert keys(source_of(write(body, preamble=block, **{"refs.bib": "@misc{there, title={T}}"})).entries) == ["there"]


def test_a_list_that_bibtex_made_gives_the_references(write: Write) -> None:
    made = (
        "\\begin{thebibliography}{9}\n\\bibitem[Ho(2020)]{ho}\nJ.~Ho.\n\\newblock Noise. 2020.\n\\end{thebibliography}"
    )
    folder = write("\\cite{ho}\n\\bibliography{gone}", **{"main.bbl": made})
    assert [entry.fields["text"] for entry in source_of(folder).entries] == ["J. Ho. Noise. 2020."]
    assert "[1] J. Ho. Noise. 2020." in text_of(folder)
    assert keys(source_of(folder).missing) == ["gone"]


def test_graphics_are_found_as_latex_finds_them(write: Write) -> None:
    folder = write(
        "Words. \\graphicspath{{figs/}}\\includegraphics[width=3cm]{plot}\\includegraphics{none.png}",
        **{"figs/plot.png": "picture", "main.log": "Overfull"},
    )
    source = source_of(folder)
    assert (source.pictures, keys(source.missing), source.log) == ({"plot": b"picture"}, ["none.png"], "Overfull")


@pytest.mark.parametrize("name", ["../secret", "/etc/passwd", "link", "deep/../../secret", "~root/x"])
def test_nothing_outside_of_the_folder_is_read(write: Write, tmp_path: Path, name: str) -> None:
    (tmp_path / "secret.tex").write_text("the secret words")
    folder = write(f"Some words.\\input{{{name}}}\\includegraphics{{{name}}}", **{"deep/x.tex": ""})
    (folder / "link.tex").symlink_to(tmp_path / "secret.tex")
    source = source_of(folder)
    assert "secret words" not in text_of(folder)
    assert name in keys(source.missing)
    assert "secret words" not in str(source.files)
    assert name in keys(source.outside)


def test_a_link_that_stays_inside_is_followed(write: Write) -> None:
    folder = write("\\input{link}", **{"real.tex": "Inside words."})
    (folder / "link.tex").symlink_to(folder / "real.tex")
    assert text_of(folder) == "Inside words."


@pytest.mark.parametrize(
    "body",
    [
        "\\input{main}",
        "\\newcommand{\\a}{\\a\\a}\\a",
        "\\def\\xa{some words}" + "".join(f"\\def\\x{b}{{" + f"\\x{a} " * 12 + "}" for a, b in pairwise("abcdefgh")) + "\\xh",
    ],
)  # fmt: skip
def test_what_has_no_end_is_refused(write: Write, body: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ai_scientist_reviewer.latex.walk.MAX_EXPANSIONS", 2000)
    with pytest.raises(PaperError, match=r"main\.tex:\d+: .* no end"):
        Paper.read(write(body))


def test_large_sources_are_refused(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flatten, "MAX_CHARACTERS", 50)
    with pytest.raises(PaperError, match="more than 50 characters"):
        Paper.read(write("Some words."))


@pytest.mark.parametrize("damage", ["{" * 3000, "}" * 300, "\\", "\\begin{", "\\caption{\\section{" * 500, "$" * 99, "\\verb", "\\cite{", "\\begin{figure}" * 900, "\\newcommand", "\\csname", "\\ifcsname x", "\\textcolor{white}{" * 400, "[" * 2000, "\\item[" * 900])  # fmt: skip
def test_damaged_source_is_read_as_far_as_it_goes(write: Write, damage: str) -> None:
    assert "Words before." in text_of(write("Words before.\n\n" + damage))


def test_a_source_alone_is_read_with_its_folder_and_without_its_pdf(write: Write, sample: Path) -> None:
    folder = write("\\cite{ho}\\bibliography{refs}", **{"refs.bib": BIB})
    (folder / "main.pdf").write_bytes(sample.read_bytes())
    paper = Paper.read(folder / "main.tex")
    assert paper.source == "tex"
    assert paper.latex is not None
    assert keys(paper.latex.entries) == ["ho", "lone"]
    assert Paper.read(folder / "main.pdf").latex is None


@pytest.mark.parametrize("name", ["main.pdf", "paper.pdf", "Camera-Ready.pdf"])
def test_a_folder_joins_source_and_pdf(write: Write, sample: Path, name: str) -> None:
    folder = write("\\section{Method}\n\nWe state a hypothesis that can \\emph{fail} and report.")
    (folder / name).write_bytes(sample.read_bytes())
    (folder / "plot.pdf").write_bytes(b"a figure")
    paper = Paper.read(folder)
    assert (paper.source, paper.name, len(paper.pages)) == ("pdf", name, 2)
    assert source_of(folder).main == "main.tex"
    place = paper.locate("We state a hypothesis that can fail")
    assert place is not None
    assert (place.page, place.file, place.line) == (1, "main.tex", 6)
    assert place.box is not None
    printed_only = paper.locate("The test error falls from 14.2 to 9.6")
    assert printed_only is not None
    assert (printed_only.page, printed_only.file, printed_only.line) == (1, "", None)


def test_the_main_file_is_told(write: Write) -> None:
    other = "\\documentclass{article}\\begin{document}Other words.\\end{document}"
    folder = write(
        "Main words.",
        **{"poster.tex": other, "old/paper.tex": other, "fig.tex": other.replace("article", "standalone")},
    )
    assert text_of(folder) == "Main words."
    (folder / "paper.tex").write_text(other)
    with pytest.raises(PaperError, match=r"several LaTeX papers \(main\.tex, paper\.tex\)"):
        Paper.read(folder)


def test_a_folder_without_a_paper_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.tex").write_text("\\section{Only a part}")
    with pytest.raises(PaperError, match="holds no paper"):
        Paper.read(tmp_path)


def test_macros_of_our_own_papers_expand(write: Write) -> None:
    claims = r"""\makeatletter
\newcommand{\claim@define}[3]{\expandafter\gdef\csname claim@#1@#2\endcsname{#3}}
\newcommand{\claim@use}[3]{\ifcsname claim@#1@#3\endcsname
  {\def\@linkcolor{claim}\hyperlink{#2.#3}{\csname claim@#1@#3\endcsname}}%
  \else\PackageError{claims}{There is no #1 '#3'}{Only ids of claims.json can be used.}\fi}
\DeclareRobustCommand{\val}[1]{\claim@use{val}{claim}{#1}}
\claim@define{val}{gain}{4.2}
\makeatother"""
    folder = write(
        "It gains \\val{gain} points, not \\val{none}.", preamble="\\input{claims}", **{"claims.tex": claims}
    )
    assert text_of(folder) == "It gains 4.2 points, not ."


def test_hidden_text_of_a_source_is_marked(write: Write) -> None:
    folder = write(
        r"See \textcolor{white}{this} {\color[HTML]{FEFEFE} and that} \fontsize{0.1pt}{1pt}\selectfont tiny",
        preamble=r"\definecolor{w}{rgb}{1,1,1}",
    )
    page = project.read(folder, "main.tex").page
    assert "".join(g.char for g in page.glyphs if g.mode == 3).replace(" ", "") == "thisandthattiny"


def test_a_long_table_without_caption_is_no_float(write: Write) -> None:
    folder = write(
        "\\begin{longtable}{l}a \\\\\\end{longtable}\\begin{longtable}{l}\\caption{B.}\\\\ b\\end{longtable}"
    )
    assert [one.caption for one in source_of(folder).floats] == ["B."]
