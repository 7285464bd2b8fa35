"""Draw: a model writes scripts, and each is run in a sandbox over the saved measurements."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from ai_scientist_sandbox import Limits, SandboxError, SandboxHost

from ai_scientist.errors import MachineError
from ai_scientist.figures.forms import Drawing
from ai_scientist.records import Author, Fault

DRAWING = Limits(wall=120, memory=1024 * 1024 * 1024, processes=32, disk=64 * 1024 * 1024, inodes=256)
"""What drawing one figure may use."""

PREAMBLE = """\
import matplotlib
matplotlib.use("Agg")
matplotlib.rcParams.update({
    "font.size": 8, "axes.titlesize": 8, "axes.labelsize": 8, "xtick.labelsize": 7, "ytick.labelsize": 7,
    "legend.fontsize": 7, "legend.frameon": False, "axes.spines.top": False, "axes.spines.right": False,
    "axes.linewidth": 0.6, "lines.linewidth": 1.3, "lines.markersize": 4, "pdf.fonttype": 42, "font.family": "serif",
    "mathtext.fontset": "cm", "font.serif": ["DejaVu Serif"], "figure.constrained_layout.use": True,
    "axes.prop_cycle": matplotlib.cycler(color=["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000"]),
})
"""
"""The house style, as `style.py` beside each script: print size, and colours that a colour-blind reader tells apart
(Okabe and Ito, 2008)."""


class Hosts(Protocol):
    def for_author(self, author: Author) -> SandboxHost: ...


@dataclass(frozen=True)
class Drawn:
    """What one script left: the picture, or why there is none."""

    drawing: Drawing
    author: Author
    png: bytes
    pdf: bytes
    faults: tuple[Fault, ...]


def draw(drawing: Drawing, author: Author, files: Mapping[str, bytes], hosts: Hosts, image: str = "python") -> Drawn:
    """Run one drawing's script. It reads data.json and arrays/, and leaves output/figure.pdf and output/figure.png.
    `image`: the one that the experiments ran in.

    Raises:
        MachineError: the machine failed, not the script.
    """
    job = {**files, "draw.py": drawing.script.encode(), "style.py": PREAMBLE.encode()}
    try:
        with hosts.for_author(author).open(image, DRAWING) as sandbox:
            sandbox.put(job)
            completed = sandbox.run(["python", "draw.py"])
            left = sandbox.fetch()
    except SandboxError as error:
        raise MachineError(f"The figure {drawing.name} cannot be drawn: {error}.") from None
    png, pdf = left.get("figure.png", b""), left.get("figure.pdf", b"")
    faults: list[Fault] = []
    if not completed.succeeded:
        faults.append(
            Fault(rule="script", message=f"The script ended as '{completed.ending}': {completed.output[-1500:]}")
        )
    elif not png.startswith(b"\x89PNG") or not pdf.startswith(b"%PDF"):
        faults.append(Fault(rule="script", message="The script left no output/figure.png and output/figure.pdf."))
    return Drawn(drawing, author, png, pdf, tuple(faults))
