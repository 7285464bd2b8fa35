"""Attacked: the end of the job. A process leaves its parent, its session and its descriptors behind (fork, setsid,
fork again), is deaf to signals, and stays when the program has long ended in good order.

Won: a process that lives on after the program; it leaves a file that says so.
"""

import os
import signal
import time

if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        for number in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:
            signal.signal(number, signal.SIG_IGN)
        os.closerange(0, 1024)
        time.sleep(0.8)
        with open("/job/output/won", "w") as file:
            file.write("WON a life after the end")
        time.sleep(60)
    os._exit(0)
os.wait()
print("HELD")
