"""The small job with which a strong back end finds out which of its walls stand on this machine."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from .base import ALL_LIMITS, Completed, Limit
from .owners import fresh_name

PROBE = """
import ctypes, os, socket, sys, time
state = os.statvfs("/job")
if state.f_blocks * state.f_frsize > 5 << 20: print("disk")
if not 0 < state.f_files < 200: print("inodes")
if os.getpid() == 1 or len([name for name in os.listdir("/proc") if name.isdigit()]) > 3: print("files")
try:
    for _ in range(16):
        if os.fork() == 0: time.sleep(60)
    print("processes")
except OSError:
    pass
if [name for _, name in socket.if_nameindex() if name != "lo"]: print("network")
if os.path.exists(sys.argv[1]): print("files")
roots = ["/x", "/dev/x", "/usr/x", "/proc/sys/kernel/core_pattern", "/etc/x", "/opt/x"]
for path in roots:
    try:
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT))
        print("files")
    except OSError:
        pass
status = dict(line.split(":", 1) for line in open("/proc/self/status"))
if status["Seccomp"].strip() != "2" or status["NoNewPrivs"].strip() != "1": print("syscalls")
if int(status["CapEff"], 16) or int(status["CapBnd"], 16) or 0 in (os.getuid(), os.getgid()): print("syscalls")
# A filter may be there and let everything through. Any worth the name refuses to switch off randomised addresses.
libc = ctypes.CDLL(None)
if libc.personality(0x40000) != -1 or libc.unshare(0x10000000) != -1: print("syscalls")
if [name for name in os.listdir("/dev") if name.startswith(("nvidia", "dri", "kfd"))]: print("gpus")
print("probed")
"""
"""Run as `probe.py SECRET`, under limits of 8 processes, 4 MiB and 64 files; SECRET is a file of the host. Prints the name
of each limit that it finds broken, then "probed"."""

GPUS = """
import os, re, sys
seen = [name for name in os.listdir("/dev") if re.fullmatch(r"nvidia[0-9]+", name)]
print(*seen)
sys.exit(len(seen) > 1)
"""
"""Ends well where it sees one GPU or none: not everywhere is one a file of that name."""


@contextlib.contextmanager
def secret() -> Iterator[str]:
    """A file of the host that anybody may read who can reach it."""
    folder = Path(tempfile.gettempdir()) / fresh_name()
    folder.mkdir()
    try:
        (folder / "secret").write_text("seen")
        yield str(folder / "secret")
    finally:
        shutil.rmtree(folder)


def read_probe(done: Completed) -> dict[Limit, str | None]:
    """Each limit, and None or why it is not held."""
    seen = set(done.output.split())
    if not done.succeeded or "probed" not in seen:
        return dict.fromkeys(ALL_LIMITS, f"the trial job failed: {done.ending} {done.status} {done.output[-500:]}")
    return {
        limit: f"a trial job found that {limit} is not held on this machine" if limit in seen else None
        for limit in ALL_LIMITS
    }
