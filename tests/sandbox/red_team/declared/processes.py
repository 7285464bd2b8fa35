"""Attacks on the table of processes and on the one process that watches over the job."""

from __future__ import annotations

from dataclasses import replace

from tests.sandbox.red_team import walls
from tests.sandbox.red_team.attacks import LIMITS, Attack, Control, broke, lost_results

_MORE = Control("the limit on processes, to 512", limits={"processes": 512, "memory": 1 << 30})
_COUNT = "the control group's count of processes and threads"
_FIRST = "the supervisor is process 1 of a namespace, which no signal of the job reaches"

ATTACKS = (
    Attack("fork_bomb", "processes", _COUNT, _MORE),
    Attack("thread_bomb", "processes", _COUNT, _MORE),
    Attack(
        "open_everything",
        "processes",
        "each process's count of open files",
        Control(
            "that count", lift=walls.supervisor(("resource.setrlimit(getattr(resource, name), (value, value))", "pass"))
        ),
    ),
    Attack(
        "kill_the_supervisor",
        "processes",
        _FIRST,
        Control("its place as process 1", lift=walls.host(Init=True), proof=broke),
        kept=True,
    ),
    Attack(
        "stop_the_supervisor",
        "processes",
        _FIRST,
        Control("its place as process 1", limits={"wall": 2}, lift=walls.host(Init=True), proof=lost_results),
        limits=replace(LIMITS, wall=5),
        kept=True,
    ),
    Attack(
        "limit_the_supervisor",
        "processes",
        "the filter of system calls",
        Control("the filters of system calls", lift=walls.unfiltered, ours=walls.UNFILTERED, proof=lost_results),
        kept=True,
    ),
)
