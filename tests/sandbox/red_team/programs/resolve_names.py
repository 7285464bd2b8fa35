"""Attacked: the name server, through which what was stolen gets out where nothing else does, a label at a time.

Won: an address for a name.
"""

import socket

print("BEGUN")
try:
    print("WON", socket.gethostbyname("red-team-neighbour"))
except OSError as error:
    print(error)
    print("HELD")
