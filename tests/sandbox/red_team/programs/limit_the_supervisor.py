"""Attacked: the first process of the job, which has our user id, so that we may set its limits: no descriptor, no
address, no second of processor time.

Won: a limit set, and with it the supervisor's end; then the job looks as if the machine had failed.
"""

import os
import resource

with open("output/kept", "w") as file:
    file.write("kept")
parent, won = os.getppid(), False
for name in ("RLIMIT_NOFILE", "RLIMIT_AS", "RLIMIT_NPROC", "RLIMIT_FSIZE", "RLIMIT_CPU"):
    try:
        resource.prlimit(parent, getattr(resource, name), (0, 0))
        print("WON", name)
        won = True
    except OSError as error:
        print(name, error)
print("DONE" if won else "HELD")
