"""Attacked: the kernel, by io_uring: a second way to make system calls, which a filter of system calls does not see
and in which holes were found year after year.

Won: a ring.
"""

import ctypes

print("BEGUN")
libc = ctypes.CDLL(None, use_errno=True)
made = libc.syscall(425, 4, ctypes.create_string_buffer(256))
print("WON" if made >= 0 else "HELD")
