"""Walls of a hardened container, and how a control lifts one of them. Everything else stays as `docker.py` sets it."""

from __future__ import annotations

from collections.abc import Mapping

from tests.sandbox.red_team.attacks import Lift, Settings
from tests.sandbox.red_team.scene import Scene

USER = "uid=1000,gid=1000"


def host(**changes: object) -> Lift:
    """Other values in the container's `HostConfig`."""
    return lambda settings, scene: {**settings, "HostConfig": {**settings["HostConfig"], **changes}}


def both(first: Lift, second: Lift) -> Lift:
    """Two walls, where one alone shows nothing."""
    return lambda settings, scene: second(first(settings, scene), scene)


def shown(source: str, target: str = "", *, writable: bool = False) -> Lift:
    """Something of this machine is bound into the container. `source` may name the scene, as in `{folder}`."""

    def lift(settings: Settings, scene: Scene) -> Settings:
        place = source.format(**scene.names, engine=scene.engine)
        bound = {"Type": "bind", "Source": place, "Target": target or place, "ReadOnly": not writable}
        return host(Mounts=[*settings["HostConfig"]["Mounts"], bound])(settings, scene)

    return lift


def root(*capabilities: str) -> Lift:
    """The program is root, with these capabilities and no other, and its folder is root's."""

    def lift(settings: Settings, scene: Scene) -> Settings:
        tmpfs = {path: text.replace(USER, "uid=0,gid=0") for path, text in settings["HostConfig"]["Tmpfs"].items()}
        return host(CapAdd=list(capabilities), Tmpfs=tmpfs)({**settings, "User": "0:0"}, scene)

    return lift


def unfiltered(settings: Settings, scene: Scene) -> Settings:
    """Without the engine's filter of system calls. Ours goes with `UNFILTERED`."""
    options = [*settings["HostConfig"]["SecurityOpt"], "seccomp=unconfined"]
    return host(SecurityOpt=options)(settings, scene)


UNFILTERED: Mapping[str, object] = {"docker.compiled": lambda: None}
"""Without our filter of system calls: for `Control.ours`."""


def supervisor(*changes: tuple[str, str]) -> Lift:
    """The supervisor's own text is another."""

    def lift(settings: Settings, scene: Scene) -> Settings:
        *start, text = settings["Entrypoint"]
        for old, new in changes:
            assert old in text, f"the supervisor does not say {old!r} any more"
            text = text.replace(old, new)
        return {**settings, "Entrypoint": [*start, text]}

    return lift


def beside_the_other_job(settings: Settings, scene: Scene) -> Settings:
    """The processes of the other job's container are in sight."""
    return host(PidMode=f"container:{scene.other}")(settings, scene)
