"""Attacked: the first process of the job, which watches over it. The program stops it, so that it neither ends the
job nor hands over what it left.

Won: a supervisor that does not answer; the job lasts until it is killed from outside and nothing of it is left.
"""

import os
import signal

with open("output/kept", "w") as file:
    file.write("kept")
for number in (signal.SIGSTOP, signal.SIGTSTP, signal.SIGTTIN, signal.SIGTTOU):
    for target in (1, os.getppid()):
        os.kill(target, number)
print("HELD")
