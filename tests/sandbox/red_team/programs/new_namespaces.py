"""Attacked: the kernel, by way of namespaces: in a user namespace of one's own one is root, and much of the kernel
opens that was never meant for strangers.

Won: a namespace of any kind.
"""

import ctypes
import os

print("BEGUN")
libc = ctypes.CDLL(None, use_errno=True)
kinds = {"user": 0x10000000, "mount": 0x20000, "uts": 0x4000000, "ipc": 0x8000000, "net": 0x40000000, "time": 0x80}
won = False
for name, flag in kinds.items():
    for flags in (flag, flag | kinds["user"]):
        child = os.fork()
        if child == 0:
            os._exit(0 if libc.unshare(flags) == 0 else 1)
        if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0:
            print("WON by unshare", name)
            won = True
clone = libc.syscall(56, 17 | kinds["user"], 0, 0, 0, 0)
if clone == 0:
    os._exit(0)
if clone > 0:
    print("WON by clone")
    won = True
try:
    with open("/proc/1/ns/mnt") as file:
        if libc.setns(file.fileno(), 0) == 0:
            print("WON by setns")
            won = True
except OSError as error:
    print(error)
print("DONE" if won else "HELD")
