"""Every attack there is."""

from __future__ import annotations

from tests.sandbox.red_team.declared import (
    disk,
    files,
    itself,
    kernel,
    latex,
    memory,
    network,
    processes,
    results,
    time,
)

GROUPS = (time, processes, memory, disk, files, network, kernel, itself, results, latex)
ATTACKS = tuple(attack for group in GROUPS for attack in group.ATTACKS)
