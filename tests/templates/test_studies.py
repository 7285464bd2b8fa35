"""Every study is whole: its description fits the README, its programs compose, and they measure what they promise."""

from __future__ import annotations

import itertools
import json
import os
import re
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
import numpy
import pytest
import yaml

from ai_scientist.records import Metric, Prediction

ROOT = Path(__file__).parents[2]
EXPERIMENTS = ROOT / "templates" / "experiments"
STUDIES = [
    "calibration",
    "class-imbalance",
    "distribution-shift",
    "ensembling",
    "feature-scaling",
    "label-noise",
    "pruning",
    "regularisation",
    "small-data",
]
QUICK = {"epochs": 8, "retraining": 8, "steps": 100}
"""Settings that shorten a program, where it has them."""
TABLE = (EXPERIMENTS / "README.md").read_text(encoding="utf-8").split("## study.yaml")[1]
FIELDS = set(re.findall(r"`(\w+)`", " ".join(re.findall(r"^\| (`[^|]*) \|", TABLE, flags=re.MULTILINE))))
"""The fields of study.yaml that the README's table lists."""


@cache
def study(slug: str) -> dict[str, Any]:
    return yaml.safe_load((EXPERIMENTS / slug / "study.yaml").read_text(encoding="utf-8"))


def compose(slug: str, parts: list[str]) -> str:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(EXPERIMENTS),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.get_template(f"{slug}/program.py.j2").render(parts=parts, own=None)


def part_sets(slug: str) -> list[list[str]]:
    """No part, each part, each pair, all parts: more than any search composes."""
    names = sorted(study(slug)["parts"])
    return [list(chosen) for size in (0, 1, 2, len(names)) for chosen in itertools.combinations(names, size)]


