"""Control groups: memory, processes and processor time of a whole job, counted and capped by the kernel.

Version 1 has a tree per controller; version 2 has one for all. A machine may mount both, the second without any
controller in it, so what counts is which controllers a tree really has and whether a group can be made there.
"""

from __future__ import annotations

import contextlib
import errno
import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path

from .base import Limit, Limits
from .owners import PREFIX, fresh_name, is_stale

PERIOD = 100_000
"""Microseconds over which processor time is shared out."""
_V1 = {"memory": "memory.limit_in_bytes", "pids": "pids.max", "cpu": "cpu.cfs_quota_us", "cpuacct": "cpuacct.usage"}
LEAF = "ai-scientist"
"""Where our own processes go, in version 2, to make room for the jobs' groups beside them."""
_HELP = "start it in a group of its own: systemd-run --user --scope -p Delegate=yes COMMAND"


@dataclass(frozen=True)
class Used:
    """What a group used. None where the kernel does not say."""

    cpu: float | None
    """Seconds."""
    memory: int | None
    """Peak bytes."""
    memory_kills: int
    """Processes that the kernel killed for want of memory."""


@dataclass(frozen=True)
class Group:
    """The groups of one job, by controller (in version 2 it is one folder for all)."""

    folders: dict[str, Path]
    unified: bool

    @property
    def doors(self) -> list[Path]:
        """Files into which a process writes its pid to join."""
        return [folder / "cgroup.procs" for folder in dict.fromkeys(self.folders.values())]

    def used(self) -> Used:
        if self.unified:
            folder = next(iter(self.folders.values()))
            cpu, peak = _table(folder / "cpu.stat").get("usage_usec"), _number(folder / "memory.peak")
            return Used(None if cpu is None else cpu / 1e6, peak, _table(folder / "memory.events").get("oom_kill", 0))
        cpu = _number(self.folders["cpuacct"] / "cpuacct.usage") if "cpuacct" in self.folders else None
        memory = self.folders.get("memory")
        peak = _number(memory / "memory.max_usage_in_bytes") if memory else None
        kills = _table(memory / "memory.oom_control").get("oom_kill", 0) if memory else 0
        return Used(None if cpu is None else cpu / 1e9, peak, kills)

    def remove(self) -> None:
        """Kill what is left in the group and remove it."""
        for folder in dict.fromkeys(self.folders.values()):
            _remove(folder)


class Cgroups:
    """Where this process can make groups. Looks at the machine when it is made."""

    def __init__(self, mounts: str | None = None, own: str | None = None) -> None:
        mounts = Path("/proc/self/mountinfo").read_text() if mounts is None else mounts
        own = Path("/proc/self/cgroup").read_text() if own is None else own
        self.unified = False
        self.homes: dict[str, Path] = {}
        self._find(_hierarchies(mounts), _own_paths(own))

    def _find(self, trees: dict[str, tuple[Path, str]], own: dict[str, str]) -> None:
        for controller, control in _V1.items():
            if controller in trees:
                home = _home(*trees[controller], own.get(controller, "/"), control)
                if home:
                    self.homes[controller] = home
        if "memory" in self.homes or "unified" not in trees:
            return
        home = _unified_home(*trees["unified"], own.get("", "/"))
        if home:
            controllers: list[str] = ["memory", "pids", "cpu"]
            self.homes, self.unified = dict.fromkeys(controllers, home), True

    def missing(self) -> dict[Limit, str]:
        """Limits that cannot be kept here, and what would help."""
        wanted: dict[Limit, str] = {"memory": "memory", "processes": "pids", "cpu": "cpu"}
        return {
            limit: f"no control group that counts it can be made here; {_HELP}"
            for limit, controller in wanted.items()
            if controller not in self.homes
        }

    def make(self, name: str, limits: Limits, margin_memory: int, margin_processes: int) -> Group:
        """A group that holds these limits and something over for what watches the program.

        Raises:
            OSError: the kernel refused.
        """
        group = Group({controller: home / name for controller, home in self.homes.items()}, self.unified)
        memory, processes = limits.memory + margin_memory, limits.processes + margin_processes
        quota = max(1000, int(limits.cpu * PERIOD))
        try:
            for folder in dict.fromkeys(group.folders.values()):
                folder.mkdir()
            folders = group.folders
            if self.unified:
                folder = folders["memory"]
                _set(folder / "memory.max", memory)
                _set(folder / "memory.swap.max", 0, optional=True)
                _set(folder / "pids.max", processes)
                _set(folder / "cpu.max", f"{quota} {PERIOD}", optional=True)
                return group
            if "memory" in folders:
                _set(folders["memory"] / "memory.limit_in_bytes", memory)
                _set(folders["memory"] / "memory.memsw.limit_in_bytes", memory, optional=True)
                _set(folders["memory"] / "memory.swappiness", 0, optional=True)
            if "pids" in folders:
                _set(folders["pids"] / "pids.max", processes)
            if "cpu" in folders:
                _set(folders["cpu"] / "cpu.cfs_period_us", PERIOD)
                _set(folders["cpu"] / "cpu.cfs_quota_us", quota)
        except OSError:
            group.remove()
            raise
        return group

    def sweep(self) -> None:
        """Remove groups whose owner is gone."""
        for home in dict.fromkeys(self.homes.values()):
            for folder in home.glob(PREFIX + "*"):
                if is_stale(folder.name):
                    _remove(folder)


