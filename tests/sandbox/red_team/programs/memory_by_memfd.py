"""Attacked: the machine's memory, by a file that lies on no file system: no cap of a tmpfs counts it.

Won: 200 MiB, where 128 are given.
"""

import os

print("BEGUN")
with open("output/kept", "w") as file:
    file.write("kept")
hoard = os.memfd_create("hoard")
for _ in range(200):
    os.write(hoard, bytes(1 << 20))
print("WON", os.fstat(hoard).st_size >> 20, "MiB")
