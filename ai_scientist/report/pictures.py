"""The figures of a run, each with the rounds that it took: what was drawn, what was seen in it, what was objected."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ai_scientist.records import Figure
from ai_scientist.runs import RunDirectory


@dataclass(frozen=True)
class Look:
    """What somebody who looked at a picture said of it."""

    version: int
    """Of the paper beside which it was looked at; 0 when it was drawn."""
    shows: str
    """"" where there was no picture."""
    objected: tuple[str, ...]
    misstated: tuple[str, ...]
    """What the paper said and the picture did not show."""


@dataclass(frozen=True)
class Round:
    number: int
    png: str
    """Base64; "" where the script left no picture."""
    looks: tuple[Look, ...]


@dataclass(frozen=True)
class Picture:
    name: str
    figure: Figure | None
    """None where it is left out of the paper, or not settled yet."""
    png: str
    """Base64, of the settled one."""
    rounds: tuple[Round, ...]

    @property
    def left(self) -> tuple[str, ...]:
        """What is still objected to in the settled one, or in what the paper says of it."""
        looks = [
            look for round in self.rounds for look in round.looks if self.figure and round.number == self.figure.round
        ]
        return (*looks[-1].objected, *looks[-1].misstated) if looks else ()

    @property
    def objected(self) -> bool:
        """Whether anything ever was."""
        return any(look.objected or look.misstated for round in self.rounds for look in round.looks)


def pictures(run: RunDirectory) -> list[Picture]:
    """In the order of the paper; what it does not name, by name."""
    file = run.figures / "order.json"
    order: list[str] = json.loads(file.read_bytes()) if file.exists() else []
    place = {name: number for number, name in enumerate(order)}
    folders = sorted(run.figures.glob("*/"), key=lambda folder: (place.get(folder.name, len(order)), folder.name))
    return [picture(folder) for folder in folders]


def picture(folder: Path) -> Picture:
    settled, final = folder / "figure.json", folder / "final.png"
    figure = Figure.model_validate_json(settled.read_bytes()) if settled.exists() and final.exists() else None
    return Picture(folder.name, figure, encoded(final) if figure else "", tuple(rounds(folder)))


def rounds(folder: Path) -> Iterator[Round]:
    for number in sorted(int(file.stem) for file in folder.glob("*.json") if file.stem.isdecimal()):
        read = {int(file.stem.rpartition("-")[2]): file for file in folder.glob(f"{number}-read-*.json")}
        files = {0: folder / f"{number}-critique.json", **dict(sorted(read.items()))}
        looks = tuple(look(version, file) for version, file in files.items() if file.exists())
        yield Round(number, encoded(folder / f"{number}.png"), looks)


def look(version: int, file: Path) -> Look:
    kept: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return Look(
        version=version,
        shows=(kept["seen"] or {}).get("shows", ""),
        objected=tuple(fault["message"] for fault in kept["faults"]),
        misstated=tuple(fault["message"] for fault in kept.get("misstated", ())),
    )


def encoded(file: Path) -> str:
    return base64.b64encode(file.read_bytes()).decode() if file.exists() else ""
