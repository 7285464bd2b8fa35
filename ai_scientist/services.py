"""What the phases work with, opened as the configuration says."""

from __future__ import annotations

import json
import logging
import os
import shutil
import threading
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from ai_scientist_sandbox import Image, Limits, SandboxError, SandboxHost, open_host
from ai_scientist_sandbox.derived import is_derived

from ai_scientist.config import Config
from ai_scientist.datasets import DataSummary, changed
from ai_scientist.environment import Seen, Settled, sentence, settle
from ai_scientist.errors import InputError, MachineError, RunDirectoryError, Stopped
from ai_scientist.importing import check_importable
from ai_scientist.ledger import Ledger, in_force
from ai_scientist.literature.base import LiteratureSource
from ai_scientist.literature.http import Client
from ai_scientist.literature.kept import Kept
from ai_scientist.literature.registries import Arxiv, Crossref
from ai_scientist.literature.semantic_scholar import SemanticScholar
from ai_scientist.literature.shelf import Shelf
from ai_scientist.models.base import Bounded, ChatModel, Desk
from ai_scientist.models.desk import check_prices, open_desk, open_others, open_seats
from ai_scientist.offline.model import OfflineModel
from ai_scientist.records import Author, Claims, Idea, Reference
from ai_scientist.runs import RunDirectory
from ai_scientist.search.worker import limits_of

progress = logging.getLogger("ai_scientist.progress")
"""What takes minutes and is done once on a machine, such as building an image, is said here."""


class Hosts:
    """The sandbox for a program, chosen by who wrote it and nothing else. Opened when first asked for."""

    def __init__(self, run: RunDirectory) -> None:
        self.run = run
        self.opened: dict[Author, SandboxHost] = {}
        self.lock = threading.Lock()

    def for_author(self, author: Author) -> SandboxHost:
        """The host for a program by that author.

        Raises:
            MachineError: no back end holds what is asked; says what is missing and how to get it.
        """
        wanted = self.run.config.sandbox
        with self.lock:
            if author not in self.opened:
                host = opened_host(wanted, author, self.run.config.experiment.gpus)
                if wanted == "auto" and host.name == "process":
                    why = "no stronger back end holds on this machine; `ai-scientist doctor` says what is missing"
                    self.run.degrade("our own programs ran as plain processes, without isolation", why)
                self.opened[author] = host
            return self.opened[author]

    def close(self) -> None:
        """End what they keep ready for programs to come."""
        with self.lock:
            for host in self.opened.values():
                host.close()


def strong_host() -> SandboxHost:
    """A sandbox for programs of anybody.

    Raises:
        MachineError: no back end here holds everything; says what is missing.
    """
    try:
        return open_host("auto", "model", progress=progress.info)
    except SandboxError as error:
        raise MachineError(str(error)) from None


@dataclass
class Services:
    run: RunDirectory
    desk: Desk
    ledger: Ledger
    hosts: Hosts
    sources: Sequence[LiteratureSource]
    stop: threading.Event = field(default_factory=threading.Event)

    @property
    def config(self) -> Config:
        return self.run.config

    def check(self) -> None:
        """Whether there is time to go on. Asked before each box of the graph.

        Raises:
            Stopped: the run is to stop.
            BudgetSpent: the hours are over.
        """
        if self.stop.is_set():
            raise Stopped("The run was asked to stop. Nothing that was finished is lost.")
        self.ledger.check_hours(self.run.progress.seconds_now())

    def close(self) -> None:
        self.hosts.close()

    @property
    def idea(self) -> Idea:
        return Idea.model_validate_json(self.read(self.run.idea_json))

    @property
    def claims(self) -> Claims:
        return Claims.model_validate_json(self.read(self.run.claims_json))

    @property
    def references(self) -> tuple[Reference, ...]:
        """The works that the paper may cite."""
        return tuple(Reference.model_validate(work) for work in json.loads(self.read(self.run.references_json)))

    def read(self, file: Path) -> str:
        """A file that an earlier phase wrote.

        Raises:
            RunDirectoryError: it is not there.
        """
        try:
            return file.read_text(encoding="utf-8")
        except OSError as error:
            raise RunDirectoryError(f"The run {self.run.path} has lost its {file.name} ({error}).") from None


FREE = 64 * 2**20
"""Bytes of free disk below which a run does not start. A small run takes about ten times less."""


def preflight(config: Config, runs: Path, topic: str | None, data: Sequence[DataSummary] = ()) -> Settled:
    """Find out what would end the run anyway, before anything is spent and before its folder is there. Returns what its programs
    will see.

    `runs`: the folder that it goes to, there or not. `topic`: None where a paper is only reviewed, which runs no program.
    `data`: what is known of the data that `config` names.

    Raises:
        ModelError: a model is unknown, its package is missing, or there is no key.
        InputError: money is limited, and what a model costs is not known.
        TopicRefused: the model that is to have the idea does not take the topic, or not with these data.
        InputError: a program in the sandbox cannot read the data, or packages cannot be had as they are asked for, or be imported.
        MachineError: no sandbox holds what is asked, an image or TeX is missing, a package index cannot be reached, or the disk is
            full.
    """
    seats = open_seats(config.models, OfflineModel())
    check_prices(seats, config.budget.money)
    check_prices(open_others(config, OfflineModel()), config.budget.money)
    check_disk(runs)
    if topic is None:
        return Settled()
    ideas = seats["ideas"].model
    if isinstance(ideas, Bounded):
        ideas.takes(topic, data)
    return check_machine(config, {author_of(seat.model) for seat in seats.values()})


def author_of(model: ChatModel) -> Author:
    """Whose the model's replies will be. One that does not say `ours` of itself is a stranger's."""
    return "ours" if getattr(model, "author", "model") == "ours" else "model"


