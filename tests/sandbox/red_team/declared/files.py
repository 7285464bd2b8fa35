"""Attacks on the files, keys and services that lie on the machine."""

from __future__ import annotations

from tests.sandbox.red_team import walls
from tests.sandbox.red_team.attacks import Attack, Control, Trial, told_the_secret, won

_SIGHT = "a root that is the image alone"


def _wrote_in_the_folder(trial: Trial) -> bool:
    return won(trial) and any(text.startswith("wrote won") for text in trial.scene.harm())


ATTACKS = (
    Attack(
        "read_the_hosts_files",
        "files",
        _SIGHT,
        Control(
            "that wall: a folder of the machine is bound into the container",
            lift=walls.shown("{folder}"),
            proof=told_the_secret,
        ),
        arguments=("{secret_file}", "{home}"),
    ),
    Attack(
        "open_by_handle",
        "files",
        "no capability; the filter of system calls",
        Control(
            "the capability for it",
            lift=walls.both(walls.root("DAC_READ_SEARCH"), walls.both(walls.unfiltered, walls.shown("{home}", "/mnt"))),
            ours=walls.UNFILTERED,
            proof=told_the_secret,
            note="The capability alone is no use while the filter stands, and a descriptor on the file system is needed: root, unfiltered, with another folder of it bound.",
        ),
        arguments=("{handle}",),
    ),
    Attack(
        "read_the_keys",
        "files",
        "an environment of named variables",
        Control(
            "that wall: our environment is handed on", environment={"OPENAI_API_KEY": "{secret}"}, proof=told_the_secret
        ),
    ),
    Attack(
        "read_other_jobs",
        "files",
        "namespaces of its own for processes, mounts and shared memory",
        Control(
            "the namespace of processes: it joins the other job's",
            lift=walls.beside_the_other_job,
            proof=told_the_secret,
        ),
        other_job=True,
    ),
    Attack(
        "speak_to_the_engine",
        "files",
        _SIGHT,
        Control(
            "that wall: what passes for an engine's socket is bound where it is looked for",
            lift=walls.shown("{engine}", "/run/docker.sock"),
            proof=told_the_secret,
        ),
    ),
    Attack(
        "write_outside",
        "files",
        "a read-only root",
        Control(
            "that wall: a folder of the machine is bound into the container, to be written to",
            lift=walls.shown("{folder}", writable=True),
            proof=_wrote_in_the_folder,
        ),
        arguments=("{folder}",),
    ),
    Attack(
        "poison_the_image",
        "files",
        "a read-only root",
        Control(
            "the read-only root",
            lift=walls.both(walls.root(), walls.host(ReadonlyRootfs=False)),
            note="An ordinary user may not write to the image even where its root is writable, so the program is root too.",
        ),
    ),
)
