"""What an attack and its control are, as data. `declared/` has them all, by group; `suite.py` runs them.

An attack is a program that one can read (`programs/<name>.py`, `latex/<name>.tex`). It says `BEGUN` when it begins to
attack, `WON` with what it won, and `HELD` at its end where it won nothing. Its control is the same program in a
container of which one wall is lifted, within bounds that the machine can bear; there it has to win.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from ai_scientist_sandbox import MIB, Completed, Ending, Limits, laboratory

from tests.sandbox.red_team.scene import Scene

HERE = Path(__file__).parent
LIMITS = Limits(wall=10, memory=128 * MIB, processes=32, disk=8 * MIB, inodes=256, output=64 * 1024, flood=4 * MIB)
BOUNDS = Limits(wall=60, cpu=2, memory=1024 * MIB, processes=512, disk=256 * MIB, inodes=16384, flood=256 * MIB)
"""What a control may raise a limit to."""

Group = Literal[
    "time", "processes", "memory", "disk and output", "files", "network", "kernel", "itself", "results", "LaTeX"
]


@dataclass(frozen=True)
class Trial:
    """What came of an attack, or of its control."""

    scene: Scene
    completed: Completed | None
    """None where the machine seemed to fail: a `SandboxError`."""
    fault: str = ""
    """What that error said."""
    results: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def seen(self) -> str:
        """All that left the sandbox, as one text."""
        output = self.completed.output if self.completed else ""
        files = "".join(f"{name}\n{data.decode('utf-8', 'replace')}\n" for name, data in self.results.items())
        return output + files


Proof = Callable[[Trial], bool]
Settings = dict[str, Any]
Lift = Callable[[Settings, Scene], Settings]
"""From a hardened container, as the engine's interface takes it, to one without one wall."""
Laid = Callable[[Scene], Mapping[str, bytes]]


def won(trial: Trial) -> bool:
    """The program says so."""
    return "WON" in trial.seen


def told_the_secret(trial: Trial) -> bool:
    return trial.scene.secret in trial.seen


def left(*names: str) -> Proof:
    """These are among the results."""
    return lambda trial: set(names) <= set(trial.results)


def broke(trial: Trial) -> bool:
    """The job was lost, and the machine seemed to be at fault."""
    return trial.completed is None


def lost_results(trial: Trial) -> bool:
    """What the program had left in good order did not arrive."""
    return "kept" not in trial.results


@dataclass(frozen=True)
class Control:
    """The same attack without one wall."""

    lifted: str
    """Which wall, as a sentence's object."""
    limits: Mapping[str, Any] = field(default_factory=dict)
    """Fields of `Limits` that are raised."""
    lift: Lift | None = None
    environment: Mapping[str, str] = field(default_factory=dict)
    arguments: Mapping[str, str] = field(default_factory=dict)
    """Texts in the command, and what stands there instead."""
    ours: Mapping[str, Any] = field(default_factory=dict)
    """A name of our own package (`results.path_fault`), and what stands for it."""
    proof: Proof = won
    note: str = ""
    """Where no single wall could be lifted: why, and what was."""


@dataclass(frozen=True)
class Attack:
    """One hostile program."""

    name: str
    group: Group
    wall: str
    """What holds it, for the table in the sandbox's README."""
    control: Control
    endings: tuple[Ending, ...] = ("exited",)
    """How the job may end."""
    says: str = "HELD"
    """In the output, it shows that the attack was really made."""
    limits: Limits = LIMITS
    arguments: tuple[str, ...] = ()
    """For the program. `{secret}` and other names in braces are those of `Scene`."""
    command: tuple[str, ...] = ("python", "program.py")
    laid: Laid = lambda scene: {}
    """Files that are laid beside it, by path."""
    kept: bool = False
    """Whether the program leaves a plain result `kept`, which has to arrive."""
    other_job: bool = False
    """Whether another job runs at the same time, which has something to hide."""
    check: Proof | None = None
    """What else has to hold."""
    slow: bool = False

    @property
    def path(self) -> Path:
        kind = ("latex", ".tex") if self.group == "LaTeX" else ("programs", ".py")
        return HERE / kind[0] / (self.name + kind[1])

    @property
    def image(self) -> str:
        return "latex" if self.group == "LaTeX" else "python"

    def files(self, scene: Scene) -> dict[str, bytes]:
        """What is laid in the job's folder."""
        beside = self.laid(scene)
        if self.group == "LaTeX":
            return {"paper.tex": self.path.read_bytes(), **beside}
        return {"program.py": self.path.read_bytes(), **laboratory(seed=7), **beside}
