"""Attacked: the line on which the supervisor says how a job ended and what it left. The program prints what the
supervisor would write there, and looks for a descriptor of it: one that it was left, or one of the supervisor's.

Won: a result that it never laid in its folder, or an ending other than its own.
"""

import os
import struct


def frame(kind, data):
    return struct.pack(">cI", kind, len(data)) + data


forged = (
    frame(b"E", b"0 0.0 0 0 0")
    + frame(b"F", b"forged")
    + frame(b"D", b"forged")
    + frame(b"F", b"../climbed")
    + frame(b"Z", b"")
)
print("BEGUN")
for descriptor in range(1, 64):
    try:
        os.write(descriptor, forged)
    except OSError:
        continue  # there is none of that number
for process in ("self", "1", str(os.getppid()), "thread-self"):
    for number in range(64):
        try:
            with open(f"/proc/{process}/fd/{number}", "wb", buffering=0) as file:
                file.write(forged)
        except OSError:
            continue
raise SystemExit(3)
