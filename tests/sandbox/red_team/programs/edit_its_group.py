"""Attacked: the control group that counts what it uses. The program writes to every file of it that is in sight,
and moves to another.

Won: a file of it opened for writing, or a group made below it.
"""

import os

print("BEGUN")
won = False
groups = {"/sys/fs/cgroup"}
with open("/proc/self/cgroup") as file:
    for line in file:
        _, names, path = line.strip().split(":", 2)
        for tree in {names, *names.split(","), ""}:
            groups |= {f"/sys/fs/cgroup/{tree}{path}", f"/sys/fs/cgroup/{tree}"}
for group in sorted(groups):
    for name in (
        "pids.max",
        "memory.limit_in_bytes",
        "memory.max",
        "cpu.cfs_quota_us",
        "cgroup.procs",
        "notify_on_release",
    ):
        try:
            os.close(os.open(f"{group}/{name}", os.O_WRONLY))
            print("WON", group, name)
            won = True
        except OSError:
            continue
    try:
        os.mkdir(f"{group}/won")
        os.rmdir(f"{group}/won")
        print("WON a group in", group)
        won = True
    except OSError:
        continue
print("DONE" if won else "HELD")
