"""Each kind of seeded error on a small paper: the clean twin is in order, the other is not, and the difference is one thing."""

from __future__ import annotations

import difflib
import re
from pathlib import Path
from random import Random

import pytest
from ai_scientist_reviewer.bench.seeded import MAIN, MUTATORS, Project, ProjectError, Seeded, seed_errors
from ai_scientist_reviewer.bench.seeded.latex import Document, plain
from ai_scientist_reviewer.bench.seeded.numbers import altered
from scipy import stats

PAPER = Path(__file__).parent / "paper"


@pytest.fixture(scope="module")
def paper() -> Project:
    return Project.read(PAPER, results=PAPER / "results")


def of_kind(paper: Project, kind: str, most: int = 6) -> tuple[Seeded, ...]:
    return seed_errors(paper, 0, most, [kind])[0]


def changed_lines(twin: Seeded) -> tuple[list[str], list[str]]:
    """Lines of the main file that only the clean, and only the mutated, twin has."""
    lines = list(difflib.ndiff(twin.clean.text.splitlines(), twin.mutated.text.splitlines()))
    return [one[2:] for one in lines if one[0] == "-"], [one[2:] for one in lines if one[0] == "+"]


def test_a_project_is_one_file_with_all_the_text(paper: Project) -> None:
    assert set(paper.files) == {MAIN, "refs.bib", "figures/effect.pdf", "figures/labels.png"}
    assert "Networks fit wrong labels" in paper.text
    assert "filecontents" not in paper.text
    assert 0.2408 in paper.values


def test_a_folder_without_a_paper_is_refused(tmp_path: Path) -> None:
    (tmp_path / "part.tex").write_text("\\section{Alone}", encoding="utf-8")
    with pytest.raises(ProjectError, match="documentclass"):
        Project.read(tmp_path)


@pytest.mark.parametrize("kind", MUTATORS)
def test_a_twin_differs_and_is_the_same_for_the_same_seed(paper: Project, kind: str) -> None:
    made, without = seed_errors(paper, 3, 4, [kind])
    assert made and not without
    again, _ = seed_errors(paper, 3, 4, [kind])
    for twin, other in zip(made, again, strict=True):
        assert twin.clean.files != twin.mutated.files
        assert twin.mutated.files == other.mutated.files
        assert twin.where and twin.changed
        for place in twin.where:
            lines = twin.mutated.files[place.file].decode().splitlines()
            assert 1 <= place.line <= len(lines)


@pytest.mark.parametrize(
    "kind",
    [
        "number-not-in-table",
        "number-not-in-results",
        "percentage-off",
        "placeholder",
        "model-residue",
        "p-value",
        "grim",
    ],
)
def test_the_words_stand_where_they_are_said_to(paper: Project, kind: str) -> None:
    for twin in of_kind(paper, kind):
        for place in twin.where:
            line = plain(twin.mutated.text.splitlines()[place.line - 1])
            digits = re.findall(r"\d[\d.]*\d|\.\d+", place.words)
            assert digits or plain(place.words)[:12] in line
            assert all(one in line for one in digits[:1])


def test_a_misread_number_stood_in_a_table_and_no_longer_does(paper: Project) -> None:
    twins = of_kind(paper, "number-not-in-table", 12)
    assert {twin.variant for twin in twins} == {"the paper's own sentence", "an added sentence"}
    for twin in twins:
        old, new = re.findall(r"\d+\.\d+", twin.changed)
        cells = {
            number
            for table in twin.mutated.document.tables
            for cell in table.cells
            for number in re.findall(r"\d+\.\d+", cell.text)
        }
        assert old in cells and new not in cells


def test_against_result_files_table_and_text_still_agree(paper: Project) -> None:
    twins = of_kind(paper, "number-not-in-results", 9)
    assert {re.findall(r"\d+\.\d+", twin.changed)[0] for twin in twins} == {"0.052", "0.241", "0.057", "0.132"}
    for twin in twins:
        old, new = re.findall(r"\d+\.\d+", twin.changed)
        assert old not in twin.mutated.document.prose and old not in twin.mutated.document.seen.replace("0.999", "")
        assert not any(round(value, 3) == float(new) for value in twin.clean.values)


