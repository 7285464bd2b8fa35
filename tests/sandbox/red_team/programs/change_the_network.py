"""Attacked: the network that there is. The program asks the kernel, over a route socket, to bring loopback down and
to add an interface, and looks for interfaces and routes of the machine.

Won: a change, or the sight of an interface other than loopback.
"""

import socket
import struct

print("BEGUN")
names = [name for _, name in socket.if_nameindex() if name != "lo"]
won = bool(names)
print("WON the sight of" if names else "none seen", names)
# struct nlmsghdr with RTM_NEWLINK, then struct ifinfomsg: interface 1, flags 0 of IFF_UP.
down = struct.pack("IHHII", 32, 16, 0x5, 1, 0) + struct.pack("BxHiII", 0, 0, 1, 0, 1)
name, kind = struct.pack("HH8s", 12, 3, b"won0"), struct.pack("HHHH6sxx", 16, 18 | 0x8000, 10, 1, b"dummy")
add = struct.pack("IHHII", 32 + len(name + kind), 16, 0x605, 2, 0) + struct.pack("BxHiII", 0, 0, 0, 0, 0) + name + kind
for what, message in (("loopback down", down), ("an interface more", add)):
    try:
        route = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)
        route.send(message)
        (error,) = struct.unpack_from("i", route.recv(4096), 16)
    except OSError as refused:
        error = refused.errno
    print("refused" if error else "WON", what, error)
    won = won or not error
print("DONE" if won else "HELD")
