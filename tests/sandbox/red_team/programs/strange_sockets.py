"""Attacked: the machine below (a hypervisor listens on AF_VSOCK, which no network namespace bounds), and parts of
the kernel that programs have no use for and that holes were found in: its cryptography, its audit, its key
exchange.

Won: a socket of such a family.
"""

import socket

print("BEGUN")
plain = (socket.AF_UNIX, socket.AF_INET, socket.AF_INET6, socket.AF_NETLINK)
won = False
tries = [(family, kind, 0) for family in range(46) if family not in plain for kind in (1, 2, 3, 5)]
tries += [(socket.AF_NETLINK, socket.SOCK_RAW, number) for number in range(1, 23)]
for family, kind, number in tries:
    try:
        socket.socket(family, kind, number)
        print("WON", family, kind, number)
        won = True
    except OSError:
        continue
print("DONE" if won else "HELD")
