"""A container for one job: what the engine is told of it, and the line to the supervisor that waits in it.

Every promise of the `docker` back end is in `settings`: no network, a read-only root, an ordinary user without a capability, one
place to write, capped and counted as memory. Nothing in it depends on the job, which comes over standard input:
so a container can be made before there is one.
"""

from __future__ import annotations

import functools
import json
import os
import select
import socket
import struct
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from .base import MIB, Limits, SandboxError
from .cell import CHUNK, Stream
from .cgroups import PERIOD
from .engine import Engine, asking

USER = 1000
JOB, DATA = "/job", "/data"
MARGIN_MEMORY = 32 * MIB
"""For the supervisor, on top of the program's memory and of what it may have written (a tmpfs is memory)."""
MARGIN_PROCESSES = 2
SHARED = 64 * MIB
"""At most, of /dev/shm: a container cannot have it in the tmpfs that holds all else."""
SHARED_INODES = 64


class Container:
    """One that was started, and the socket to it: a `cell.Connection`, and a `prepared.Waiting` until then.

    What comes back has a head of eight bytes a piece: which stream, how long.
    """

    def __init__(self, identity: str, attached: Any, remove: Callable[[], None]) -> None:
        """`remove`: what ends it for sure."""
        found = getattr(attached, "_sock", attached)
        if type(found) is not socket.socket:
            raise SandboxError("an engine that is reached over TLS or ssh is not served; use one on this machine")
        self.identity, self._remove = identity, remove
        self.sink = os.dup(found.fileno())
        self.sources = (os.dup(found.fileno()),)  # one descriptor each: they are watched apart
        attached.close()
        os.set_blocking(self.sink, False)
        self._open = [self.sink, *self.sources]
        self._unread, self._left = bytearray(), 0
        self._stream: Stream = "frames"
        self.cut_off = False
        """Whether the other side hung up before the job was through."""
        self._gone = False
        self.ended: Callable[[], None] = lambda: None
        """Called when it is gone."""

    @classmethod
    def started(cls, engine: Engine, told: Mapping[str, Any]) -> Container:
        """A fresh one, of these settings.

        Raises:
            SandboxError: the engine could not make or start it.
        """
        labelled = {**told, "Labels": engine.labels()}
        made = engine.ask("make a container", engine.api.create_container_from_config, labelled)
        identity = str(made["Id"])
        ways = {"stdin": 1, "stdout": 1, "stderr": 1, "stream": 1}
        try:
            with asking("open the line to a container"):
                line = cls(identity, engine.api.attach_socket(identity, params=ways), lambda: engine.remove(identity))
        except SandboxError:
            engine.remove(identity)
            raise
        try:
            engine.ask("start a container", engine.api.start, identity)
        except SandboxError:
            line.end()
            raise
        return line

    def fresh(self) -> bool:
        """A supervisor says nothing before its job, so whatever is heard is its end."""
        watch = select.poll()
        watch.register(self.sources[0], select.POLLIN)
        return not watch.poll(0)

    def read(self, source: int) -> Iterable[tuple[Stream, bytes]]:
        try:
            data = os.read(source, CHUNK)
        except BlockingIOError:
            return []
        except ConnectionError:
            data = b""
        if not data:
            self.cut_off = True
            return [("frames", b"")]
        self._unread += data
        return list(self._pieces())

    def _pieces(self) -> Iterable[tuple[Stream, bytes]]:
        while True:
            if not self._left:
                if len(self._unread) < 8:
                    return
                number, self._left = struct.unpack_from(">BxxxI", self._unread)
                self._stream = "frames" if number == 1 else "noise"
                del self._unread[:8]
                continue
            piece = bytes(self._unread[: self._left])
            if not piece:
                return
            del self._unread[: self._left]
            self._left -= len(piece)
            yield self._stream, piece

    def end(self) -> str:
        """Hanging up alone makes the supervisor end everything; removing the container makes sure. May be called again."""
        self.forsake()
        if not self._gone:
            self._remove()
            self._gone = True
            self.ended()
        return "its container ended without a word"

    def forsake(self) -> None:
        while self._open:
            os.close(self._open.pop())


