"""The `docker` back end: a container for each job, spoken to by the engine's own interface; no `docker` command needed.

Every promise is in `_settings`: no network, a read-only root, an ordinary user without a capability, one place to write,
capped and counted as memory. Our supervisor is PID 1. The engine closes its standard input when our process dies,
whatever killed it; then the supervisor ends everything, and the engine removes the container.
"""

from __future__ import annotations

import functools
import os
import socket
import struct
import tempfile
import threading
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from . import dockerfiles
from .base import MIB, Image, Limit, Limits, Sandbox, SandboxError
from .cell import CHUNK, Stream
from .cgroups import PERIOD, Used
from .dockerfiles import DockerImage
from .engine import Engine, asking
from .images import Built, Progress
from .owners import PREFIX
from .probe import PROBE, read_probe
from .programs import FONT_CACHE, RLIMITS, check_mounts
from .programs import environment as program_environment
from .seccomp import compiled
from .supervised import SupervisedSandbox

USER = 1000
JOB, DATA = "/job", "/data"
MARGIN_MEMORY = 32 * MIB
"""For the supervisor, on top of the program's memory and of what it may have written (a tmpfs is memory)."""
MARGIN_PROCESSES = 2
SHARED = 64 * MIB
"""At most, of /dev/shm: a container cannot have it in the tmpfs that holds all else."""
SHARED_INODES = 64


