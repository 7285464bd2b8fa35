"""Attacked: the machine's devices: memory, disks, the kernel's log, other people's terminals, and those that one
makes oneself.

Won: one opened, or one made.
"""

import os
import stat

print("BEGUN")
plain = {"null", "zero", "full", "random", "urandom", "tty", "ptmx"}
won = False
for folder, _, names in os.walk("/dev"):
    for name in names:
        path = os.path.join(folder, name)
        kind = os.lstat(path).st_mode
        if name in plain or folder == "/dev/pts" or not (stat.S_ISCHR(kind) or stat.S_ISBLK(kind)):
            continue
        try:
            os.close(os.open(path, os.O_RDONLY | os.O_NONBLOCK))
            print("WON", path)
            won = True
        except OSError:
            continue
for name, kind, numbers in (
    ("mem", stat.S_IFCHR, (1, 1)),
    ("kmsg", stat.S_IFCHR, (1, 11)),
    ("disk", stat.S_IFBLK, (8, 0)),
):
    try:
        os.mknod(name, kind | 0o666, os.makedev(*numbers))
        print("WON", name, "made")
        won = True
    except OSError:
        continue
print("DONE" if won else "HELD")
