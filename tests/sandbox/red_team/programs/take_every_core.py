"""Attacked: the limit on cores. Four processes compute as fast as they can.

Won: more than the twentieth of a core that is given.
"""

import os
import time

print("BEGUN")
began = time.monotonic()
for _ in range(4):
    if os.fork() == 0:
        while time.monotonic() - began < 3:
            pass
        os._exit(0)
for _ in range(4):
    os.wait()
used = os.times()
cores = (used.children_user + used.children_system) / (time.monotonic() - began)
print(f"WON {cores:.2f} cores" if cores > 0.08 else f"HELD, with {cores:.2f} cores")
