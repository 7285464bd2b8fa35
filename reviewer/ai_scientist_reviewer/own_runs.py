"""Runs of the AI Scientist: claims and measurements, named by variant, metric, data set, split and seed."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ai_scientist_reviewer.results import Value

_MAX_BYTES = 16 * 1024 * 1024
_ASIDE = (
    "calls",
    "plans",
    "reviews",
    "paper",
    "figures",
    "events.jsonl",
    "run.json",
    "references.json",
    "idea.json",
    "bundle",
)


@dataclass
class Own:
    """What was read as runs of ours."""

    values: list[Value] = field(default_factory=list)
    covered: set[str] = field(default_factory=set)
    """Files that these values come from, or that hold no results."""


def of_folder(base: Path, files: Sequence[Path]) -> Own:
    """The runs and bundles among the files: where a claims.json or a tree/ of experiments lies."""
    own = Own()
    roots = {path.parent for path in files if path.name == "claims.json"}
    roots |= {
        path.parent.parent.parent
        for path in files
        if path.name == "experiment.json" and path.parent.parent.name == "tree"
    }
    inner = {root for root in roots if root.name == "bundle" and root.parent in roots}
    for root in sorted(roots - inner):
        below = [path for path in files if path.is_relative_to(root)]
        own.covered.update(
            path.relative_to(base).as_posix() for path in below if any(path.is_relative_to(one) for one in inner)
        )
        below = [path for path in below if path.relative_to(base).as_posix() not in own.covered]
        for path in below:
            parts = path.relative_to(root).parts
            if parts[0] in _ASIDE or parts[0] == "tree" or parts == ("claims.json",):
                own.covered.add(path.relative_to(base).as_posix())
        prefix = root.relative_to(base).parts
        own.values += _claims(base, root, prefix)
        for folder in sorted({path.parent for path in below if path.name == "experiment.json"}):
            own.values += _experiment(base, folder, prefix)
    return own


def _load(path: Path) -> Any:
    """The JSON of a file; None where it cannot be read."""
    try:
        if path.stat().st_size > _MAX_BYTES:
            return None
        return json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return None


def _claims(base: Path, root: Path, prefix: tuple[str, ...]) -> Iterator[Value]:
    claims = _load(root / "claims.json")
    if not isinstance(claims, Mapping):
        return
    file = (root / "claims.json").relative_to(base).as_posix()
    labels = claims.get("labels")
    known = [str(label) for label in labels.values()] if isinstance(labels, Mapping) else []
    named: dict[str, tuple[str, ...]] = {}
    for claim in _records(claims.get("values")):
        statistic = claim.get("statistic")
        what = str(claim.get("what", ""))[:300]
        label = max((label for label in known if f", {label}" in what), key=len, default="")
        parts = (
            [str(statistic.get(key) or "") for key in ("metric", "dataset", "split", "rule")]
            if isinstance(statistic, Mapping)
            else []
        )
        path = (label or what, *parts) if parts and parts[0] else (str(claim.get("id", ""))[:200], what)
        if parts and parts[0] and not parts[1]:
            path = (label or what, parts[0], "mean over the data sets", *parts[2:])
        named[str(claim.get("id"))] = path
        yield from _value((*prefix, "claims.json", *path), claim.get("value"), file)
    for one in _records(claims.get("comparisons")):
        left, right = named.get(str(one.get("left")), ()), named.get(str(one.get("right")), ())
        if not left or not right:
            continue
        path = (left[0], f"against {right[0]}", *left[1:-1])
        for key in ("difference", "low", "high", "n", "p", "p_adjusted"):
            yield from _value((*prefix, "claims.json", *path, key), one.get(key), file)


def _experiment(base: Path, folder: Path, prefix: tuple[str, ...]) -> Iterator[Value]:
    experiment = _load(folder / "experiment.json")
    if not isinstance(experiment, Mapping):
        return
    recorded = folder / "output" / "measurements.jsonl"
    measurements = list(_measurements(recorded))
    file = (recorded if measurements else folder / "experiment.json").relative_to(base).as_posix()
    change = str(experiment.get("change") or experiment.get("id") or folder.name)[:200]
    stage = "confirm" if experiment.get("confirming") else "search"
    seed = f"seed {experiment.get('seed')}"
    for one in measurements or _records(experiment.get("measurements")):
        if one.get("step") is not None:
            continue  # a curve's point
        told = tuple(str(one.get(key) or "") for key in ("metric", "dataset", "split"))
        yield from _value((*prefix, "tree", stage, change, *told, seed), one.get("value"), file)
    settings = experiment.get("settings")
    if isinstance(settings, Mapping):
        for key, value in settings.items():
            yield from _value(
                (*prefix, "settings", change, str(key)[:100], seed),
                value,
                (folder / "experiment.json").relative_to(base).as_posix(),
            )


def _measurements(path: Path) -> Iterator[Mapping[str, Any]]:
    try:
        if path.stat().st_size > _MAX_BYTES:
            return
        lines = path.read_text("utf-8", "replace").splitlines()
    except OSError:
        return
    for line in lines:
        try:
            one = json.loads(line)
        except (ValueError, RecursionError):
            continue  # the last line of a program that was stopped
        if isinstance(one, Mapping) and one.get("kind") == "measurement":
            yield one


def _records(thing: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(thing, list):
        yield from (one for one in thing if isinstance(one, Mapping))


def _value(path: tuple[str, ...], value: Any, file: str) -> Iterator[Value]:
    if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
        yield Value(path, float(value), file)
