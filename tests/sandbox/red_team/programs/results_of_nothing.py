"""Attacked: whoever keeps an account of what was left out of the results: thousands of things with long names, none
of them a plain file.

Won: an account that grows with what the program made.
"""

import os

with open("output/kept", "w") as file:
    file.write("kept")
for number in range(3000):
    os.symlink("/", f"output/z{number:04}-" + "x" * 200)
print("HELD")
