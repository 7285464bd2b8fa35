"""Attacked: the first process of the job, which watches over it. The program sends it every signal there is, one
that it listens to ten thousand times, and every signal that ends a process to everything that it may send to.

Won: the supervisor's end; then the job looks as if the machine had failed.
"""

import fcntl
import os
import signal

signal.signal(signal.SIGTERM, signal.SIG_IGN)
parent = os.getppid()
for number in signal.valid_signals():
    for send, target in ((os.kill, 1), (os.kill, parent), (os.killpg, 1), (os.killpg, parent)):
        try:
            send(target, number)
        except OSError:
            continue  # it may not, or there is no such group
for _ in range(10_000):
    os.kill(parent, signal.SIGCHLD)
for number in (0, signal.SIGTERM, signal.SIGKILL):  # sent by the kernel, when something comes through a pipe
    reader, writer = os.pipe()
    fcntl.fcntl(reader, fcntl.F_SETOWN, parent)
    fcntl.fcntl(reader, 10, number)  # F_SETSIG
    fcntl.fcntl(reader, fcntl.F_SETFL, os.O_ASYNC)
    os.write(writer, b"x")
for number in (signal.SIGTERM, signal.SIGKILL):
    try:
        os.kill(-1, number)
    except OSError:
        continue  # there is nobody else
with open("output/kept", "w") as file:
    file.write("kept")
print("HELD")
