"""Images for the Docker engine, built from the Dockerfiles beside this package and found again by the recipe's hash.

The tag is the hash of the recipe alone. Which base and which index it was built from does not change where it is found,
so an image that somebody built from their own mirror is used like any other.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import tarfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import derived, locks
from .base import Image, NotBuiltError, SandboxError
from .derived import Derived
from .engine import Engine, asking
from .images import TEX_ENVIRONMENT, not_installed, pinned
from .index import configured_index, extra_index
from .recipes import ON_REQUEST, RECIPES, Progress, alone, cache, holds_packages, recipe_names, unknown

REPOSITORY = "ai-scientist"
LABEL = "ai-scientist.image"
BASE = "python:3.11-slim-bookworm"
NETWORK = "AI_SCIENTIST_BUILD_NETWORK"
"""Environment variable: the network in which images are built."""
ABOUT = "/opt/about"
"""In an image: what is in it, and matplotlib's list of fonts."""
PROGRAMS = "/opt/image/bin"
"""In an image of Python packages: its interpreter."""
PLUS = "-plus"
"""What follows the recipe's name in the tag of a derived image."""


@dataclass(frozen=True)
class DockerImage:
    """An image in the engine."""

    image: Image
    """Its digest is the engine's id of it."""
    tag: str
    size: int
    """Bytes."""
    fonts: Mapping[str, bytes]
    """matplotlib's list of fonts, by file name."""
    environment: Mapping[str, str]
    path: str = ""
    """Where its own programs are, before the system's."""


@dataclass(frozen=True)
class Recipe:
    """A Dockerfile and the files that it copies."""

    name: str
    files: Mapping[str, bytes]
    derived: Derived | None = None
    """What it adds to another recipe; None where it stands for itself."""

    @property
    def tag(self) -> str:
        if self.derived:
            return tag(self.name)
        whole = hashlib.sha256()
        for name, data in sorted(self.files.items()):
            whole.update(f"{name} {len(data)} ".encode() + data)
        return f"{REPOSITORY}/{self.name}:{whole.hexdigest()[:16]}"

    def context(self) -> io.BytesIO:
        """The build context, a tar in memory."""
        made = io.BytesIO()
        with tarfile.open(fileobj=made, mode="w") as tar:
            for name, data in sorted(self.files.items()):
                entry = tarfile.TarInfo(name)
                entry.size, entry.mode = len(data), 0o644
                tar.addfile(entry, io.BytesIO(data))
        made.seek(0)
        return made


def tag(name: str) -> str:
    """Of a derived image, whose name has the hash."""
    recipe, _, hashed = name.partition(derived.MARK)
    return f"{REPOSITORY}/{recipe}{PLUS}:{hashed}"


def recipe(name: str) -> Recipe:
    """Raises SandboxError: there is none of that name."""
    if derived.is_derived(name):
        return packages(derived.look_up(name))
    if name not in recipe_names():
        raise unknown(name, recipe_names())
    folder = RECIPES / name
    return Recipe(name, {file.name: file.read_bytes() for file in folder.iterdir() if file.suffix != ".in"})


def packages(wanted: Derived) -> Recipe:
    """The recipe that turns an image of ours into one of another lock."""
    change = wanted.difference
    files = {
        "Dockerfile": (RECIPES / "packages.Dockerfile").read_bytes(),
        "added.lock": locks.render(change.added).encode(),
        "gone.txt": "".join(f"{name}\n" for name in change.gone).encode(),
    }
    return Recipe(wanted.name, files, wanted)


def find(engine: Engine, name: str, progress: Progress) -> DockerImage:
    """The image of that name, built first where it has to be.

    Raises:
        SandboxError: there is no such recipe, or it cannot be built here; says what to do.
    """
    wanted = recipe(name)
    if wanted.derived:
        derived.hold(wanted.derived)
    if look(engine, wanted.tag) is None:
        base = find(engine, wanted.derived.recipe, progress).image.digest if wanted.derived else BASE
        with _building():
            if look(engine, wanted.tag) is None:  # another process may have built it while we waited
                build(engine, wanted, progress, base)
    found = look(engine, wanted.tag)
    if found is None:
        raise SandboxError(f"the image {wanted.tag} went away while it was looked at")
    return _read(engine, wanted, found)


def look(engine: Engine, tag: str) -> dict[str, Any] | None:
    """What the engine says of an image; None where it has none."""
    from docker.errors import ImageNotFound

    with asking(f"look at the image {tag}"):
        try:
            return engine.api.inspect_image(tag)
        except ImageNotFound:
            return None


def derived_images(engine: Engine) -> dict[str, dict[str, Any]]:
    """By name, what the engine lists of the derived images that it has."""
    found = {}
    for image in engine.ask("list its images", engine.api.images, filters={"label": LABEL}):
        for one in image.get("RepoTags") or ():
            repository, _, hashed = one.partition(":")
            if repository.startswith(f"{REPOSITORY}/") and repository.endswith(PLUS):
                found[f"{repository.partition('/')[2].removesuffix(PLUS)}{derived.MARK}{hashed}"] = image
    return found


