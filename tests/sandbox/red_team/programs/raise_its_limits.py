"""Attacked: the limits that the kernel keeps for it. The program asks for more of each, for itself and for the
supervisor.

Won: a limit above what it was given.
"""

import os
import resource

print("BEGUN")
won = False
for name in sorted(name for name in dir(resource) if name.startswith("RLIMIT_")):
    number = getattr(resource, name)
    _, hard = resource.getrlimit(number)
    if hard == resource.RLIM_INFINITY and name != "RLIMIT_CORE":
        continue
    for pid in (0, os.getppid()):
        try:
            resource.prlimit(pid, number, (hard + 1, hard + 1) if hard >= 0 else (1, 1))
            print("WON", name, pid)
            won = True
        except (OSError, ValueError):
            continue
try:
    os.nice(-5)
    print("WON a higher place in the queue")
    won = True
except OSError as error:
    print(error)
print("DONE" if won else "HELD")
