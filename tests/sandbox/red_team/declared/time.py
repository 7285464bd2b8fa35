"""Attacks on time: living longer than the limit, or after the end, or on more cores."""

from __future__ import annotations

from dataclasses import replace

from tests.sandbox.red_team import walls
from tests.sandbox.red_team.attacks import LIMITS, Attack, Control, left, won

_SHORT = replace(LIMITS, wall=1.2)
_LONGER = Control("the wall limit, to ten seconds", limits={"wall": 10})
_WALL = "the wall limit, kept from outside for all processes together"


def _wall(name: str, control: Control = _LONGER) -> Attack:
    return Attack(name, "time", _WALL, control, endings=("timed_out",), says="BEGUN", limits=_SHORT)


ATTACKS = (
    _wall("sleep_past_the_limit"),
    _wall("deaf_to_signals"),
    _wall("start_again"),
    _wall("edit_its_limits"),
    _wall("close_the_pipe", replace(_LONGER, proof=left("won"))),
    replace(_wall("starve_the_supervisor", Control("the wall limit, to 15 seconds", limits={"wall": 15})), slow=True),
    Attack(
        "outlive",
        "time",
        "the supervisor ends every process when the program ends",
        Control(
            "the end of what the program leaves running, by two seconds",
            lift=walls.supervisor(
                (
                    "    for pid, code in _end_all(alone):\n        if pid",
                    "    time.sleep(2)\n    for pid, code in _end_all(alone):\n        if pid",
                )
            ),
            proof=left("won"),
        ),
    ),
    Attack(
        "take_every_core",
        "time",
        "the control group's processor time",
        Control("the limit on cores, to two", limits={"cpu": 2.0}, proof=won),
        limits=replace(LIMITS, cpu=0.05),
    ),
)
