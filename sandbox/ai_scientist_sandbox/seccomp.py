"""The system call filter of the strong back ends, as the kernel takes it: a program for its packet filter.

Docker has one of its own that lets through what programs need, and in some versions more; there this one stands behind it. It refuses the same from the other side:
what changes the machine, looks into other processes or makes namespaces; every call that is newer than this list; and
every other way of calling (another processor's numbers, x32). What is refused fails as it does for want of a right (EPERM) or in an
older kernel (ENOSYS), so a program sees an error and does not die of it.

Sources: seccomp(2), linux/filter.h, linux/audit.h; the numbers are those of asm/unistd.h.
"""

from __future__ import annotations

import errno
import platform
import struct
from collections.abc import Mapping
from dataclasses import dataclass

NEWEST = 450
"""set_mempolicy_home_node, of Linux 5.17. Calls with higher numbers are answered as an older kernel would."""

# x86_64 and aarch64; None: there is no such call.
_REFUSED: Mapping[str, tuple[int | None, int | None]] = {
    # the machine: clock, kernel modules, swap, quotas, names, accounting, its log
    "acct": (163, 89), "adjtimex": (159, 171), "clock_adjtime": (305, 266), "clock_settime": (227, 112),
    "create_module": (174, None), "delete_module": (176, 106), "finit_module": (313, 273), "get_kernel_syms": (177, None),
    "init_module": (175, 105), "ioperm": (173, None), "iopl": (172, None), "kexec_file_load": (320, 294),
    "kexec_load": (246, 104), "nfsservctl": (180, 42), "query_module": (178, None), "quotactl": (179, 60),
    "quotactl_fd": (443, 443), "reboot": (169, 142), "setdomainname": (171, 162), "sethostname": (170, 161),
    "settimeofday": (164, 170), "swapoff": (168, 225), "swapon": (167, 224), "_sysctl": (156, None), "sysfs": (139, None),
    "syslog": (103, 116), "uselib": (134, None), "ustat": (136, None), "vhangup": (153, 58),
    # file systems and namespaces
    "chroot": (161, 51), "fsconfig": (431, 431), "fsmount": (432, 432), "fsopen": (430, 430), "fspick": (433, 433),
    "mount": (165, 40), "mount_setattr": (442, 442), "move_mount": (429, 429), "name_to_handle_at": (303, 264),
    "open_by_handle_at": (304, 265), "open_tree": (428, 428), "pivot_root": (155, 41), "setns": (308, 268),
    "umount2": (166, 39), "unshare": (272, 97),
    # other processes, and memory that several share
    "get_mempolicy": (239, 236), "kcmp": (312, 272), "mbind": (237, 235), "migrate_pages": (256, 238), "move_pages": (279, 239),
    "pidfd_getfd": (438, 438), "process_madvise": (440, 440), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271),
    "ptrace": (101, 117), "set_mempolicy": (238, 237), "set_mempolicy_home_node": (450, 450),
    # parts of the kernel that programs of ours have no use for, and that holes were found in
    "add_key": (248, 217), "bpf": (321, 280), "fanotify_init": (300, 262), "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427), "io_uring_setup": (425, 425), "keyctl": (250, 219), "lookup_dcookie": (212, 18),
    "modify_ldt": (154, None), "perf_event_open": (298, 241), "request_key": (249, 218), "userfaultfd": (323, 282),
}  # fmt: skip
_CLONE, _CLONE3, _SOCKET, _IOCTL, _PERSONALITY = (56, 220), (435, 435), (41, 198), (16, 29), (135, 92)
_PRLIMIT = (302, 261)

NEW_NAMESPACES = 0x7E020080
"""clone's flags that make one: time, mount, cgroup, uts, ipc, user, pid, net."""
FAMILIES = (1, 2, 10)
"""Sockets between processes, IPv4, IPv6. Others are not all bound to a network namespace: AF_VSOCK reaches the machine below."""
_NETLINK, _ROUTE = 16, 0
"""The C library lists network interfaces by this."""
_TERMINAL = (0x5412, 0x541C)
"""TIOCSTI and TIOCLINUX: typing into a terminal for somebody else."""
_PERSONALITIES = (0, 8, 0xFFFFFFFF)
"""The ordinary one, 3 GiB of addresses, and only asking. Others switch off randomised addresses."""

