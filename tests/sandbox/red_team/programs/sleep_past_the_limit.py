"""Attacked: the wall limit. The program sleeps.

Won: three seconds of life, where fewer are given.
"""

import time

print("BEGUN")
time.sleep(3)
print("WON three seconds")
