"""A study with made-up measurements, for tests of claims and writing. Saved as a run directory would have it."""

from __future__ import annotations

import hashlib
import json
import random
from pathlib import Path

from ai_scientist.config import Config, dump
from ai_scientist.records import (
    Action,
    Arms,
    Claims,
    Experiment,
    Idea,
    Measurement,
    Metric,
    Prediction,
    Stage,
    StageName,
    Usage,
)
from ai_scientist.runs.events import ExperimentFinished, ExperimentStarted, StageClosed, StageOpened

DATASETS = {
    "digits, 20 per class": "Hand-written digits, 8 by 8 pixels, with 20 training images of each class.",
    "digits, 50 per class": "The same with 50 training images of each class.",
    "digits, all": "The same with all training images.",
}
IDEA = Idea(
    slug="shifted-copies",
    title="Do shifted copies help where labelled digits are few?",
    question="Does training on copies shifted by one pixel raise the accuracy of a small network on few digits?",
    hypothesis="Shifted copies raise test accuracy most where training images are fewest.",
    predictions=(
        Prediction(metric="accuracy", dataset="digits, 20 per class", direction="higher", at_least=0.01,
                   text="Accuracy is higher with shifted copies where images are few."),
        Prediction(metric="accuracy", dataset="digits, all", direction="higher", at_least=0.02, role="secondary",
                   text="The gain remains where all images are used."),
    ),
    metric=Metric(name="accuracy", better="higher", label="accuracy"),
    secondary=(Metric(name="log_loss", better="lower", label="log loss"),),
    datasets=DATASETS,
    baseline="A network with one hidden layer, trained on the images as they are.",
    proposal="The same network, trained on each image and on copies shifted by one pixel.",
    risks=("The test images are few.",),
    keywords=("small data", "augmentation"),
)  # fmt: skip
ARMS = Arms(baseline="0003", proposed="0005", ablations=("0007", "0008"))
EFFECT = {"0003": 0.0, "0005": 0.04, "0007": 0.005, "0008": 0.038}
SEEDS = 5


def experiments(effect: dict[str, float] | None = None) -> tuple[Experiment, ...]:
    """Nine experiments of a search and five confirming runs of each arm."""
    effect = EFFECT if effect is None else effect
    searched: list[tuple[str, str | None, StageName, Action, str, bool]] = [
        ("0001", None, "prototype", "draft", "plain network", False),
        ("0002", "0001", "prototype", "debug", "plain network, shapes mended", True),
        ("0003", "0002", "tune", "tune", "learning rate 0.1", True),
        ("0004", "0002", "tune", "tune", "wider hidden layer", True),
        ("0005", "0003", "explore", "improve", "shifted copies with blurred edges", True),
        ("0006", "0003", "explore", "improve", "rotated copies", True),
        ("0007", "0005", "ablate", "ablate", "no shifts", True),
        ("0008", "0005", "ablate", "ablate", "no blur", True),
        ("0009", "0005", "explore", "repeat", "another seed", True),
    ]
    found = [
        _experiment(
            id, parent, stage, action, change, seed=int(id == "0009"), shift=effect.get(id, 0.01), worked=worked
        )
        for id, parent, stage, action, change, worked in searched
    ]
    number = 10
    for seed in range(500, 500 + SEEDS):
        for arm in ARMS.all:
            change = f"repeat of {arm}"
            found.append(
                _experiment(f"{number:04d}", arm, "confirm", "repeat", change, seed, effect[arm], confirming=True)
            )
            number += 1
    return tuple(found)


