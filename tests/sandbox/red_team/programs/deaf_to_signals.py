"""Attacked: the wall limit. The program handles or ignores every signal that can be, so that only SIGKILL ends it.

Won: three seconds of life, where fewer are given.
"""

import signal
import time

for number in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:
    signal.signal(number, signal.SIG_IGN)
signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
print("BEGUN")
end = time.monotonic() + 3
while time.monotonic() < end:
    pass
print("WON three seconds")
