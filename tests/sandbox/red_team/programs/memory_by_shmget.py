"""Attacked: the machine's memory, by System V segments: they lie on no file system, and outlive who made them.

Won: 200 MiB, where 128 are given.
"""

import ctypes

print("BEGUN")
with open("output/kept", "w") as file:
    file.write("kept")
libc = ctypes.CDLL(None)
libc.shmat.restype = ctypes.c_void_p
for _ in range(20):
    segment = libc.shmget(0, ctypes.c_size_t(10 << 20), 0o1600)
    ctypes.memset(libc.shmat(segment, None, 0), 1, 10 << 20)
print("WON", 20 * 10, "MiB")