def test_a_flipped_comparison_contradicts_its_numbers(paper: Project) -> None:
    own = next(twin for twin in of_kind(paper, "comparison-flipped") if twin.variant == "the paper's own sentence")
    before, after = changed_lines(own)
    assert "lower for early stopping (0.132) than" in before[0] or "reduction by" in before[0]
    assert "higher for early stopping (0.132) than" in after[0] or "increase by" in after[0]
    for twin in of_kind(paper, "comparison-flipped", 12):
        if twin.variant == "an added sentence":
            sentence = re.search(
                r"(lower|higher).*?(\d\.\d+).*?(\d\.\d+)|With (\d\.\d+).*?(lower|higher).*?(\d\.\d+)",
                changed_lines(twin)[1][0],
            )
            assert sentence
            way, a, b = (
                (sentence[1], sentence[2], sentence[3]) if sentence[1] else (sentence[5], sentence[4], sentence[6])
            )
            assert (float(a) < float(b)) == (way == "higher")


def test_a_percentage_is_ten_off(paper: Project) -> None:
    for twin in of_kind(paper, "percentage-off", 12):
        old, new = (float(one) for one in re.findall(r"(\d+\.\d+)%", twin.changed))
        assert abs(abs(new - old) - 10) < 1e-9 or abs(new - 10 * old) < 1e-9
    assert any(twin.variant == "the paper's own sentence" for twin in of_kind(paper, "percentage-off", 12))


def test_bold_is_on_the_best_of_the_clean_twin(paper: Project) -> None:
    for twin in of_kind(paper, "wrong-bold"):
        clean, wrong = (re.findall(r"\\textbf\{([\d.]+)\}", text) for text in (twin.clean.text, twin.mutated.text))
        assert sorted(clean) == ["0.052", "0.132"]
        assert len(wrong) == 2 and len(set(wrong) & set(clean)) == 1


def test_the_p_value_follows_from_the_statistic_in_the_clean_twin_alone(paper: Project) -> None:
    seen = set()
    for twin in of_kind(paper, "p-value", 30):
        for project, holds in ((twin.clean, True), (twin.mutated, False)):
            text = project.text
            p = float(re.search(r"\$p = (\.\d+)\$", text)[1])  # type: ignore[index]
            if found := re.search(r"\$t\((\d+)\) = ([\d.]+)\$", text):
                told = 2 * stats.t.sf(float(found[2]), int(found[1]))
            elif found := re.search(r"\$F\((\d), (\d+)\) = ([\d.]+)\$", text):
                told = stats.f.sf(float(found[3]), int(found[1]), int(found[2]))
            elif found := re.search(r"chi\^2\((\d)\) = ([\d.]+)\$", text):
                told = stats.chi2.sf(float(found[2]), int(found[1]))
            else:
                continue
            seen.add(twin.variant)
            assert (abs(p - told) <= 0.0005) == holds
    assert seen == {"t", "F", "chi2"}


def test_a_mean_of_whole_numbers_is_possible_in_the_clean_twin_alone(paper: Project) -> None:
    for twin in of_kind(paper, "grim", 10):
        for project, holds in ((twin.clean, True), (twin.mutated, False)):
            n, mean = re.search(r"\$N = (\d+)\$.*?\$M = ([\d.]+)\$", project.text).groups()  # type: ignore[union-attr]
            assert any(f"{total / int(n):.2f}" == mean for total in range(int(n), 5 * int(n) + 1)) == holds


def test_keys_that_are_not_there(paper: Project) -> None:
    for twin in of_kind(paper, "undefined-citation"):
        key = twin.changed.split()[-1].rstrip(".")
        assert key in twin.mutated.text and key not in twin.mutated.files["refs.bib"].decode()
    for twin in of_kind(paper, "undefined-reference"):
        key = twin.changed.split()[-1].rstrip(".")
        assert f"\\label{{{key}}}" not in twin.mutated.text
    for twin in of_kind(paper, "duplicate-label"):
        labels = re.findall(r"\\label\{([^}]*)\}", twin.mutated.text)
        assert len(labels) == len(set(labels)) + 1
        assert len(set(re.findall(r"\\label\{([^}]*)\}", twin.clean.text))) == len(labels)


def test_an_invented_work_is_cited_and_listed(paper: Project) -> None:
    for twin in of_kind(paper, "invented-reference"):
        title = twin.where[0].words
        assert title in twin.mutated.files["refs.bib"].decode() and title not in twin.clean.files["refs.bib"].decode()
        key = re.findall(r"@inproceedings\{([^,]*),", twin.mutated.files["refs.bib"].decode())[-1]
        assert re.search(rf"\\cite\{{[^}}]*{key}\}}", twin.mutated.text)


