"""Attacked: the machine's table of open files, of which each process of a job may hold a part.

Won: 10,000 files open at once.
"""

import os
import resource

print("BEGUN")
_, most = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
count = 0
try:
    while count < 10_000:
        os.open("/dev/null", os.O_RDONLY)
        count += 1
except OSError as error:
    print(count, error)
print("WON" if count == 10_000 else "HELD")
