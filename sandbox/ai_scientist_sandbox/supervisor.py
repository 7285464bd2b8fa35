"""The first process of a job: lays its files, runs the program as its child, sends back what it left.

Run by an image's interpreter, which may be an older one, so it imports nothing of ours, and of the standard library
only what is quick to load: every job waits for it. It is PID 1 of the job's namespace or container, or, in the
`process` back end, a subreaper. It speaks frames (a letter, a length of four bytes, that many bytes) on standard input and output:

    in    J  folder, results folder, most bytes and most files of results, by NUL
          C  an argument of the command     V  a variable, as name=value     L  a resource limit, as NAME value
          P  a filter of the program's system calls
          F  begin a file: its path         D  bytes of that file                K  a link: path NUL target
          R  run                            S  stop
    out   B  the program began              O  bytes that it printed
          E  how it ended: status or "-", processor seconds, peak bytes, 1 where its disk is full, killed for memory
          F, D  files that it left          N  what it left and is not sent, and why
          X  why the job could not begin    Z  the end

When standard input closes, whoever wanted the job is gone: the supervisor ends everything at once.
"""

# pathlib and contextlib are not quick to load.
# ruff: noqa: PTH103, PTH112, PTH114, PTH118, PTH120, PTH123, PTH208, PTH211

from __future__ import annotations

import ctypes
import os
import resource
import select
import signal
import struct
import time

CHUNK = 64 * 1024
DEEPEST = 8
"""Folders within folders, below the results folder."""
_SET_PDEATHSIG, _SET_DUMPABLE, _SET_SECCOMP, _SET_CHILD_SUBREAPER = 1, 4, 22, 36


class GoneError(Exception):
    """The other side closed."""


class _Ignoring:
    """contextlib.suppress, without all that it loads."""

    def __init__(self, *kinds: type) -> None:
        self._kinds = kinds

    def __enter__(self) -> None: ...

    def __exit__(self, kind: type | None, *rest: object) -> bool:
        return kind is not None and issubclass(kind, self._kinds)


class Job:
    """What was asked for."""

    def __init__(self) -> None:
        self.folder = self.results = ""
        self.most_bytes = self.most_files = 0
        self.command: list[str] = []
        self.environment: dict[str, str] = {}
        self.rlimits: dict[str, int] = {}
        self.filter = b""

    def take(self, kind: bytes, data: bytes) -> None:
        text = os.fsdecode(data)
        if kind == b"J":
            self.folder, self.results, most_bytes, most_files = text.split("\0")
            self.most_bytes, self.most_files = int(most_bytes), int(most_files)
            os.chdir(self.folder)
        elif kind == b"C":
            self.command.append(text)
        elif kind == b"V":
            name, _, value = text.partition("=")
            self.environment[name] = value
        elif kind == b"L":
            name, _, value = text.partition(" ")
            self.rlimits[name] = int(value)
        elif kind == b"P":
            self.filter = data


