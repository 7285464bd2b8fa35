"""Attacked: the user's keys, where programs are given them: in the environment, their own or that of any other
process, and on command lines.

Won: the value of a variable that nobody meant for it.
"""

import glob
import os

for name, value in os.environ.items():
    print(name, value)
won = "OPENAI_API_KEY" in os.environ
for path in glob.glob("/proc/[0-9]*/environ") + glob.glob("/proc/[0-9]*/cmdline"):
    try:
        with open(path, "rb") as file:
            text = file.read().decode(errors="replace")
    except OSError:
        continue  # not ours to read
    print(path, text)
    won = won or "OPENAI_API_KEY" in text
print("WON a key" if won else "HELD")
