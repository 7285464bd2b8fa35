"""Attacked: services of the machine that listen on abstract sockets (display servers, session buses): they lie on
no file system, so no mount hides them, and no port, so no firewall does.

Won: an answer from one, or the sight of one.
"""

import socket
import sys

print("BEGUN")
won = False
line = socket.socket(socket.AF_UNIX)
line.settimeout(2)
try:
    line.connect("\0" + sys.argv[1])
    line.sendall(b"hello")
    print("WON", line.recv(4096).decode())
    won = True
except OSError as error:
    print(error)
with open("/proc/net/unix") as file:
    names = [text.split()[-1] for text in file if "@" in text]
print("WON the sight of" if names else "none seen", names)
print("DONE" if won or names else "HELD")