def main() -> None:
    source, sink = os.dup(0), os.dup(1)
    os.dup2(2, 1)  # nothing but frames goes out
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    # Not dumpable: the program has our user id, and may not open /proc/<us>/fd or trace us.
    prctl(_SET_DUMPABLE, 0, 0, 0, 0)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)  # ignored, as a parent may leave it, there would be no status
    alone = os.getpid() == 1
    if not alone:
        prctl(_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    try:
        job = _receive(source, sink)
        if job is not None:
            _serve(job, source, sink, prctl, alone)
    except (GoneError, BrokenPipeError):
        pass
    finally:
        _end_all(alone)
    os._exit(0)


def _receive(source: int, sink: int) -> Job | None:
    """Read the job and lay its files. None where it could not be laid, which has then been said."""
    job, file, fault = Job(), -1, ""
    while True:
        kind, data = _read_frame(source)
        try:
            if kind == b"F" and not fault:
                path = os.path.join(job.folder, os.fsdecode(data))
                os.makedirs(os.path.dirname(path), exist_ok=True)
                if file >= 0:
                    os.close(file)
                file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
            elif kind == b"D" and not fault:
                _write(file, data)
            elif kind == b"K" and not fault:
                path, _, target = os.fsdecode(data).partition("\0")
                path = os.path.join(job.folder, path)
                os.makedirs(os.path.dirname(path), exist_ok=True)
                os.symlink(target, path)
            elif kind == b"R":
                if file >= 0:
                    os.close(file)
                if not fault:
                    os.makedirs(os.path.join(job.folder, job.results), exist_ok=True)
                    os.makedirs(job.environment.get("TMPDIR", job.folder), exist_ok=True)
            else:
                job.take(kind, data)
        except OSError as error:
            fault = f"could not lay the job's files: {error}"
        if kind == b"R":
            if fault:
                _write_frame(sink, b"X", fault.encode())
                return None
            return job


def _serve(job: Job, source: int, sink: int, prctl, alone: bool) -> None:
    program, output, fault = _start(job, prctl)
    if fault:
        _write_frame(sink, b"X", fault.encode())
        return
    wake = _wake_on_child()
    _write_frame(sink, b"B", b"")
    status = ended = None
    watch = select.poll()
    for descriptor in (source, output, wake):
        watch.register(descriptor, select.POLLIN)
    while ended is None:
        for descriptor, _ in watch.poll(1000):
            if descriptor == output:
                data = os.read(output, CHUNK)
                if data:
                    _write_frame(sink, b"O", data)
                else:
                    watch.unregister(output)
            elif descriptor == wake:
                with _Ignoring(BlockingIOError):
                    os.read(wake, 4096)
            elif _read_frame(source)[0] == b"S":
                ended = program
        for pid, code in _reap():
            if pid == program:
                ended, status = pid, code
    full = _full(job.folder) if status is not None else False
    for pid, code in _end_all(alone):
        if pid == program:
            status = code
    _drain(output, sink)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    code = "-" if status is None else os.waitstatus_to_exitcode(status)
    full = full or _full(job.folder)
    peak, kills = _memory() if alone else (0, 0)
    end = f"{code} {used.ru_utime + used.ru_stime} {peak or used.ru_maxrss * 1024} {int(full)} {kills}"
    _write_frame(sink, b"E", end.encode())
    _send_results(os.path.join(job.folder, job.results), job.most_bytes, job.most_files, sink)
    _write_frame(sink, b"Z", b"")


def _start(job: Job, prctl) -> tuple[int, int, str]:
    """Fork the program. Returns its pid, the reading end of what it prints, and why it could not start."""
    output, writer = os.pipe()
    why, teller = os.pipe()
    mother = os.getpid()
    pid = os.fork()
    if pid == 0:
        try:
            os.setsid()
            prctl(_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
            if os.getppid() != mother:
                os._exit(127)
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGPIPE, signal.SIGXFSZ):
                signal.signal(number, signal.SIG_DFL)
            prctl(_SET_DUMPABLE, 1, 0, 0, 0)  # or the file is root's; nobody of the job is there to look yet
            with _Ignoring(OSError), open("/proc/self/oom_score_adj", "w") as file:
                file.write("1000")  # so that memory running out ends the program, not us
            null = os.open(os.devnull, os.O_RDONLY)
            for old, new in ((null, 0), (writer, 1), (writer, 2)):
                os.dup2(old, new)
            for name, value in job.rlimits.items():
                hard = resource.getrlimit(getattr(resource, name))[1]
                value = value if hard == resource.RLIM_INFINITY else min(value, hard)
                resource.setrlimit(getattr(resource, name), (value, value))
            os.umask(0o022)
            if job.filter:
                code = ctypes.create_string_buffer(job.filter)
                if prctl(_SET_SECCOMP, 2, struct.pack("@HP", len(job.filter) // 8, ctypes.addressof(code)), 0, 0):
                    raise OSError("its system calls cannot be filtered")
            os.execvpe(job.command[0], job.command, job.environment)
        except (OSError, ValueError) as error:
            os.write(teller, f"{job.command[0]}: {error}".encode())
        finally:
            os._exit(127)  # whatever happened, a forked child may not return
    os.close(writer)
    os.close(teller)
    fault = os.read(why, 4096).decode(errors="replace")  # empty: the exec closed it
    os.close(why)
    return pid, output, fault


def _wake_on_child() -> int:
    """A descriptor that becomes readable when a child changes."""
    wake, writer = os.pipe()
    os.set_blocking(wake, False)
    os.set_blocking(writer, False)
    signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda number, frame: None)
    os.write(writer, b"x")  # it may have ended already
    return wake


def _reap() -> list[tuple[int, int]]:
    """Collect every child that has ended: (pid, status)."""
    found = []
    with _Ignoring(ChildProcessError):
        while (ended := os.waitpid(-1, os.WNOHANG))[0]:
            found.append(ended)
    return found


def _end_all(alone: bool) -> list[tuple[int, int]]:
    """Kill every process of the job and collect them. Returns (pid, status) of each."""
    found = _reap()
    for _ in range(1000):
        try:
            os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        except ChildProcessError:
            break  # as every orphan becomes ours, none of ours is none at all
        if alone:
            with _Ignoring(ProcessLookupError):
                os.kill(-1, signal.SIGKILL)
        else:
            _kill_descendants()
        time.sleep(0.001)
        found += _reap()
    return found


def _kill_descendants() -> None:
    """Stop, so that none can start more while we look, then kill."""
    seen: set[int] = set()
    while True:
        now = _descendants()
        fresh = now - seen
        for pid in fresh:
            with _Ignoring(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGSTOP)
        if not fresh:
            break
        seen |= fresh
    for pid in seen:
        with _Ignoring(ProcessLookupError, PermissionError):
            os.kill(pid, signal.SIGKILL)


def _descendants() -> set[int]:
    children: dict[int, list[int]] = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            with _Ignoring(OSError), open(f"/proc/{name}/stat", "rb") as file:
                parent = int(file.read().rpartition(b")")[2].split()[1])
                children.setdefault(parent, []).append(int(name))
    found: set[int] = set()
    rest = list(children.get(os.getpid(), []))
    while rest:
        pid = rest.pop()
        if pid not in found:
            found.add(pid)
            rest += children.get(pid, [])
    return found


def _drain(output: int, sink: int) -> None:
    """Pass on what was printed and not yet read. Every writer is dead, so this ends."""
    os.set_blocking(output, False)
    with _Ignoring(BlockingIOError):
        while data := os.read(output, CHUNK):
            _write_frame(sink, b"O", data)


def _full(folder: str) -> bool:
    """Whether the job's folder or its shared memory has no room left."""
    for place in (folder, "/dev/shm"):
        with _Ignoring(OSError):
            state = os.statvfs(place)
            if state.f_bavail * state.f_frsize < CHUNK or (state.f_files > 0 and state.f_ffree == 0):
                return True
    return False


def _memory() -> tuple[int, int]:
    """Peak bytes of the whole job, and its processes that were killed for want of memory; 0 where no group is shown."""
    found: dict[str, int] = {}
    for name in ("memory.peak", "memory.events", "memory/memory.max_usage_in_bytes", "memory/memory.oom_control"):
        with _Ignoring(OSError), open("/sys/fs/cgroup/" + name) as file:
            for line in file:  # a name and a number, or a number alone
                key, _, value = line.strip().rpartition(" ")
                found[key] = int(value)
    return found.get("", 0), found.get("oom_kill", 0)


def _send_results(root: str, most_bytes: int, most_files: int, sink: int) -> None:
    """Send plain files below the results folder, as many as fit, and say what is left out. Follows no link."""
    if not os.path.isdir(root) or os.path.islink(root):
        # Every process of the job is dead, so what we see now stays so.
        _write_frame(sink, b"N", b"the results folder is no folder any more")
        return
    for path, fault in _plain_files(root, DEEPEST):
        name, file, size = os.fsencode(os.path.relpath(path, root)), -1, 0
        if not fault:
            try:
                file = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
                size = os.fstat(file).st_size
            except OSError as error:
                fault = f"cannot be read: {error.strerror}"
        if not fault and most_files <= 0:
            fault = "one file too many"
        if not fault and size > most_bytes:
            fault = "too large"
        if fault:
            _write_frame(sink, b"N", name + b": " + fault.encode())
        else:
            most_bytes -= size
            most_files -= 1
            _write_frame(sink, b"F", name)
            while size > 0 and (data := os.read(file, min(CHUNK, size))):
                _write_frame(sink, b"D", data)
                size -= len(data)
        if file >= 0:
            os.close(file)


def _plain_files(folder: str, depth: int) -> list[tuple[str, str]]:
    """(path, why it cannot be sent, or "") below a folder, the folder's own first, by name."""
    files: list[tuple[str, str]] = []
    folders: list[str] = []
    try:
        with os.scandir(folder) as entries:
            for entry in sorted(entries, key=lambda entry: entry.name):
                if not entry.is_dir(follow_symlinks=False):
                    plain = entry.is_file(follow_symlinks=False)
                    files.append((entry.path, "" if plain else "no plain file"))
                elif depth:
                    folders.append(entry.path)
                else:
                    files.append((entry.path, "too deep"))
    except OSError as error:
        files.append((folder, f"cannot be read: {error.strerror}"))
    return files + [found for inner in folders for found in _plain_files(inner, depth - 1)]


def _read_frame(source: int) -> tuple[bytes, bytes]:
    kind, length = struct.unpack(">cI", _read(source, 5))
    return kind, _read(source, length)


def _read(source: int, length: int) -> bytes:
    parts = []
    while length:
        data = os.read(source, min(length, 1 << 20))
        if not data:
            raise GoneError
        parts.append(data)
        length -= len(data)
    return b"".join(parts)


def _write_frame(sink: int, kind: bytes, data: bytes) -> None:
    _write(sink, struct.pack(">cI", kind, len(data)) + data)


def _write(sink: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(sink, rest) :]