def test_a_year_is_off_for_a_work_that_is_cited(paper: Project) -> None:
    assert {twin.where[0].words for twin in of_kind(paper, "wrong-year")} == {
        "Understanding Deep Learning",
        "A Closer Look at Memorization",
    }
    for twin in of_kind(paper, "wrong-year"):
        assert twin.clean.files["refs.bib"].count(b"2017") - twin.mutated.files["refs.bib"].count(b"2017") == 1


def test_figures(paper: Project) -> None:
    exchanged = of_kind(paper, "captions-exchanged")[0]
    effect = exchanged.mutated.text.index("figures/effect.pdf")
    assert exchanged.mutated.text.index("Share of wrong labels that were learnt") < exchanged.mutated.text.index(
        "fig:effect", effect
    )
    one = of_kind(paper, "figure-duplicated")[0]
    shown = re.findall(r"\\includegraphics\[[^]]*\]\{([^}]*)\}", one.mutated.text)
    assert len(shown) == 2 and len({one.mutated.files[path] for path in shown}) == 1
    for twin in of_kind(paper, "float-unreferenced"):
        label = re.search(r"to (\S+) are", twin.changed)[1]  # type: ignore[index]
        assert f"ref{{{label}}}" in twin.clean.text and f"ref{{{label}}}" not in twin.mutated.text
        assert f"\\label{{{label}}}" in twin.mutated.text


def test_sections(paper: Project) -> None:
    (gone,) = of_kind(paper, "section-dropped")
    assert "Limitations" not in gone.mutated.text and "\\section{Conclusion}" in gone.mutated.text
    bare = paper.with_text(re.sub(r"\\section\{Limitations\}[^\\]*", "", paper.text))
    (added,) = of_kind(bare, "section-dropped")
    assert "\\section{Limitations}" in added.clean.text and "\\section{Limitations}" not in added.mutated.text
    assert len(of_kind(paper, "over-page-limit")[0].mutated.text.split()) > 6000


def test_identity_is_hidden_in_the_clean_twin(paper: Project) -> None:
    twins = of_kind(paper, "identity-shown", 9)
    assert {twin.variant for twin in twins} == {
        "author block",
        "mail address",
        "thanks",
        "link",
        "own work",
        "metadata",
    }
    for twin in twins:
        assert "Ada Author" not in twin.clean.text and "Anonymous" in twin.clean.text
        assert not re.search("Vestergaard|Norrland|ivestergaard|our previous work", twin.clean.text, re.I)
        assert re.search("Vestergaard|Norrland|ivestergaard|our previous work", twin.mutated.text, re.I)


def test_a_heading_is_told_as_latex_that_compiles(paper: Project) -> None:
    head = re.search(r"& ([A-Z][\w ]+?) ?(?=&|\\\\)", paper.text)
    assert head is not None
    marked = paper.with_text(paper.text.replace(head[0], f"& {head[1]} ($\\pm$ sd, \\%) "))
    told = [twin.mutated.text for twin in of_kind(marked, "comparison-flipped")]
    assert told and not any("\\$" in text for text in told)


def test_a_kind_without_a_site_is_told(paper: Project) -> None:
    bare = paper.with_text(
        "\\documentclass{article}\n\\begin{document}\nA short note without any of it.\n\\end{document}\n"
    )
    made, without = seed_errors(bare, 0, 3)
    assert {one.kind for one in made} <= {"section-dropped"}
    assert {one.kind for one in without} | {one.kind for one in made} == set(MUTATORS)
    assert "no reference to a label" in next(one.why for one in without if one.kind == "undefined-reference")


def test_a_slip_keeps_its_distance() -> None:
    for seed in range(50):
        new = altered("0.241", Random(seed), [0.241, 0.214])
        assert len(new) == 5 and abs(float(new) - 0.214) > 0.002 and 0.06 < float(new) < 0.97
    assert altered("0.0", Random(0), [0.0]) == ""


def test_prose_keeps_its_place() -> None:
    text = r"\begin{document}Say 12.8\% of $x_1 = 3$ in \emph{all 40} runs~\cite{a1}. % 7" + "\n\\end{document}"
    document = Document(text)
    assert len(document.prose) == len(text)
    assert [number.text for number in document.numbers(document.sentences[0])] == ["12.8", "40"]
    assert document.numbers(document.sentences[0])[0].percent


def test_accents_are_letters() -> None:
    assert plain(r"Beno{\^{\i}}t Fr{\'{e}}nay and M\"uller, Stanis{\l}aw Jastrz{\k{e}}bski, Ga{\"{e}}l") == (
        "Benoît Frénay and Müller, Stanisław Jastrzębski, Gaël"
    )
