"""Attacked: the wall limit, by way of the line to the supervisor. The program closes its standard output and error,
as a process does that has ended, and lives on.

Won: three seconds of life, where fewer are given; it leaves a file that says so.
"""

import os
import time

print("BEGUN")
for descriptor in (0, 1, 2):
    os.close(descriptor)
time.sleep(3)
with open("output/won", "w") as file:
    file.write("WON three seconds")
