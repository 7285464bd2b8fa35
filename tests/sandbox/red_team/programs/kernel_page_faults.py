"""Attacked: the kernel, by userfaultfd: a program that answers page faults stops the kernel wherever it likes,
which turns races into certainties.

Won: such a descriptor.
"""

import ctypes

print("BEGUN")
libc = ctypes.CDLL(None, use_errno=True)
won = False
for flags in (0, 1):  # of the kernel's own faults too; of ours alone
    if libc.syscall(323, flags) >= 0:
        print("WON", flags)
        won = True
print("DONE" if won else "HELD")
