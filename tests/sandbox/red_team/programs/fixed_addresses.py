"""Attacked: the randomness of addresses, without which a hole in a program is easier to come through.

Won: a process whose addresses are where they always are.
"""

import ctypes

print("BEGUN")
no_randomness, read_means_run = 0x40000, 0x400000
libc = ctypes.CDLL(None, use_errno=True)
won = [libc.personality(one) >= 0 for one in (no_randomness, read_means_run)]
print("WON" if any(won) else "HELD")
