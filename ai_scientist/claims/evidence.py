"""What a run or a bundle holds that a paper can be checked against, read by name from a folder or a zip file."""

from __future__ import annotations

import hashlib
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ai_scientist_sandbox.results import read_measurements
from pydantic import ValidationError

from ai_scientist.errors import InputError
from ai_scientist.records import Claims, Experiment, Idea, Measurement, Record, Verdict

WANTED = re.compile(
    r"(?:run\.json|environment\.lock|events\.jsonl|idea\.json|claims\.json|paper/paper\.pdf|tree/([^/]+)/(?:experiment\.json|program\.py|output/measurements\.jsonl))"
)
LARGEST = 64 * 1024 * 1024
"""Bytes of one file."""


class Item(Record):
    """One thing that was checked."""

    verdict: Verdict
    what: str
    where: str = ""
    why: str = ""


def read_files(path: Path) -> dict[str, bytes]:
    """The files that a check needs, by their place in a run directory.

    Raises:
        InputError: there is nothing at that path, or it is neither a folder nor a zip file.
    """
    if path.is_dir():
        found = {p.relative_to(path).as_posix(): p for p in path.rglob("*") if p.is_file() and not p.is_symlink()}
        return {
            name: p.read_bytes() for name, p in found.items() if WANTED.fullmatch(name) and p.stat().st_size <= LARGEST
        }
    try:
        with zipfile.ZipFile(path) as archive:
            infos = {info.filename: info for info in archive.infolist() if info.file_size <= LARGEST}
            claims = min(
                (name for name in infos if re.fullmatch(r"(?:[^/]+/)?claims\.json", name)), key=len, default=""
            )
            root = claims.removesuffix("claims.json")
            names = [name for name in infos if name.startswith(root) and WANTED.fullmatch(name.removeprefix(root))]
            return {name.removeprefix(root): archive.read(name) for name in names}
    except FileNotFoundError:
        raise InputError(
            f"There is nothing at {path}: name a run's folder, or a bundle's folder or zip file."
        ) from None
    except (OSError, zipfile.BadZipFile) as error:
        raise InputError(f"{path} is neither a run's folder nor a bundle ({error}).") from None


@dataclass(frozen=True)
class Evidence:
    """What was read, and how its own parts agree."""

    idea: Idea | None
    claims: Claims | None
    experiments: tuple[Experiment, ...]
    """Their measurements, seed and settings as measurements.jsonl has them; what experiment.json says of them is only compared."""
    paper: bytes
    items: tuple[Item, ...]


def gather(files: Mapping[str, bytes]) -> Evidence:
    """Read everything; whatever is missing, unreadable or at odds with itself is an item that fails."""
    items: list[Item] = []

    def record(name: str, kind: type[Idea] | type[Claims]) -> Idea | Claims | None:
        if name not in files:
            items.append(Item(verdict="FAIL", what=name, where=name, why="it is missing"))
            return None
        try:
            return kind.model_validate_json(files[name])
        except ValidationError as error:
            items.append(
                Item(verdict="FAIL", what=name, where=name, why=f"it cannot be read: {error.errors()[0]['msg']}")
            )
            return None

    idea, claims = record("idea.json", Idea), record("claims.json", Claims)
    folders = sorted({match[1] for name in files if (match := WANTED.fullmatch(name)) and match[1]})
    experiments = [found for folder in folders if (found := experiment(folder, files, items))]
    if not folders:
        items.append(Item(verdict="FAIL", what="measurements", where="tree/", why="there is no experiment"))
    ids = [found.id for found in experiments]
    for id in sorted({id for id in ids if ids.count(id) > 1}):
        items.append(Item(verdict="FAIL", what=f"experiment {id}", where="tree/", why="two experiments have this id"))
    paper = files.get("paper/paper.pdf", b"")
    if not paper:
        items.append(Item(verdict="FAIL", what="paper/paper.pdf", where="paper/paper.pdf", why="it is missing"))
    return Evidence(
        idea if isinstance(idea, Idea) else None,
        claims if isinstance(claims, Claims) else None,
        tuple(sorted(experiments, key=lambda e: e.id)),
        paper,
        tuple(items),
    )


def experiment(folder: str, files: Mapping[str, bytes], items: list[Item]) -> Experiment | None:
    """An experiment with what its program recorded in place of what experiment.json says that it recorded."""
    what, where = f"experiment {folder}", f"tree/{folder}"
    data = files.get(f"{where}/experiment.json")
    if data is None:
        items.append(Item(verdict="FAIL", what=what, where=where, why="experiment.json is missing"))
        return None
    try:
        kept = Experiment.model_validate_json(data)
    except ValidationError as error:
        items.append(
            Item(
                verdict="FAIL",
                what=what,
                where=where,
                why=f"experiment.json cannot be read: {error.errors()[0]['msg']}",
            )
        )
        return None
    lines = files.get(f"{where}/output/measurements.jsonl", b"")
    recorded = read_measurements(lines)
    measurements = tuple(
        Measurement(metric=m.metric, value=m.value, better=m.better, dataset=m.dataset, split=m.split, step=m.step)
        for m in recorded.measurements
    )
    settings = {name: value for name, value in recorded.settings.items() if name in kept.settings}
    reasons = []
    if kept.folder != folder:
        reasons.append(f"its record is of {kept.folder}")
    if kept.worked and not lines:
        reasons.append("measurements.jsonl is missing")
    elif kept.measured and hashlib.sha256(lines).hexdigest() != kept.measured:
        reasons.append("measurements.jsonl is not what left the sandbox (its SHA-256 differs)")
    elif kept.worked and not kept.measured:
        reasons.append("it does not say what left the sandbox (no SHA-256 of measurements.jsonl)")
    program = files.get(f"{where}/program.py", b"")
    if kept.program and hashlib.sha256(program).hexdigest() != kept.program:
        reasons.append("program.py is missing or not what was run (its SHA-256 differs)")
    if kept.worked and measurements != kept.measurements:
        reasons.append("experiment.json and measurements.jsonl do not say the same")
    if kept.worked and settings != dict(kept.settings):
        reasons.append("experiment.json and measurements.jsonl state other settings")
    seeded = recorded.seed is not None and recorded.seed == kept.seed
    if kept.worked and kept.seeded and not seeded:
        reasons.append("its program did not ask for the seed that it is counted as")
    items.append(Item(verdict="FAIL" if reasons else "PASS", what=what, where=where, why="; ".join(reasons)))
    return kept.model_copy(
        update={"measurements": measurements, "settings": settings, "seeded": kept.seeded and seeded, "id": kept.id}
    )
