"""A stranger follows the bundle's README, line by line, with what is in the zip and nothing else."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path


def test_a_stranger_runs_an_experiment_again(tmp_path: Path, finished: Path) -> None:
    with zipfile.ZipFile(finished / "bundle.zip") as archive:
        assert {info.external_attr >> 16 for info in archive.infolist()} == {0o644}
        archive.extractall(tmp_path)
    bundle = tmp_path / "bundle"
    read_me = (bundle / "README.md").read_text()
    lines = [line.split("#")[0].strip() for line in re.findall(r"^    (.*)$", read_me, re.MULTILINE)]
    # Installing packages and comparing to the last digit would test the machine; what is printed is compared below.
    lines = [line for line in lines if not line.startswith(("pip ", "diff "))]
    assert len(lines) == 3
    (winner, *_) = sorted(path.name for path in (bundle / "tree").iterdir() if confirming(path))
    said = " && ".join(lines).replace("<experiment>", winner).replace("python ", f"{sys.executable} ")
    subprocess.run(["bash", "-c", said], cwd=bundle, check=True, env={"PATH": "/usr/bin:/bin"}, timeout=120)
    again, before = measured(bundle / "again"), measured(bundle / "tree" / winner)
    assert before
    assert [{**line, "value": None} for line in again] == [{**line, "value": None} for line in before]
    packages = json.loads((bundle / "environment.json").read_text())["python"]["packages"]
    assert (bundle / "requirements.txt").read_text().split() == [
        f"{name}=={packages[name]}" for name in sorted(packages)
    ]


def confirming(folder: Path) -> bool:
    return json.loads((folder / "job.json").read_text())["confirming"]


def measured(folder: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in (folder / "output" / "measurements.jsonl").read_text().splitlines()]
