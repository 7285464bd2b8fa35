"""lab.py as a program meets it: a file beside it, in a fresh interpreter."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy
import pytest
from ai_scientist_sandbox import lab, laboratory, read_measurements
from hypothesis import given
from hypothesis import strategies as st


def lines(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "output" / "measurements.jsonl").read_text().splitlines()]


def run(folder: Path, program: str, **job: Any) -> subprocess.CompletedProcess[str]:
    for name, data in laboratory(**job).items():
        (folder / name).write_bytes(data)
    (folder / "program.py").write_text("import lab\n" + program)
    return subprocess.run(
        [sys.executable, "-I", "-c", "import sys; sys.path.insert(0, '.'); import program"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def test_by_hand_without_a_job(tmp_path: Path) -> None:
    program = "print(lab.seed(), lab.config(rate=0.5).rate, lab.confirming())"
    assert run(tmp_path, program).returncode == 0
    (tmp_path / "job.json").unlink()
    done = subprocess.run([sys.executable, "program.py"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.stdout == "0 0.5 False\n", done.stderr


def test_what_is_written_reads_back(tmp_path: Path) -> None:
    program = """
lab.seed(); lab.seed()
lab.config(rate=0.1, layers=[8, 8], name="a")
lab.measure("loss", 0.25, better="lower", dataset="digits", step=3)
lab.measure("accuracy", 1, better="higher", dataset="digits", split="test")
lab.measure("accuracy", float("nan"), better="higher", dataset="digits")
lab.measure("accuracy", float("-inf"), better="higher", dataset="digits")
"""
    assert run(tmp_path, program, seed=5, config={"rate": 0.2}, confirming=True).returncode == 0
    written = lines(tmp_path)
    assert [line["kind"] for line in written] == ["seed", "config", *["measurement"] * 4]
    assert [line.get("not_finite") for line in written[2:]] == [None, None, "nan", "-inf"]
    recorded = read_measurements((tmp_path / "output" / "measurements.jsonl").read_bytes())
    assert (recorded.seed, recorded.config, recorded.faults) == (5, {"rate": 0.2, "layers": [8, 8], "name": "a"}, ())
    assert [(found.metric, found.value, found.split, found.step) for found in recorded.measurements] == [
        ("loss", 0.25, "validation", 3),
        ("accuracy", 1.0, "test", None),
        ("accuracy", None, "validation", None),
        ("accuracy", None, "validation", None),
    ]


def test_a_seed_not_asked_for_is_not_counted(tmp_path: Path) -> None:
    assert run(tmp_path, "lab.measure('a', 1, better='lower', dataset='d')", seed=5).returncode == 0
    assert read_measurements((tmp_path / "output" / "measurements.jsonl").read_bytes()).seed is None


def test_the_test_split_is_untouched_outside_confirmation(tmp_path: Path) -> None:
    assert run(tmp_path, "lab.measure('a', 1, better='lower', dataset='d', split='test')").returncode == 0
    assert not (tmp_path / "output" / "measurements.jsonl").exists()


@pytest.mark.parametrize(
    ("program", "fault"),
    [
        ("lab.measure('a', 1, better='larger', dataset='d')", "better is"),
        ("lab.measure('', 1, better='lower', dataset='d')", "printable"),
        ("lab.measure('a\\n', 1, better='lower', dataset='d')", "printable"),
        ("lab.measure('a', 'x', better='lower', dataset='d')", "could not convert"),
        (
            "lab.measure('a', 1, better='lower', dataset='d'); lab.measure('a', 1, better='higher', dataset='d')",
            "keeps",
        ),
        ("lab.config(other=1)", "asked to set rate"),
        ("lab.config(rate=1, other=object())", "only plain values"),
        ("lab.config(rate=1).rate = 2", "read-only"),
        ("lab.config(rate=1).rat", "no setting 'rat'"),
        ("lab.array('../a', [1])", "a name has"),
        ("lab.array('.a', [1])", "a name has"),
        ("lab.array('a', [[1, 2], [3]])", "one length"),
        ("lab.table('a/b', [])", "a name has"),
    ],
)
def test_misuse_is_an_error_that_says_what_is_wrong(tmp_path: Path, program: str, fault: str) -> None:
    done = run(tmp_path, program, config={"rate": 1})
    assert done.returncode == 1 and fault in done.stderr


_floats = st.floats(allow_nan=False, width=64)


@given(
    st.one_of(
        st.lists(st.integers(-(2**63), 2**63 - 1)),
        st.lists(_floats),
        st.lists(st.lists(_floats, min_size=2, max_size=2)),
    )
)
def test_arrays_without_numpy_are_what_numpy_reads(values: list[Any]) -> None:
    written = lab._npy(values)
    found = numpy.load(io.BytesIO(written), allow_pickle=False)
    assert found.tolist() == values and (len(written) - found.nbytes) % 64 == 0


def test_tables_and_numpy_values(tmp_path: Path) -> None:
    program = """
import sys
sys.path.append(PATH)
import numpy
lab.table("t", [{"a": numpy.int64(1), "b": float("nan"), "c": "x", "d": numpy.bool_(True)}])
lab.array("m", numpy.eye(2, dtype="float32"))
lab.config(a=numpy.float32(0.5))
""".replace("PATH", repr(str(Path(numpy.__file__).parents[1])))
    done = run(tmp_path, program)
    assert done.returncode == 0, done.stderr
    assert json.loads((tmp_path / "output/tables/t.json").read_text()) == [{"a": 1, "b": None, "c": "x", "d": True}]
    assert numpy.load(tmp_path / "output/arrays/m.npy").tolist() == [[1, 0], [0, 1]]
    assert lines(tmp_path)[0]["values"] == {"a": 0.5}


def test_data_are_found_by_their_name(tmp_path: Path) -> None:
    assert "there are: none" in run(tmp_path, "lab.data('shop')").stderr
    (tmp_path / "data" / "shop").mkdir(parents=True)
    (tmp_path / "data" / "shop" / "a.csv").write_text("1,2")
    assert run(tmp_path, "print((lab.data('shop') / 'a.csv').read_text())").stdout == "1,2\n"
    for name in ("..", "shop/../..", "/etc", "other"):
        assert "there are: shop" in run(tmp_path, f"lab.data({name!r})").stderr
