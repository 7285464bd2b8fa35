"""What the programs of a run see: an image, with extra packages or without, settled and locked before anything is spent."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ai_scientist_sandbox import PackagesError, SandboxError
from ai_scientist_sandbox.derived import derive
from ai_scientist_sandbox.locks import name_in
from ai_scientist_sandbox.recipes import asked
from ai_scientist_sandbox.resolving import resolve
from pydantic import Field

from ai_scientist.errors import InputError, MachineError
from ai_scientist.records import Record

USUAL = "python"
"""The recipe that a run takes unless it says otherwise."""


class Seen(Record):
    """An image as it lay on the machine that the run was begun on."""

    sandbox: str
    """The back end that has it."""
    name: str
    """As the sandbox calls it."""
    digest: str


class Environment(Record):
    """In run.json. The lock itself is environment.lock."""

    recipe: str = Field(default=USUAL, pattern=r"^[a-z]+$")
    packages: tuple[str, ...] = ()
    """Asked for beside the recipe's."""
    lock: str = ""
    """SHA-256 of environment.lock; "" in a run of before there was one."""
    installed: Mapping[str, str] = {}
    """Every package that the programs see, with its version."""
    images: tuple[Seen, ...] = ()

    @property
    def importable(self) -> dict[str, str]:
        """What a model is told of: what the recipe was made for, and what was asked for, with versions."""
        names = [*asked(self.recipe), *map(name_in, self.packages)]
        return {name: self.installed[name] for name in names if name in self.installed}


@dataclass(frozen=True)
class Settled:
    """What a run is begun with."""

    environment: Environment = field(default_factory=Environment)
    lock: str = ""
    """The text of environment.lock; "" where no program is to run."""


@dataclass(frozen=True)
class Locked:
    """A recipe with the lock of all that its programs are to see."""

    recipe: str
    packages: tuple[str, ...]
    lock: str

    @property
    def image(self) -> str:
        """What the sandbox calls it. Hosts of this machine can build it from now on.

        Raises:
            MachineError: the cache cannot be written.
        """
        try:
            return derive(self.recipe, self.lock)
        except SandboxError as error:
            raise MachineError(sentence(error)) from None

    @property
    def unusual(self) -> tuple[str, ...]:
        """What programs may import beside what they usually may, as indexes compare names."""
        names = [*asked(self.recipe), *map(name_in, self.packages)]
        return tuple(name for name in dict.fromkeys(names) if name not in asked(USUAL))

    def seen(self, images: Sequence[Seen], installed: Mapping[str, str]) -> Settled:
        """With the images of it that were found or built, and what is installed in them."""
        environment = Environment(
            recipe=self.recipe,
            packages=self.packages,
            lock=sha256(self.lock),
            installed=dict(sorted(installed.items())),
            images=tuple(images),
        )
        return Settled(environment, self.lock)


def settle(recipe: str, packages: Sequence[str]) -> Locked:
    """Find the packages and all that they need, at versions that go with what the recipe holds. No program runs in this.

    Raises:
        InputError: there is no such package, it has no wheels, or it does not go with the recipe's.
        MachineError: the package index cannot be reached.
    """
    try:
        return Locked(recipe, tuple(packages), resolve(recipe, packages))
    except PackagesError as error:
        raise InputError(sentence(error)) from None
    except SandboxError as error:
        raise MachineError(sentence(error)) from None


def sentence(error: Exception) -> str:
    said = str(error).rstrip(".")
    return f"{said[:1].upper()}{said[1:]}."


def sha256(lock: str) -> str:
    return hashlib.sha256(lock.encode()).hexdigest()
