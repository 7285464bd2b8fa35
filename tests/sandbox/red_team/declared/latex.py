"""Hostile documents, set by the command that sets papers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ai_scientist_sandbox import MIB, Ending, Limits

from ai_scientist.writing.compile import COMMAND
from tests.sandbox.red_team import pictures, walls
from tests.sandbox.red_team.attacks import HERE, LIMITS, Attack, Control, Laid, Trial, left, told_the_secret
from tests.sandbox.red_team.scene import Scene

_LIMITS = replace(LIMITS, wall=30, memory=192 * MIB, disk=16 * MIB)
_SHORT = replace(_LIMITS, wall=4)
_LONGER = Control("the wall limit, to a minute", limits={"wall": 60})
_NO_SHELL = "-pdflatex=pdflatex -no-shell-escape %O %S"
_SHELL = {_NO_SHELL: "-pdflatex=pdflatex -shell-escape %O %S"}
_SHELL_WALL = "no shell escape"
_READ_WALL = "`openin_any`"
_WRITE_WALL = "`openout_any`"
_READ = Control("TeX's setting of what may be read, to anything", environment={"openin_any": "a"})
_WRITE = Control("TeX's setting of what may be written, to anything", environment={"openout_any": "a"})


def _none(trial: Trial) -> bool:
    """The text of /etc/passwd, in the image and in the sandbox alike."""
    return "job:x:1000" not in trial.seen and "6A6F623A78" not in trial.seen and "won" not in trial.results


def _latex(
    name: str,
    wall: str,
    control: Control,
    says: str = "HELD, if there is nothing",
    endings: tuple[Ending, ...] = ("exited",),
    laid: Laid | None = None,
    limits: Limits = _LIMITS,
) -> Attack:
    return Attack(
        name,
        "LaTeX",
        wall,
        control,
        endings=endings,
        says=says,
        limits=limits,
        command=COMMAND,
        laid=laid or (lambda scene: {}),
        check=_none,
    )


def _beside(*names: str) -> Laid:
    return lambda scene: {name: (HERE / "latex" / "beside" / name).read_bytes() for name in names}


def _settings(scene: Scene) -> Mapping[str, bytes]:
    """latexmk reads either name."""
    text = (HERE / "latex" / "beside" / "latexmkrc").read_bytes()
    return {"latexmkrc": text, ".latexmkrc": text}


def _target(scene: Scene) -> Mapping[str, bytes]:
    return {"target.tex": rf"\def\target{{{scene.names['secret_file']}}}".encode()}


def _picture(scene: Scene) -> Mapping[str, bytes]:
    return {"picture.png": pictures.bomb()}


ATTACKS = (
    _latex("shell_escape", _SHELL_WALL, Control("that there is none", arguments=_SHELL, proof=left("won"))),
    _latex("pipes", _SHELL_WALL, Control("that there is none", arguments=_SHELL)),
    _latex(
        "run_by_latexmk",
        "latexmk reads no settings",
        Control("that it reads none", arguments={"-norc": "-silent"}, proof=left("won")),
        laid=_settings,
    ),
    _latex(
        "other_engine",
        "the command names the engine",
        Control(
            "the command's engine: LuaTeX",
            arguments={"-pdf": "-pdflua", _NO_SHELL: "-silent"},
            proof=left("won"),
        ),
    ),
    _latex("read_by_input", _READ_WALL, _READ, says="and at last"),
    _latex("read_by_climbing", _READ_WALL, _READ),
    _latex("read_by_primitives", _READ_WALL, _READ),
    _latex(
        "embed_files",
        "a root that is the image alone",
        Control(
            "that wall: a folder of the machine is bound into the container",
            lift=walls.shown("{folder}"),
            proof=told_the_secret,
        ),
        says="cannot open file for embedding",
        laid=_target,
    ),
    _latex("write_absolute", _WRITE_WALL, _WRITE, says="Not writing to"),
    _latex("write_upwards", _WRITE_WALL, _WRITE, says="Not writing to"),
    _latex(
        "endless_macro",
        "the wall limit",
        _LONGER,
        says="(output/paper.aux)",
        endings=("timed_out",),
        limits=_SHORT,
    ),
    _latex(
        "style_without_end",
        "the wall limit",
        _LONGER,
        says="Running 'bibtex",
        endings=("timed_out",),
        limits=_SHORT,
        laid=_beside("endless.bst", "references.bib"),
    ),
    _latex(
        "laughs",
        "TeX's own bound of its memory",
        Control(
            "TeX's bound, by 60 million words", limits={"memory": 1024 * MIB}, environment={"extra_mem_top": "60000000"}
        ),
        says="TeX capacity exceeded",
    ),
    _latex(
        "picture_bomb",
        "the control group's memory",
        Control("the limit on memory, to 1 GiB", limits={"memory": 1024 * MIB, "wall": 60}),
        says="BEGUN",
        endings=("out_of_memory",),
        limits=replace(_LIMITS, memory=64 * MIB),
        laid=_picture,
    ),
    _latex(
        "page_bomb",
        "the size of the tmpfs",
        Control("the size of the tmpfs, to 256 MiB", limits={"disk": 256 * MIB, "wall": 60}),
        says="No space left",
        endings=("out_of_disk",),
    ),
    _latex(
        "chatter",
        "output is counted from outside",
        Control(
            "the limits on output and on the disk, to 256 MiB",
            limits={"flood": 256 * MIB, "disk": 256 * MIB, "wall": 60},
        ),
        says="chatter",
        endings=("output_too_large",),
    ),
    _latex(
        "many_files",
        "its count of inodes",
        Control("the count of inodes, to 8192", limits={"inodes": 8192}),
        says="BEGUN",
        endings=("out_of_disk",),
    ),
)
