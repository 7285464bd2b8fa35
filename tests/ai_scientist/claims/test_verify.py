"""An untouched run passes; each kind of tampering fails, and says where."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import zipfile
from pathlib import Path

import pytest

from ai_scientist.claims.build import build
from ai_scientist.claims.verify import Report, says, verify
from ai_scientist.errors import InputError
from ai_scientist.records import Experiment, Manuscript, Prediction, Section
from ai_scientist.writing.about import Material
from ai_scientist.writing.typeset import typeset
from tests.ai_scientist.claims import study
from tests.ai_scientist.claims.conftest import Recompile
from tests.ai_scientist.writing import paper
from tests.ai_scientist.writing.plain_host import PlainHost

MAIN = "accuracy-proposed-vs-baseline-digits-20-per-class"


def failures(report: Report) -> str:
    assert not report.ok
    return "\n".join(f"{item.what} | {item.where} | {item.why}" for item in report.failed)


def test_an_untouched_run_passes_and_so_does_its_zip(run: Path, tmp_path: Path) -> None:
    report = verify(run)
    assert report.ok, report.failed
    checked = {item.what for item in report.items}
    assert {f"claim.{MAIN}", f"comparison {MAIN}", "table main in the paper", "text without unbound numbers"} <= checked
    archive = tmp_path / "bundle.zip"
    with zipfile.ZipFile(archive, "w") as file:
        for path in run.rglob("*"):
            file.write(path, Path("bundle") / path.relative_to(run))
    assert {item.what for item in verify(archive).items} == checked
    assert verify(archive).ok


def test_a_paper_by_other_rules_is_neither_passed_nor_accused(run: Path) -> None:
    claims = json.loads((run / "claims.json").read_text())
    (run / "claims.json").write_text(json.dumps({**claims, "rules": claims["rules"] + 1}))
    report = verify(run)
    assert not report.ok and {item.verdict for item in report.failed} == {"UNKNOWN"}
    assert "verify with the version that made them" in failures(report)


@pytest.mark.parametrize(
    ("file", "old", "new", "seen"),
    [
        ("claims.tex", "(0.908", "(0.918", "the measurements give"),
        ("paper.tex", "The primary prediction is supported", "The gain is 0.05 and the primary prediction is supported", "'0.05'"),
        ("paper.tex", "As \\hyperref", "In nine of ten runs, as \\hyperref", "'nine'"),
        ("paper.tex", r"tried before them.", r"tried before them. We gain \val{count-seeds}\%.", "%"),
        ("paper.tex", "Calibration agrees.", "The method outperforms the baseline.", "outperforms"),
        ("claims.tex", "is higher for", "is lower for", "is lower for"),
        ("claims.tex", "is not distinguishable between", "is higher for", "is higher for"),
        ("paper.tex", r"\data{digits-50-per-class}&\data{digits-all}", r"\data{digits-all}&\data{digits-50-per-class}", "table"),
        ("paper.tex", r"\caption{Test accuracy", r"\caption{Validation accuracy", "its caption"),
        ("paper.tex", r"over at least \val{count-seeds} fresh", r"over at least 50 fresh", "'50'"),
        ("paper.tex", r"\compare{" + MAIN + "}", "test accuracy was 0.99 with the copies", "'0.99'"),
        ("paper.tex", r"\compare{" + MAIN + "}", r"it is not true that \compare{" + MAIN + "}", "taken back"),
        ("paper.tex", r"\citep{arpit2017closer}", r"\hyperlink{cite.arpit2017closer}{0.97}", "0.97"),
    ],
)  # fmt: skip
def test_a_change_in_the_source_of_the_pdf_fails(
    run: Path, retype: Recompile, file: str, old: str, new: str, seen: str
) -> None:
    retype(run, file, old, new)
    assert seen in failures(verify(run))


@pytest.mark.parametrize("what", ["rows", "labels", "values"])
def test_two_rows_of_a_table_that_change_places_fail(run: Path, whole: Path, retype: Recompile, what: str) -> None:
    text = (whole / "tex" / "paper.tex").read_text()
    first, second = re.findall(r"\\arm\{(\d+)\}(&.*?)\\\\", text)[:2]
    old = text[text.index(rf"\arm{{{first[0]}}}{first[1]}") : text.index(second[1]) + len(second[1])]
    between = old[len(rf"\arm{{{first[0]}}}{first[1]}") : old.index(rf"\arm{{{second[0]}}}")]
    swapped = {
        "rows": rf"\arm{{{second[0]}}}{second[1]}{between}\arm{{{first[0]}}}{first[1]}",
        "labels": rf"\arm{{{second[0]}}}{first[1]}{between}\arm{{{first[0]}}}{second[1]}",
        "values": rf"\arm{{{first[0]}}}{second[1]}{between}\arm{{{second[0]}}}{first[1]}",
    }
    retype(run, "paper.tex", old, swapped[what])
    assert "table main in the paper" in failures(verify(run))


def test_a_digit_changed_in_the_pdf_itself_fails(run: Path) -> None:
    from pypdf import PdfReader, PdfWriter
    from pypdf.generic import DecodedStreamObject, NameObject

    text = paper.CLAIMS.value("accuracy-proposed-all")
    assert text
    writer = PdfWriter(clone_from=PdfReader(run / "paper" / "paper.pdf"))
    for page in writer.pages:
        contents = page.get_contents()
        assert contents is not None
        data = contents.get_data()
        if text.text.encode() in data:
            stream = DecodedStreamObject()
            stream.set_data(data.replace(text.text.encode(), b"0.992", 1))
            page[NameObject("/Contents")] = writer._add_object(stream)
            break
    else:
        pytest.fail("the number is nowhere in the PDF")
    writer.write(run / "paper" / "paper.pdf")
    assert "0.992" in failures(verify(run))


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def test_changes_in_the_claims_fail(run: Path) -> None:
    claims = run / "claims.json"
    kept = claims.read_text()
    value = paper.CLAIMS.value("accuracy-proposed-all")
    assert value
    edit(claims, f'"value": {value.value!r}', f'"value": {value.value + 1e-6!r}')
    assert "value accuracy-proposed-all" in failures(verify(run))
    claims.write_text(kept)
    edit(claims, "(0.908 ", "(0.918 ")
    assert f"comparison {MAIN}" in failures(verify(run))
    claims.write_text(kept)
    edit(claims, '"relation": "higher"', '"relation": "lower"')
    assert f"comparison {MAIN}" in failures(verify(run))
    data = json.loads(kept)
    data["tables"][0]["rows"].reverse()
    claims.write_text(json.dumps(data))
    assert "table main" in failures(verify(run))
    data = json.loads(kept)
    data["findings"][1]["verdict"] = "supported"
    claims.write_text(json.dumps(data))
    assert "findings" in failures(verify(run))
    data = json.loads(kept)
    data["arms"]["baseline"], data["arms"]["proposed"] = data["arms"]["proposed"], data["arms"]["baseline"]
    claims.write_text(json.dumps(data))
    assert "arms" in failures(verify(run))


def confirming(run: Path) -> Path:
    return next(
        path
        for path in sorted((run / "tree").iterdir())
        if path.name.endswith("repeat-0005") and "0009" not in path.name
    )


def test_a_measurement_that_is_changed_fails_even_where_rounding_hides_it(run: Path) -> None:
    folder = confirming(run)
    lines = folder / "output" / "measurements.jsonl"
    value = next(m["value"] for m in map(json.loads, lines.read_text().splitlines()) if m.get("split") == "test")
    edit(lines, f'"value": {value!r}, "better": "higher", "dataset": "digits, 20 per class", "split": "test"',
         f'"value": {value + 1e-7!r}, "better": "higher", "dataset": "digits, 20 per class", "split": "test"')  # fmt: skip
    assert "SHA-256" in failures(verify(run))
    record = json.loads((folder / "experiment.json").read_text())
    record["measured"] = hashlib.sha256(lines.read_bytes()).hexdigest()
    (folder / "experiment.json").write_text(json.dumps(record))
    found = failures(verify(run))
    assert "do not say the same" in found
    assert "value accuracy-proposed-digits-20-per-class" in found


def test_what_is_missing_fails(run: Path) -> None:
    for name in ("claims.json", "idea.json", "paper/paper.pdf"):
        kept = (run / name).read_bytes()
        (run / name).unlink()
        assert f"{name} | {name} | it is missing" in failures(verify(run))
        (run / name).write_bytes(kept)
    (confirming(run) / "program.py").write_text("print('another')")
    assert "program.py" in failures(verify(run))
    shutil.rmtree(confirming(run))
    assert "value accuracy-proposed-all" in failures(verify(run))
    (run / "paper" / "paper.pdf").write_bytes(b"%PDF-1.5 no more")
    assert "cannot be read" in failures(verify(run))


def test_a_pdf_without_links_fails(run: Path) -> None:
    (run / "paper" / "paper.pdf").write_bytes(paper.pictures()["parts"])
    assert "no number in it is bound" in failures(verify(run))


def test_what_is_no_run_is_bad_input(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="nothing at"):
        verify(tmp_path / "none")
    (tmp_path / "file.zip").write_text("no zip")
    with pytest.raises(InputError, match="neither"):
        verify(tmp_path / "file.zip")
    assert not verify(tmp_path).ok


def test_a_study_with_hostile_names_and_wide_tables_passes_untouched(tmp_path: Path) -> None:
    names = [
        "digits, 20% of labels flipped", "digits_with_underscores_in_a_very_long_name_that_never_ends", "wine & cancer #1 -- 50/50",
        r"MNIST-1D 3-fold (\input)", "naïve 你好 set ≥ 3", "six",
    ]  # fmt: skip
    changes = {
        "0003": "lr=0.1, weight_decay=1e-4 & 50% dropout", "0005": "a change described on and on, with everything that it does",
        "0007": r"no $x_1$ \val{y}", "0008": "replace “a” by ‘b’",
    }  # fmt: skip

    def renamed(experiment: Experiment) -> Experiment:
        known = list(study.DATASETS)
        measured = tuple(
            m.model_copy(update={"dataset": name})
            for place, name in enumerate(names)
            for m in experiment.measurements
            if m.dataset == known[place % len(known)]
        )
        change = changes.get(experiment.id, experiment.change)
        return experiment.model_copy(update={"measurements": measured, "change": change})

    prediction = Prediction(metric="accuracy", dataset="all", direction="higher")
    idea = study.IDEA.model_copy(
        update={"datasets": {name: f"About {name}." for name in names}, "predictions": (prediction,)}
    )
    done = tuple(renamed(e) for e in study.experiments())
    claims = build(idea, study.ARMS, done)
    results = tuple(f"Here: \\compare{{{comparison.id}}}." for comparison in claims.comparisons)
    manuscript = Manuscript(
        title=r"On \evil{} & 你好", abstract=r"We see that \compare{accuracy-proposed-vs-baseline-all}.", author="model",
        model="openai:gpt-5_x", sections=(Section(heading="Results", paragraphs=results),),
    )  # fmt: skip
    about = paper.material().about
    material = Material(idea=idea, claims=claims, experiments=done, about=about)
    made = typeset(manuscript, material, (), {}, (), "", PlainHost())
    assert not made.faults
    study.save(tmp_path / "run", claims, done, idea)
    (tmp_path / "run" / "paper").mkdir()
    (tmp_path / "run" / "paper" / "paper.pdf").write_bytes(made.pdf)
    report = verify(tmp_path / "run")
    assert report.ok, report.failed


def test_what_differs_late_in_a_long_text_is_shown() -> None:
    said = says(".text", "word " * 100 + "p = 0.1", "word " * 100 + "p = 0.2")
    assert "p = 0.1'" in said and "p = 0.2'" in said
    assert says(".digits", 3, 4) == "digits says '3'; the measurements give '4'"
