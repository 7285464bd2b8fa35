"""GPUs of this machine that a job can be lent: which there are, which of them are ours to lend, and who has which now.

A GPU is lent to one job at a time, of all our processes on this machine, whoever runs them: whoever has one holds a lock on a
file named after it, which the kernel lets go when its process dies. CUDA is never loaded: it would take memory on
every GPU, and a process that has it may not fork.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import shutil
import stat
import subprocess
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from .base import SandboxError

VISIBLE = "CUDA_VISIBLE_DEVICES"
PAUSE = 0.2
"""Seconds between two looks whether one is free."""
PREFIX = "ai-scientist-gpu."
_SEVERAL = "several"
_DRIVER = Path("/proc/driver/nvidia/gpus")
_FOLDERS = ("/run/lock", "/tmp")


@dataclass(frozen=True)
class Gpu:
    """What can be lent: a whole GPU, or a part of one that it was divided into (MIG)."""

    uuid: str
    """`GPU-…`, `MIG-…`."""
    index: int | None = None
    """As `nvidia-smi` counts, and CUDA where CUDA_DEVICE_ORDER is PCI_BUS_ID; None of a part, which has only its name."""


def ours() -> list[Gpu]:
    """Those of this machine that CUDA_VISIBLE_DEVICES leaves to this process.

    Raises:
        SandboxError: the driver does not say which there are.
    """
    return visible(installed(), os.environ.get(VISIBLE))


def visible(there: Sequence[Gpu], setting: str | None) -> list[Gpu]:
    """Those that a setting of CUDA_VISIBLE_DEVICES names: by number or by the beginning of the name, up to the first that is
    none or was named before, as CUDA reads it. None: all."""
    if setting is None:
        return list(there)
    found: list[Gpu] = []
    for entry in (part.strip() for part in setting.split(",")):
        named = entry.startswith(("GPU-", "MIG-"))
        meant = [one for one in there if entry == str(one.index) or (named and one.uuid.startswith(entry))]
        if len(meant) != 1 or meant[0] in found:
            break
        found += meant
    return found


def installed() -> list[Gpu]:
    """Every NVIDIA GPU of this machine, as its driver tells. A divided one is given as its parts: CUDA cannot use the whole.

    Raises:
        SandboxError: the driver is there and does not say.
    """
    tool = shutil.which("nvidia-smi")
    if tool is None:
        return _of_the_driver()
    try:
        done = subprocess.run([tool, "-L"], capture_output=True, text=True, check=False, timeout=60)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise SandboxError(f"nvidia-smi does not say which GPUs are here: {error}") from error
    found: list[Gpu] = []
    for line in done.stdout.splitlines():
        whole = re.match(r"GPU (\d+): .*\(UUID: (GPU-[\w-]+)\)", line)
        part = re.match(r"\s+MIG .*\(UUID: (MIG-[\w/-]+)\)", line)
        if whole:
            found.append(Gpu(whole[2], int(whole[1])))
        elif part:
            if found and found[-1].index is not None:
                found.pop()
            found.append(Gpu(part[1]))
    if not found and done.returncode and "No devices" not in done.stdout + done.stderr:
        said = " ".join((done.stdout + done.stderr).split())[:300]
        raise SandboxError(f"nvidia-smi does not say which GPUs are here: {said}")
    return found


def _of_the_driver() -> list[Gpu]:
    """Where the tool is missing. The driver has a folder for each, named by its place on the bus, which is how they count."""
    found = []
    for number, file in enumerate(sorted(_DRIVER.glob("*/information"))):
        named = re.search(r"^GPU UUID:\s*(GPU-[\w-]+)", file.read_text(errors="replace"), re.MULTILINE)
        if named:
            found.append(Gpu(named[1], number))
    return found


def too_few(count: int, among: Sequence[Gpu]) -> str | None:
    """Why no job can ever have so many of these; None: one can."""
    if count <= len(among):
        return None
    setting = os.environ.get(VISIBLE)
    because = "" if setting is None else f" ({VISIBLE} is {setting!r})"
    return f"{count} {'GPU is' if count == 1 else 'GPUs are'} asked for, and {len(among)} can be lent here{because}"


@dataclass(frozen=True)
class Lease:
    """Some GPUs, nobody else's until they are given back."""

    uuids: tuple[str, ...]
    locks: contextlib.ExitStack = field(default_factory=contextlib.ExitStack)

    def release(self) -> None:
        """May be called more than once."""
        self.locks.close()


def lease(count: int, among: Sequence[Gpu], stopped: threading.Event) -> Lease | None:
    """Wait until so many are free, and take them. None: `stopped` was set first.

    Who wants several keeps what is free already and waits for the rest, so as not to wait forever while others come and go with
    one each. Only one may do so at a time, or two could wait for each other.

    Raises:
        SandboxError: there are not so many, or it cannot be found out who has them.
    """
    if why := too_few(count, among):
        raise SandboxError(why)
    with contextlib.ExitStack() as turn, contextlib.ExitStack() as held:
        if count > 1 and _held([_SEVERAL], 1, turn, stopped) is None:
            return None
        uuids = _held([gpu.uuid for gpu in among], count, held, stopped)
        return None if uuids is None else Lease(uuids, held.pop_all())


def _held(
    names: Sequence[str], count: int, locks: contextlib.ExitStack, stopped: threading.Event
) -> tuple[str, ...] | None:
    """Wait for the locks of so many of the names. Returns which; None: `stopped` was set first."""
    found: list[str] = []
    while True:
        for name in names:
            lock = _lock(name) if len(found) < count and name not in found else None
            if lock is not None:
                locks.callback(os.close, lock)
                found.append(name)
        if len(found) == count:
            return tuple(found)
        if stopped.wait(PAUSE):
            return None


def _lock(name: str) -> int | None:
    """A descriptor that holds the lock of that name; None where somebody else has it."""
    path = _folder() / f"{PREFIX}{re.sub(r'[^A-Za-z0-9-]', '_', name)}.lock"
    how = os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW
    try:
        try:
            descriptor = os.open(path, how)
        except FileNotFoundError:
            with contextlib.suppress(FileExistsError):  # somebody was quicker
                made = os.open(path, how | os.O_CREAT | os.O_EXCL, 0o444)
                os.fchmod(made, 0o444)  # whatever our umask: it is there for everybody, and holds nothing
                os.close(made)
            descriptor = os.open(path, how)
    except OSError as error:
        raise SandboxError(f"cannot find out who has a GPU: {error}") from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


def _folder() -> Path:
    """Where everybody may make files: the same for every user and every TMPDIR."""
    for name in _FOLDERS:
        with contextlib.suppress(OSError):
            if Path(name).stat().st_mode & (stat.S_IWOTH | stat.S_ISVTX) == stat.S_IWOTH | stat.S_ISVTX:
                return Path(name)
    raise SandboxError(f"cannot find out who has a GPU: nobody may make files in {' or '.join(_FOLDERS)}")
