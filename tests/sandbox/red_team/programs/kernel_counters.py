"""Attacked: what others do on the machine, by counters of processor events, which tell more than they should.

Won: a counter of anything.
"""

import ctypes
import struct

print("BEGUN")
libc = ctypes.CDLL(None, use_errno=True)
won = False
for kind, number in ((1, 0), (1, 9), (0, 0)):  # PERF_TYPE_SOFTWARE and its clock, a dummy; PERF_TYPE_HARDWARE, cycles
    for flags in (0, 0x60):  # without the kernel and the hypervisor
        attributes = ctypes.create_string_buffer(struct.pack("IIQQQQQ", kind, 112, number, 0, 0, 0, flags), 112)
        for pid, processor in ((0, -1), (-1, 0)):
            if libc.syscall(298, attributes, pid, processor, -1, 0) >= 0:
                print("WON", kind, number, pid)
                won = True
print("DONE" if won else "HELD")
