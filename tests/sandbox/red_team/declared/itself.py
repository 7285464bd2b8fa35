"""Attacks on what the sandbox itself consists of: the supervisor, its line, the limits, the control group."""

from __future__ import annotations

from tests.sandbox.red_team import walls
from tests.sandbox.red_team.attacks import Attack, Control, Trial, left

_DUMPABLE = ("prctl(_SET_DUMPABLE, 0, 0, 0, 0)", "prctl(_SET_DUMPABLE, 1, 0, 0, 0)")
_CLOSED = ("source, sink = os.dup(0), os.dup(1)", "source, sink = os.dup(0), os.dup(1); os.set_inheritable(sink, True)")
_SOFT = walls.supervisor(("resource.setrlimit(getattr(resource, name), (value, value))", "pass"))
_CORE = {"Name": "core", "Soft": 0, "Hard": -1}


def _ended_as_it_did(trial: Trial) -> bool:
    return trial.completed is not None and trial.completed.status == 3


ATTACKS = (
    Attack(
        "peer_into_the_supervisor",
        "itself",
        "the supervisor is not dumpable",
        Control("that it is not dumpable", lift=walls.supervisor(_DUMPABLE)),
    ),
    Attack(
        "forge_the_frames",
        "itself",
        "the supervisor's descriptors are closed to the program",
        Control("that its descriptors are closed to it", lift=walls.supervisor(_CLOSED), proof=left("forged")),
        says="BEGUN",
        check=_ended_as_it_did,
    ),
    Attack(
        "raise_its_limits",
        "itself",
        "hard limits; no capability",
        Control("the hard limit on core dumps", lift=walls.both(_SOFT, walls.host(Ulimits=[_CORE]))),
    ),
    Attack(
        "edit_its_group",
        "itself",
        "control groups that are read-only or out of sight",
        Control(
            "that wall: the machine's groups are bound into the container, to be written to",
            lift=walls.both(walls.root(), walls.shown("/sys/fs/cgroup", "/sys/fs/cgroup", writable=True)),
            note="They are root's own files, so the program is root too. It opens and never writes.",
        ),
    ),
)
