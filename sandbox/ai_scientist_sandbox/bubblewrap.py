"""The `bubblewrap` back end: Linux namespaces by bwrap, memory and processes by control groups.

What a job may write is one tmpfs with a cap on bytes and on inodes: its folder, /tmp and /dev/shm are folders of it.
bwrap cannot cap inodes, so a shell makes that tmpfs first, in a mount namespace of its own that is gone with the job.
Where we are root, bwrap runs as `nobody`: root's user id, even without a capability, may write to much of /proc.
"""

from __future__ import annotations

import os
import shlex
import shutil
import tempfile
import threading
from collections.abc import Mapping
from pathlib import Path

from .base import ALL_LIMITS, MIB, Image, Limit, Limits, Sandbox, SandboxError
from .cell import Pipes, spawn
from .cgroups import Cgroups, Group, Used
from .host import Host
from .images import Built, Progress, bare, find, interpreter, interpreter_prefix
from .owners import fresh_name, sweep_folders
from .probe import PROBE, read_probe, secret
from .process import HERE, supervise
from .programs import RLIMITS, font_cache
from .programs import environment as program_environment
from .seccomp import compiled
from .supervised import SupervisedSandbox

NOBODY = 65534
JOB, IMAGE, SANDBOX = "/job", "/opt/image", "/opt/sandbox"
MARGIN_MEMORY = 32 * MIB
"""For the supervisor and bwrap, on top of the program's memory and of what it may have written (a tmpfs is memory)."""
MARGIN_PROCESSES = 3
_TOOLS = ("bwrap", "unshare", "mount", "setpriv")


class BubblewrapHost(Host[Built]):
    """Opens sandboxes in fresh namespaces. Finds out by trying, once, what this machine allows."""

    name = "bubblewrap"

    def __init__(self, progress: Progress | None = None) -> None:
        absent = [tool for tool in _TOOLS if not shutil.which(tool)]
        if absent:
            raise SandboxError(
                f"{', '.join(absent)} is missing here; install it: apt-get install bubblewrap util-linux mount"
            )
        self._progress = progress
        self._cgroups = Cgroups()
        self._cgroups.sweep()
        sweep_folders()
        self.user = NOBODY if os.geteuid() == 0 else None
        self._held: dict[Limit, str | None] | None = None
        self._trying = threading.Lock()

    def holds(self) -> Mapping[Limit, str | None]:
        with self._trying:
            if self._held is None:
                self._held = self._try()
            return dict(self._held)

    def image(self, name: str) -> Image:
        return self._find(name).image

    def _find(self, image: str) -> Built:
        return find(image, self._progress)

    def _open(
        self, found: Built, limits: Limits, mounts: Mapping[str, Path], extra: Mapping[str, str] | None
    ) -> Sandbox:
        sandbox = SupervisedSandbox(_Namespace(found, limits, mounts, extra, self._cgroups), limits)
        sandbox.put(font_cache(found))
        return sandbox

    def _try(self) -> dict[Limit, str | None]:
        """Run one small job that looks at its own walls."""
        missing = self._cgroups.missing()
        limits = Limits(wall=20, memory=128 * MIB, processes=8, disk=4 * MIB, inodes=64)
        try:
            with secret() as unseen, self._open(bare(), limits, {}, None) as sandbox:
                sandbox.put({"probe.py": PROBE.encode()})
                done = sandbox.run([str(interpreter()), "-I", "-S", "probe.py", unseen])
        except SandboxError as error:
            said = " ".join(str(error).split())[:300]
            return dict.fromkeys(ALL_LIMITS, f"{said}; {_ALLOW}")
        held = read_probe(done)
        for limit, why in missing.items():
            if limit != "processes" or held[limit]:  # that one could be tried
                held[limit] = why
        return held


_ALLOW = (
    "where unprivileged user namespaces are refused, allow them: "
    "sysctl kernel.apparmor_restrict_unprivileged_userns=0 kernel.unprivileged_userns_clone=1"
)


def _filter() -> tuple[int, ...]:
    """A descriptor from which bwrap reads the system call filter; none where there is no filter for this machine."""
    code = compiled()
    if code is None:
        return ()
    descriptor = os.memfd_create("calls", os.MFD_CLOEXEC)
    os.write(descriptor, code)
    os.lseek(descriptor, 0, os.SEEK_SET)
    return (descriptor,)


