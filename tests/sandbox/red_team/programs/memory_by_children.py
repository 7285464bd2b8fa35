"""Attacked: the machine's memory, by many processes of which each stays below the limit.

Won: 200 MiB together, where 128 are given.
"""

import os
import signal

print("BEGUN")
with open("output/kept", "w") as file:
    file.write("kept")
children = []
for _ in range(8):
    children.append(os.fork())
    if not children[-1]:
        block = bytearray(25 << 20)
        os.kill(os.getpid(), signal.SIGSTOP)  # and holds on to it
        os._exit(0)
    _, status = os.waitpid(children[-1], os.WUNTRACED)
    if not os.WIFSTOPPED(status):
        raise SystemExit("a child was killed for what it took")
if any(os.waitpid(child, os.WNOHANG)[0] for child in children):
    raise SystemExit("a child was killed for what another took")
print("WON 200 MiB")