class DockerHost:
    """Opens sandboxes in fresh containers. Finds out by trying, once, what this engine holds."""

    name = "docker"

    def __init__(self, progress: Progress | None = None) -> None:
        self._engine = Engine()
        self._engine.sweep()
        self._progress: Progress = progress or (lambda text: None)
        self._images: dict[str, DockerImage] = {}
        self._held: dict[Limit, str | None] | None = None
        self._trying = threading.RLock()

    def holds(self) -> Mapping[Limit, str | None]:
        """Tried in the python image, which is built first where it has to be."""
        with self._trying:
            if self._held is None:
                self._held = self._try()
            return dict(self._held)

    def image(self, name: str) -> Image:
        return self._image(name).image

    def open(
        self,
        image: str,
        limits: Limits,
        *,
        mounts: Mapping[str, Path] | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> Sandbox:
        if limits.gpus:
            raise SandboxError("the docker back end lends no GPU yet")
        check_mounts(mounts or {}, USER)
        found = self._image(image)
        sandbox = SupervisedSandbox(_Container(self._engine, found, limits, mounts or {}, environment), limits)
        sandbox.put({f"{FONT_CACHE}/{name}": data for name, data in found.fonts.items()})
        return sandbox

    def _image(self, name: str) -> DockerImage:
        with self._trying:
            if name not in self._images:
                self._images[name] = dockerfiles.find(self._engine, name, self._progress)
            return self._images[name]

    def _try(self) -> dict[Limit, str | None]:
        """Run one small job that looks at its own walls."""
        limits = Limits(wall=30, memory=128 * MIB, processes=8, disk=4 * MIB, inodes=64)
        secret = Path(tempfile.gettempdir()) / f"{PREFIX}secret.{os.getpid()}"
        try:
            secret.write_text("seen")
            with self.open("python", limits) as sandbox:
                sandbox.put({"probe.py": PROBE.encode()})
                done = sandbox.run(["python", "-I", "-S", "probe.py", str(secret)])
        finally:
            secret.unlink(missing_ok=True)
        held = read_probe(done)
        can = self._engine.ask("tell what it is", self._engine.api.info)
        counted: dict[Limit, str] = {"memory": "MemoryLimit", "cpu": "CpuCfsQuota", "processes": "PidsLimit"}
        for limit, key in counted.items():
            if not can.get(key):
                held[limit] = f"the Docker engine says that it cannot limit {limit} on this machine"
        return held


class _Container:
    """What a job of this back end stands in."""

    folder = JOB

    def __init__(
        self,
        engine: Engine,
        image: DockerImage,
        limits: Limits,
        mounts: Mapping[str, Path],
        extra: Mapping[str, str] | None,
    ) -> None:
        self._engine, self._image, self._limits, self._mounts = engine, image, limits, mounts
        self._id: str | None = None
        self._ran = ""
        """Its id, also when it has been removed."""
        self._line: _Line | None = None
        self._began = 0.0
        # Bound beside the job's folder and linked: the engine would make data/ in it, as root.
        self.links = {f"data/{name}": f"{DATA}/{name}" for name in mounts}
        self.rlimits = dict(RLIMITS)
        built = Built(image.image, None, environment=image.environment)
        path = "/opt/image/bin" if image.image.name == "python" else ""
        self.environment = program_environment(built, limits, folder=JOB, scratch=f"{JOB}/.tmp", path=path, extra=extra)

    def start(self) -> _Line:
        engine, self._began = self._engine, time.time()
        settings = _settings(self._image, self._limits, self._mounts, engine.labels())
        made = engine.ask("make a container", engine.api.create_container_from_config, settings)
        self._id = self._ran = identity = str(made["Id"])
        ways = {"stdin": 1, "stdout": 1, "stderr": 1, "stream": 1}
        with asking("open the line to a container"):
            self._line = _Line(engine.api.attach_socket(identity, params=ways), self.remove)
        try:
            engine.ask("start a container", engine.api.start, identity)
        except SandboxError:
            self._line.end()
            raise
        return self._line

    def used(self) -> Used | None:
        """What a job used the supervisor says. Where it ended without a word, the engine may know why."""
        if self._line is None or not self._line.cut_off:
            return None
        engine, now = self._engine, time.time()
        with asking("tell how a job ended"):
            events = engine.api.events(
                since=int(self._began) - 1, until=int(now) + 1, filters={"container": [self._ran]}, decode=True
            )
            seen = {event.get("Action") for event in events}
        if "oom" in seen:
            return Used(None, None, 1)
        raise SandboxError("the job's container was ended from outside; look whether the Docker engine was stopped")

    def remove(self) -> None:
        if self._id is not None:
            self._engine.remove(self._id)
            self._id = None


class _Line:
    """The socket of an attached container. What comes back has a head of eight bytes a piece: which stream, how long."""

    def __init__(self, attached: Any, remove: Any) -> None:
        found = getattr(attached, "_sock", attached)
        if type(found) is not socket.socket:
            raise SandboxError("an engine that is reached over TLS or ssh is not served; use one on this machine")
        self._remove = remove
        self.sink = os.dup(found.fileno())
        self.sources = (os.dup(found.fileno()),)  # one descriptor each: they are watched apart
        attached.close()
        os.set_blocking(self.sink, False)
        self._unread, self._left = bytearray(), 0
        self._stream: Stream = "frames"
        self.cut_off = False
        """Whether the other side hung up before the job was through."""

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
        """Hanging up alone makes the supervisor end everything; removing the container makes sure."""
        for descriptor in (self.sink, *self.sources):
            os.close(descriptor)
        self._remove()
        return "its container ended without a word"


@functools.cache
def _supervisor() -> str:
    """The supervisor's own text. Before all else it takes our filter of system calls on top of the engine's, which in
    some versions leaves io_uring and sockets to the machine below; what it starts has the filter too."""
    code = compiled()
    confine = _CONFINE.format(code=code.hex()) if code else ""
    return Path(__file__).with_name("supervisor.py").read_text() + confine + "\nmain()\n"


_CONFINE = """
_code = ctypes.create_string_buffer(bytes.fromhex("{code}"))
_program = struct.pack("HP", len(_code) // 8, ctypes.addressof(_code))  # struct sock_fprog
if ctypes.CDLL(None).prctl(22, 2, ctypes.create_string_buffer(_program), 0, 0):  # PR_SET_SECCOMP, a filter
    raise SystemExit("the kernel did not take the filter of system calls")
"""


def _settings(
    image: DockerImage, limits: Limits, mounts: Mapping[str, Path], labels: Mapping[str, str]
) -> dict[str, Any]:
    """A container as the engine's interface takes it."""
    shared = min(limits.disk, SHARED)
    memory = limits.memory + limits.disk + shared + MARGIN_MEMORY
    room = f"size={limits.disk},nr_inodes={limits.inodes + 4},mode=0755,uid={USER},gid={USER}"
    return {
        "Image": image.image.digest,
        "Entrypoint": ["python3", "-I", "-S", "-c", _supervisor()],
        "Cmd": [],
        "WorkingDir": JOB,
        "User": f"{USER}:{USER}",
        "Hostname": "sandbox",
        "Labels": dict(labels),
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
            "MaskedPaths": _masked(),
            "LogConfig": {"Type": "none"},  # what a program prints comes to us and goes to no file
            "Ulimits": [{"Name": "core", "Soft": 0, "Hard": 0}],
        },
    }


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