class _Namespace:
    """What a job of this back end stands in."""

    folder = JOB
    filter = b""  # bwrap puts it before the supervisor already

    def __init__(
        self,
        built: Built,
        limits: Limits,
        mounts: Mapping[str, Path],
        extra: Mapping[str, str] | None,
        cgroups: Cgroups,
    ) -> None:
        self._built, self._limits, self._mounts, self._cgroups = built, limits, mounts, cgroups
        self._name = fresh_name()
        self._stage = Path(tempfile.gettempdir()).resolve() / self._name
        self._group: Group | None = None
        self.rlimits = dict(RLIMITS)
        self.links: dict[str, str] = {}  # what is shown is bound where it belongs
        if "memory" not in cgroups.homes:
            self.rlimits["RLIMIT_AS"] = limits.memory  # of each process alone: better than nothing
        if "pids" not in cgroups.homes:
            self.rlimits["RLIMIT_NPROC"] = limits.processes + 1  # counted in the job's user namespace, since Linux 5.14
        path = f"{IMAGE}/bin" if built.root else str(interpreter().parent)
        self.environment = program_environment(built, limits, folder=JOB, scratch="/tmp", path=path, extra=extra)

    def start(self) -> Pipes:
        margin = self._limits.disk + MARGIN_MEMORY
        calls = _filter()
        try:
            self._stage.mkdir(mode=0o711)
            self._group = self._cgroups.make(self._name, self._limits, margin, MARGIN_PROCESSES)
            shell = ["sh", "-c", self._script(calls)]
            if os.geteuid() == 0:
                command = ["unshare", "--mount", "--propagation", "private", *shell]
            else:
                command = ["unshare", "--user", "--map-root-user", "--mount", "--propagation", "private", *shell]
            return spawn(command, "/", {"PATH": os.environ.get("PATH", os.defpath)}, calls)
        except OSError as error:
            raise SandboxError(f"cannot start a job: {error}") from error
        finally:
            for descriptor in calls:
                os.close(descriptor)

    def used(self) -> Used | None:
        return self._group.used() if self._group else None

    def remove(self) -> None:
        if self._group:
            self._group.remove()
            self._group = None
        if self._stage.is_dir():
            self._stage.rmdir()  # what was mounted on it went with the namespace

    def _script(self, calls: tuple[int, ...]) -> str:
        """Shell: join the group, make the one writable file system, stage what is bound, become bwrap."""
        stage, limits, shown = str(self._stage), self._limits, self._shown()
        root = os.geteuid() == 0
        owner = NOBODY if root else 0
        lines = [
            "set -e",
            *(f"echo $$ > {shlex.quote(str(door))}" for door in (self._group.doors if self._group else ())),
        ]
        writable = f"size={limits.disk},nr_inodes={limits.inodes + 4},mode=755,uid={owner},gid={owner}"
        lines += [
            f"cd {shlex.quote(stage)}",
            "mount -t tmpfs -o size=64k,mode=755 stage .",
            f"cd {shlex.quote(stage)}",  # into what is now mounted there
            f"mkdir writable {' '.join(str(number) for number, _ in enumerate(shown))}",
            "echo job:x:1000:1000::/job:/bin/sh > passwd",
            "echo job:x:1000: > group",
            f"mount -t tmpfs -o {writable} job writable",
            f"install -d -o {owner} -g {owner} writable/job writable/tmp writable/shm",
        ]
        binds: list[str] = []
        for number, (source, target) in enumerate(shown):
            # Bound once more here, so that bwrap need not be able to walk to it as nobody.
            lines.append(f"mount --rbind {shlex.quote(source)} {number}")
            binds += ["--ro-bind", f"{stage}/{number}", target]
        drop = f"setpriv --reuid {NOBODY} --regid {NOBODY} --clear-groups " if root else ""
        lines.append(f"exec {drop}bwrap {shlex.join(self._arguments(stage, binds, calls))}")
        return "\n".join(lines)

    def _shown(self) -> list[tuple[str, str]]:
        """(folder of the host, where the program sees it), read-only."""
        prefix = str(interpreter_prefix())
        shown = [] if prefix == "/usr" or prefix.startswith("/usr/local") else [(prefix, prefix)]
        shown.append((str(HERE), SANDBOX))
        if self._built.root:
            shown.append((str(self._built.root), IMAGE))
        return shown + [(str(path.resolve()), f"{JOB}/data/{name}") for name, path in self._mounts.items()]

    def _arguments(self, stage: str, binds: list[str], calls: tuple[int, ...]) -> list[str]:
        arguments = ["--unshare-all", "--unshare-user", "--disable-userns", "--uid", "1000", "--gid", "1000"]
        arguments += ["--die-with-parent", "--new-session", "--as-pid-1", "--cap-drop", "ALL", "--clearenv"]
        arguments += ["--hostname", "sandbox", "--ro-bind", "/usr", "/usr"]
        if not str(interpreter_prefix()).startswith("/usr/local"):
            arguments += ["--tmpfs", "/usr/local", "--remount-ro", "/usr/local"]
        for name in ("bin", "sbin", "lib", "lib32", "lib64"):
            place = Path("/", name)
            if place.is_symlink():
                arguments += ["--symlink", str(place.readlink()), str(place)]
            elif place.is_dir():
                arguments += ["--ro-bind", str(place), str(place)]
        for place in ("/etc/ld.so.cache", "/etc/localtime", *self._built.system):
            arguments += ["--ro-bind-try", place, place]
        arguments += ["--ro-bind", f"{stage}/passwd", "/etc/passwd", "--ro-bind", f"{stage}/group", "/etc/group"]
        writable = f"{stage}/writable"
        arguments += [
            "--proc",
            "/proc",
            "--ro-bind",
            "/proc/sys",
            "/proc/sys",
            "--dev",
            "/dev",
            "--bind",
            f"{writable}/shm",
            "/dev/shm",
            "--remount-ro",
            "/dev",
        ]
        # Some settings of the kernel's are the namespace's own, and whoever made that may write them.
        arguments += ["--ro-bind", "/proc/sys", "/proc/sys"]
        arguments += ["--bind", f"{writable}/tmp", "/tmp", "--bind", f"{writable}/job", JOB, *binds]
        arguments += ["--remount-ro", "/", "--chdir", JOB]
        for descriptor in calls:
            arguments += ["--seccomp", str(descriptor)]
        return [*arguments, "--", *supervise(SANDBOX)]
