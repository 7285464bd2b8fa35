"""Attacked: whoever reads the results and then clears them away: folders and files that nobody may enter.

Won: a reader that fails over them, or something that is left on the machine.
"""

import os

with open("output/kept", "w") as file:
    file.write("kept")
os.makedirs("output/locked/inner")
with open("output/locked/inner/file", "w") as file:
    file.write("x")
with open("output/unreadable", "w") as file:
    file.write("x")
os.chmod("output/unreadable", 0)
os.chmod("output/locked/inner", 0)
os.chmod("output/locked", 0)
os.chmod("/job", 0o500)
print("HELD")
