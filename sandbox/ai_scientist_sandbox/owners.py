"""Names that say which process owns a thing, so that what a killed process left behind can be told and removed."""

from __future__ import annotations

import itertools
import os
import shutil
import tempfile
from pathlib import Path

PREFIX = "ai-scientist-job."
_count = itertools.count()


def fresh_name() -> str:
    """A name that no other job on this machine has: prefix, pid namespace, pid, its start time, a number."""
    return f"{PREFIX}{_namespace()}.{os.getpid()}.{_started(os.getpid())}.{next(_count)}"


def is_stale(name: str) -> bool:
    """Whether the process that made this name is gone. False for a name that is not ours to judge."""
    parts = name.removeprefix(PREFIX).split(".")
    if not name.startswith(PREFIX) or len(parts) < 4 or not all(part.isdigit() for part in parts[:3]):
        return False
    namespace, pid, started = (int(part) for part in parts[:3])
    # Of another pid namespace (a container beside us with the same /tmp) we cannot say who is alive.
    return namespace == _namespace() and _started(pid) != started


def sweep_folders() -> None:
    """Remove the temporary folders of owners that are gone."""
    for folder in Path(tempfile.gettempdir()).glob(PREFIX + "*"):
        if is_stale(folder.name):
            shutil.rmtree(folder, ignore_errors=True)


def boot() -> str:
    """Names the time since the machine was last started: pids and start times are counted afresh after it."""
    return Path("/proc/sys/kernel/random/boot_id").read_text().strip()


def _namespace() -> int:
    return Path("/proc/self/ns/pid").stat().st_ino


def _started(pid: int) -> int:
    """Start time of a process in clock ticks since boot; -1 where there is none, or one that only its parent has yet to be
    told of."""
    try:
        state = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()
    except OSError:
        return -1
    return -1 if state[0] in (b"Z", b"X") else int(state[19])
