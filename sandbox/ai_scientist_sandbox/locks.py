"""Locks of Python packages: each pinned to a version and to the hashes of its files. Parsed strictly, since one may come
with a bundle from anybody: it names no index, no address, no file and no option."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

LARGEST = 8 * 1024 * 1024
"""Characters of a lock."""
NAME = r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?"
_PIN = re.compile(
    rf"(?P<name>{NAME})==(?P<version>[A-Za-z0-9][A-Za-z0-9.!+_-]*)"
    r"(?:\s*;\s*(?P<marker>[A-Za-z0-9_ .'\"()<>=!~,+*-]+?))?"
    r"(?P<hashes>(?:\s+--hash=sha256:[0-9a-f]{64})+)"
)


class LockError(ValueError):
    """What is no lock, and where."""


@dataclass(frozen=True, order=True)
class Pin:
    """One package at one version."""

    name: str
    """As the index spells it, so that `-`, `_` and `.` are one sign."""
    version: str
    marker: str
    """On which Pythons and machines, as in PEP 508; "" for all."""
    hashes: tuple[str, ...]
    """SHA-256 of the files that it may be installed from."""


def parse(text: str) -> tuple[Pin, ...]:
    """The pins, in order.

    Raises:
        LockError: a line is no pinned package with hashes.
    """
    if len(text) > LARGEST:
        raise LockError(f"a lock of more than {LARGEST:,} characters")
    whole = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))
    found = []
    for line in re.sub(r"\\\n", " ", whole).splitlines():
        line = line.split(" #")[0].strip()
        if not line:
            continue
        pin = _PIN.fullmatch(line)
        if pin is None:
            raise LockError(f"no package that is pinned to a version and to hashes: {line[:80]!r}")
        hashes = tuple(sorted(re.findall(r"[0-9a-f]{64}", pin["hashes"])))
        found.append(Pin(normal(pin["name"]), pin["version"], (pin["marker"] or "").strip(), hashes))
    if not found:
        raise LockError("an empty lock")
    return tuple(found)


def normal(name: str) -> str:
    """A package's name as indexes compare names."""
    return re.sub(r"[-_.]+", "-", name).lower()


def name_in(requirement: str) -> str:
    """The package that a requirement names, as indexes compare names."""
    found = re.match(NAME, requirement.strip())
    return normal(found[0]) if found else ""


def render(pins: Iterable[Pin]) -> str:
    """The lock as pip and uv read it: the same pins always give the same text."""
    written = []
    for pin in sorted(pins):
        head = f"{pin.name}=={pin.version}" + (f" ; {pin.marker}" if pin.marker else "")
        written.append(" \\\n    ".join([head, *(f"--hash=sha256:{one}" for one in pin.hashes)]) + "\n")
    return "".join(written)


def fingerprint(pins: Iterable[Pin]) -> str:
    """SHA-256 of what a lock says, however it is written."""
    return hashlib.sha256(render(pins).encode()).hexdigest()


def by_name(pins: Iterable[Pin]) -> Mapping[str, frozenset[tuple[str, str]]]:
    """Of each package, its versions and where each is meant."""
    found: dict[str, set[tuple[str, str]]] = {}
    for pin in pins:
        found.setdefault(pin.name, set()).add((pin.version, pin.marker))
    return {name: frozenset(versions) for name, versions in found.items()}


@dataclass(frozen=True)
class Difference:
    """What has to be done to an image of one lock so that it is one of another."""

    added: tuple[Pin, ...]
    """To be installed."""
    gone: tuple[str, ...]
    """Names, to be removed first: not in the other lock, or at another version there."""


def difference(base: Iterable[Pin], wanted: Iterable[Pin]) -> Difference:
    pins = tuple(wanted)
    before, now = by_name(base), by_name(pins)
    return Difference(
        added=tuple(sorted(pin for pin in pins if before.get(pin.name) != now[pin.name])),
        gone=tuple(sorted(name for name, versions in before.items() if now.get(name) != versions)),
    )
