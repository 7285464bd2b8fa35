"""Attacks on the disk, its table of files, and the log."""

from __future__ import annotations

from dataclasses import replace

from tests.sandbox.red_team import walls
from tests.sandbox.red_team.attacks import LIMITS, Attack, Control, broke

_NESTED = replace(LIMITS, inodes=4096)

ATTACKS = (
    Attack(
        "fill_the_disk",
        "disk and output",
        "the size of the tmpfs",
        Control("the size of the tmpfs, to 256 MiB", limits={"disk": 256 << 20}),
        endings=("out_of_disk",),
        says="no room left",
    ),
    Attack(
        "make_many_files",
        "disk and output",
        "its count of inodes",
        Control("the count of inodes, to 8192", limits={"inodes": 8192}),
        endings=("out_of_disk",),
        says="No space left",
    ),
    Attack(
        "dig_deep",
        "disk and output",
        "a depth to which results are read",
        Control("that depth", lift=walls.supervisor(("DEEPEST = 8", "DEEPEST = 10**6")), proof=broke),
        limits=_NESTED,
        kept=True,
    ),
    Attack(
        "flood_the_output",
        "disk and output",
        "output is counted from outside",
        Control("the limit on output, to 256 MiB", limits={"flood": 256 << 20}),
        endings=("output_too_large",),
        says="flood",
    ),
)
