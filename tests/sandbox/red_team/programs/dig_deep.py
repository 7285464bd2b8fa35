"""Attacked: whoever walks the results folder. It holds folders within folders, deeper than a path can name and than
a walk that calls itself can go.

Won: a supervisor that fails over it; then the job looks as if the machine had failed.
"""

import os

with open("output/kept", "w") as file:
    file.write("kept")
os.chdir("output")
for _ in range(3000):
    os.mkdir("d")
    os.chdir("d")
open("deepest", "w").close()
print("HELD")
