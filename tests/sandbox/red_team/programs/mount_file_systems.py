"""Attacked: the mounts: what is read-only could be made writable, what is hidden be mounted elsewhere.

Won: a mount of any kind, by the old calls or the new.
"""

import ctypes
import os

print("BEGUN")
libc = ctypes.CDLL(None, use_errno=True)
os.makedirs("here", exist_ok=True)
remount_bind, bind = 0x1020, 0x1000
tries = {
    "a tmpfs": lambda: libc.mount(b"x", b"/job/here", b"tmpfs", 0, None),
    "proc": lambda: libc.mount(b"proc", b"/job/here", b"proc", 0, None),
    "a bind": lambda: libc.mount(b"/", b"/job/here", None, bind, None),
    "a writable root": lambda: libc.mount(None, b"/", None, remount_bind, None),
    "less of proc": lambda: libc.umount2(b"/proc/keys", 2),
    "fsopen": lambda: libc.syscall(430, b"tmpfs", 0),
    "open_tree": lambda: libc.syscall(428, -100, b"/", 1),
    "mount_setattr": lambda: libc.syscall(442, -100, b"/", 0, ctypes.create_string_buffer(32), 32),
    "pivot_root": lambda: libc.syscall(155, b"/job", b"/job/here"),
}
won = False
for name, attempt in tries.items():
    if attempt() >= 0:
        print("WON", name)
        won = True
print("DONE" if won else "HELD")
