"""Attacked: the kernel, by programs that run in it: bpf.

Won: a map made, which is where each begins.
"""

import ctypes
import struct

print("BEGUN")
libc = ctypes.CDLL(None, use_errno=True)
attributes = ctypes.create_string_buffer(struct.pack("IIII", 2, 4, 4, 1), 128)  # an array of one: BPF_MAP_CREATE
made = libc.syscall(321, 0, attributes, 128)
print("WON" if made >= 0 else "HELD")