def rebuild(engine: Engine, name: str, progress: Progress, base: str = BASE, index: str | None = None) -> DockerImage:
    """Build the image anew, from that base and that package index (None: the user's own)."""
    wanted = recipe(name)
    with _building():
        build(engine, wanted, progress, base, index)
    return find(engine, name, progress)


def build(engine: Engine, wanted: Recipe, progress: Progress, base: str = BASE, index: str | None = None) -> None:
    """Raises SandboxError: it cannot be built here; says what the engine said."""
    long = ON_REQUEST.get(wanted.name, "" if wanted.derived else "some minutes")
    progress(f"building the {wanted.name} image for Docker (once on this machine{f', {long}' if long else ''})")
    # The machine's own network first: a proxy or an index on this machine, or its name server, is not to be reached
    # from a bridge. An engine with user namespaces refuses it, and then its default has to do.
    networks = [os.environ[NETWORK]] if os.environ.get(NETWORK) else ["host", "default"]
    swept = False
    while True:
        try:
            _build(engine, wanted, progress, base, index or configured_index() or "", networks[0])
            return
        except SandboxError as error:
            if len(networks) > 1 and "namespace" in str(error):
                del networks[0]
            elif not swept and "parent image" in str(error):
                swept = (
                    True  # somebody else's build, who keeps another cache than ours, removed unused layers just then
                )
            else:
                raise
        finally:
            # The stage that installs, an image that this one replaces, and what a build that failed got to.
            dangling = {"dangling": True, "label": [LABEL]}
            engine.ask("remove unused layers", engine.api.prune_images, filters=dangling)


def _build(engine: Engine, wanted: Recipe, progress: Progress, base: str, index: str, network: str) -> None:
    arguments = {"BASE": base, "INDEX": index, "EXTRA_INDEX": extra_index()}
    arguments |= {name: value for name, value in os.environ.items() if name.lower() in _PROXIES}
    printed: list[str] = []
    with asking(f"build the {wanted.name} image"):
        said = engine.api.build(
            fileobj=wanted.context(),
            custom_context=True,
            tag=wanted.tag,
            buildargs=arguments,
            network_mode=network,
            rm=True,
            forcerm=True,
            decode=True,
        )
        for entry in said:
            text = re.sub(r"\x1b\[[0-9;]*m", "", str(entry.get("stream", ""))).strip()  # what went to stderr is red
            if (step := re.match(r"Step (\d+/\d+) : (.*)", text)) and not wanted.derived:  # that takes seconds
                progress(f"{wanted.name} image, step {step[1]}: {step[2][:60]}")
            if "error" in entry:
                raise NotBuiltError(_failed(wanted, base, str(entry["error"]), printed))
            printed += [text] if text else []


_PROXIES = ("http_proxy", "https_proxy", "no_proxy")


def _failed(wanted: Recipe, base: str, error: str, printed: list[str]) -> str:
    name = wanted.name
    if wanted.derived:
        return not_installed(wanted.derived, " ".join(text for text in printed if text.startswith("ERROR")) or error)
    if any(
        sign in error for sign in ("pull access denied", "manifest", "failed to resolve", "lookup", "Client.Timeout")
    ):
        help_ = "name a base image that is here or can be pulled: ai-scientist images build --base IMAGE"
        return (
            f"the {name} image cannot be built: its base {base} is not here and could not be pulled ({error}); {help_}"
        )
    return f"the {name} image cannot be built: {error.strip()} " + " | ".join(printed[-4:])[-1500:]


def _read(engine: Engine, wanted: Recipe, found: Mapping[str, Any]) -> DockerImage:
    """What an image says of itself, read without running anything in it."""
    container = engine.ask(
        "make a container",
        engine.api.create_container_from_config,
        {"Image": found["Id"], "Cmd": ["true"], "Labels": engine.labels(), "NetworkDisabled": True},
    )["Id"]
    try:
        chunks, _ = engine.ask("read an image", engine.api.get_archive, container, ABOUT)
        with asking("read an image"):
            data = b"".join(chunks)
    finally:
        engine.remove(container)
    about = dict(_files(data))
    if "packages.json" in about:
        packages = {entry["name"]: entry["version"] for entry in json.loads(about["packages.json"])}
        packages = pinned(packages, wanted.derived) if wanted.derived else packages
    else:
        lines = about["versions.txt"].decode().splitlines()
        packages = {name: version for name, _, version in (line.partition(" ") for line in lines)}
    return DockerImage(
        image=Image(wanted.name, found["Id"], packages),
        tag=wanted.tag,
        size=found["Size"],
        fonts={Path(name).name: data for name, data in about.items() if name.startswith("matplotlib/")},
        environment=TEX_ENVIRONMENT if wanted.name == "latex" else {},
        path=PROGRAMS if wanted.derived or holds_packages(wanted.name) else "",
    )


def _files(data: bytes) -> Iterator[tuple[str, bytes]]:
    with tarfile.open(fileobj=io.BytesIO(data)) as tar:
        for entry in tar:
            content = tar.extractfile(entry) if entry.isreg() else None
            if content is not None:
                yield entry.name.partition("/")[2], content.read()


def _building():
    """One process at a time builds."""
    try:
        cache().mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SandboxError(f"cannot build an image: {error}") from error
    return alone(cache() / "docker.lock")
