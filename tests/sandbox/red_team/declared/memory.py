"""Attacks on the machine's memory, by each way in which a program can hold some."""

from __future__ import annotations

from tests.sandbox.red_team.attacks import Attack, Control

_GIB = Control("the limit on memory, to 1 GiB", limits={"memory": 1 << 30})
_GROUP = "the control group's memory, without swap, of all processes together"
_ROUTES = ("malloc", "mmap", "memfd", "shmget", "sockets", "children")
_TMPFS = "the size of the tmpfs, which counts as memory"
_ROOM = Control("the size of the tmpfs, to 256 MiB", limits={"disk": 256 << 20})

ATTACKS = (
    *(
        Attack(f"memory_by_{route}", "memory", _GROUP, _GIB, endings=("out_of_memory",), says="BEGUN", kept=True)
        for route in _ROUTES
    ),
    Attack("memory_with_a_decoy", "memory", _GROUP, _GIB, endings=("out_of_memory",), says="BEGUN"),
    Attack("memory_by_shared_files", "memory", _TMPFS, _ROOM, endings=("out_of_disk",), says="No space left"),
    Attack("memory_by_scratch_files", "memory", _TMPFS, _ROOM, endings=("out_of_disk",), says="No space left"),
)
