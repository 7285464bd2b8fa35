"""Attacked: the network below all ports: sockets that forge and overhear packets.

Won: one of them opened.
"""

import socket

print("BEGUN")
won = False
tries = [(socket.AF_PACKET, socket.SOCK_RAW, 0x300), (socket.AF_PACKET, socket.SOCK_DGRAM, 0x300)]
tries += [
    (family, socket.SOCK_RAW, number) for family in (socket.AF_INET, socket.AF_INET6) for number in (1, 6, 17, 58, 255)
]
for family, kind, number in tries:
    try:
        socket.socket(family, kind, number)
        print("WON", family, kind, number)
        won = True
    except OSError:
        continue
print("DONE" if won else "HELD")