def _experiment(
    id: str, parent: str | None, stage: StageName, action: Action, change: str, seed: int, shift: float,
    worked: bool = True, confirming: bool = False,
) -> Experiment:  # fmt: skip
    origin = str(parent) if action == "repeat" else id
    draw, own = random.Random(seed), random.Random(f"{origin}-{seed}")
    settings = {"learning_rate": 0.1, "epochs": 60, "hidden": 128, "shuffle": True}
    if origin not in ("0001", "0002", "0003"):
        settings["copies"] = 4
    measurements: list[Measurement] = []
    for place, name in enumerate(DATASETS):
        accuracy = 0.871 + 0.03 * place + shift * (1, 0.6, 0.1)[place] + draw.gauss(0, 0.008) + own.gauss(0, 0.002)
        loss = 0.45 - 0.1 * place - shift + draw.gauss(0, 0.02) + own.gauss(0, 0.004)
        for split in ("validation", "test") if confirming else ("validation",):
            measurements.append(
                Measurement(metric="accuracy", value=accuracy, better="higher", dataset=name, split=split)
            )
            measurements.append(Measurement(metric="log_loss", value=loss, better="lower", dataset=name, split=split))
    return Experiment(
        id=id, parent=parent, stage=stage, action=action, change=change, plan="Try it.", author="ours", seed=seed,
        config={} if origin != "0003" else {"learning_rate": 0.1}, program=_sha(program(origin)), confirming=confirming,
        outcome="worked" if worked else "failed", seeded=worked, settings=settings if worked else {},
        measurements=tuple(measurements) if worked else (), measured="", sandbox="process",
    )  # fmt: skip


def program(origin: str) -> bytes:
    return f"print('program {origin}')\n".encode()


def _sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def lines(experiment: Experiment) -> bytes:
    """measurements.jsonl as a program leaves it."""
    records: list[dict[str, object]] = [{"kind": "seed", "seed": experiment.seed}] if experiment.seeded else []
    if experiment.settings:
        records.append({"kind": "config", "values": dict(experiment.settings)})
    records += [{"kind": "measurement", **m.model_dump()} for m in experiment.measurements]
    return "".join(json.dumps(record) + "\n" for record in records).encode()


def history(idea: Idea, arms: Arms, done: tuple[Experiment, ...]) -> str:
    """events.jsonl of such a run, as far as experiments and stages go."""
    events: list[StageOpened | StageClosed | ExperimentStarted | ExperimentFinished] = []
    best: dict[StageName, str] = {
        "prototype": "0002", "tune": arms.baseline, "explore": arms.proposed, "ablate": arms.proposed, "confirm": arms.proposed,
    }  # fmt: skip
    for name, carried in best.items():
        here = [one for one in done if one.stage == name]
        events.append(StageOpened(stage=Stage(name=name, goals=(), experiments=len(here)), idea=idea.fingerprint))
        for one in here:
            events.append(
                ExperimentStarted(
                    id=one.id, parent=one.parent, stage=name, round=1, action=one.action, seed=one.seed, scope=one.id
                )
            )
            events.append(ExperimentFinished(id=one.id, outcome=one.outcome, used=Usage()))
        events.append(StageClosed(stage=name, round=1, met=True, why="", best=carried))
    return "".join(event.model_dump_json() + "\n" for event in events)


def save(folder: Path, claims: Claims, done: tuple[Experiment, ...], idea: Idea = IDEA) -> None:
    """Everything that a check reads, but for the paper."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "idea.json").write_text(idea.model_dump_json(indent=1))
    (folder / "events.jsonl").write_text(history(idea, claims.arms, done))
    (folder / "config.yaml").write_text(dump(Config()))
    (folder / "claims.json").write_text(claims.model_dump_json(indent=1))
    for experiment in done:
        place = folder / "tree" / experiment.folder
        (place / "output").mkdir(parents=True)
        origin = str(experiment.parent) if experiment.action == "repeat" else experiment.id
        (place / "program.py").write_bytes(program(origin))
        (place / "output" / "measurements.jsonl").write_bytes(lines(experiment))
        kept = experiment.model_copy(update={"measured": _sha(lines(experiment))})
        (place / "experiment.json").write_text(kept.model_dump_json(indent=1))
