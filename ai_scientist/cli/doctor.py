"""What is present, what is missing, and how to get it."""

from __future__ import annotations

import os
import re
import shutil
import sys
import textwrap
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

if TYPE_CHECKING:
    from ai_scientist_sandbox import Available

from ai_scientist.cli.tables import printable, width

Line = tuple[Literal["ok", "missing", "note"], str, str]
"""`ok`; `missing`: no run can be had without it; `note`: something else cannot be had. What; and where it is, or what that
means and how to get it."""
MARK, WHAT = 9, 21
"""Columns of the first two."""
NAMED = ("numpy", "scipy", "scikit-learn", "matplotlib", "pdflatex", "latexmk")
"""The packages of the images whose versions are shown."""


def examine(probe: str | None = None) -> int:
    """Print everything. Returns 0 where a run with the offline model can be had, else 4. `probe`: the model to ask for a
    word; "" for each provider's that has a key."""
    from ai_scientist_sandbox import available

    found = available()
    lines = [
        *python(),
        *sandboxes(found),
        *images(found),
        *models(probe == ""),
        *([asked(probe)] if probe else []),
        *disk(),
    ]
    for mark, what, text in lines:
        click.echo(wrapped(mark, what, text))
    missing = [what for mark, what, _ in lines if mark == "missing"]
    click.echo("")
    if missing:
        click.echo(f"Missing: {', '.join(missing)}. On Debian and Ubuntu, `make setup` in a checkout gets it.")
    else:
        click.echo('Ready: ai-scientist run "early stopping under label noise"')
    return 4 if missing else 0


def wrapped(mark: str, what: str, text: str) -> str:
    """A line, or several where the text is long: then it hangs in its column."""
    return textwrap.fill(
        printable(text),
        width(),
        initial_indent=f"{mark:{MARK}}{what:{WHAT}}",
        subsequent_indent=" " * (MARK + WHAT),
        break_on_hyphens=False,
        break_long_words=False,  # a command or a path can be copied
    )


def python() -> Iterator[Line]:
    from importlib.metadata import version

    yield "ok", "ai-scientist", version("ai-scientist-lab")
    yield "ok", "Python", f"{sys.version.split()[0]} in {sys.prefix}"


def sandboxes(found: Sequence[Available]) -> Iterator[Line]:
    """Each back end, and what it does not hold here. One that holds everything is enough."""
    strong = any(one.strong or one.unbuilt for one in found)
    for one in found:
        what = f"sandbox {one.name}"
        if one.strong:
            yield "ok", what, "holds every limit"
        elif one.name == "process":
            broken = ", ".join(sorted(limit for limit, why in one.holds.items() if why))
            yield "note", what, one.fault or f"does not hold {broken}: for our own programs only"
        else:
            why = "; ".join(dict.fromkeys(why for why in one.holds.values() if why))
            broken = ", ".join(sorted(limit for limit, why in one.holds.items() if why))
            yield "note", what, one.fault or f"does not hold {broken}: {why}"
    if not strong:
        text = "programs that a model writes do not run here; the offline model's own do, under process"
        yield "note", "no strong sandbox", text


def images(found: Sequence[Available]) -> Iterator[Line]:
    """What programs see in the sandbox that `auto` takes. Looks only: nothing is built."""
    from ai_scientist_sandbox import NotBuiltError, SandboxError, build_nothing, open_host

    taken = next((one.name for one in found if one.strong or one.unbuilt), "process")
    for name in ("python", "latex"):
        try:
            image = open_host(taken, progress=build_nothing).image(name)
        except NotBuiltError as error:
            yield "missing", f"image {name}", f"{error}; so does `make setup`"
        except SandboxError as error:
            yield "missing", f"image {name}", str(error)
        else:
            versions = [f"{package} {short(image.packages[package])}" for package in NAMED if package in image.packages]
            yield "ok", f"image {name}", f"of {taken}: {', '.join(versions)} ({image.digest[:19]}…)"


def short(version: str) -> str:
    """The number in what a program says of its version."""
    found = re.search(r"\d+\.\d[\w.]*", version)
    return found[0] if found else version


def models(probe: bool) -> Iterator[Line]:
    """Keys are named, never shown."""
    from ai_scientist.models.defaults import HOSTED, LOCAL, choose_default, local_models
    from ai_scientist.models.faults import KEYS

    for provider in HOSTED:
        key = KEYS[provider]
        if not os.environ.get(key):
            yield "note", f"model {provider}", f"no key: export {key}=… to use --model {provider}:NAME"
        elif probe:
            yield asked(HOSTED[provider])
        else:
            yield "ok", f"model {provider}", f"{key} is set; --probe asks whether it is accepted"
    served = local_models()
    yield (
        ("ok", "model ollama", ", ".join(served))
        if served
        else ("note", "model ollama", f"no server on {LOCAL[0]}:{LOCAL[1]}")
    )
    yield "ok", "model offline", "rules for a family of studies, no key, no cost"
    yield "ok", "default model", choose_default()


def asked(name: str) -> Line:
    """Have a model fill in a form of one field, as a run would: a model that cannot is of no use to one."""
    from pydantic import BaseModel

    from ai_scientist.config import Models
    from ai_scientist.errors import AIScientistError
    from ai_scientist.models.desk import open_seats
    from ai_scientist.models.faults import Passing, Unreadable
    from ai_scientist.records import Prompt

    class Answer(BaseModel):
        word: str

    what = f"model {name.partition(':')[0]}"
    try:
        model = open_seats(Models(default=name, max_output_tokens=1024, timeout=60), None)["ideas"].model
        model.fill(Prompt(name="probe", values={}, text="Fill the form in with the word yes."), Answer)
    except (AIScientistError, Passing, Unreadable) as error:
        return "note", what, str(error)
    return "ok", what, f"{name} answers, and fills forms in"


def disk() -> Iterator[Line]:
    free = shutil.disk_usage(Path.cwd()).free / 2**30
    yield (
        ("ok" if free > 2 else "note"),
        "disk",
        f"{free:.0f} GiB free here" + ("" if free > 2 else "; a run wants about 1 GiB"),
    )
