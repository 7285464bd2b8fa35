"""Attacked: the log, and the memory of whoever keeps it. Four processes print as fast as they can.

Won: 96 MiB printed, where 4 are given.
"""

import os

print("BEGUN")
children = [os.fork() for _ in range(2)]
for _ in range(16):
    os.write(1, b"flood " * (1 << 18))
if all(children):
    os.wait()
    os.wait()
    print("\nWON 96 MiB")
elif children[0]:
    os._exit(0)
elif children[1]:
    os.wait()
