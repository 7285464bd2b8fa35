"""Attacked: the kernel's key rings. They belong to users and not to containers: what one job puts there another
reads, and they have let programs out before.

Won: a key made or a ring read.
"""

import ctypes

print("BEGUN")
libc = ctypes.CDLL(None, use_errno=True)
user_session, process = -5, -2
tries = {
    "add_key": lambda: libc.syscall(248, b"user", b"won", b"x", ctypes.c_size_t(1), process),
    "keyctl": lambda: libc.syscall(250, 0, user_session, 0, 0, 0),
    "request_key": lambda: libc.syscall(249, b"user", b"won", None, process),
}
won = False
for name, attempt in tries.items():
    if attempt() >= 0:
        print("WON", name)
        won = True
print("DONE" if won else "HELD")