def run(folder: Path, program: str, seed: int, config: dict[str, Any] | None = None, confirming: bool = False) -> Path:
    """The output of a program that ran with few steps."""
    quick = {name: value for name, value in QUICK.items() if f"    {name}=" in program}
    folder.mkdir()
    (folder / "program.py").write_text(program, encoding="utf-8")
    shutil.copy(ROOT / "sandbox" / "ai_scientist_sandbox" / "lab.py", folder)
    job = {"seed": seed, "config": {**quick, **(config or {})}, "confirming": confirming}
    (folder / "job.json").write_text(json.dumps(job), encoding="utf-8")
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
    ended = subprocess.run([sys.executable, "program.py"], cwd=folder, env=environment, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr
    return folder / "output"


def measured(output: Path) -> dict[tuple[str, str, str], float]:
    lines = [json.loads(line) for line in (output / "measurements.jsonl").read_text(encoding="utf-8").splitlines()]
    found = [line for line in lines if line["kind"] == "measurement"]
    values = {(line["metric"], line["dataset"], line["split"]): line["value"] for line in found}
    assert len(values) == len(found), "something was measured twice"
    assert any(line["kind"] == "seed" for line in lines), "the program did not ask for its seed"
    return values


@pytest.mark.parametrize("slug", STUDIES)
def test_the_description_fits_the_readme(slug: str) -> None:
    described = study(slug)
    assert described["slug"] == slug
    assert set(described) == FIELDS - ({"own_data", "examples"} - set(described))
    metrics = [Metric(**described["metric"]), *(Metric(**metric) for metric in described["secondary"])]
    names = {metric.name for metric in metrics}
    assert set(described["units"]) == names
    assert list(described["conditions"]["values"]) == list(described["datasets"])
    predictions = [Prediction(**prediction) for prediction in described["predictions"]]
    assert [prediction.role for prediction in predictions] == ["primary", "secondary"]
    assert predictions[0].metric == described["metric"]["name"]
    themes = described["literature"]
    assert sum(len(theme["queries"]) for theme in themes) <= 12, "an idea's form takes no more"
    assert all(("lead" in theme) != ("place" in theme) for theme in themes)
    assert set(described["outcomes"]) == {"supported", "refuted", "no effect", "undecided"}
    for prediction in predictions:
        assert prediction.metric in names and prediction.dataset in {*described["datasets"], "all"}
        assert prediction.direction == next(m.better for m in metrics if m.name == prediction.metric)
    kinds = [figure["kind"] for figure in described["figures"]]
    assert (kinds[0], kinds[-1]) == ("effect", "ablation") and len(kinds) > 2
    assert set(itertools.chain(*(figure.get("arrays", []) for figure in described["figures"]))) <= set(
        described["arrays"]
    )
    for change in [entry["change"] for kind in ("tune", "explore") for entry in described[kind]]:
        assert len(change.split()) <= 5, change


@pytest.mark.parametrize("slug", STUDIES)
def test_variants_set_only_what_their_program_knows(slug: str) -> None:
    """`lab.config` refuses a setting that a program lacks, so a slip here would lose an experiment."""
    described = study(slug)
    of_parts = {name: set(part["settings"]) for name, part in described["parts"].items()}
    for part in described["parts"].values():
        assert set(part["replace"]["config"]) <= set(part["settings"])
    for entry in described["explore"]:
        assert set(entry["config"]) <= set().union(*(of_parts[name] for name in entry["parts"]))
    for parts in part_sets(slug):
        call = compose(slug, parts).split("settings = lab.config(")[1].split("\n)")[0]
        defaults = yaml.safe_load(re.sub(r"^ *(\w+)=(.*),$", r"\1: \2", call, flags=re.MULTILINE))
        absent = set().union(*(of_parts[name] for name in set(of_parts) - set(parts)))
        present = set().union(*(of_parts[name] for name in parts))
        assert set(defaults) == set(described["settings"]) - (absent - present)
        assert defaults == {name: described["settings"][name]["default"] for name in defaults}
        if not parts:
            assert all(set(entry["config"]) <= set(defaults) for entry in described["tune"])


@pytest.mark.parametrize("slug", STUDIES)
def test_prose_names_only_settings_that_exist(slug: str) -> None:
    described = study(slug)
    for name, part in described["parts"].items():
        assert set(re.findall(r"{(\w+)}", part["describe"])) <= set(part["settings"]), name
    common = set(described["settings"]) - set().union(*(part["settings"] for part in described["parts"].values()))
    assert set(re.findall(r"{(\w+)}", " ".join(described["method"]))) <= common


def test_composed_programs_are_clean(tmp_path: Path) -> None:
    for slug in STUDIES:
        for parts in part_sets(slug):
            program = compose(slug, parts)
            compile(program, slug, "exec")
            (tmp_path / f"{'_'.join([slug, *parts]).replace('-', '_')}.py").write_text(program, encoding="utf-8")
    ruff = [sys.executable, "-m", "ruff"]
    settings = ["--config", str(ROOT / "pyproject.toml"), "--no-cache", "."]
    checked = subprocess.run([*ruff, "check", *settings], cwd=tmp_path, capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout
    formatted = subprocess.run([*ruff, "format", "--diff", *settings], cwd=tmp_path, capture_output=True, text=True)
    assert formatted.returncode == 0, formatted.stdout


@pytest.mark.parametrize("slug", STUDIES)
def test_programs_measure_what_the_study_lists(slug: str, tmp_path: Path) -> None:
    """With no part and with all of them, where parts can get in each other's way."""
    described = study(slug)
    metrics = [described["metric"]["name"], *(metric["name"] for metric in described["secondary"])]
    listed = {(metric, dataset) for metric in metrics for dataset in described["datasets"]}
    plain, full = compose(slug, []), compose(slug, sorted(described["parts"]))

    searching = measured(run(tmp_path / "searching", plain, seed=0))
    assert set(searching) == {(*pair, "validation") for pair in listed}
    output = run(tmp_path / "confirming", full, seed=0, confirming=True)
    confirming = measured(output)
    assert set(confirming) == {(*pair, split) for pair in listed for split in ("validation", "test")}
    assert all(value is not None for value in (searching | confirming).values())

    saved = {path.stem: numpy.load(path) for path in (output / "arrays").iterdir()}
    values = described["conditions"]["values"].values()
    assert set(saved) == {name.format(value=value) for name in described["arrays"] for value in values}
    assert all(array.ndim == 1 and len(array) > 1 and numpy.isfinite(array).all() for array in saved.values())

    assert measured(run(tmp_path / "again", full, seed=0, confirming=True)) == confirming
    other = measured(run(tmp_path / "other", plain, seed=1))
    assert all(other[key] != searching[key] for key in searching if key[0] == "log_loss")
    assert other != searching


@pytest.mark.parametrize("slug", STUDIES)
def test_settings_reach_the_program(slug: str, tmp_path: Path) -> None:
    """Each part's replacement changes what is measured; a setting that nothing reads would make an ablation a sham."""
    described = study(slug)
    name, part = next(iter(described["parts"].items()))
    program = compose(slug, [name])
    plain = measured(run(tmp_path / "plain", program, seed=0))
    assert measured(run(tmp_path / "replaced", program, seed=0, config=part["replace"]["config"])) != plain
