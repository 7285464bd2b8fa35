"""Attacks on the kernel and on the line between users. System calls have the numbers of x86_64."""

from __future__ import annotations

from tests.sandbox.red_team import walls
from tests.sandbox.red_team.attacks import Attack, Control

_FILTER = "the filter of system calls"
_UNFILTERED = Control("the filters of system calls", lift=walls.unfiltered, ours=walls.UNFILTERED)
_USER = "no capability; the filter of system calls"
_NOTE = "Capability and filter both refuse; both are lifted."


def _capable(*capabilities: str) -> Control:
    lift = walls.both(walls.unfiltered, walls.root(*capabilities))
    return Control(
        f"the user and the capability {', '.join(capabilities)}", lift=lift, ours=walls.UNFILTERED, note=_NOTE
    )


ATTACKS = (
    Attack(
        "setuid_programs",
        "kernel",
        "no new privileges",
        Control(
            "that no process gains privileges",
            lift=walls.host(SecurityOpt=[]),
            ours=walls.UNFILTERED,
            note="Where privileges may be gained, the kernel takes no filter from us, so ours is lifted too.",
        ),
    ),
    Attack("mount_file_systems", "kernel", _USER, _capable("SYS_ADMIN")),
    Attack("new_namespaces", "kernel", _FILTER, _UNFILTERED),
    Attack("chroot_and_climb", "kernel", _USER, _capable("SYS_CHROOT")),
    Attack("fixed_addresses", "kernel", _FILTER, _UNFILTERED),
    Attack("kernel_keys", "kernel", _FILTER, _UNFILTERED),
    Attack("kernel_programs", "kernel", _USER, _capable("SYS_ADMIN")),
    Attack("kernel_counters", "kernel", _USER, _capable("SYS_ADMIN")),
    Attack("kernel_rings", "kernel", _FILTER, _UNFILTERED),
    Attack("kernel_page_faults", "kernel", _FILTER, _UNFILTERED),
    Attack("kernel_for_root", "kernel", _USER, _capable("SYSLOG", "SYS_TIME")),
    Attack(
        "kernel_settings",
        "kernel",
        "settings that are read-only",
        Control(
            "the read-only mounts",
            lift=walls.both(walls.root(), walls.host(ReadonlyPaths=[], MaskedPaths=[])),
            note="They are root's own files, so the program is root too. It opens and never writes.",
        ),
    ),
    Attack(
        "kernel_devices",
        "kernel",
        "no device but the plain ones; no capability",
        Control("the capability to make one", lift=walls.root("MKNOD")),
    ),
)
