"""Attacked: the machine's table of processes, by threads, which are in it too.

Won: 40 threads at once, where 32 are given.
"""

import _thread
import time

_thread.stack_size(64 * 1024)
count = 0
try:
    while count < 250:
        _thread.start_new_thread(time.sleep, (60,))
        count += 1
except RuntimeError:
    print("no more threads after", count)
print(f"WON {count} threads" if count >= 40 else "HELD")
