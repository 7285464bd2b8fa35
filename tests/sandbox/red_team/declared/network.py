"""Attacks on what a network reaches. Their controls have networks of the tests' own (`neighbours.py`)."""

from __future__ import annotations

from tests.sandbox.red_team import walls
from tests.sandbox.red_team.attacks import Attack, Control, told_the_secret, won
from tests.sandbox.red_team.neighbours import METADATA, NEIGHBOUR

_NONE = "a network namespace with nothing in it"
_HOST = Control("that namespace: the machine's own network", lift=walls.host(NetworkMode="host"), proof=told_the_secret)
_NEAR = Control(
    "that namespace: a network of the test's own", lift=walls.host(NetworkMode=NEIGHBOUR), proof=told_the_secret
)
_USER = "no capability; the filter of system calls"

ATTACKS = (
    Attack("call_the_hosts_services", "network", _NONE, _HOST, arguments=("{port}",)),
    Attack("call_abstract_sockets", "network", _NONE, _HOST, arguments=("{abstract}",)),
    Attack("call_out", "network", _NONE, _NEAR, arguments=("{neighbour}",)),
    Attack(
        "resolve_names",
        "network",
        _NONE,
        Control("that namespace: a network of the test's own", lift=walls.host(NetworkMode=NEIGHBOUR), proof=won),
    ),
    Attack(
        "ask_the_metadata_service",
        "network",
        _NONE,
        Control(
            "that namespace: a network of the test's own, in which that address answers",
            lift=walls.host(NetworkMode=METADATA),
            proof=told_the_secret,
        ),
    ),
    Attack(
        "raw_sockets",
        "network",
        _USER,
        Control(
            "the capability for it",
            lift=walls.both(walls.unfiltered, walls.root("NET_RAW")),
            ours=walls.UNFILTERED,
            note="Capability and filter both refuse; both are lifted.",
        ),
    ),
    Attack(
        "strange_sockets",
        "network",
        "the filter of system calls",
        Control("the filters of system calls", lift=walls.unfiltered, ours=walls.UNFILTERED),
    ),
    Attack(
        "change_the_network",
        "network",
        "no capability",
        Control("the capability for it", lift=walls.root("NET_ADMIN")),
    ),
)
