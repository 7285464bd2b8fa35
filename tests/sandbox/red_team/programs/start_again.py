"""Attacked: the wall limit. The program starts itself again and again, in a session of its own and in its own
place, so that no process of it is ever old.

Won: three seconds of life of all of them together, where fewer are given.
"""

import os
import subprocess
import sys
import time

begun, number = (float(sys.argv[1]), int(sys.argv[2])) if len(sys.argv) > 1 else (time.time(), 0)
if number == 0:
    print("BEGUN")
if time.time() - begun > 3:
    print("WON three seconds")
    sys.exit()
again = [sys.executable, __file__, str(begun), str(number + 1)]
if number % 2:
    subprocess.run(again, start_new_session=True)
else:
    time.sleep(0.2)
    os.execv(sys.executable, again)
