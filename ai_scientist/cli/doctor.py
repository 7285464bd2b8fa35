"""What is present, what is missing, and how to get it."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import click

Line = tuple[str, str, str]
"""`ok`, `missing` or `note`; what; and where it is, or how to get it."""


def examine(probe: bool) -> int:
    """Print everything. Returns 0 where a run with the offline model can be had, else 4."""
    lines = [*python(), *sandboxes(), *images(), *models(probe), *disk()]
    for mark, what, text in lines:
        click.echo(f"{mark:8} {what:22} {text}")
    needed = [what for mark, what, _ in lines if mark == "missing"]
    click.echo("")
    if needed:
        click.echo(f"Missing: {', '.join(needed)}. In a checkout, `make setup` gets it on Debian and Ubuntu.")
    else:
        click.echo('Ready: ai-scientist run "early stopping under label noise"')
    return 4 if needed else 0


def python() -> Iterator[Line]:
    yield "ok", "Python", f"{sys.version.split()[0]} in {sys.prefix}"


def sandboxes() -> Iterator[Line]:
    """Each back end, and what it does not hold here. One that holds everything is enough."""
    from ai_scientist_sandbox import available

    found = available()
    strong = any(one.strong for one in found)
    for one in found:
        if one.fault:
            yield ("note" if strong or one.name != "bubblewrap" else "missing"), f"sandbox {one.name}", one.fault
        elif one.strong:
            yield "ok", f"sandbox {one.name}", "holds every limit"
        else:
            broken = {limit: why for limit, why in one.holds.items() if why}
            yield "note", f"sandbox {one.name}", f"does not hold {', '.join(sorted(broken))}; for our own programs only"
            if one.name != "process":
                for why in dict.fromkeys(broken.values()):
                    yield "note", "", f"  {why}"


def images() -> Iterator[Line]:
    from ai_scientist_sandbox import SandboxError, open_host

    try:
        host = open_host("process", "ours")
    except SandboxError as error:
        yield "missing", "images", str(error)
        return
    for name in ("python", "latex"):
        try:
            image = host.image(name)
        except SandboxError as error:
            yield "missing", f"image {name}", str(error)
        else:
            packages = ", ".join(f"{package} {version}" for package, version in sorted(image.packages.items())[:4])
            yield "ok", f"image {name}", f"{image.digest[:19]}… {packages}"


def models(probe: bool) -> Iterator[Line]:
    """Keys are named, never shown."""
    from ai_scientist.models.defaults import choose_default, local_models

    for provider, key in (("openai", "OPENAI_API_KEY"), ("anthropic", "ANTHROPIC_API_KEY")):
        if not os.environ.get(key):
            yield "note", f"model {provider}", f"no key: export {key}=… to use --model {provider}:NAME"
        elif probe:
            yield asked(provider)
        else:
            yield "ok", f"model {provider}", f"{key} is set; --probe asks whether it is accepted"
    served = local_models()
    yield (
        ("ok", "model ollama", ", ".join(served))
        if served
        else ("note", "model ollama", "no server on 127.0.0.1:11434")
    )
    yield "ok", "model offline", "rules for a family of studies, no key, no cost"
    yield "note", "default model", choose_default()


def asked(provider: str) -> Line:
    from ai_scientist.errors import AIScientistError
    from ai_scientist.models.defaults import HOSTED
    from ai_scientist.models.hosted import HostedModel
    from ai_scientist.records import Prompt

    try:
        HostedModel(HOSTED[provider], max_output_tokens=256).write(
            Prompt(name="probe", values={}, text="Answer with the word yes.")
        )
    except AIScientistError as error:
        return "note", f"model {provider}", str(error)
    return "ok", f"model {provider}", f"{HOSTED[provider]} answers"


def disk() -> Iterator[Line]:
    free = shutil.disk_usage(Path.cwd()).free / 2**30
    yield (
        ("ok" if free > 2 else "note"),
        "disk",
        f"{free:.0f} GiB free here" + ("" if free > 2 else "; a run wants about 1 GiB"),
    )
