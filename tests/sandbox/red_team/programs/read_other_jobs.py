"""Attacked: a job that runs at the same time, of the same user: its folder, its scratch, its memory, its processes.

Won: a file of its folder, or the sight of a process of it.
"""

import glob
import os

own = {os.getpid(), os.getppid()}
print("BEGUN")
won = False
for pid in sorted(int(name) for name in os.listdir("/proc") if name.isdigit()):
    try:
        with open(f"/proc/{pid}/cmdline") as file:
            command = file.read()
    except OSError:
        continue
    if pid not in own and "other.py" in command:
        print("WON the sight of", pid, command)
        won = True
        try:
            with open(f"/proc/{pid}/cwd/diary") as file:
                print("WON its diary", file.read())
        except OSError as error:
            print(error)
for pattern in ("/job/../job*/diary", "/tmp/*/job/diary", "/tmp/ai-scientist-job.*", "/dev/shm/diary", "/tmp/diary"):
    for path in glob.glob(pattern):
        print("WON", path)
        won = True
with open("/proc/sysvipc/shm") as file:
    segments = file.read().count("\n") - 1
print(f"WON {segments} segments of shared memory" if segments else "no segments")
print("DONE" if won or segments else "HELD")