def _hierarchies(mounts: str) -> dict[str, tuple[Path, str]]:
    """Controller (or "unified") to where its tree is mounted and which part of the tree that is."""
    found: dict[str, tuple[Path, str]] = {}
    for line in mounts.splitlines():
        left, _, right = line.partition(" - ")
        fields, kind = left.split(), right.split()
        if len(fields) < 5 or len(kind) < 3:
            continue
        place = (Path(fields[4].replace("\\040", " ")), fields[3])
        if kind[0] == "cgroup":
            for option in kind[2].split(","):
                if option in _V1:
                    found.setdefault(option, place)
        elif kind[0] == "cgroup2":
            try:
                controllers = (place[0] / "cgroup.controllers").read_text().split()
            except OSError:
                continue
            if {"memory", "pids"} <= set(controllers):  # an empty one beside version 1 must not mislead
                found.setdefault("unified", place)
    return found


def _own_paths(text: str) -> dict[str, str]:
    """Controller to this process's own group; version 2 under the empty name."""
    found = {}
    for line in text.splitlines():
        _, controllers, path = line.split(":", 2)
        for controller in controllers.split(","):
            found[controller] = path
    return found


def _candidates(mount: Path, root: str, own: str) -> list[Path]:
    """Our own group first, so that what limits us limits the job too; then the top of what is mounted."""
    inner = own.removeprefix(root.rstrip("/")) if own.startswith(root) else own
    return list(dict.fromkeys((mount / inner.lstrip("/"), mount)))


def _home(mount: Path, root: str, own: str, control: str) -> Path | None:
    for home in _candidates(mount, root, own):
        trial = home / fresh_name()
        try:
            trial.mkdir()
        except OSError:
            continue
        works = os.access(trial / control, os.W_OK | os.R_OK)
        _remove(trial)
        if works:
            return home
    return None


def _unified_home(mount: Path, root: str, own: str) -> Path | None:
    """A group of version 2 that may have groups below it; ours is made one where nothing else is."""
    while own.endswith("/" + LEAF):  # where an earlier call moved us
        own = own.removesuffix("/" + LEAF)
    for may_move in (False, True):
        for home in _candidates(mount, root, own or "/"):
            if _hand_down(home, may_move) and (found := _home(home, "/", "/", "memory.max")):
                return found
    return None


def _hand_down(home: Path, may_move: bool) -> bool:
    """Let groups below `home` use the controllers. A group with processes may not, so ours move one level down."""
    control = home / "cgroup.subtree_control"
    try:
        if {"memory", "pids"} <= set(control.read_text().split()):
            return True
        if not may_move or not os.access(control, os.W_OK):
            return False
        with contextlib.suppress(FileExistsError):
            (home / LEAF).mkdir()
        for pid in (home / "cgroup.procs").read_text().split():
            with contextlib.suppress(ProcessLookupError):
                (home / LEAF / "cgroup.procs").write_text(pid)
        given = (home / "cgroup.controllers").read_text().split()
        control.write_text(" ".join("+" + name for name in ("memory", "pids", "cpu") if name in given))
    except OSError:
        return False
    return True


def _remove(folder: Path) -> None:
    for _ in range(500):
        try:
            folder.rmdir()
            return
        except FileNotFoundError:
            return
        except OSError as error:
            if error.errno not in (errno.EBUSY, errno.ENOTEMPTY):
                return
        with contextlib.suppress(OSError):
            for pid in (folder / "cgroup.procs").read_text().split():
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.kill(int(pid), signal.SIGKILL)
        time.sleep(0.002)


def _set(file: Path, value: int | str, *, optional: bool = False) -> None:
    try:
        file.write_text(str(value))
    except OSError:
        if not optional:
            raise


def _number(file: Path) -> int | None:
    try:
        return int(file.read_text())
    except (OSError, ValueError):
        return None


def _table(file: Path) -> dict[str, int]:
    try:
        lines = file.read_text().splitlines()
    except OSError:
        return {}
    return {name: int(value) for name, _, value in (line.partition(" ") for line in lines) if value.isdigit()}
