"""Extra Python packages for a run: found once, before anything runs, and locked with all that they need.

What an image holds stays at the version that it has. Only wheels are taken: a source package would be built by running its own
code, here, outside any sandbox. Nothing of a package is run here, its metadata are read.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Sequence
from pathlib import Path

from . import locks
from .base import PackagesError, SandboxError
from .recipes import locked
from .requirement import requirement_fault
from .tool import cause, index_options, plainly, run, uv

PYTHON = "3.11"
"""The oldest Python that an image may have; a lock holds for this one and newer ones, on every machine."""


def resolve(recipe: str, wanted: Sequence[str]) -> str:
    """A lock of what the recipe holds, as it is, and of the packages wanted with all that they need.

    Raises:
        PackagesError: there is no such package, it has no wheels, or it does not go with what is there.
        SandboxError: the package index cannot be reached, or there is no such recipe.
    """
    base = locks.parse(locked(recipe))
    if not wanted:
        return locks.render(base)
    for one in wanted:
        if fault := requirement_fault(one):
            raise PackagesError(f"{one!r} {fault}")
    with tempfile.TemporaryDirectory() as folder:
        asked, there = Path(folder, "packages.in"), Path(folder, "constraints.txt")
        asked.write_text("".join(f"{one}\n" for one in wanted), encoding="utf-8")
        there.write_text("".join(f"{p.name}=={p.version}{f' ; {p.marker}' if p.marker else ''}\n" for p in base))
        options = ("--generate-hashes", "--universal", "--python-version", PYTHON, "--only-binary", ":all:")
        quiet = ("--no-header", "--no-annotate", "--no-emit-index-url", "--color", "never", "--no-progress")
        chosen = (*options, *quiet, *index_options(), "--constraint", str(there), str(asked))
        done = run(uv(), "pip", "compile", *chosen)
    said = plainly(done.stderr)
    if done.returncode:
        raise _refusal(recipe, wanted, base, said)
    if absent := re.search(r"The package `([^`]+)` does not have an extra named `([^`]+)`", said):
        raise PackagesError(f"the package {absent[1]} has no extra {absent[2]!r}")
    try:
        return locks.render(_joined(base, locks.parse(done.stdout)))
    except locks.LockError as error:
        raise SandboxError(f"uv made no lock of {', '.join(wanted)} that can be used: {error}") from error


def _joined(base: Sequence[locks.Pin], found: Sequence[locks.Pin]) -> list[locks.Pin]:
    """The recipe's own pins, with their own hashes, and the others."""
    there = locks.by_name(base)
    others = []
    for pin in found:
        versions = there.get(pin.name, frozenset())
        everywhere = any(not marker for _, marker in versions)
        if not everywhere and (pin.version, pin.marker) not in versions:
            others.append(pin)
    return [*base, *others]


def _refusal(recipe: str, wanted: Sequence[str], base: Sequence[locks.Pin], said: str) -> Exception:
    """What uv said, as one sentence that says what to do."""
    which = ", ".join(wanted)
    reason = re.search(r"No solution found.*?Because (.*?)(?= hint:|$)", said)
    if reason is None or "not found in the cache" in said or "network was disabled" in said:
        what = "the package index cannot be asked" if _UNREACHABLE.search(said) else "uv could not find them"
        return SandboxError(
            f"the packages {which} cannot be locked: {what} ({cause(said)}); look at the network, or which index is set for pip or uv"
        )
    told = re.sub(r"\{[^}]*\}", "", reason[1])  # uv names the Pythons that a version is meant for
    told = re.sub(r",? we can conclude that your requirements are unsatisfiable\.?$", "", told).removesuffix(".")
    if absent := re.match(r"(\S+) was not found in the package registry", told):
        return PackagesError(f"there is no package {absent[1]!r} in the package index; look how its name is spelt")
    if "usable wheels" in told or "no wheels" in told:
        return PackagesError(
            f"the packages {which} cannot be had as wheels, and nothing else is taken, since to build one would run its code outside "
            f"the sandbox: {told}"
        )
    clashing = {
        pin.name for pin in base if re.search(rf"(?<![\w.-]){pin.name}=={re.escape(pin.version)}(?![\w.])", told)
    }
    if clashing:
        stay = [
            f"{name} {' or '.join(sorted({p.version for p in base if p.name == name}))}" for name in sorted(clashing)
        ]
        return PackagesError(
            f"the packages {which} do not go with the {recipe} image, in which {', '.join(stay)} stays as it is: {told}"
        )
    return PackagesError(f"the packages {which} cannot be had: {told}")


_UNREACHABLE = re.compile(
    r"Failed to fetch|error sending request|network|dns|offline|status (?:client|server) error", re.I
)
