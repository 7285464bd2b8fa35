"""Studies on a user's table: the same parts and programs, and no sentence that is true of the built-in digits alone."""

from __future__ import annotations

import csv
import gzip
import io
import json
import random
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from ai_scientist_sandbox import laboratory

from ai_scientist.datasets import described
from ai_scientist.errors import TopicRefused
from ai_scientist.offline.artist import draw_figures
from ai_scientist.offline.own import Own, own_table
from ai_scientist.offline.studies import Study, on_data, studies

ABLE = sorted(slug for slug, study in studies().items() if study.own_data is not None)
UNTRUE = re.compile(
    r"digit(?!s shown)|handwrit|pixel|image|scikit|one writer|8 by 8|1,?797|\b(?:900|1,200|597)\b|\bten classes|nine other|pilot|\{own",
    re.IGNORECASE,
)
"""What the digits are and a table is not."""


def text(rows: int, delimiter: str = ",", header: bool = True, classes: int = 3, seed: int = 1) -> str:
    """A table of two numbers, a category, an identifier and a label, all of which are found out by looking."""
    draw, out = random.Random(seed), io.StringIO()
    writer = csv.writer(out, delimiter=delimiter)
    if header:
        writer.writerow(["id", "width", "weight", "shape", "species"])
    for place in range(rows):
        kind = place % classes
        width = draw.gauss(kind, 1)
        shape = draw.choice(["round", "flat", "NA"])
        weight = "" if place % 17 == 0 else f"{draw.gauss(-kind, 1):.3f}"
        writer.writerow([place + 1, f"{width:.3f}", weight, shape, f"kind {kind}"])
    return out.getvalue()


def data(folder: Path, *files: tuple[str, bytes]) -> tuple[Any, ...]:
    folder.mkdir(exist_ok=True)
    for name, content in files:
        (folder / name).write_bytes(content)
    return described({"flora": str(folder)})


def own(folder: Path, *files: tuple[str, bytes]) -> Own:
    found = own_table(data(folder, *files))
    assert found is not None
    return found


def texts(stated: Any) -> list[str]:
    if isinstance(stated, Mapping):
        return [text for key, value in stated.items() for text in (key, *texts(value))]
    if isinstance(stated, list | tuple):
        return [text for value in stated for text in texts(value)]
    return [stated] if isinstance(stated, str) else []


def carried(slug: str, folder: Path) -> Study:
    return on_data(studies()[slug], data(folder, ("a.csv", text(400).encode())))


def test_there_are_studies_that_can_be_carried_over() -> None:
    assert {"label-noise", "calibration", "class-imbalance", "regularisation"} <= set(ABLE)


@pytest.mark.parametrize("slug", ABLE)
def test_every_sentence_is_about_the_table(slug: str, tmp_path: Path) -> None:
    study = carried(slug, tmp_path / "a")
    told = study.model_dump(exclude={"own", "own_data", "phrases", "metric", "secondary"}, mode="json")
    assert not [sentence for sentence in texts(told) if UNTRUE.search(sentence)]
    assert all(name.startswith("flora") for name in study.datasets)
    assert list(study.conditions.values) == list(study.datasets)
    assert {prediction.dataset for prediction in study.predictions} <= {*study.datasets, "all"}
    assert {figure["condition"] for figure in study.figures if "condition" in figure} <= set(study.datasets)
    assert all(len(about) <= 600 for about in study.datasets.values())
    assert study.examples == "rows"
    for variant in study.explore:
        assert set(variant.parts) <= set(study.parts)


@pytest.mark.parametrize("slug", ABLE)
def test_its_programs_measure_what_they_promise(slug: str, tmp_path: Path) -> None:
    study = carried(slug, tmp_path / "a")
    for parts in ((), tuple(study.parts)):
        program = study.program(parts)
        assert set(study.parts_of(program) or ()) == set(parts)
        assert not UNTRUE.search(program.split('"""', 2)[2].replace("pixels that are always empty", ""))
        values = measured(tmp_path / f"job{len(parts)}", program, tmp_path / "a", study)
        wanted = {study.metric.name, *(metric.name for metric in study.secondary)}
        assert {key[0] for key in values} == wanted
        assert {key[1] for key in values} == set(study.datasets)
        assert {key[2] for key in values} == {"validation", "test"}
        assert all(value is not None for value in values.values())


@pytest.mark.parametrize("slug", ABLE)
def test_its_captions_are_about_the_table(slug: str, tmp_path: Path) -> None:
    study = carried(slug, tmp_path / "a")
    arrays = [
        name.format(value=f"{value:g}")
        for figure in study.figures
        for name in figure.get("arrays", [])
        for value in study.conditions.values.values()
    ]
    drawn = draw_figures(
        {
            "idea": {"study": slug},
            "data": [one.model_dump(mode="json") for one in described({"flora": str(tmp_path / "a")})],
            "counts": [{"id": "count-seeds", "statistic": {"of": "seeds"}}],
            "arms": [{"role": "ablation"}],
            "arrays": arrays,
            "every_seed": True,
        }
    )["figures"]
    assert len(drawn) == len(study.figures)
    assert not [figure["caption"] for figure in drawn if UNTRUE.search(figure["caption"] + figure["shows"])]


