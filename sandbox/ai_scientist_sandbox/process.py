"""The `process` back end: a plain child with resource limits, for programs whose author is ours.

It ends what it starts, caps what comes out and keeps our environment from the program. It keeps nobody out of
anything: the program may read and write what the user may, and may use the network.
"""

from __future__ import annotations

import math
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from . import supervisor as _supervisor  # noqa: F401 - compiled once here, not by every job
from .base import Image, Limit, Limits, Sandbox, SandboxError
from .cell import Pipes, spawn
from .cgroups import Used
from .host import Host
from .images import Built, Progress, find, interpreter
from .owners import fresh_name, sweep_folders
from .programs import environment as program_environment
from .programs import font_cache
from .supervised import SupervisedSandbox

HERE = Path(__file__).parent
_STRONGER = "use bubblewrap (apt-get install bubblewrap)"


def supervise(folder: str) -> list[str]:
    """The command that runs the supervisor of that folder: imported, so that Python keeps it compiled beside it."""
    program = f"import sys; sys.path.append({folder!r}); import supervisor; supervisor.main()"
    return [str(interpreter()), "-I", "-S", "-c", program]


class ProcessHost(Host[Built]):
    """Opens sandboxes that are plain child processes."""

    name = "process"

    def __init__(self, progress: Progress | None = None) -> None:
        self._progress = progress
        sweep_folders()

    def holds(self) -> Mapping[Limit, str | None]:
        return {
            "wall": None,
            "output": None,
            "cpu": f"each process has a cap on its processor time, the job has none; {_STRONGER}",
            "memory": f"each process has a cap, the job has none; {_STRONGER}",
            "processes": f"the system counts them for the user, not for a job; {_STRONGER}",
            "disk": f"each file has a cap, the job has none; {_STRONGER}",
            "inodes": f"nothing counts them; {_STRONGER}",
            "gpus": f"the program sees all that the user sees; {_STRONGER}",
            "network": f"the program has the user's network; {_STRONGER}",
            "files": f"the program reads and writes what the user may; {_STRONGER}",
            "syscalls": f"the kernel answers all that it answers the user; {_STRONGER}",
        }

    def image(self, name: str) -> Image:
        return self._find(name).image

    def _find(self, image: str) -> Built:
        return find(image, self._progress)

    def _open(
        self, found: Built, limits: Limits, mounts: Mapping[str, Path], extra: Mapping[str, str] | None
    ) -> Sandbox:
        sandbox = SupervisedSandbox(_Folder(found, limits, mounts, extra), limits)
        sandbox.put(font_cache(found))
        return sandbox


class _Folder:
    """A temporary folder: what a job of this back end stands in."""

    filter = b""

    def __init__(
        self, built: Built, limits: Limits, mounts: Mapping[str, Path], extra: Mapping[str, str] | None
    ) -> None:
        self._root = Path(tempfile.gettempdir()).resolve() / fresh_name()
        self.links = {f"data/{name}": str(target.resolve()) for name, target in mounts.items()}
        try:
            self._root.mkdir(mode=0o700)
        except OSError as error:
            raise SandboxError(f"cannot make the job's folder: {error}") from error
        self.folder = str(self._root / "job")
        path = str(built.root / "bin") if built.root else str(interpreter().parent)
        scratch = str(self._root / "tmp")
        self.environment = program_environment(
            built, limits, folder=self.folder, scratch=scratch, path=path, extra=extra
        )
        self.rlimits = {
            "RLIMIT_AS": limits.memory,
            "RLIMIT_FSIZE": limits.disk,
            "RLIMIT_CPU": max(1, math.ceil(limits.wall * max(1.0, limits.cpu)) + 1),
            "RLIMIT_CORE": 0,
        }

    def start(self) -> Pipes:
        try:
            Path(self.folder).mkdir()
            return spawn(supervise(str(HERE)), str(self._root), {})
        except OSError as error:
            raise SandboxError(f"cannot start a job: {error}") from error

    def used(self) -> Used | None:
        return None

    def remove(self) -> None:
        shutil.rmtree(self._root, onerror=_open_up)


def _open_up(function: object, path: str, error: object) -> None:
    """A program may have made its own folder unreadable; open it and go on."""
    del function, error
    folder = Path(path)
    for place in (folder.parent, folder):
        if place.is_dir() and not place.is_symlink():
            place.chmod(0o700)
    if folder.is_dir() and not folder.is_symlink():
        shutil.rmtree(folder, ignore_errors=True)
    elif folder.is_symlink() or folder.exists():
        folder.unlink()