def settings(image: str, limits: Limits, mounts: Mapping[str, Path], gpus: Sequence[str] = ()) -> dict[str, Any]:
    """A container as the engine's interface takes it. `image`: its digest. `gpus`: their UUIDs."""
    shared = min(limits.disk, SHARED)
    memory = limits.memory + limits.disk + shared + MARGIN_MEMORY
    room = f"size={limits.disk},nr_inodes={limits.inodes + 4},mode=0755,uid={USER},gid={USER}"
    return {
        "Image": image,
        "Entrypoint": ["python3", "-I", "-S", "-c", _supervisor()],
        "Cmd": [],
        "WorkingDir": JOB,
        "User": f"{USER}:{USER}",
        "Hostname": "sandbox",
        # An image may ask for every GPU by this variable, and where NVIDIA's runtime is the engine's default, get them.
        "Env": [f"NVIDIA_VISIBLE_DEVICES={','.join(gpus) or 'void'}"],
        "OpenStdin": True,
        "StdinOnce": True,  # closed when we are gone
        "AttachStdin": True,
        "AttachStdout": True,
        "AttachStderr": True,
        "Healthcheck": {"Test": ["NONE"]},
        "HostConfig": {
            "AutoRemove": True,
            "NetworkMode": "none",
            "ReadonlyRootfs": True,
            "CapDrop": ["ALL"],
            "SecurityOpt": ["no-new-privileges:true"],
            "Memory": memory,
            "MemorySwap": memory,  # together: no swap
            "PidsLimit": limits.processes + MARGIN_PROCESSES,
            "CpuPeriod": PERIOD,
            "CpuQuota": max(1000, int(limits.cpu * PERIOD)),
            "IpcMode": "private",
            "Tmpfs": {
                JOB: f"rw,exec,nosuid,nodev,{room}",
                "/dev/shm": f"rw,noexec,nosuid,nodev,size={shared},nr_inodes={SHARED_INODES},mode=1777",
            },
            "Mounts": [
                {
                    "Type": "bind",
                    "Source": str(path.resolve()),
                    "Target": f"{DATA}/{name}",
                    "ReadOnly": True,
                    "BindOptions": {"NonRecursive": True},  # what is mounted below it would not be read-only
                }
                for name, path in mounts.items()
            ],
            "DeviceRequests": [{"DeviceIDs": list(gpus), "Capabilities": [["gpu", "compute", "utility"]]}]
            if gpus
            else [],
            "MaskedPaths": _masked(),
            "ReadonlyPaths": [f"/proc/{name}" for name in ("bus", "fs", "irq", "sys", "sysrq-trigger")],
            "LogConfig": {"Type": "none"},  # what a program prints comes to us and goes to no file
            "Ulimits": [{"Name": "core", "Soft": 0, "Hard": 0}],
        },
    }


def kind(told: Mapping[str, Any]) -> Hashable:
    """What tells containers of these settings from any others: the settings, and which folders the paths in them mean now."""
    sources = [mount["Source"] for mount in told["HostConfig"]["Mounts"]]
    folders = [(state.st_dev, state.st_ino) for state in map(os.stat, sources)]
    return json.dumps([told, folders], sort_keys=True)


@functools.cache
def _supervisor() -> str:
    return Path(__file__).with_name("supervisor.py").read_text() + "\nmain()\n"


@functools.cache
def _masked() -> list[str]:
    """What is hidden of /proc, /sys and /dev."""
    # What Docker hides by itself, ...
    proc = "acpi asound interrupts kcore keys latency_stats sched_debug scsi timer_list timer_stats"
    # ... all that tells of the machine but the job's own control group, ...
    kernel = "block bus class dev devices firmware hypervisor kernel module power"
    file_systems = (entry.name for entry in Path("/sys/fs").iterdir() if entry.name != "cgroup")
    names = {"/proc": proc.split(), "/sys": kernel.split(), "/sys/fs": sorted(file_systems)}
    # ... and a place where anybody may write.
    return [f"{top}/{name}" for top in names for name in names[top]] + ["/dev/mqueue"]