def measured(folder: Path, program: str, given: Path, study: Study) -> dict[tuple[str, str, str], float]:
    quick = {name: 5 for name in ("epochs", "steps") if name in study.settings and f"    {name}=" in program}
    (folder / "data").mkdir(parents=True)
    (folder / "data" / "flora").symlink_to(given)
    for name, content in laboratory(3, quick, confirming=True).items():
        (folder / name).write_bytes(content)
    (folder / "program.py").write_text(program)
    done = subprocess.run([sys.executable, "program.py"], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    lines = [json.loads(line) for line in (folder / "output" / "measurements.jsonl").read_text().splitlines()]
    found = [line for line in lines if line["kind"] == "measurement"]
    return {(line["metric"], line["dataset"], line["split"]): line["value"] for line in found}


def test_which_rows_and_columns_are_used(tmp_path: Path) -> None:
    rare = "\n".join(f"{700 + i},1,2,flat,rare" for i in range(9))
    one = own(tmp_path / "a", ("a.csv", (text(600) + rare + "\n800,1,2,flat,\n").encode()))
    assert dict(one.numbers) == {1: "width", 2: "weight"}
    assert one.categories == {3: ("flat", "round")}
    assert one.classes == ("kind 0", "kind 1", "kind 2")
    assert (one.total, one.rows, one.used) == (610, 600, 600)
    assert (one.test, one.validation, one.training) == (200, 100, 300)
    assert "fewer than 30 rows, are left out" in one.about
    assert "33% of the rows" in one.about
    assert "one column" in one.chosen


def test_a_large_table_is_drawn_from_and_says_so(tmp_path: Path) -> None:
    one = own(tmp_path / "a", ("a.csv", text(9000).encode()))
    assert one.used == 2000
    assert "A fixed draw of 2,000 rows is used." in one.about


def test_the_users_own_test_part_is_kept(tmp_path: Path) -> None:
    packed = gzip.compress(text(150, seed=2).encode())
    files = (("train.csv", text(500).encode()), ("test.csv.gz", packed))
    one = own(tmp_path / "a", *files)
    assert (one.file, one.test_file, one.test, one.training + one.validation) == ("train.csv", "test.csv.gz", 150, 500)
    study = on_data(studies()["label-noise"], described({"flora": str(tmp_path / "a")}))
    assert len(measured(tmp_path / "job", study.program(()), tmp_path / "a", study)) == 12
    unlabelled = (("train.csv", text(500).encode()), ("test.csv", b"id,width\n" + b"1,2\n" * 200))
    assert own(tmp_path / "b", *unlabelled).test_file == ""


def test_how_a_table_is_written_changes_nothing(tmp_path: Path) -> None:
    plain = text(400)
    ways = {"plain": plain.encode(), "marked": b"\xef\xbb\xbf" + plain.replace("\r\n", "\n\n").encode()}
    ways["commas"] = text(400, ";").replace(".", ",").encode("utf-16")
    ways["bare"] = text(400, "\t", header=False).encode()
    found = []
    for name, content in ways.items():
        study = on_data(studies()["label-noise"], data(tmp_path / name, ("a.csv", content)))
        found.append(measured(tmp_path / f"job {name}", study.program(()), tmp_path / name, study))
    # Without a header a column of row numbers has no name to be known by, and is a feature.
    assert found[0] == found[1] == found[2] != found[3]


def test_what_cannot_be_carried_over_is_refused(tmp_path: Path) -> None:
    words = "\n".join(f"{'abc'[i % 3]},{'xy'[i % 2]}" for i in range(400))
    study = studies()["calibration"]
    for files, why in (
        ([("a.csv", f"x,label\n{words}".encode())], "numeric columns"),
        ([("a.csv", text(200).encode())], "300 rows"),
        ([("a.csv", text(400, classes=1).encode())], "class label"),
        ([("a.csv", text(400).encode()), ("b.csv", text(400).encode())], "others"),
    ):
        folder = tmp_path / "a"
        shutil.rmtree(folder, ignore_errors=True)
        with pytest.raises(TopicRefused, match=why):
            on_data(study, data(folder, *files))
    unable = next(study for study in studies().values() if study.own_data is None)
    shutil.rmtree(tmp_path / "a")
    with pytest.raises(TopicRefused, match="label-noise"):
        on_data(unable, data(tmp_path / "a", ("a.csv", text(400).encode())))
