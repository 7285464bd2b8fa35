"""The saved measurements and arrays, laid out for a script that draws."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ai_scientist.records import Arms, Experiment, Idea
from ai_scientist.runs import RunDirectory

ARRAYS = 8 * 1024 * 1024
"""Bytes of arrays that are handed over, for all arms together: of every seed where they are small, else of the first few."""


@dataclass(frozen=True)
class Drawable:
    """What a figure may be drawn from."""

    files: Mapping[str, bytes]
    """data.json, and arrays/<arm>/<seed>/<name>.npy."""
    arms: tuple[dict[str, str], ...]
    """Label, role and id of each arm."""
    arrays: tuple[str, ...]
    """Names of the arrays that every arm's experiments saved, or some of them."""
    shapes: Mapping[str, str]
    """Shape and type of each array, as it is on one seed."""
    every_seed: bool
    """Whether the arrays of all seeds are handed over, or of some."""
    program: str
    """Of the proposed method: it says what it measured and saved."""


def drawable(idea: Idea, arms: Arms, labels: Mapping[str, str], run: RunDirectory) -> Drawable:
    """Everything measured when the arms were confirmed, on the test split where it was opened.

    `labels`: an arm's id to its label in tables.
    """
    roles = {arms.baseline: "baseline", arms.proposed: "proposed"} | dict.fromkeys(arms.ablations, "ablation")
    confirmed = [e for e in run.experiments() if e.confirming and e.worked and e.parent in roles]
    rows = [
        {
            "arm": labels[str(e.parent)], "role": roles[str(e.parent)], "seed": e.seed, "metric": m.metric, "value": m.value,
            "dataset": m.dataset, "split": m.split, "step": m.step,
        }
        for e in confirmed
        for m in e.measurements
        if m.finite
    ]  # fmt: skip
    named = tuple({"id": arm, "label": labels[arm], "role": roles[arm]} for arm in roles)
    arrays, files = gather(confirmed, roles, run)
    data = {
        "metric": idea.metric.model_dump(),
        "secondary": [m.model_dump() for m in idea.secondary],
        "datasets": list(idea.datasets),
        "arms": named,
        "rows": rows,
        "arrays": [{**entry, "arm": labels[entry["id"]], "role": roles[entry["id"]]} for entry in arrays],
    }
    files["data.json"] = json.dumps(data, indent=1).encode()
    proposed = next((e for e in confirmed if e.parent == arms.proposed), None)
    program = run.program(proposed.folder).read_text(encoding="utf-8") if proposed else ""
    shapes = {entry["name"]: shape(files[entry["file"]]) for entry in reversed(arrays)}
    drawn = {entry["id"]: {other["seed"] for other in arrays if other["id"] == entry["id"]} for entry in arrays}
    every = all(len(drawn.get(arm, ())) in (0, sum(e.parent == arm for e in confirmed)) for arm in roles)
    return Drawable(files, named, tuple(sorted(shapes)), shapes, every, program)


def shape(npy: bytes) -> str:
    """What the header of a saved array says: "(40,) float64". A program wrote it, so it may say anything."""
    import numpy

    try:
        array = numpy.load(io.BytesIO(npy), allow_pickle=False)
    except (ValueError, EOFError, OSError) as error:
        return f"cannot be read ({str(error)[:80]})"
    return f"{array.shape} {array.dtype}"


def gather(
    confirmed: Sequence[Experiment], roles: Mapping[str, str], run: RunDirectory
) -> tuple[list[dict[str, str]], dict[str, bytes]]:
    """The arrays of each arm, seed by seed for as long as there is room: what each is, and the files themselves."""
    found = {arm: [e for e in confirmed if e.parent == arm] for arm in roles}
    entries: list[dict[str, str]] = []
    files: dict[str, bytes] = {}
    for rank in range(max(map(len, found.values()), default=0)):  # a seed of every arm, so that all have as many
        more: dict[str, bytes] = {}
        new: list[dict[str, str]] = []
        for arm, experiments in found.items():
            for experiment in experiments[rank : rank + 1]:
                for path in sorted(run.arrays(experiment.folder).glob("*.npy")):
                    name = f"arrays/{arm}/{experiment.seed}/{path.name}"
                    more[name] = path.read_bytes()
                    new.append({"id": arm, "seed": str(experiment.seed), "name": path.stem, "file": name})
        if rank and sum(map(len, files.values())) + sum(map(len, more.values())) > ARRAYS:
            break
        files |= more
        entries += new
    return entries, files
