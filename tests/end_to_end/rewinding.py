"""A copy of a finished run as it stood earlier: what a kill at that instant would have left."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

ALWAYS = {"run.json", "config.yaml", "events.jsonl", "lock"}


def events(run: Path) -> list[dict[str, Any]]:
    """The whole lines of the log: a live run may be in the midst of its last one."""
    whole, _, _ = (run / "events.jsonl").read_text().rpartition("\n")
    return [json.loads(line) for line in whole.splitlines()]


def index(run: Path, wanted: Callable[[dict[str, Any]], bool]) -> int:
    """The place of the first event that is wanted."""
    return next(place for place, event in enumerate(events(run)) if wanted(event))


def rewound(run: Path, target: Path, count: int, *, ahead: bool = False) -> Path:
    """Copy the run as it was after its first `count` events.

    `ahead`: with what was written between the last of these and the next: killed just before that was put down.
    """
    lines = (run / "events.jsonl").read_bytes().splitlines(keepends=True)
    until = json.loads(lines[count if ahead else count - 1])["at"] if count or ahead else 0.0
    for folder in ("tree", "calls"):
        (target / folder).mkdir(parents=True)
    for name in ("run.json", "config.yaml"):
        shutil.copy2(run / name, target / name)
    (target / "events.jsonl").write_bytes(b"".join(lines[:count]))
    for unit in units(run):
        files = [unit] if unit.is_file() else [file for file in unit.rglob("*") if file.is_file()]
        if max(file.stat().st_mtime for file in files) <= until:
            copy = target / unit.relative_to(run)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copytree(unit, copy) if unit.is_dir() else shutil.copy2(unit, copy)
    for settled in target.glob("figures/*/final.pdf"):  # the paper puts its own caption into figure.json later on
        if not (record := settled.with_name("figure.json")).exists():
            shutil.copy2(run / record.relative_to(target), record)
    return target


def units(run: Path) -> list[Path]:
    """What is renamed into place as one: folders of the tree, the bundle, and single files."""
    whole = [*(run / "tree").iterdir(), *run.glob("bundle")]
    for entry in run.iterdir():
        if entry.is_dir() and entry.name not in ("tree", "bundle"):
            whole += [file for file in entry.rglob("*") if file.is_file()]
        elif entry.is_file() and entry.name not in ALWAYS:
            whole.append(entry)
    return whole
