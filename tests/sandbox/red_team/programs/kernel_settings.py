"""Attacked: the settings of the machine's kernel in /proc/sys and /sys, of which some name a program that it starts
as root, and the door through which it is told to stop at once.

Won: one of them opened for writing. Nothing is ever written.
"""

import os

print("BEGUN")
won = False
named = ["/proc/sysrq-trigger", "/proc/sys/kernel/core_pattern", "/sys/kernel/uevent_helper", "/proc/1/oom_score_adj"]
tops = ("/proc/sys", "/proc/acpi", "/proc/bus", "/proc/irq", "/proc/fs", "/proc/scsi", "/sys")
found = [os.path.join(folder, name) for top in tops for folder, _, names in os.walk(top) for name in names]
for path in named + found:
    try:
        os.close(os.open(path, os.O_WRONLY))
        print("WON", path)
        won = True
    except OSError:
        continue
print("DONE" if won else "HELD")
