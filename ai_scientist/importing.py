"""Whether extra packages can be imported where programs run: found out in a sandbox, before a model writes a program that does."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace

from ai_scientist_sandbox import Limits, SandboxError, SandboxHost

from ai_scientist.errors import InputError, MachineError

PROGRAM = """
import importlib, json, re
from importlib.metadata import packages_distributions

def normal(name):
    return re.sub(r"[-_.]+", "-", name).lower()

modules = {}
for module, packages in packages_distributions().items():
    for package in packages:
        modules.setdefault(normal(package), []).append(module)
for package in json.load(open("packages.json")):
    found = [module for module in modules.get(package, ()) if not module.startswith("_")]
    named = [module for module in found if normal(module) == package] or found
    for module in named:
        try:
            importlib.import_module(module)
            break
        except BaseException as error:
            fault = f"{type(error).__name__}: {error}"
    else:
        if named:
            raise SystemExit(f"\\n{package}: {' '.join(fault.split())[:300]}")
"""
"""Imports of each package the module that is called as it is, or else the first that can be."""
PATIENCE = 120.0
"""Seconds for all of them."""


def check_importable(host: SandboxHost, image: str, packages: Sequence[str], limits: Limits) -> None:
    """`packages`: as indexes compare names. `limits`: those of the programs that will import them.

    Raises:
        InputError: one cannot be imported; says what it said.
        MachineError: the machine failed.
    """
    if not packages:
        return
    try:
        with host.open(image, replace(limits, wall=PATIENCE)) as sandbox:
            sandbox.put({"program.py": PROGRAM.encode(), "packages.json": json.dumps(list(packages)).encode()})
            done = sandbox.run(["python", "program.py"])
    except SandboxError as error:
        raise MachineError(f"The packages {', '.join(packages)} cannot be tried: {error}.") from None
    if done.succeeded:
        return
    lines = done.output.strip().splitlines()
    said = (
        lines[-1][:400]
        if done.ending == "exited" and lines
        else f"it ended as '{done.ending}' within the limits of an experiment"
    )
    raise InputError(
        f"A package cannot be imported in the sandbox '{host.name}', {said.rstrip('.')}. Take another version, or another sandbox "
        "(--sandbox), or leave it out."
    )
