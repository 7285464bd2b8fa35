"""The `docker` back end: a container for each job, spoken to by the engine's own interface; no `docker` command needed.

Our supervisor is PID 1 of it and waits there for the job: most containers are started before there is one. The engine closes
its standard input when our process dies, whatever killed it; then the supervisor ends everything, and the engine
removes the container.
"""

from __future__ import annotations

import functools
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from . import dockerfiles, gpus
from .base import MIB, Completed, HostGoneError, Image, Limit, Limits, Sandbox, SandboxError
from .cgroups import Used
from .containers import DATA, JOB, USER, Container, kind, settings
from .dockerfiles import DockerImage
from .engine import Engine, asking
from .gpus import Gpu, Lease, too_few
from .host import Host
from .images import Built, Progress
from .owners import sweep_folders
from .prepared import Prepared
from .probe import GPUS, PROBE, read_probe, secret
from .programs import FONT_CACHE, RLIMITS
from .programs import environment as program_environment
from .seccomp import compiled
from .supervised import SupervisedSandbox

TRIAL = Limits(wall=30, memory=128 * MIB, processes=8, disk=4 * MIB, inodes=64)


class DockerHost(Host[DockerImage]):
    """Opens sandboxes in fresh containers. Finds out by trying, once, what this engine holds."""

    name = "docker"
    user = USER

    def __init__(self, progress: Progress | None = None) -> None:
        self._engine = Engine()
        self._engine.sweep()
        sweep_folders()
        self._progress: Progress = progress or (lambda text: None)
        self._images: dict[str, DockerImage] = {}
        self._ahead: Prepared[Container] = Prepared()
        self._held: dict[Limit, str | None] | None = None
        self._lent: dict[str, str | None] = {}
        """GPU to why it could not be lent."""
        self._trying = threading.RLock()

    def holds(self) -> Mapping[Limit, str | None]:
        """Tried in the python image, which is built first where it has to be."""
        with self._trying:
            if self._held is None:
                self._held = self._try()
            return dict(self._held)

    def lends(self, gpus: int) -> str | None:
        """Tried, once, by a job that looks at one of them."""
        if gpus == 0:
            return None
        if why := too_few(gpus, self._gpus):
            return why
        with self._trying:
            uuid = self._gpus[0].uuid
            if uuid not in self._lent:
                self._lent[uuid] = self._try_lending(uuid)
            return self._lent[uuid]

    def image(self, name: str) -> Image:
        return self._find(name).image

    def ready(self) -> int:
        """Containers that wait for a job now."""
        return self._ahead.ready()

    def close(self) -> None:
        self._ahead.close()

    def _find(self, image: str) -> DockerImage:
        with self._trying:
            if image not in self._images:
                self._images[image] = dockerfiles.find(self._engine, image, self._progress)
            return self._images[image]

    def _open(
        self, found: DockerImage, limits: Limits, mounts: Mapping[str, Path], extra: Mapping[str, str] | None
    ) -> Sandbox:
        stopped = threading.Event()
        place = _Place(self._engine, found, limits, mounts, extra)
        place.filter = compiled() or b""  # an engine's own may be old: it lets through sockets to the machine below
        if limits.gpus:
            place.lend = functools.partial(gpus.lease, limits.gpus, self._gpus, stopped)
        else:
            place.ahead = self._ahead
        sandbox = SupervisedSandbox(place, limits, stopped)
        sandbox.put({f"{FONT_CACHE}/{name}": data for name, data in found.fonts.items()})
        return sandbox

    @functools.cached_property
    def _gpus(self) -> list[Gpu]:
        return gpus.ours()

    def _try(self) -> dict[Limit, str | None]:
        """Run one small job that looks at its own walls."""
        with secret() as unseen:
            held = read_probe(self._look(PROBE, unseen))
        return held | self._engine.cannot()

    def _try_lending(self, uuid: str) -> str | None:
        try:
            done = self._look(GPUS, lent=Lease((uuid,)))
        except HostGoneError:
            raise
        except SandboxError as error:
            return f"{error}; install NVIDIA's container toolkit on this machine and restart the engine"
        if not done.succeeded:
            return f"a trial job was lent one GPU and sees others: {done.output.strip()[-200:]}"
        return None

    def _look(self, program: str, *arguments: str, lent: Lease | None = None) -> Completed:
        """How a small job ends that stands behind the engine's walls alone: in a container of its own, without our filter."""
        place = _Place(self._engine, self._find("python"), TRIAL, {}, None)
        if lent:
            place.lend = lambda: lent
        with SupervisedSandbox(place, TRIAL) as sandbox:
            sandbox.put({"probe.py": program.encode()})
            return sandbox.run(["python", "-I", "-S", "probe.py", *arguments])


class _Place:
    """What a job of this back end stands in: a container, from when it starts."""

    folder = JOB
    filter = b""
    ahead: Prepared[Container] | None = None
    """Where one may wait that was made ahead."""
    lend: Callable[[], Lease | None] | None = None
    """Waits for GPUs. No container is made ahead for them: it would keep them from others."""

    def __init__(
        self,
        engine: Engine,
        image: DockerImage,
        limits: Limits,
        mounts: Mapping[str, Path],
        extra: Mapping[str, str] | None,
    ) -> None:
        self._engine, self._image, self._limits, self._mounts = engine, image, limits, mounts
        self._container: Container | None = None
        self._lease: Lease | None = None
        self._began = 0.0
        # Bound beside the job's folder and linked: the engine would make data/ in it, as root.
        self.links = {f"data/{name}": f"{DATA}/{name}" for name in mounts}
        self.rlimits = dict(RLIMITS)
        built = Built(image.image, None, environment=image.environment)
        path = image.path
        self.environment = program_environment(built, limits, folder=JOB, scratch=f"{JOB}/.tmp", path=path, extra=extra)

    def start(self) -> Container | None:
        if self.lend:
            self._lease = self.lend()
            if self._lease is None:
                return None
            # The job of an owner that was killed a moment ago may not be over, while his lock is.
            self._engine.sweep()
        lent = self._lease.uuids if self._lease else ()
        told = settings(self._image.image.digest, self._limits, self._mounts, lent)
        make = functools.partial(Container.started, self._engine, told)
        self._began = time.time()
        if self.ahead is None:
            self._container = make()
            self._container.ended = self._give_back
        else:
            which = kind(told)
            self._container = self.ahead.take(which, make)
            self._container.ended = functools.partial(self.ahead.leave, which)
        return self._container

    def used(self) -> Used | None:
        """What a job used the supervisor says. Where it ended without a word, the engine may know why."""
        if self._container is None or not self._container.cut_off:
            return None
        with asking("tell how a job ended"):
            events = self._engine.api.events(
                since=int(self._began) - 1,
                until=int(time.time()) + 1,
                filters={"container": [self._container.identity]},
                decode=True,
            )
            seen = {event.get("Action") for event in events}
        if "oom" in seen:
            return Used(None, None, 1)
        raise SandboxError("the job's container was ended from outside; look whether the Docker engine was stopped")

    def remove(self) -> None:
        if self._container:
            self._container.end()
        self._give_back()

    def _give_back(self) -> None:
        """Not before the engine has said that the container is gone."""
        if self._lease:
            self._lease.release()
