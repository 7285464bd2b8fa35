"""Attacked: whoever opens the results: a pipe that nobody writes to, a socket, a device without end, under the
names that are read first.

Won: a reader that waits; then nothing of what follows arrives.
"""

import os
import socket

os.mkfifo("output/a")
os.mkfifo("output/measurements.jsonl")
socket.socket(socket.AF_UNIX).bind("output/b")
os.symlink("/dev/zero", "output/c")
os.symlink("/dev/ptmx", "output/d")
with open("output/kept", "w") as file:
    file.write("kept")
print("HELD")