_LOAD, _EQUAL, _ABOVE, _ANY, _RETURN = 0x20, 0x15, 0x25, 0x45, 0x06
_ALLOW, _ERROR = 0x7FFF0000, 0x00050000
_NUMBER, _MACHINE, _FIRST, _SECOND, _THIRD = 0, 4, 16, 24, 32
"""Offsets in struct seccomp_data; of an argument, its lower half (both machines keep that first)."""


@dataclass(frozen=True)
class _Machine:
    column: int
    """Of the numbers above."""
    audit: int
    """AUDIT_ARCH_…"""


_MACHINES = {"x86_64": _Machine(0, 0xC000003E), "aarch64": _Machine(1, 0xC00000B7)}


def compiled(machine: str | None = None) -> bytes | None:
    """The filter for programs on that machine (`platform.machine()`), as `bwrap --seccomp` reads it; None where its
    numbers are not known here."""
    known = _MACHINES.get(machine or platform.machine())
    if known is None:
        return None
    at = known.column
    code = [_step(_LOAD, _MACHINE), _step(_EQUAL, known.audit, 1, 0), _error(errno.ENOSYS)]
    # One comparison refuses what is newer and, on x86_64, the x32 numbers, which have a high bit.
    code += [_step(_LOAD, _NUMBER), _step(_ABOVE, NEWEST, 0, 1), _error(errno.ENOSYS)]
    for numbers in _REFUSED.values():
        number = numbers[at]
        if number is not None:
            code += [_step(_EQUAL, number, 0, 1), _error(errno.EPERM)]
    # Its flags lie in memory, where a filter cannot look; without it the C library takes clone.
    code += [_step(_EQUAL, _CLONE3[at], 0, 1), _error(errno.ENOSYS)]
    code += _where(_CLONE[at], [_step(_LOAD, _FIRST), _step(_ANY, NEW_NAMESPACES, 0, 1), _error(errno.EPERM)])
    code += _where(_IOCTL[at], [_step(_LOAD, _SECOND), *_none_of(_TERMINAL)])
    code += _where(_PERSONALITY[at], [_step(_LOAD, _FIRST), *_one_of(_PERSONALITIES), _error(errno.EPERM)])
    # Of other processes of its user, such as the supervisor, a program could set the limits: to none at all.
    code += _where(_PRLIMIT[at], [_step(_LOAD, _FIRST), _step(_EQUAL, 0, 1, 0), _error(errno.EPERM)])
    netlink = [_step(_EQUAL, _NETLINK, 0, 3), _step(_LOAD, _THIRD), _step(_EQUAL, _ROUTE, 0, 1), _allow()]
    code += _where(_SOCKET[at], [_step(_LOAD, _FIRST), *_one_of(FAMILIES), *netlink, _error(errno.EPERM)])
    return b"".join([*code, _allow()])


def _step(code: int, value: int, if_so: int = 0, if_not: int = 0) -> bytes:
    """One instruction: struct sock_filter. The jumps count instructions from the next one."""
    return struct.pack("=HBBI", code, if_so, if_not, value)


def _error(number: int) -> bytes:
    return _step(_RETURN, _ERROR | number)


def _allow() -> bytes:
    return _step(_RETURN, _ALLOW)


def _where(number: int, steps: list[bytes]) -> list[bytes]:
    """These steps for that call, which they end; what they let fall through is allowed."""
    inner = [*steps, _allow()]
    return [_step(_EQUAL, number, 0, len(inner)), *inner]


def _one_of(values: tuple[int, ...]) -> list[bytes]:
    return [step for value in values for step in (_step(_EQUAL, value, 0, 1), _allow())]


def _none_of(values: tuple[int, ...]) -> list[bytes]:
    return [step for value in values for step in (_step(_EQUAL, value, 0, 1), _error(errno.EPERM))]
