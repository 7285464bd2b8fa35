"""Attacked: everything outside the job's own folder. The program tries each folder that there is, and a folder of
the machine that everybody may write to.

Won: a file that was written anywhere but in the job's folder, its scratch and its shared memory.
"""

import os
import sys

print("BEGUN")
own = ("/job", "/tmp", "/dev/shm", "/proc")
won = False
folders = [sys.argv[1], *(folder for folder, _, _ in os.walk("/"))]
for folder in folders:
    if folder.startswith(own) and folder != sys.argv[1]:
        continue
    try:
        with open(os.path.join(folder, "won"), "w") as file:
            file.write("won")
        print("WON", folder)
        won = True
    except OSError:
        continue
print("DONE" if won else "HELD")
