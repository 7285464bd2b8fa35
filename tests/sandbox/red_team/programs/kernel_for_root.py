"""Attacked: the machine as a whole, by calls that are root's: another clock, name or kernel module, another kernel,
its log, its ports, its quotas, its end. Each is made with arguments that cannot work, so that what is told apart is
only whether it is let in.

Won: an answer other than "you may not".
"""

import ctypes
import errno

print("BEGUN")
libc = ctypes.CDLL(None, use_errno=True)
bad = ctypes.c_void_p(1)
calls = {
    "settimeofday": (164, bad, 0), "clock_settime": (227, 0, bad), "sethostname": (170, bad, 1), "init_module": (175, bad, 0, bad),
    "finit_module": (313, -1, bad, 0), "delete_module": (176, bad, 0), "kexec_load": (246, 0, 99, bad, 0), "reboot": (169, 0, 0, 0, 0),
    "swapon": (167, bad, 0), "acct": (163, bad), "quotactl": (179, 0x800002, bad, 0, 0), "syslog": (103, 3, bad, 1),
    "iopl": (172, 99), "ioperm": (173, 0x3F8, 1, 1), "fanotify_init": (300, 0xFFFF, 0), "setdomainname": (171, bad, 1),
    "setpriority": (141, 0, 0, -20), "mlock a lot": (149, bad, 1 << 40),
}  # fmt: skip
closed = (errno.EPERM, errno.ENOSYS, errno.EACCES, errno.ENOMEM)
won = False
for name, (number, *arguments) in calls.items():
    ctypes.set_errno(0)
    answer = libc.syscall(number, *(one if one is bad else ctypes.c_long(one) for one in arguments))
    if answer >= 0 or ctypes.get_errno() not in closed:
        print("WON", name, answer, errno.errorcode.get(ctypes.get_errno()))
        won = True
print("DONE" if won else "HELD")
