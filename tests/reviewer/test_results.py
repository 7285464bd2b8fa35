"""Result files that nobody vouches for."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import numpy as np
import pytest
from ai_scientist_reviewer import result_files
from ai_scientist_reviewer.results import Results, ResultsError


def values(folder: Path) -> dict[tuple[str, ...], float]:
    return {one.path: one.value for one in Results.read(folder).values}


def test_json_and_lines_are_read_with_their_paths_and_what_objects_say_of_themselves(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(
        json.dumps({"digits": {"accuracy": 0.5, "ok": True, "none": None}, "list": [1, 2.5]})
    )
    lines = [
        {"metric": "loss", "dataset": "moons", "seed": 3, "value": 0.25},
        {"metric": "loss", "dataset": "moons", "seed": 4, "value": 0.75},
    ]
    (tmp_path / "b.jsonl").write_text("\n".join(map(json.dumps, lines)) + '\n{"torn": ')
    found = values(tmp_path)
    assert found[("a.json", "digits", "accuracy")] == 0.5
    assert found[("a.json", "list", "[1]")] == 2.5
    assert found[("b.jsonl", "loss", "moons", "seed 4", "value")] == 0.75
    assert ("a.json", "digits", "ok") not in found


def test_tables_are_read_by_the_words_of_their_rows(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("method,seed,accuracy\nours,1,0.91\nours,2,0.93\nbase,1,0.88\n")
    (tmp_path / "t.tsv").write_text("name\tscore\nA\t1,234.5\n")
    found = values(tmp_path)
    assert found[("t.csv", "ours", "seed 2", "accuracy")] == 0.93
    assert found[("t.tsv", "A", "score")] == 1234.5


def test_a_long_curve_is_kept_as_its_ends_and_extremes(tmp_path: Path) -> None:
    rows = "\n".join(f"{step},{1000 - step}" for step in range(1000))
    (tmp_path / "curve.csv").write_text(f"step,loss\n{rows}\n")
    (tmp_path / "curve.json").write_text(json.dumps({"loss": list(range(500))}))
    found = values(tmp_path)
    assert found[("curve.csv", "loss", "last")] == 1.0
    assert found[("curve.json", "loss", "max")] == 499.0
    assert len(found) == 10


def test_arrays_are_read_and_pickles_are_not(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", np.array([0.5, 0.25]))
    np.savez(tmp_path / "b.npz", acc=np.arange(200.0))
    np.save(tmp_path / "evil.npy", np.array([{"a": 1}], dtype=object), allow_pickle=True)
    read = Results.read(tmp_path)
    found = {one.path: one.value for one in read.values}
    assert found[("a.npy", "[1]")] == 0.25
    assert found[("b.npz", "acc", "last")] == 199.0
    assert read.unread == {"evil.npy": "it holds no plain numbers"}


def test_hostile_files_end_in_a_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(result_files, "MAX_FILE_BYTES", 100_000)
    (tmp_path / "deep.json").write_text("[" * 40_000 + "]" * 40_000)
    (tmp_path / "digits.json").write_text('{"a": ' + "9" * 50_000 + "}")
    (tmp_path / "large.json").write_text(" " * 100_001)
    (tmp_path / "binary.csv").write_bytes(b"a,b\n\0,\0\n")
    (tmp_path / "not.npz").write_bytes(b"PK\x03\x04 nothing")
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.npy", b"\0" * 5_000_000)
    (tmp_path / "bomb.npz").write_bytes(bomb.getvalue())
    (tmp_path / "good.json").write_text('{"a": 1.5}')
    read = Results.read(tmp_path)
    assert [(one.path, one.value) for one in read.values] == [(("good.json", "a"), 1.5)]
    assert set(read.unread) == {"deep.json", "large.json", "binary.csv", "not.npz", "bomb.npz"}


def test_no_link_leads_out_of_the_folder(tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    (tmp_path / "secret.json").write_text('{"a": 1}')
    (inside / "link.json").symlink_to(tmp_path / "secret.json")
    (inside / "up").symlink_to(tmp_path)
    assert Results.read(inside).values == ()


def test_values_are_bounded_and_the_rest_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(result_files, "MAX_FILE_VALUES", 10)
    monkeypatch.setattr(result_files, "MAX_VALUES", 15)
    for name in "abc":
        (tmp_path / f"{name}.json").write_text(json.dumps({str(i): i for i in range(12)}))
    read = Results.read(tmp_path)
    assert len(read.values) == 15
    assert "only 10 of its 12" in read.unread["a.json"]
    assert "bound" in read.unread["c.json"]


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(ResultsError, match="no folder"):
        Results.read(tmp_path / "nowhere")


def test_a_run_of_ours_is_named_by_variant_metric_data_set_and_seed(tmp_path: Path) -> None:
    experiment = tmp_path / "tree" / "0007-repeat-0002"
    (experiment / "output").mkdir(parents=True)
    (experiment / "experiment.json").write_text(
        json.dumps(
            {
                "id": "0007",
                "change": "filtering",
                "seed": 502,
                "confirming": True,
                "settings": {"epochs": 60},
                "measurements": [],
            }
        )
    )
    measured = {
        "kind": "measurement",
        "metric": "accuracy",
        "value": 0.96,
        "dataset": "digits",
        "split": "test",
        "step": None,
    }
    (experiment / "output" / "measurements.jsonl").write_text(
        json.dumps(measured) + "\n" + json.dumps({**measured, "step": 3}) + "\n"
    )
    claim = {"id": "a", "what": "mean test accuracy, filtering, on digits", "value": 0.95}
    claim["statistic"] = {"rule": "mean", "metric": "accuracy", "dataset": "digits", "split": "test"}
    (tmp_path / "claims.json").write_text(json.dumps({"labels": {"0002": "filtering"}, "values": [claim]}))
    (tmp_path / "events.jsonl").write_text('{"cost": 3.5}\n')
    assert values(tmp_path) == {
        ("claims.json", "filtering", "accuracy", "digits", "test", "mean"): 0.95,
        ("tree", "confirm", "filtering", "accuracy", "digits", "test", "seed 502"): 0.96,
        ("settings", "filtering", "epochs", "seed 502"): 60.0,
    }
