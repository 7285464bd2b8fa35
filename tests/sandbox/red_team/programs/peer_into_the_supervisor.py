"""Attacked: the supervisor, which has our user id: its memory and its descriptors, by way of /proc, ptrace,
process_vm_readv and pidfd_getfd. Who holds its descriptors can say in its name what was measured.

Won: anything of it that is not everybody's to see.
"""

import ctypes
import os

print("BEGUN")
libc = ctypes.CDLL(None, use_errno=True)
pid = os.getppid()
won = False
for name in ("environ", "mem", "maps", "auxv", "io"):
    try:
        with open(f"/proc/{pid}/{name}", "rb", buffering=0) as file:
            file.read(1) if name != "mem" else None
        print("WON", name)
        won = True
    except OSError:
        continue
for name in ("cwd", "root", "exe", *(f"fd/{number}" for number in range(8))):
    try:
        print("WON", name, os.readlink(f"/proc/{pid}/{name}"))
        won = True
    except OSError:
        continue
seize, getfd = 0x4206, 438
tries = {"ptrace": lambda: libc.ptrace(seize, pid, 0, 0)}
handle = os.pidfd_open(pid)
tries |= {f"descriptor {number}": lambda number=number: libc.syscall(getfd, handle, number, 0) for number in range(8)}
for name, attempt in tries.items():
    if attempt() >= 0:
        print("WON", name)
        won = True
print("DONE" if won else "HELD")
