"""A copy of a finished run as it stood earlier: what a kill at that instant would have left."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

ALWAYS = {"run.json", "config.yaml", "events.jsonl", "lock"}


def events(run: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (run / "events.jsonl").read_text().splitlines()]


def index(run: Path, wanted: Callable[[dict[str, Any]], bool]) -> int:
    """The place of the first event that is wanted."""
    return next(place for place, event in enumerate(events(run)) if wanted(event))


def rewound(run: Path, target: Path, count: int, *, ahead: bool = False) -> Path:
    """Copy the run as it was after its first `count` events.

    `ahead`: with what was written between the last of these and the next: killed just before that was put down.
    """
    shutil.copytree(run, target)
    (target / "lock").unlink(missing_ok=True)
    lines = (target / "events.jsonl").read_bytes().splitlines(keepends=True)
    (target / "events.jsonl").write_bytes(b"".join(lines[:count]))
    until = json.loads(lines[count if ahead else count - 1])["at"] if count else 0.0
    for unit in units(target):
        files = [unit] if unit.is_file() else [file for file in unit.rglob("*") if file.is_file()]
        if max(file.stat().st_mtime for file in files) > until:
            shutil.rmtree(unit) if unit.is_dir() else unit.unlink()
    for settled in target.glob("figures/*/final.pdf"):  # the paper puts its own caption into figure.json later on
        if not (record := settled.with_name("figure.json")).exists():
            record.write_bytes((run / record.relative_to(target)).read_bytes())
    return target


def units(run: Path) -> list[Path]:
    """What is renamed into place as one: folders of the tree, the bundle, and single files."""
    whole = [*(run / "tree").iterdir(), *(run / "bundle").parent.glob("bundle")]
    single = [
        file
        for file in run.rglob("*")
        if file.is_file() and file.parent != run / "tree" and not any(file.is_relative_to(folder) for folder in whole)
    ]
    return [*whole, *(file for file in single if str(file.relative_to(run)) not in ALWAYS)]