def check_machine(config: Config, authors: Collection[Author]) -> Settled:
    """Opens the sandboxes for programs of these authors, settles what they see, and has the images built.

    Raises:
        InputError, MachineError: as `preflight`.
    """
    asked = config.experiment
    hosts = [opened_host(config.sandbox, author, asked.gpus) for author in sorted(authors)]
    locked = settle(asked.image, asked.packages)
    seen: list[Seen] = []
    installed: Mapping[str, str] = {}
    for host in hosts:
        images = {name: image_of(host, name) for name in (locked.image, "latex")}
        installed = installed or images[locked.image].packages
        seen += [Seen(sandbox=host.name, name=name, digest=image.digest) for name, image in images.items()]
        check_importable(host, locked.image, locked.unusual, limits_of(asked))
        if config.data:
            check_readable(host, config.data, locked.image)
    return locked.seen(tuple(dict.fromkeys(seen)), installed)


def image_of(host: SandboxHost, name: str) -> Image:
    """Raises MachineError: it is not there and cannot be built."""
    try:
        return host.image(name)
    except SandboxError as error:
        help_ = "" if is_derived(name) else " `ai-scientist doctor` lists what a run needs."
        raise MachineError(f"{sentence(error)}{help_}") from None


def check_environment(run: RunDirectory, hosts: Hosts) -> None:
    """Have the image of a run's programs at hand before a model is paid for one, and write down where it is another than the run
    was begun with.

    Raises:
        MachineError: it is not there and cannot be built from the run's lock.
    """
    if run.progress.rounds("confirm"):
        return  # what is measured was measured
    authors: set[Author] = {author_of(seat.model) for seat in open_seats(run.config.models, OfflineModel()).values()}
    begun = {one.digest for one in run.environment.images if one.name != "latex"}
    for author in sorted(authors):
        host = hosts.for_author(author)
        image = image_of(host, run.image)
        if begun and image.digest not in begun:
            why = f"{host.name} has {image.digest[:19]}…, of the same lock, and the run was begun in {min(begun)[:19]}…"
            run.degrade("programs ran in more than one image", why)


READ = """
import os, sys

def fail(error):
    sys.exit(error.filename)

for folder, _, names in os.walk("data", onerror=fail, followlinks=True):
    for name in names:
        try:
            open(os.path.join(folder, name), "rb").close()
        except OSError as error:
            fail(error)
"""
"""A program that opens every file of the data, and names the first that it may not."""


def check_readable(host: SandboxHost, data: Mapping[str, str], image: str) -> None:
    """Raises InputError: a program in the sandbox cannot read all of the data."""
    try:
        mounts = {name: Path(folder) for name, folder in data.items()}
        with host.open(image, Limits(wall=120), mounts=mounts) as box:
            box.put({"read.py": READ.encode()})
            done = box.run(["python", "read.py"])
    except SandboxError as error:
        raise InputError(f"The data cannot be shown to a program: {error}.") from None
    if not done.succeeded:
        which = done.output.strip()[-200:] or done.ending
        raise InputError(f"A program in the sandbox '{host.name}' cannot read {which}: allow it with chmod -R a+rX.")


def check_unchanged(run: RunDirectory) -> None:
    """Raises InputError: data that the run was begun on have changed, or are gone."""
    for one in run.data:
        folder = run.mounts.get(one.name)
        why = changed(one.name, folder, one.sha256) if folder else f"Where the data '{one.name}' lie is not said."
        if why:
            raise InputError(f"{why} Put back what was there and resume, or begin a new run.")


def check_disk(runs: Path) -> None:
    """Raises MachineError: the disk that the run goes to is full, or there is something else in the folder's place."""
    there = next(folder for folder in (runs.absolute(), *runs.absolute().parents) if folder.exists())
    if not there.is_dir():
        raise MachineError(f"Runs cannot be kept in {runs}: {there} is not a folder. Name another one with --runs.")
    free = shutil.disk_usage(there).free
    if free < FREE:
        raise MachineError(
            f"The disk is full: {free / 2**20:.0f} MiB are free in {there}, and a run wants {FREE >> 20}. "
            "Free some space, or keep runs elsewhere with --runs."
        )


@cache
def opened_host(name: str, author: Author, gpus: int) -> SandboxHost:
    """A sandbox host, opened once: it finds out by trying what this machine holds.

    Raises:
        MachineError: no back end holds what is asked; says what is missing and how to get it.
    """
    try:
        return open_host(name, author, gpus=gpus, progress=progress.info)
    except SandboxError as error:
        raise MachineError(sentence(error)) from None


def open_services(run: RunDirectory, stop: threading.Event, ledger: Ledger | None = None) -> Services:
    """Everything that a run needs. `ledger`: one that it shares with others; by default it has its own."""
    ledger = ledger or Ledger(in_force(run), run.progress.spent, path=run.path)
    return Services(
        run=run,
        desk=open_desk(run.config, run, ledger, OfflineModel(), stop=stop),
        ledger=ledger,
        hosts=Hosts(run),
        sources=[opened(name, run) for name in run.config.literature.sources],
        stop=stop,
    )


def opened(name: str, run: RunDirectory) -> LiteratureSource:
    """A literature source. What a service answers is kept in the run, so that a resumed one does not ask again."""
    if name == "shelf":
        return Shelf.bundled()
    return Kept(service(name), run.answer, run.write)


def service(name: str) -> LiteratureSource:
    """A public index, by the name that the configuration has for it."""
    match name:
        case "crossref":
            return Crossref(Client(1.0))
        case "arxiv":
            return Arxiv(Client(3.0))
        case _:
            return SemanticScholar(api_key=os.environ.get("SEMANTIC_SCHOLAR_API_KEY", ""))
