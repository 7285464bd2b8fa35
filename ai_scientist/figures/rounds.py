"""The rounds of each figure, as they lie under figures/<name>/: 1.json, 1.py, 1.png, 1.pdf, 1-critique.json, 2.json, …

and 1-read-2.json, where the first round was looked at again beside the paper's second version.

A figure is settled when figure.json stands beside final.pdf.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from ai_scientist.figures.draw import Drawn
from ai_scientist.figures.forms import Drawing
from ai_scientist.figures.look import Look
from ai_scientist.records import Fault, Figure
from ai_scientist.runs import RunDirectory


def names(run: RunDirectory) -> tuple[str, ...]:
    """Every figure that was ever drawn, in the order in which the first round named them."""
    order = run.figures / "order.json"
    return tuple(json.loads(order.read_text())) if order.is_file() else ()


def keep_order(run: RunDirectory, drawings: Sequence[Drawing]) -> None:
    run.write(run.figures / "order.json", json.dumps([drawing.name for drawing in drawings]))


def keep(run: RunDirectory, round: int, drawn: Drawn) -> None:
    """Write one round of one figure. The record comes last: where it stands, the rest does."""
    folder = run.figure(drawn.drawing.name)
    run.write(folder / f"{round}.py", drawn.drawing.script)
    if drawn.png:
        run.write(folder / f"{round}.png", drawn.png)
        run.write(folder / f"{round}.pdf", drawn.pdf)
    record = {
        "drawing": drawn.drawing.model_dump(),
        "author": drawn.author,
        "faults": [fault.model_dump() for fault in drawn.faults],
    }
    run.write(folder / f"{round}.json", json.dumps(record, indent=1))


def drawn(run: RunDirectory, name: str, round: int) -> Drawn | None:
    """One round of one figure, or None where it was not drawn."""
    folder = run.figure(name)
    if not (folder / f"{round}.json").is_file():
        return None
    record = json.loads((folder / f"{round}.json").read_text())
    picture = (folder / f"{round}.png").is_file()
    return Drawn(
        drawing=Drawing.model_validate(record["drawing"]),
        author=record["author"],
        png=(folder / f"{round}.png").read_bytes() if picture else b"",
        pdf=(folder / f"{round}.pdf").read_bytes() if picture else b"",
        faults=tuple(Fault.model_validate(fault) for fault in record["faults"]),
    )


def keep_look(run: RunDirectory, name: str, round: int, look: Look, *, version: int = 0) -> None:
    """`version`: of the paper beside which the round was looked at; 0 when it was drawn."""
    file = f"{round}-read-{version}.json" if version else f"{round}-critique.json"
    run.write(run.figure(name) / file, look.model_dump_json(indent=1))


def looks(run: RunDirectory, name: str, round: int) -> tuple[Look, ...]:
    """Every look at one round of one figure: when it was drawn, then beside each version of the paper that asked for one."""
    folder = run.figure(name)
    read = sorted(folder.glob(f"{round}-read-*.json"), key=lambda file: int(file.stem.rpartition("-")[2]))
    files = [file for file in (folder / f"{round}-critique.json", *read) if file.is_file()]
    return tuple(Look.model_validate_json(file.read_text(encoding="utf-8")) for file in files)


def last(run: RunDirectory, name: str, before: int) -> int:
    """The last round before another in which a figure was drawn; 0 where there is none."""
    return next((number for number in range(before - 1, 0, -1) if drawn(run, name, number)), 0)


def objections(run: RunDirectory, name: str, round: int) -> tuple[Fault, ...]:
    """What was objected to in a round's picture when it was last looked at."""
    seen = looks(run, name, round)
    return seen[-1].faults if seen else ()


def settle(run: RunDirectory, round: int, drawn: Drawn, faults: Sequence[Fault]) -> Figure:
    """Make this round the figure of the paper, with what is still objected to."""
    drawing = drawn.drawing
    folder = run.figure(drawing.name)
    figure = Figure(
        name=drawing.name,
        caption=drawing.caption,
        shows=drawing.shows,
        width=drawing.width,
        author=drawn.author,
        round=round,
        faults=tuple(faults),
    )
    run.write(folder / "draw.py", drawing.script)
    run.write(folder / "final.png", drawn.png)
    run.write(folder / "final.pdf", drawn.pdf)
    run.write(folder / "figure.json", figure.model_dump_json(indent=1))
    return figure


def settled(run: RunDirectory) -> tuple[Figure, ...]:
    """The figures of the paper so far, in order."""
    files = [run.figure(name) / "figure.json" for name in names(run)]
    return tuple(Figure.model_validate_json(file.read_text()) for file in files if file.is_file())
