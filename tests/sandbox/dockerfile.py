"""Dockerfiles read as far as our rules on them go, and the rules."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

KNOWN = ("FROM", "ARG", "LABEL", "COPY", "RUN")
"""Nothing else: ENV would reach programs, ADD loads from addresses, USER and ENTRYPOINT are said when a container is made."""
NOBODY_ELSE = (
    "rm -rf /tmp && ln -s /job/.tmp /tmp",
    "echo job:x:1000:1000::/job:/bin/sh >/etc/passwd",
    "echo job:x:1000: >/etc/group",
    "rm -f /etc/shadow /etc/gshadow",
)
"""What the last step of an image does that is based on a stranger's."""
HELD_BACK = ("--require-hashes", "--no-deps", "--only-binary :all:")
"""With what packages are installed: what the lock says, and no code of theirs run."""


@dataclass(frozen=True)
class Step:
    verb: str
    rest: str


@dataclass(frozen=True)
class Stage:
    base: str
    name: str
    steps: tuple[Step, ...]

    def all(self, verb: str) -> list[str]:
        return [step.rest for step in self.steps if step.verb == verb]


def parse(text: str) -> tuple[list[Step], list[Stage]]:
    """What stands before the first stage, and the stages. Raises ValueError: it is no Dockerfile."""
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    if lines and lines[-1].endswith("\\"):
        raise ValueError("it ends within a step")
    before: list[Step] = []
    stages: list[Stage] = []
    for line in re.sub(r"\\\n\s*", "", "\n".join(lines)).splitlines():
        if not line.strip():
            continue
        verb, _, rest = line.partition(" ")
        if verb not in KNOWN or not rest.strip():
            raise ValueError(f"no step that we know: {line[:60]!r}")
        if verb == "FROM":
            base, _, name = rest.partition(" AS ")
            stages.append(Stage(base.strip(), name.strip(), ()))
        elif stages:
            last = stages[-1]
            stages[-1] = Stage(last.base, last.name, (*last.steps, Step(verb, rest)))
        else:
            before.append(Step(verb, rest))
    if not stages:
        raise ValueError("it has no stage")
    return before, stages


def faults(text: str, files: Collection[str], ours: bool = False) -> list[str]:
    """What breaks a rule of ours. `files`: those that lie beside it. `ours`: whether it is based on an image of ours."""
    try:
        before, stages = parse(text)
    except ValueError as error:
        return [str(error)]
    return [*_frame(before, stages), *_kept(stages), *_steps(stages, files), *([] if ours else _last(stages))]


def _frame(before: Sequence[Step], stages: Sequence[Stage]) -> Iterator[str]:
    if [step.rest.partition("=")[0] for step in before if step.verb == "ARG"] != ["BASE"] or len(before) != 1:
        yield "before the stages there has to be ARG BASE alone"
    for number, stage in enumerate(stages):
        if stage.base not in ("${BASE}", *(earlier.name for earlier in stages[:number])):
            yield f"stage {number} is from {stage.base!r}, and not from BASE or an earlier one"
        if not any(re.fullmatch(r"ai-scientist\.image=[a-z]+", label) for label in stage.all("LABEL")):
            yield f"stage {number} has no label ai-scientist.image, by which its layers are found and removed"


def _kept(stages: Sequence[Stage]) -> Iterator[str]:
    """An argument stays in the history of its stage, and of each that is based on it; it may hold a password."""
    shown = {stages[-1].base, stages[-1].name}
    for stage in reversed(stages):
        if stage is stages[-1] or stage.name in shown:
            shown.add(stage.base)
            if arguments := stage.all("ARG"):
                yield f"the argument {arguments[0]} is kept in the history of the image"


def _steps(stages: Sequence[Stage], files: Collection[str]) -> Iterator[str]:
    for stage in stages:
        here = {word for copied in stage.all("COPY") if "--from=" not in copied for word in copied.split()[:-1]}
        yield from (f"{file} is copied and lies nowhere" for file in sorted(here - set(files)))
        for copied in stage.all("COPY"):
            source = re.match(r"--from=(\S+)", copied)
            if source and source[1] not in [one.name for one in stages]:
                yield f"{copied!r} copies from no stage"
        for command in stage.all("RUN"):
            said = subprocess.run(["sh", "-n", "-c", command], capture_output=True, text=True, check=False).stderr
            if said:
                yield f"a shell cannot read {command[:60]!r}: {said.strip()}"
            if re.search(r"\b(curl|wget|git|sudo|easy_install)\b", command):
                yield f"something is loaded past the locks: {command[:60]!r}"
            for call in re.findall(r"pip [^;&|]*\binstall\b[^;&|]*", command):
                lock = re.search(r"-r /?(\S+)", call)
                if missing := [option for option in HELD_BACK if option not in call]:
                    yield f"pip installs without {', '.join(missing)}"
                if lock is None or lock[1] not in here or not lock[1].endswith(".lock"):
                    yield "pip installs something beside a lock of the recipe"


def _last(stages: Sequence[Stage]) -> Iterator[str]:
    commands = " && ".join(stages[-1].all("RUN"))
    yield from (f"the image lacks {one!r}" for one in NOBODY_ELSE if one not in commands)
