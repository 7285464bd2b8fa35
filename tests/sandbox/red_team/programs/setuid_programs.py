"""Attacked: the line between users. Programs that belong to root and run as root, whoever starts them, are on every
system; and one may make one's own.

Won: a process whose effective user is root.
"""

import os
import shutil
import subprocess

print("BEGUN")
found = []
for folder, _, names in os.walk("/usr"):
    for name in names:
        path = os.path.join(folder, name)
        if not os.path.islink(path) and os.path.isfile(path) and os.stat(path).st_mode & 0o6000:
            found.append(path)
shutil.copy("/bin/sleep", "own")
os.chmod("own", 0o6755)
won = False
for command in [["/job/own", "1"], *([path] for path in found)]:
    try:
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    except OSError:
        continue  # not ours to start
    with open(f"/proc/{process.pid}/status") as file:
        users = next(line.split()[1:] for line in file if line.startswith("Uid"))
    process.kill()
    if "0" in users:
        print("WON", command, users)
        won = True
print(found)
print("DONE" if won else "HELD")
