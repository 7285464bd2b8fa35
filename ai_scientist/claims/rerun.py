"""Run the winning experiments again, and hold what they measure now against what the paper rests on.

A bundle may come from anybody: whatever it says of who wrote its programs, they run where a model's programs run.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from ai_scientist_sandbox import MIB, Limits, SandboxError, SandboxHost, laboratory, read_measurements

from ai_scientist.claims.compute import confirmed
from ai_scientist.claims.evidence import Item, gather
from ai_scientist.claims.history import ENVIRONMENT, LOG, check_lock, started_in
from ai_scientist.datasets import changed
from ai_scientist.environment import Environment, Locked
from ai_scientist.errors import MachineError
from ai_scientist.records import Experiment
from ai_scientist.runs.events import RunStarted

AGREE = 1e-9
"""Relative difference up to which two values are the same: the order of sums may differ between processors."""
MEASUREMENTS = "measurements.jsonl"
RUN = "run.json"

Key = tuple[str, str, str, int | None]
"""Metric, dataset, split, step."""


def rerun(
    files: Mapping[str, bytes], host: SandboxHost, workers: int = 2, mounts: Mapping[str, Path] | None = None
) -> tuple[Item, ...]:
    """An item for each confirming run of the baseline and of the proposed method.

    `files`: as `claims.evidence.read_files` gives them. `host`: one that is strong enough for anybody's programs. `mounts`: the
    user's data, name to folder. Where the run had data that are not among them, or are others, its runs cannot be made again.

    Raises:
        MachineError: the sandbox failed, or the image that the run's programs saw cannot be built from its lock.
    """
    evidence = gather(files)
    if evidence.claims is None:
        return (Item(verdict="UNKNOWN", what="runs made again", why="there are no claims to know the winners by"),)
    arms = (evidence.claims.arms.baseline, evidence.claims.arms.proposed)
    wanted = [one for arm in arms for one in confirmed(arm, evidence.experiments)]
    if not wanted:
        return (Item(verdict="UNKNOWN", what="runs made again", why="there is no confirming run"),)
    started = started_in(files.get(LOG, b""))
    hashes = started.data if started else {}
    image, why = image_of(files, started)
    why = why or lacking(hashes, mounts or {})
    if why:
        return tuple(
            Item(verdict="UNKNOWN", what=made_again(one), where=f"tree/{one.folder}", why=why) for one in wanted
        )
    shown = {name: folder for name, folder in (mounts or {}).items() if name in hashes}
    try:
        host.image(image)  # built once, before several ask for it
    except SandboxError as error:
        raise MachineError(f"The programs cannot be run again: {error}") from None
    with ThreadPoolExecutor(workers) as pool:
        return tuple(pool.map(lambda one: again(one, files, host, shown, image), wanted))


def image_of(files: Mapping[str, bytes], started: RunStarted | None) -> tuple[str, str]:
    """What the sandbox calls the image that the programs saw, to be built from the run's own lock; or why that is not known."""
    if not (started and started.environment):  # of before runs had a lock
        return "python", ""
    lock = files.get(ENVIRONMENT, b"")
    for item in check_lock(files.get(LOG, b""), lock):
        if item.verdict != "PASS":
            return "", f"{ENVIRONMENT}: {item.why}"
    try:
        begun = Environment.model_validate(json.loads(files.get(RUN, b"")).get("environment"))
        return Locked(begun.recipe, begun.packages, lock.decode()).image, ""
    except (ValueError, AttributeError) as error:
        return "", f"{RUN} and {ENVIRONMENT} do not say what the programs saw ({str(error).splitlines()[0]})"


def lacking(hashes: Mapping[str, str], mounts: Mapping[str, Path]) -> str:
    """Why the programs cannot be given the data that they had; "" where they can."""
    for name, whole in hashes.items():
        if name not in mounts:
            return f"its data '{name}' (SHA-256 {whole[:12]}…) are not here; give them with --data {name}=FOLDER"
        if why := changed(name, mounts[name], whole):
            return why
    return ""


def made_again(experiment: Experiment) -> str:
    return f"experiment {experiment.id} made again"


def again(
    experiment: Experiment, files: Mapping[str, bytes], host: SandboxHost, mounts: Mapping[str, Path], image: str
) -> Item:
    what, where = made_again(experiment), f"tree/{experiment.folder}"
    program = files.get(f"{where}/program.py")
    if program is None:
        return Item(verdict="UNKNOWN", what=what, where=where, why="program.py is missing")
    limits = Limits(wall=60 + 10 * experiment.used.wall, memory=4096 * MIB)
    try:
        with host.open(image, limits, mounts=mounts) as sandbox:
            sandbox.put(
                {"program.py": program, **laboratory(experiment.seed, experiment.config, experiment.confirming)}
            )
            completed = sandbox.run(["python", "program.py"])
            data = sandbox.fetch().get(MEASUREMENTS, b"")
    except SandboxError as error:
        raise MachineError(f"The programs cannot be run again: {error}") from None
    if not completed.succeeded:
        why = f"the program ended as '{completed.ending}' with status {completed.status}"
        return Item(verdict="FAIL", what=what, where=where, why=why)
    now = {(m.metric, m.dataset, m.split, m.step): m.value for m in read_measurements(data).measurements}
    then = {(m.metric, m.dataset, m.split, m.step): m.value for m in experiment.measurements}
    differing = differences(then, now)
    if differing:
        return Item(verdict="FAIL", what=what, where=where, why="; ".join(differing[:3]))
    return Item(verdict="PASS", what=what, where=where)


def differences(then: Mapping[Key, float | None], now: Mapping[Key, float | None]) -> Sequence[str]:
    """What was not measured the same, each in a few words."""
    told = []
    for key in sorted({*then, *now}, key=str):
        before, after = then.get(key), now.get(key)
        same = before == after or (
            before is not None and after is not None and math.isclose(before, after, rel_tol=AGREE, abs_tol=AGREE)
        )
        if not same or (key in then) != (key in now):
            told.append(f"{key[0]} on {key[1]} ({key[2]}) was {before} and is {after}")
    return told
